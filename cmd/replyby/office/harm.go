package office

import (
	"context"
	"slices"
	"time"
)

// relistEvery is how often it is looked whether the store still lists every open and due ticket: so late a step may be whose ticket was lost from
// there while serve runs. With ten thousand open tickets a look takes 3 ms, and 0.3 s where none of them is due.
const relistEvery = time.Hour

// harmed says what is harmed of a desk in the database and was made up for: the log has it once, whoever monitors until it is written anew.
func (f *Office) harmed(ctx context.Context, w *worked, now time.Time) (said []string, err error) {
	if now.Sub(w.listed).Abs() >= relistEvery {
		if err := w.spared(f.store.Relist(ctx, w.plan.Desk.Name)); err != nil {
			return nil, err
		}
		w.listed = now
	}
	harm, err := f.store.Harm(ctx, w.plan.Desk.Name)
	for _, h := range harm {
		s := h.Error()
		if said = append(said, s); !slices.Contains(w.harm, s) {
			w.log.Error("the database is harmed; what that said is told from what else there is", "error", s, "hint", "look after the disk; replyby verify says more")
		}
	}
	w.harm = said
	return said, err
}

// rival says that another installation works the mailbox, so that nothing goes to customers from here: the log has it once.
func (w *worked) rival(ctx context.Context) (sick []string) {
	own, err := w.desk.Own(ctx)
	if err != nil || own.Foreign == "" { // what cannot be read has ended the beat, or will end the next
		w.foreign = ""
		return nil
	}
	if own.Foreign != w.foreign {
		w.log.Error("nothing goes to customers: another installation works the mailbox", "seen", own.Foreign, "hint", "stop one of them, then run replyby claim where the other is")
	}
	w.foreign = own.Foreign
	return []string{symptom(w.plan.Desk.Name, "nothing goes to customers", own.Foreign+"; stop one installation, then run replyby claim where the other is")}
}
