package dossier

import (
	"replyby/desk/budget"
	"replyby/desk/charter"
	"replyby/ticket"
)

// mayTell says whether a mail about the ticket may go to a person now, and counts it. Over his budget the body of the event says who
// was not told, and a summary follows; what only answers him is not written at all, so that two robots fall silent.
func (f *Dossier) mayTell(p charter.Person, answer bool, b *ticket.Body) (bool, error) {
	spent, err := map[string]int64(nil), error(nil)
	if f.Counters != nil {
		spent, err = f.Counters(f.Change.Day)
	}
	if err != nil {
		return false, err
	}
	m := budget.Mail{To: p.Address(), Customer: f.T.Customer.Addr, Ticket: f.T.Number, Urgent: f.Urgent(), Answer: answer}
	counters, may := budget.Ask(m, f.Now, func(c string) int64 { return spent[c] + f.Change.Count[c] })
	for _, c := range counters {
		f.Count(c)
	}
	if !may && !answer {
		b.Unsaid = append(b.Unsaid, p.Address())
	}
	return may, nil
}
