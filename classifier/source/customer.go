package source

import (
	"regexp"
	"strings"

	"replyby/mailparse"
)

var addressRE = regexp.MustCompile(`[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+`)

// readCustomer looks for the customer's address in the places the rule names.
// The carrier, the desk and addresses that take no answers are never one.
func (r *Reader) readCustomer(f *Found, s sections, m, body *mailparse.Message, d Desk) {
	for _, p := range r.places {
		for _, a := range r.candidates(p, s, m, body) {
			if !r.isCustomer(a, p, m, d) {
				continue
			}
			f.Customer = a
			f.Reasons = append(f.Reasons, "customer read from "+p)
			r.nameCustomer(f)
			return
		}
	}
	if f.Reply != ReplyPortal || len(r.rule.Customer.Order) > 0 { // a portal may well keep the address to itself
		f.Missing = append(f.Missing, "customer")
	}
	f.Reasons = append(f.Reasons, "no address of the customer found")
	r.nameCustomer(f)
}

// nameCustomer takes the name from the field of that purpose, where the
// address came without one.
func (r *Reader) nameCustomer(f *Found) {
	if f.Customer.Name == "" {
		f.Customer.Name = f.Fields["customer_name"]
	}
}

func (r *Reader) candidates(place string, s sections, m, body *mailparse.Message) []mailparse.Address {
	switch place {
	case "reply_to":
		return append(append([]mailparse.Address{}, m.ReplyTo...), body.ReplyTo...)
	case "original_from":
		return OriginalFrom(m)
	case "from":
		return body.From
	case "sender":
		return m.Sender
	}
	var out []mailparse.Address
	label := strings.TrimPrefix(place, "label:")
	for _, value := range labelled(s.head, []string{label}) {
		if a := addressRE.FindString(value); a != "" {
			name := strings.Trim(strings.Replace(value, a, "", 1), " <>()\"'[]")
			out = append(out, mailparse.Address{Name: name, Addr: a})
		}
	}
	return out
}

func (r *Reader) isCustomer(a mailparse.Address, place string, m *mailparse.Message, d Desk) bool {
	c := r.rule.Match
	switch {
	case !strings.Contains(a.Addr, "@"), IsNoReply(a), listedFold(d.Own, a.Addr),
		listedFold(c.From, a.Addr), underAny(a.Domain(), c.FromDomain):
		return false
	}
	return place == "from" || !strings.EqualFold(a.Addr, firstAddress(m.From).Addr)
}

// Named lists the addresses that stand in a text.
func Named(text string) (all []mailparse.Address) {
	for _, a := range addressRE.FindAllString(text, -1) {
		all = append(all, mailparse.Address{Addr: a})
	}
	return all
}

// OriginalFrom returns the sender a forwarder wrote over, as far as its headers
// tell.
func OriginalFrom(m *mailparse.Message) []mailparse.Address {
	for _, name := range []string{"X-Original-From", "X-Original-Sender", "X-Reply-To"} {
		if all := m.Header.Addresses(name, nil); len(all) > 0 {
			return all
		}
	}
	return nil
}

// IsNoReply tells addresses made to take no answers.
func IsNoReply(a mailparse.Address) bool {
	local := Unpunctuated(strings.ToLower(a.Local()))
	return containsAny(local, []string{"noreply", "donotreply", "nonrispondere", "noresponder", "nepasrepondre", "noresponda", "nicht antworten", "nichtantworten", "mailerdaemon"})
}

// Unpunctuated is a local part without the marks by which people spell one name in several ways.
func Unpunctuated(local string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, local)
}

func firstAddress(list []mailparse.Address) mailparse.Address {
	if len(list) == 0 {
		return mailparse.Address{}
	}
	return list[0]
}
