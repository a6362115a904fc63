package setup

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
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
)

const twoPeople = `
[[desk]]
name = "agenzia"
address = "assistenza@us.example"
provider = "aruba"
hours = ["mon-fri 15:00-18:00"]
country = "IT"
password_file = "password"
[[desk.staff]]
name = "Anna Rossi"
addresses = ["anna@us.example"]
[[desk.staff]]
name = "Marco Neri"
addresses = ["marco@us.example"]
`

func check(dir string, now time.Time, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	p := command.Program{Commands: []command.Command{Check()}}
	code = p.Run(context.Background(), &command.Env{Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e, Args: append([]string{"check", "-staff"}, args...), Dir: dir, Now: func() time.Time { return now }})
	return code, o.String(), e.String()
}

// Without a running serve the mails wait for the next; the command is not content until everybody has answered.
func TestCheckStaff(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "replyby.toml"), []byte(twoPeople), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	o, _ := officetest.Open(t, dir)
	o.Close()
	for range 2 {
		code, out, errs := check(dir, now)
		if code != command.Found || strings.Count(out, "not yet; asked Mon 23 Nov 15:00") != 2 || errs != "" {
			t.Fatalf("%d\n%s%s", code, out, errs)
		}
	}

	o, _ = officetest.Open(t, dir)
	letters, err := o.Desk("agenzia").Outbox(t.Context(), now, 10)
	if err != nil || len(letters) != 2 {
		t.Fatalf("%d mails wait, want one to each: %v", len(letters), err)
	}
	for i, l := range letters {
		m := mailparse.Parse(l.Bytes)
		raw := "From: " + l.To[0] + "\r\nTo: assistenza@us.example\r\nSubject: Re: " + m.Subject + "\r\nDate: Mon, 23 Nov 2026 15:10:00 +0100\r\nMessage-ID: <a" + l.ID + "@us.example>\r\nIn-Reply-To: <" + m.MessageID + ">\r\n\r\nci sono\r\n\r\n-- \r\nAnna\r\nRossi\r\n"
		err := o.Desk("agenzia").Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: uint32(i + 1), Now: now.Add(10 * time.Minute), Mails: []desk.Incoming{{
			UID: uint32(i + 1), Internal: now.Add(10 * time.Minute), Raw: []byte(raw),
			Prove: func() desk.Auth {
				return desk.Auth{Outcome: arrival.Pass, From: l.To[0], Evidence: "dkim=pass us.example"}
			},
		}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	o.Close()
	code, out, errs := check(dir, now.Add(time.Hour))
	if code != command.Good || strings.Count(out, "dkim=pass us.example") != 2 || !strings.Contains(out, `2 lines, from "Anna" on`) || errs != "" {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if code, out, _ := check(dir, now.Add(time.Hour), "-json"); code != command.Good || strings.Count(out, `"signature":"Anna\nRossi"`) != 2 {
		t.Errorf("%d\n%s", code, out)
	}
}
