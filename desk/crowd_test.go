package desk_test

import (
	"context"
	"fmt"
	"testing"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/store"
)

// crowded is a store into which somebody else always writes before a decision is committed that was made outside of it.
type crowded struct {
	store.Store
	first func()
}

// Commit implements store.Store.
func (c crowded) Commit(ctx context.Context, changes ...store.Change) error {
	c.first()
	return c.Store.Commit(ctx, changes...)
}

// I1, I5: while automatic mail pours in, each of which is filed in the desk's own file, the time's steps in that same file are taken all the
// same: the first beat, the summary of what was over a budget, the digest. Nothing ends the program.
func TestStepsInACrowd(t *testing.T) {
	s := play(t, agency(t))
	s.until("15:00")
	s.pour(100, func(i int) mail {
		return mail{from: fmt.Sprintf("c%d@molti.example", i), subject: fmt.Sprintf("Carrello %d", i), text: request}
	})
	robots := 0
	busy := s.hireAt(s.cfg, crowded{s.store, func() {
		robots++
		s.arrives(mail{from: fmt.Sprintf("robot%d@molti.example", robots), head: []string{"Auto-Submitted: auto-replied"}, subject: "Ferie", text: "Torno lunedì."})
	}})
	for _, when := range []string{"15:11", "2026-11-24 14:01"} {
		s.at(when)
		if err := busy.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now}); err != nil {
			t.Fatal(err)
		}
		s.post()
	}
	if m := mailparse.Parse(s.summary(anna).Bytes); m.Subject == "" {
		t.Error("the summary has no subject")
	}
	if len(s.digests()) != 1 {
		t.Errorf("%d digests, want 1", len(s.digests()))
	}
	if robots == 0 {
		t.Error("nobody was faster")
	}
}
