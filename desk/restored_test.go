package desk_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"replyby/desk/arrival"
	"replyby/ticket/posted"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket/kind"
)

// box is the mailbox of a scenario: what was delivered, so that it can be read again.
type box struct {
	*scenario
	mails []desk.Incoming
}

func boxed(t *testing.T) *box {
	t.Helper()
	return &box{scenario: play(t, agency(t))}
}

// at moves to a later time.
func (b *box) at(when string) *box {
	b.Helper()
	b.scenario.at(when)
	return b
}

// comes delivers a mail and keeps it in the mailbox.
func (b *box) comes(raw []byte) {
	b.Helper()
	b.uid++
	in := desk.Incoming{UID: b.uid, Internal: b.now, Raw: raw}
	in.Prove = func() desk.Auth {
		return desk.Auth{Outcome: arrival.Pass, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: pass"}
	}
	b.mails = append(b.mails, in)
	b.reads(in)
}

func (b *box) reads(mails ...desk.Incoming) {
	b.Helper()
	last := mails[len(mails)-1].UID
	if err := b.desk.Receive(b.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: last, Mails: mails, Now: b.now}); err != nil {
		b.Fatal(err)
	}
}

// copyBack brings the copy of a letter to ourselves into the mailbox.
func (b *box) copyBack(l store.Letter) {
	b.Helper()
	b.comes(append([]byte("Received: from smtp.test by mx.mb.example with ESMTP; "+b.now.Format(time.RFC1123Z)+"\r\n"), l.Bytes...))
}

func (b *box) backup() []byte {
	b.Helper()
	var copied bytes.Buffer
	if _, err := b.store.Backup(b.Context(), &copied); err != nil {
		b.Fatal(err)
	}
	return copied.Bytes()
}

// restore stops the desk, puts a copy back, starts the desk and has it read the mailbox from where the copy stood.
func (b *box) restore(copied []byte) {
	b.Helper()
	b.store.Close()
	if _, err := bolt.Restore(b.dir, bytes.NewReader(copied)); err != nil {
		b.Fatal(err)
	}
	b.open()
	if back, err := b.store.Restored(); !back || err != nil {
		b.Fatalf("restored %v, %v", back, err)
	}
	if err := b.desk.Restored(b.Context(), b.now); err != nil {
		b.Fatal(err)
	}
	if err := b.store.Reckoned(); err != nil {
		b.Fatal(err)
	}
	c, err := b.store.Cursor(b.Context(), b.cfg.Name, "INBOX")
	if err != nil {
		b.Fatal(err)
	}
	b.post()
	for _, in := range b.mails {
		if in.UID > c.UID {
			b.reads(in)
			b.post()
		}
	}
}

// wantState says how the letters of a ticket to its customer stand.
func (b *box) wantState(n uint64, want posted.State) {
	b.Helper()
	for _, p := range b.ticket(n).Posted {
		if p.Customer && p.State != want {
			b.Errorf("letter %s is %q, want %q: %v", p.ID, p.State, want, b.events(int64(n)))
		}
	}
}

// I4, F07: the copy was taken between the decision and the sending, and the letter has gone since. It is not sent again; its copy
// in the mailbox settles it.
func TestRestoreBetweenDecidedAndSent(t *testing.T) {
	b := boxed(t)
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	b.at("15:05").comes(b.raw(b.answer(b.last(anna), anna, "ok\n\n"+words)))
	copied := b.backup()
	b.post()
	b.wantLetters(1)
	b.at("15:06").copyBack(b.last(mario))
	b.at("15:30").restore(copied)
	b.wantLetters(1)
	b.wantState(1, posted.Sent)
	if ack, _ := b.ticket(1).Duty("ack"); ack.Running() {
		t.Error("the acknowledgement is still owed")
	}
	b.until("16:30")
	b.wantLetters(1)
}

// Without a copy nobody knows: the person who approved is asked, and only his word sends it.
func TestRestoreAsksWhereNothingProves(t *testing.T) {
	b := boxed(t)
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	b.at("15:05").comes(b.raw(b.answer(b.last(anna), anna, "ok\n\n"+words)))
	copied := b.backup()
	b.at("15:30").restore(copied) // it never went
	b.wantLetters(0)
	b.wantState(1, posted.Unknown)
	b.until("15:50")
	b.wantLetters(0)
	if l := b.last(anna); l.Purpose != "question" {
		t.Fatalf("anna's last mail is a %s", l.Purpose)
	}
	b.says(anna, "resend")
	b.wantLetters(1)
}

