package desk

import (
	"slices"
	"strings"

	"replyby/mailparse"
	"replyby/ticket"
)

// askAll is the size of a team up to which everybody gets every review mail.
const askAll = 3

// Address returns the address we write to.
func (p Person) Address() string {
	if len(p.Addresses) == 0 {
		return ""
	}
	return p.Addresses[0]
}

// owns compares addr-specs: the domain without case (RFC 5321, 2.4), the local part without case too, because no provider
// of ours tells Anna from anna. Only ASCII can match: a look-alike never does.
func (p Person) owns(a mailparse.Address) bool {
	return a.ASCII() && slices.ContainsFunc(p.Addresses, func(own string) bool { return strings.EqualFold(own, a.Addr) })
}

// staff finds the enrolled person a message claims to come from: exactly one From address.
func (d *Desk) staff(from []mailparse.Address) (Person, bool) {
	if len(from) != 1 {
		return Person{}, false
	}
	i := slices.IndexFunc(d.cfg.Staff, func(p Person) bool { return p.owns(from[0]) })
	if i < 0 {
		return Person{}, false
	}
	return d.cfg.Staff[i], true
}

// FromStaff says whether a message claims to come from staff, so that its authenticity is worth asking for.
func (d *Desk) FromStaff(raw []byte) bool {
	_, yes := d.staff(mailparse.Parse(raw).From)
	return yes
}

// person returns who has that address among staff; managers who are not staff are known by address alone.
func (d *Desk) person(address string) Person {
	for _, p := range d.cfg.Staff {
		if p.owns(mailparse.Address{Addr: address}) {
			return p
		}
	}
	return Person{Addresses: []string{address}, Language: d.cfg.Languages[0]}
}

// enrolled says whether somebody may decide: managers who are not staff only read.
func (d *Desk) enrolled(p Person) bool {
	_, yes := d.staff([]mailparse.Address{{Addr: p.Address()}})
	return yes
}

// named finds a person of the staff by name, first name or address.
func (d *Desk) named(name string) (Person, bool) {
	for _, p := range d.cfg.Staff {
		first, _, _ := strings.Cut(p.Name, " ")
		if strings.EqualFold(name, p.Name) || strings.EqualFold(name, first) || p.owns(mailparse.Address{Addr: name}) {
			return p, true
		}
	}
	return Person{}, false
}

// reviewers are the people asked to decide on a ticket: a small team whole, else who has it.
func (d *Desk) reviewers(t ticket.Ticket) []Person {
	if len(d.cfg.Staff) <= askAll || t.Assignee == "" {
		return d.cfg.Staff
	}
	return []Person{d.person(t.Assignee)}
}

// audience turns the roles of a rung into people, each once.
func (d *Desk) audience(t ticket.Ticket, roles []string) []Person {
	var people []Person
	add := func(ps ...Person) { people = append(people, ps...) }
	for _, role := range roles {
		switch {
		case role == "assignee" && t.Assignee != "":
			add(d.person(t.Assignee))
		case role == "assignee", role == "team":
			add(d.cfg.Staff...)
		case role == "managers", role == "on_call" && d.cfg.OnCall == "":
			add(d.managers()...)
		case role == "on_call":
			add(d.person(d.cfg.OnCall))
		default:
			add(d.person(role))
		}
	}
	return distinct(people)
}

// distinct leaves everybody in once.
func distinct(people []Person) []Person {
	var once []Person
	for _, p := range people {
		a := p.Address()
		if a != "" && !slices.ContainsFunc(once, func(q Person) bool { return q.Address() == a }) {
			once = append(once, p)
		}
	}
	return once
}

func (d *Desk) managers() []Person {
	var people []Person
	for _, a := range d.cfg.Managers {
		people = append(people, d.person(a))
	}
	return people
}
