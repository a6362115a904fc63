package mailbox

import (
	"slices"
	"strings"
)

// Certified reports whether a host name, or the domain of an address, looks like one of Italian certified mail (PEC, DPR 68/2005), going by
// what its providers call theirs.
func Certified(host string) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(host), "."), func(label string) bool {
		switch label {
		case "pec", "arubapec", "mypec", "gigapec", "legalmail", "postecert", "postacert", "postacertificata", "sicurezzapostale":
			return true
		}
		return strings.HasPrefix(label, "pec-") || strings.HasSuffix(label, "-pec")
	})
}