// I4, I1: the copy is older than the decision, or even than the request. All of it is read again, each ticket is there once, and the
// customer gets nothing twice.
func TestRestoreBeforeDecision(t *testing.T) {
	for name, early := range map[string]bool{"before the decision": false, "before the request": true} {
		t.Run(name, func(t *testing.T) {
			b := boxed(t)
			b.comes(b.raw(mail{from: "luigi@altro.example", subject: "Fattura", text: "Manca la fattura di ottobre."}))
			b.post()
			copied := b.backup()
			b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
			b.post()
			if !early {
				copied = b.backup()
			}
			b.at("15:05").comes(b.raw(b.answer(b.last(anna), anna, "ok\n\n"+words)))
			b.post()
			b.wantLetters(1)
			b.at("15:06").copyBack(b.last(mario))
			b.at("15:30").restore(copied)
			b.until("17:00")
			b.wantLetters(1)
			if h, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || h.Next != 3 {
				t.Errorf("the next ticket is %d, %v, want 3", h.Next, err)
			}
			b.wantState(2, posted.Sent)
			if ack, _ := b.ticket(2).Duty("ack"); ack.Running() || !ack.MetAt.Equal(time.Date(2026, 11, 23, 14, 6, 0, 0, time.UTC)) && early {
				t.Errorf("acknowledgement %+v: %v", ack, b.events(2))
			}
			if outside := slices.Contains(b.events(2), kind.AnsweredOutside); outside != early {
				t.Errorf("answered outside: %v", outside)
			}
		})
	}
}

// What a person decides after the restore goes out as ever.
func TestDecisionAfterRestore(t *testing.T) {
	b := boxed(t)
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	copied := b.backup()
	b.at("15:30").restore(copied)
	b.at("15:40").comes(b.raw(b.answer(b.last(anna), anna, "ok\n\n"+words)))
	b.post()
	b.wantLetters(1)
	b.wantState(1, posted.Sent)
}

// The mark of a letter is something anybody can write: it settles nothing where nothing was restored.
func TestForgedLostLetter(t *testing.T) {
	b := boxed(t)
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	forged := mail{from: support, to: mario, subject: "Re: Carrello", reply: b.ticket(1).Thread, head: []string{"X-Replyby-Letter: " + b.store.ID() + "/nobodyknowsthisone"}, text: "Ci penso io."}
	b.comes(b.raw(forged))
	if ack, _ := b.ticket(1).Duty("ack"); !ack.Running() {
		t.Error("a forged copy stopped the clock")
	}
}

// busyDay plays requests, approvals and letters at random, some of whose copies come back, and takes a copy of the database at a random
// moment of it.
func (b *box) busyDay(dice *rand.Rand) (copied []byte, requests, answered int) {
	b.Helper()
	var waiting []store.Letter // review mails not yet answered
	const steps = 60
	stop := dice.IntN(steps)
	for step := range steps {
		b.now = b.now.Add(time.Minute)
		switch n := dice.IntN(3); {
		case n == 0 || len(waiting) == 0:
			requests++
			b.comes(b.raw(mail{from: fmt.Sprintf("c%d@cliente.example", requests), subject: fmt.Sprintf("Richiesta %d", requests), text: request}))
			b.post()
			waiting = append(waiting, b.last(anna))
		case n == 1:
			answered++
			b.comes(b.raw(b.answer(waiting[0], anna, fmt.Sprintf("ok\n\nCi penso io, lettera numero %d.", answered))))
			waiting = waiting[1:]
		default:
			before := len(b.sent)
			b.tick()
			for _, l := range slices.Clone(b.sent[before:]) {
				if l.Customer && dice.IntN(3) > 0 {
					b.copyBack(l)
				}
			}
		}
		if step == stop {
			copied = b.backup()
		}
	}
	b.tick()
	return copied, requests, answered
}

// I1, I4, F07: a copy taken at any moment of a busy day, put back at its end: every request is one ticket, and no customer gets a letter
// that he has, whether its copy came to the mailbox or not, until a person says so.
func TestRestoreAtAnyMoment(t *testing.T) {
	t.Parallel() // a long one
	for seed := range uint64(12) {
		b := boxed(t)
		copied, requests, answered := b.busyDay(rand.New(rand.NewPCG(seed, 7)))
		b.now = b.now.Add(time.Hour)
		b.restore(copied)
		b.until("17:55")
		got := map[string]int{}
		for _, l := range b.sent {
			if l.Customer {
				got[l.To[0]]++
			}
		}
		for to, n := range got {
			if n > 1 {
				t.Errorf("seed %d: %s got %d letters", seed, to, n)
			}
		}
		if len(got) != answered {
			t.Errorf("seed %d: %d customers got letters, %d were approved", seed, len(got), answered)
		}
		subjects := map[string]bool{}
		for n := range requests {
			subjects[b.ticket(uint64(n+1)).Subject] = true
		}
		if h, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || len(subjects) != requests || h.Next != uint64(requests)+1 {
			t.Errorf("seed %d: %d requests became %d tickets of %d subjects, %v", seed, requests, h.Next-1, len(subjects), err)
		}
		b.store.Close()
	}
}

// I10: what a person decides in the first minutes after the restore does not leave by itself, and the receipt says so.
func TestDecisionRightAfterRestore(t *testing.T) {
	b := boxed(t)
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	copied := b.backup()
	b.at("15:30").restore(copied)
	b.at("15:31").comes(b.raw(b.answer(b.last(anna), anna, "ok\n\n"+words)))
	b.post()
	b.wantLetters(0)
	said := read(b.last(anna))
	if !strings.Contains(said, "Non parte da sola") || strings.Contains(said, "Parte subito") || strings.Contains(said, "Come tornare indietro") {
		t.Errorf("the receipt says %s", said)
	}
	b.until("15:50")
	if l := b.last(anna); l.Purpose != "question" {
		t.Errorf("anna's last mail is a %s", l.Purpose)
	}
}
