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
	if got := ownHosts(by, true); got != `"vm", "mail.agenzia.example"` {
		t.Errorf("own server: %s", got)
	}
	if got := ownHosts(by, false); got != `"vm"` {
		t.Errorf("a provider's: %s", got)
	}
}
