package records

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office/officetest"
)

func importLine(dir string, now time.Time, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	p := command.Program{Commands: []command.Command{Import(), Show()}}
	code = p.Run(context.Background(), &command.Env{Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e, Args: args, Dir: dir, Now: func() time.Time { return now }})
	return code, o.String(), e.String()
}

const savedRequest = "Received: from mail.cliente.example by mx.us.example; Mon, 23 Nov 2026 15:10:00 +0100\r\n" +
	"From: Mario <mario@cliente.example>\r\nTo: anna@us.example\r\nDate: Mon, 23 Nov 2026 15:00:00 +0100\r\n" +
	"Message-ID: <x@cliente.example>\r\nSubject: Carrello\r\n\r\nIl carrello non funziona.\r\n"

// Every file is taken by itself: what cannot be a ticket is named with what to do, and the others are.
func TestImport(t *testing.T) {
	dir, now := stopped(t)
	for name, text := range map[string]string{"richiesta.eml": savedRequest, "logo.pdf": "%PDF-1.7", "undated.eml": "From: mario@cliente.example\r\n\r\nUndici fatture."} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	line := func(args ...string) (int, string, string) {
		return importLine(dir, now, append([]string{"import"}, args...)...)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "import needs a saved mail"},
		{[]string{"richiesta.eml"}, "there are several desks"},
		{[]string{"-desk", "modul", "richiesta.eml"}, "did you mean moduli?"},
		{[]string{"-desk", "moduli", "-at", "ieri", "richiesta.eml"}, `-at "ieri" is no instant`},
	} {
		if code, out, errs := line(c.args...); code != command.Usage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%q: %d %s%s", c.args, code, out, errs)
		}
	}
	code, out, errs := line("-desk", "moduli", "-by", "anna@us.example", "nowhere.eml", "logo.pdf", "richiesta.eml", ".", "undated.eml")
	if code != command.Found || out != "MP-1 Carrello\n" {
		t.Errorf("%d %q", code, out)
	}
	for _, want := range []string{"nowhere.eml: no such file", "logo.pdf is no mail", "is no file", "undated.eml does not say when it came", "hint: -at "} {
		if !strings.Contains(errs, want) {
			t.Errorf("it does not say %q:\n%s", want, errs)
		}
	}
	if code, out, errs := line("-desk", "moduli", "richiesta.eml"); code != command.Found || out != "" || !strings.Contains(errs, "richiesta.eml is ticket MP-1 already") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if code, out, errs := line("-json", "-desk", "moduli", "-at", "2026-11-23T15:05", "undated.eml"); code != command.Good || !strings.Contains(out, `"received_at":"2026-11-23T14:05:00Z"`) {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if code, out, _ := importLine(dir, now, "show", "MP-1"); code != command.Good || !strings.Contains(out, "anna@us.example") || !strings.Contains(out, "was a saved mail") {
		t.Errorf("%d %s", code, out)
	}
}

// A mail that was set aside is adopted, which knows when it came; one that is larger than the desk takes is not read.
func TestImportKnown(t *testing.T) {
	dir, now := stopped(t)
	o, _ := officetest.Open(t, dir)
	list, err := o.Desk("moduli").SetAside(t.Context(), time.Time{})
	if o.Close(); err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "voce.eml"), []byte(voicemail), 0o600); err != nil {
		t.Fatal(err)
	}
	large, err := os.Create(filepath.Join(dir, "large.eml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Truncate(51 << 20); err != nil {
		t.Fatal(err)
	}
	large.Close()
	code, out, errs := importLine(dir, now, "import", "-desk", "moduli", "-at", "2026-11-23T15:00", "voce.eml", "large.eml")
	if code != command.Found || out != "" || !strings.Contains(errs, "hint: replyby adopt "+list[0].ID()) || !strings.Contains(errs, "max_size of the desk is 50 MB") {
		t.Errorf("%d %s%s", code, out, errs)
	}
}
