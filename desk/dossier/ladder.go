package dossier

import (
	"strings"

	"replyby/desk/clock"
	"replyby/desk/sheet"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Climb takes the due rungs of every running obligation. Where several of one obligation are due at once only the highest is
// said; the others are recorded as passed over. With mails unset (a summary says it all) nothing is written to people.
func (f *Dossier) Climb(m clock.Beat, mails bool) error {
	for _, o := range f.T.Duties {
		if !o.Running() {
			continue
		}
		due := clock.DueRungs(o, m.Now)
		for i := range due {
			if err := f.step(o, due[i], m, mails && i == len(due)-1); err != nil {
				return err
			}
		}
	}
	for _, p := range f.T.Posted {
		if !p.AskAt.IsZero() && !p.AskAt.After(m.Now) {
			if err := f.askFate(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// step takes one rung: it mails the rung's people, or records that a higher rung or a summary has told them.
func (f *Dossier) step(o ticket.Obligation, r ticket.Rung, m clock.Beat, say bool) error {
	k, body, err := clock.Step(f.Terms(), o, r, m)
	if err != nil {
		return err
	}
	if k == kind.Breached {
		f.Count("missed")
	}
	if !say {
		body.Reason = strings.TrimPrefix(body.Reason+"; said by a later step or in a summary", "; ")
		f.Add(k, sheet.Program, body)
		return nil
	}
	return f.warn(k, o, r, m, body)
}
