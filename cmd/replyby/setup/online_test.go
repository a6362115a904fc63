package setup

import "testing"

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
