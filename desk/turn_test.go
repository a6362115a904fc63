package desk_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/trace"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// turns tells whether the store is kept from all other writers, and has the next commits outside that fail as if somebody had been faster.
type turns struct {
	store.Store
	held   bool
	faster int
}

func (s *turns) Together(ctx context.Context, f func(store.Store) error) error {
	s.held = true
	defer func() { s.held = false }()
	return s.Store.Together(ctx, f)
}

func (s *turns) Commit(ctx context.Context, changes ...store.Change) error {
	if s.faster > 0 {
		s.faster--
		return store.ErrConflict
	}
	return s.Store.Commit(ctx, changes...)
}

// Who wrote a mail is looked up over the network, perhaps for many seconds. Nobody is kept from writing meanwhile, also where mails in our own
// name with the mark of another installation, or of a letter that there is not, come many at a time.
func TestProofOfForeignMailKeepsNobodyWaiting(t *testing.T) {
	s := play(t, agency(t))
	at := &turns{Store: s.store}
	s.desk = s.hireAt(s.cfg, at)
	asked := 0
	b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 2, Now: s.now}
	for i, mark := range []string{"00112233445566778899aabbccddeeff/abc", s.store.ID() + "/nosuchletter"} {
		raw := s.raw(mail{from: s.cfg.Address, subject: "Re: Carrello", text: words + mark, head: []string{"X-Replyby-Letter: " + mark}})
		b.Mails = append(b.Mails, desk.Incoming{UID: uint32(i + 1), Internal: s.now, Raw: raw, Prove: func() desk.Auth {
			if asked++; at.held {
				t.Errorf("%s: asked while nobody else may write", mark)
			}
			return desk.Auth{Outcome: arrival.Fail}
		}})
	}
	if err := s.desk.Receive(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if asked != 2 {
		t.Errorf("asked %d times, want once for each", asked)
	}
}

// A proof that is asked for again is asked for once a beat, however often the decision on it is made.
func TestProofAskedForAgainKeepsNobodyWaiting(t *testing.T) {
	s := late(t, 2, arrival.Pass)
	s.minutes(1) // the first beat has more to write
	at, asked := &turns{Store: s.store}, 0
	proves := s.prove
	s.prove = func(ctx context.Context, raw []byte) desk.Auth {
		if asked++; at.held {
			t.Error("asked while nobody else may write")
		}
		return proves(ctx, raw)
	}
	s.desk = s.hireAt(s.cfg, at)
	s.now = s.now.Add(time.Minute)
	at.faster = 3
	s.tick()
	s.post()
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
	s.wantLetters(1)
}

// walks counts how often all mails are walked through, and a log from its beginning, while others may write and while they may not.
type walks struct {
	turns
	walked, logs *int
}

func (s *walks) Log(ctx context.Context, desk string, seq uint64, number int64) iter.Seq2[logbook.Record, error] {
	if seq <= 1 && number < 0 {
		*s.logs++
	}
	return s.Store.Log(ctx, desk, seq, number)
}

func (s *walks) Messages(ctx context.Context) iter.Seq2[ticket.Hash, error] {
	*s.walked++
	return s.Store.Messages(ctx)
}

func (s *walks) Together(ctx context.Context, f func(store.Store) error) error {
	return s.Store.Together(ctx, func(view store.Store) error { return f(&walks{turns{Store: view}, s.walked, s.logs}) })
}

// Who is forgotten is looked for in all mails and in the whole log once, also where somebody else is faster each time: that takes minutes where there are many.
func TestForgettingKeepsNobodyWaiting(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Assente", text: "Torno lunedi.", head: []string{"Auto-Submitted: auto-replied"}})
	walked, logs := 0, 0
	at := &walks{turns{Store: s.store}, &walked, &logs}
	s.desk = s.hireAt(s.cfg, at)
	at.faster = 3
	found, err := s.desk.Forget(t.Context(), trace.Person{Address: mario}, anna, s.now)
	if err != nil || len(found.Records) == 0 || len(found.Mails) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
	if walked != 1 {
		t.Errorf("all mails were walked through %d times, want once", walked)
	}
	if logs != 1 {
		t.Errorf("the log was read from its beginning %d times, want once", logs)
	}
}
