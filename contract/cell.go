package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// mailbox is an addr-spec without quotes (RFC 5322, 3.4.1, in ASCII), or with nothing before the "@" a whole domain.
var mailbox = regexp.MustCompile(`^([a-z0-9!#$%&'*+/=?^_{|}~.` + "`" + `-]*)@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*)$`)

// bareDomain is a domain that somebody forgot to mark as one.
var bareDomain = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// public are domains where anybody has an address: a contract for one of them would be a contract with the world.
func public(domain string) bool {
	return slices.Contains(strings.Fields(`gmail.com googlemail.com outlook.com outlook.it outlook.es outlook.fr hotmail.com hotmail.it
		hotmail.es hotmail.fr live.com live.it live.fr msn.com yahoo.com yahoo.it yahoo.es yahoo.fr icloud.com me.com mac.com aol.com
		gmx.com gmx.net gmx.de web.de mail.com proton.me protonmail.com libero.it virgilio.it tiscali.it alice.it tin.it tim.it
		inwind.it iol.it aruba.it pec.it legalmail.it postecert.it orange.fr wanadoo.fr free.fr laposte.net sfr.fr telefonica.net`), domain)
}

// customer reads who has the contract.
func customer(cell string) (who, hint string, err error) {
	who = strings.ToLower(cell)
	m := mailbox.FindStringSubmatch(who)
	switch {
	case who == "":
		return "", "an address, or @domain for everybody there", errors.New("missing")
	case m == nil && bareDomain.MatchString(who):
		return "", "write @" + who + " for everybody there", fmt.Errorf("%q is no address", cell)
	case m == nil && strings.Count(who, "@") > 1:
		return "", "write a line for each address", fmt.Errorf("%q is not one address", cell)
	case m == nil:
		return "", "write it like name@example.it, or @example.it for everybody there", fmt.Errorf("%q is no address", cell)
	case m[1] == "" && public(m[2]):
		return "", "write a line for each address", fmt.Errorf("at %s anybody can have an address", m[2])
	}
	return who, "", nil
}

// kindOf reads a kind. Ours are known however they are written; names of policies stay as they are.
func kindOf(cell string) string {
	folded := strings.Join(strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return strings.ContainsRune(" -_", r) }), "-")
	if slices.Contains([]string{"agency", "business-care", OnCall}, folded) {
		return folded
	}
	return cell
}

// onCall reads an agreement: yes and no in our languages, or the name of a calendar.
func onCall(cell string) string {
	switch strings.ToLower(cell) {
	case "", "no", "non":
		return ""
	case "yes", "sì", "si", "sí", "oui":
		return Agreed
	}
	return cell
}

// dayFirst is a date as spreadsheets of our countries write it.
var dayFirst = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$`)

// date reads 2026-12-31 (ISO 8601), and with the day first 31/12/2026, 31.12.2026 and 31-12-2026.
func date(cell string) (d Day, hint string, err error) {
	hint = "write 2026-12-31, or 31/12/2026 with the day first"
	text := cell
	if m := dayFirst.FindStringSubmatch(cell); m != nil {
		if len(m[3]) == 2 {
			return "", "write the year in four digits", fmt.Errorf("%q leaves the century open", cell)
		}
		text = fmt.Sprintf("%s-%02s-%02s", m[3], m[2], m[1])
	}
	if cell == "" {
		return "", hint, errors.New("missing")
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1990 || t.Year() > 2199 {
		return "", hint, fmt.Errorf("%q is no date", cell)
	}
	return DayOf(t), "", nil
}
