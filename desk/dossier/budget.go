package dossier

import (
	"replyby/desk/budget"
	"replyby/desk/charter"
	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// mayTell reports whether a mail about the ticket may go to a person now, and counts it. m says whether it answers him, and whether it comes
// before others although the ticket does not. Over his budget the body of the event says who was not told, and a summary follows; what only
// answers him is not written at all, so that two robots fall silent, nor is news of what a colleague did.
func (f *Dossier) mayTell(p charter.Person, m budget.Mail, b *ticket.Body) (bool, error) {
	m.To, m.Customer, m.Ticket, m.Urgent = p.Address(), f.T.Customer.Addr, f.T.Number, m.Urgent || f.urgent()
	may, err := f.within(m)
	if err == nil && !may && !m.Answer && !m.News {
		b.Unsaid = append(b.Unsaid, p.Address())
	}
	return may, err
}

// Counting lets the dossiers of one commit share what they count, so that a budget holds for all of them together. It returns the dossier.
func (f *Dossier) Counting(shared map[string]int64) *Dossier {
	f.shared = shared
	return f
}

// MayAlarm reports whether a mail about what is wrong with the desk itself may go to a person now, and counts it.
func (f *Dossier) MayAlarm(p charter.Person) (bool, error) {
	return f.within(budget.Mail{To: p.Address(), Alarm: true})
}

func (f *Dossier) within(m budget.Mail) (bool, error) {
	spent, err := map[string]int64(nil), error(nil)
	if f.Counters != nil {
		spent, err = f.Counters(f.Change.Day)
	}
	if err != nil {
		return false, err
	}
	counters, may := budget.Ask(m, f.Now, func(c string) int64 { return spent[c] + max(f.Change.Count[c], f.shared[c]) })
	for _, c := range counters {
		f.Count(c)
		if f.shared != nil {
			f.shared[c]++
		}
	}
	return may, nil
}

// LeaveUnsaid records people who were not told of the ticket, so that the next summary tells them.
func (f *Dossier) LeaveUnsaid(people []string) {
	f.Count(budget.Left(f.Now))
	f.Add(kind.Noted, sheet.Program, ticket.Body{Unsaid: people, Reason: "over their budget of mails; a summary follows"})
}
