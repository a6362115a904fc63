// Package company says who belongs together by their addresses: people of one company have them at its domain.
//
// That is a guess, good enough to tell staff what else is open and for nothing else. It is none where anybody may have an address: at a provider
// of mail, of access or of certified mail, and at a suffix under which strangers have names, such as co.uk or altervista.org. Which those are is
// nothing that happened, so it stands in no record and no index: a newer list holds at once.
package company

import (
	_ "embed"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// providers is what others have collected, in order, see scripts/providers.sh; more is what that lacks.
var (
	//go:embed providers.txt
	providers string
	//go:embed more.txt
	more string
)

// Of returns the domain that addresses of the same company have in common, in lower case: bar-luna.it for mail.bar-luna.it too. It is empty where
// anybody may have an address.
func Of(addr string) string {
	host := strings.ToLower(addr[strings.LastIndexByte(addr, '@')+1:])
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || len(host) == len(addr) || anybodys(host) || anybodys(domain) {
		return ""
	}
	return domain
}

func anybodys(domain string) bool {
	return strings.Contains(more, "\n"+domain+"\n") || listed(providers, domain)
}

// listed looks a line up in lines that are in order. Comments come first.
func listed(lines, line string) bool {
	for lines != "" {
		from := strings.LastIndexByte(lines[:len(lines)/2], '\n') + 1
		middle, behind, _ := strings.Cut(lines[from:], "\n")
		switch c := strings.Compare(line, middle); {
		case c == 0:
			return true
		case c < 0:
			lines = lines[:from]
		default:
			lines = behind
		}
	}
	return false
}
