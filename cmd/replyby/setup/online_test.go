package setup

import (
	"os"
	"testing"

	"replyby/cmd/replyby/trial"
)

// Findings are kept under whatever name a desk has.
func TestKeepFindings(t *testing.T) {
	for _, name := range []string{"assistenza", "Vendite / assistenza", ".."} {
		dir := t.TempDir()
		if err := keepFindings(dir, trial.Findings{Desk: name}); err != nil {
			t.Error(err)
		}
		if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
			t.Errorf("%q: %v, %v", name, files, err)
		}
	}
}

// On a server of one's own every host that took our mail in is ours; elsewhere only the last, since strangers log in at the others.
func TestOwnHosts(t *testing.T) {
	by := []string{"vm", "mail.agenzia.example", "vm"}
	for _, c := range []struct {
		named []string
		own   bool
		want  string
	}{
		{nil, true, `"vm", "mail.agenzia.example"`},
		{[]string{"mail.agenzia.example"}, true, `"mail.agenzia.example", "vm"`}, // the server's name alone proves nothing
		{[]string{"*.agenzia.example", "VM"}, true, ""},
		{nil, false, `"vm"`},
		{[]string{"vm"}, false, ""},
	} {
		if got := ownHosts(by, c.named, c.own); got != c.want {
			t.Errorf("%q, own server %v: %s, want %s", c.named, c.own, got, c.want)
		}
	}
	if got := ownHosts(nil, nil, false); got != "" {
		t.Errorf("of no hosts: %s", got)
	}
}
