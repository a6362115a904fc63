package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every command says the same whether serve runs or not.
func TestCommands(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency(), care())
	s := h.serve()
	r := requests(support)[0]
	h.write("mail.eml", string(h.compose(r.message)))
	h.outside(r.from, support, h.compose(r.message))
	h.reply(anna, h.awaitMail(anna, "[MB-1]", 1), "note guardo dopo pranzo")
	h.awaitTicket("MB-1", "is at rest", func(s shown) bool { return s.count("noted") == 1 && s.count("sent") == 3 })
	h.checkOffline()
	while := h.checkCommands()
	s.stop()
	if after := h.checkCommands(); after != while {
		t.Errorf("while serve runs:\n%s\nwithout it:\n%s", while, after)
	}
}

// checkCommands runs them all and returns what those that read the database print.
func (h *house) checkCommands() string {
	h.t.Helper()
	list, whole := h.good("tickets", "-json"), h.good("show", "MB-1", "-json")
	if all := objects[brief](h.t, list); len(all) != 1 || all[0].Ref != "MB-1" {
		h.t.Errorf("tickets -json: %s", list)
	}
	if all := objects[map[string]any](h.t, whole); len(all) < 5 || all[0]["ref"] != "MB-1" || all[1]["kind"] != "received" {
		h.t.Errorf("show -json: %s", whole)
	}
	h.has(h.good("tickets"), "REF", "MB-1!", "URGENTE: il carrello")
	if r := h.run("tickets", "-desk", "agenzia"); r.code != 2 || !strings.Contains(r.err, "agency") {
		h.t.Errorf("the tickets of a desk that is not there: exit %d, %s%s", r.code, r.out, r.err)
	}
	h.has(h.good("show", "MB-1"), "URGENTE: il carrello", "history", "guardo dopo pranzo")
	h.has(h.good("show", "-raw", "MB-1"), "Delivered-To: "+support, "Message-ID: <written.2@client.test>")
	h.has(h.good("verify"), "all good")
	if out := h.good("verify", "-json"); out != "" {
		h.t.Errorf("verify -json of a good database: %q", out)
	}
	if r := h.run("show", "MB-9"); r.code != 1 || !strings.Contains(r.err, "no ticket MB-9") {
		h.t.Errorf("show MB-9: exit %d, %s", r.code, r.err)
	}
	if r := h.run("tickest"); r.code != 2 || !strings.Contains(r.err, "tickets") {
		h.t.Errorf("tickest: exit %d, %s", r.code, r.err)
	}
	return list + whole
}

// has wants words in what a command printed.
func (h *house) has(out string, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if !strings.Contains(out, w) {
			h.t.Errorf("no %q in\n%s", w, out)
		}
	}
}

// checkOffline runs the commands that need no database.
func (h *house) checkOffline() {
	h.t.Helper()
	at := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
	due := objects[struct{ Target, Limit time.Time }](h.t, h.good("due", "-json", "-received", at.Format(time.RFC3339)))
	if len(due) != 1 || !due[0].Limit.Equal(at.Add(4*time.Hour)) {
		h.t.Errorf("due -json: %v, want a limit four hours after %s", due, at)
	}
	checked := objects[struct {
		Desk    string
		Missing []string
	}](h.t, h.good("check", "-json"))
	if len(checked) != 2 || checked[0].Desk != "agency" || len(checked[0].Missing)+len(checked[1].Missing) > 0 {
		h.t.Errorf("check -json: %v, want two desks that miss nothing", checked)
	}
	text, values := h.good("config"), h.good("config", "-json")
	h.has(text, `address = "`+support+`"`, "<secret>")
	if objects[map[string]any](h.t, values); strings.Contains(text+values, password) {
		h.t.Errorf("the password is printed:\n%s%s", text, values)
	}
	mail := objects[struct{ Kind, Urgent, Language, From string }](h.t, h.good("explain", "-json", "mail.eml"))
	if got, want := fmt.Sprint(mail), "[{person urgent it "+mario+"}]"; got != want {
		h.t.Errorf("explain -json: %s, want %s", got, want)
	}
	h.has(h.good("explain", "mail.eml"), "URGENTE: il carrello", "because")
}

// I7: one program works a data folder; the second is refused at once and told who holds it. A database that was emptied or
// taken away is refused, never begun anew.
func TestDatabaseRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	h.open(requests(support)[0], "MB-1")
	if r := h.run("serve"); r.code != 1 || !strings.Contains(r.err, fmt.Sprintf("pid %d ", s.cmd.Process.Pid)) {
		t.Errorf("the second serve: exit %d, want 1 and the pid %d of the first:\n%s", r.code, s.cmd.Process.Pid, r.err)
	}
	if got := len(h.tickets()); got != 1 {
		t.Errorf("after the refusal the first serve knows %d tickets", got)
	}
	s.stop()
	db := filepath.Join(h.dir, "data", "replyby.db")
	for what, spoil := range map[string]func() error{
		"is empty":     func() error { return os.Truncate(db, 0) },
		"is not there": func() error { return os.Remove(db) },
	} {
		if err := spoil(); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, command := range []string{"serve", "tickets", "verify"} {
			r := h.run(command)
			if r.code != 1 || !strings.Contains(r.err, "replyby restore") {
				t.Errorf("%s on a database that %s: exit %d, want 1 and what to do:\n%s", command, what, r.code, r.err)
			}
		}
		if err := os.WriteFile(db, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A key that nobody knows ends the start: exit 2, with line, path and the nearest key. Nothing is made and nothing connected.
func TestUnknownKey(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil)
	imap, tries := counted(t, h.imap)
	d := agency(`adress = "x@mail.test"`)
	d.imap = imap
	h.furnish(d)
	file, err := os.ReadFile(h.config)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(file), "adress")
	want := fmt.Sprintf("replyby.toml:%d: desk.adress: unknown key", 1+strings.Count(before, "\n"))
	for _, command := range []string{"serve", "check", "tickets", "config"} {
		r := h.run(command)
		if r.code != 2 || !strings.Contains(r.err, want) || !strings.Contains(r.err, "address") {
			t.Errorf("%s: exit %d, want 2, %q and a hint:\n%s", command, r.code, want, r.err)
		}
	}
	if _, err := os.Stat(filepath.Join(h.dir, "data")); !errors.Is(err, os.ErrNotExist) || tries.Load() > 0 {
		t.Errorf("the data folder was made, or the server asked %d times: %v", tries.Load(), err)
	}
}
