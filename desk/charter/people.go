package charter

import (
	"cmp"
	"slices"
	"strings"

	"replyby/letter"
	"replyby/mailparse"
	"replyby/ticket"
)

// AskAll is the size of a team up to which everybody gets every review mail.
const AskAll = 3

// Turns reports whether each new ticket is given to somebody: in a larger team in turn, and to whoever works alone. Who are few all feel meant.
func (c *Charter) Turns() bool { return len(c.Staff) == 1 || len(c.Staff) > AskAll }

// Address returns the address we write to.
func (p Person) Address() string {
	if len(p.Addresses) == 0 {
		return ""
	}
	return p.Addresses[0]
}

// Holds reports whether the person has a ticket.
func (p Person) Holds(t ticket.Ticket) bool { return p.Owns(mailparse.Address{Addr: t.Assignee}) }

// Reader is the person as letters know him.
func (p Person) Reader() letter.Person {
	return letter.Person{Name: p.Name, Address: p.Address(), Language: p.Language}
}

// Owns compares addr-specs: the domain without case (RFC 5321, 2.4), the local part without case too, because no provider
// of ours tells Anna from anna. Only ASCII can match: a look-alike never does.
func (p Person) Owns(a mailparse.Address) bool {
	return a.ASCII() && slices.ContainsFunc(p.Addresses, func(own string) bool { return strings.EqualFold(own, a.Addr) })
}

// Find finds the enrolled person a message claims to come from: exactly one From address.
func (c *Charter) Find(from []mailparse.Address) (Person, bool) {
	if len(from) != 1 {
		return Person{}, false
	}
	i := slices.IndexFunc(c.Staff, func(p Person) bool { return p.Owns(from[0]) })
	if i < 0 {
		return Person{}, false
	}
	return c.Staff[i], true
}

// Person returns who has that address among staff; managers who are not staff are known by address alone.
func (c *Charter) Person(address string) Person {
	for _, p := range c.Staff {
		if p.Owns(mailparse.Address{Addr: address}) {
			return p
		}
	}
	return Person{Addresses: []string{address}, Language: c.Languages[0]}
}

// Called is what colleagues call whoever has that address: his name, else the address.
func (c *Charter) Called(address string) string { return cmp.Or(c.Person(address).Name, address) }

// Names are those of staff.
func (c *Charter) Names() (all []string) {
	for _, p := range c.Staff {
		all = append(all, p.Name)
	}
	return all
}

// Enrolled reports whether somebody may decide: managers who are not staff only read.
func (c *Charter) Enrolled(p Person) bool {
	_, yes := c.Find([]mailparse.Address{{Addr: p.Address()}})
	return yes
}

// Named finds whom of the staff a name may mean: those of that whole name or address, else all of that first name.
func (c *Charter) Named(name string) []Person {
	var whole, first []Person
	for _, p := range c.Staff {
		called, _, _ := strings.Cut(p.Name, " ")
		switch {
		case strings.EqualFold(name, p.Name), p.Owns(mailparse.Address{Addr: name}):
			whole = append(whole, p)
		case strings.EqualFold(name, called):
			first = append(first, p)
		}
	}
	if whole != nil {
		return whole
	}
	return first
}

// Presence says who is here to be asked.
type Presence func(Person) bool

// present are the staff who are here, or everybody if nobody is.
func (c *Charter) present(here Presence) []Person {
	var present []Person
	for _, p := range c.Staff {
		if here(p) {
			present = append(present, p)
		}
	}
	if present == nil {
		return c.Staff
	}
	return present
}

// holder is the person who has a ticket, if he is of the staff and here.
func (c *Charter) holder(t ticket.Ticket, here Presence) (Person, bool) {
	p, enrolled := c.Find([]mailparse.Address{{Addr: t.Assignee}})
	return p, enrolled && here(p)
}

// Reviewers are the people asked to decide on a ticket: everybody in a small team, else the assignee, or those who are here while he is away.
func (c *Charter) Reviewers(t ticket.Ticket, here Presence) []Person {
	if p, ok := c.holder(t, here); ok && len(c.Staff) > AskAll {
		return []Person{p}
	}
	return c.present(here)
}

// Audience turns the roles of a rung into people, each once. Managers, and who is named by address, are told wherever they are; for whoever
// is on call and away, others are asked.
func (c *Charter) Audience(t ticket.Ticket, roles []string, here Presence) []Person {
	var people []Person
	add := func(ps ...Person) { people = append(people, ps...) }
	for _, role := range roles {
		holder, has := c.holder(t, here)
		onCall := c.Person(c.OnCall)
		switch {
		case role == "assignee" && has:
			add(holder)
		case role == "assignee", role == "team", role == "on_call" && c.OnCall != "" && !here(onCall):
			add(c.present(here)...)
		case role == "managers", role == "on_call" && c.OnCall == "":
			add(c.Leads()...)
		case role == "on_call":
			add(onCall)
		default:
			add(c.Person(role))
		}
	}
	return Distinct(people)
}

// Lightest is the person who is here and has the fewest open tickets, the first of several in the order of the configuration. open counts
// the tickets of each address.
func (c *Charter) Lightest(open map[string]int, here Presence) Person {
	var lightest Person
	least := -1
	for _, p := range c.present(here) {
		n := 0
		for _, a := range p.Addresses {
			n += open[strings.ToLower(a)]
		}
		if least < 0 || n < least {
			lightest, least = p, n
		}
	}
	return lightest
}

// Distinct removes duplicates and keeps the order.
func Distinct(people []Person) []Person {
	var once []Person
	for _, p := range people {
		a := p.Address()
		if a != "" && !slices.ContainsFunc(once, func(q Person) bool { return q.Address() == a }) {
			once = append(once, p)
		}
	}
	return once
}

// Leads are the managers.
func (c *Charter) Leads() []Person {
	var people []Person
	for _, a := range c.Managers {
		people = append(people, c.Person(a))
	}
	return people
}

// Listed names people so that each can be told from the others.
func Listed(people []Person) string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.Name + " (" + p.Address() + ")"
	}
	return strings.Join(list, ", ")
}
