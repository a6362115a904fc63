package desk_test

import (
	"replyby/desk/arrival"
	"replyby/ticket/posted"
	"slices"
	"testing"
	"time"
)

// decidedAfterCopy plays an approval after a copy of the database was taken, which is put back then: nobody outside may get anything again.
// The letters to those proven have come back to our mailbox.
func (b *box) decidedAfterCopy(says string, proven ...string) {
	b.Helper()
	copied := b.backup()
	b.now = b.now.Add(time.Minute)
	b.comes(b.raw(b.answer(b.last(anna), anna, says)))
	for range 5 {
		b.now = b.now.Add(time.Minute)
		b.tick()
	}
	sent := b.told()
	for _, l := range b.sent {
		if l.Customer && slices.Contains(proven, l.To[0]) {
			b.copyBack(l)
		}
	}
	if len(sent) == 0 {
		b.Fatal("nothing went before the restore")
	}
	b.now = b.now.Add(30 * time.Minute)
	b.restore(copied)
	for range 10 {
		b.now = b.now.Add(time.Minute)
		b.tick()
	}
	b.wantTold(sent...)
	b.checkFold()
}

// I4: an approval that answers several tickets, read again after a restore, sends none of its letters again.
func TestRestoreBeforeCorrection(t *testing.T) {
	b := &box{scenario: waiting(t, 0)}
	b.arrives(b.answer(b.about(anna, "MB-1"), anna, "patch 1.2.3\n\n"+solved))
	b.post()
	b.decidedAfterCopy("ok")
}

// I4: nor does one that told many customers of a closure, each in a ticket of his own.
func TestRestoreBeforeNotice(t *testing.T) {
	b := &box{scenario: closing(t)}
	b.decidedAfterCopy("ok", pedro, mario)
	want := map[string]posted.State{pedro: posted.Sent, mario: posted.Sent, luigi: posted.Unknown}
	for n := uint64(3); n <= 5; n++ {
		if tk := b.ticket(n); tk.Posted[0].State != want[tk.Customer.Addr] {
			t.Errorf("the letter to %s is %q, want %q", tk.Customer.Addr, tk.Posted[0].State, want[tk.Customer.Addr])
		}
	}
}

// I4: the mail that decided waits in the copy itself, for its proof to be looked up.
func TestRestoreWhileProofWaited(t *testing.T) {
	b := &box{scenario: late(t, 3, arrival.Pass)}
	copied := b.backup()
	b.minutes(5)
	b.wantLetters(1)
	b.now = b.now.Add(30 * time.Minute)
	b.restore(copied)
	b.minutes(5)
	b.wantLetters(1)
	b.wantState(1, posted.Unknown)
	b.checkFold()
}

// I4: a letter that waited in the copy because another installation worked the mailbox has gone since that one was shut down.
func TestRestoreWhileAnotherWorked(t *testing.T) {
	r := compete(t)
	toB := r.b.answer(r.b.last(anna), anna, "ok\n\n"+words)
	r.arrives(r.a.answer(r.a.last(anna), anna, "ok\n\n"+words))
	r.arrives(toB)
	b := &box{scenario: r.b}
	b.tick()
	b.wantLetters(0)
	copied := b.backup()
	claim := func() {
		b.now = b.now.Add(time.Hour)
		if seen, err := b.desk.Claim(t.Context(), anna, b.now); err != nil || seen == "" {
			t.Fatalf("claim: %q %v", seen, err)
		}
		b.post()
	}
	claim()
	b.wantLetters(1)
	b.now = b.now.Add(time.Hour)
	b.restore(copied)
	claim()
	b.wantLetters(1)
	b.wantState(1, posted.Unknown)
}

// What this installation itself wrote and has forgotten is no other one's: answers to it, read again, stop nothing.
func TestRestoreIsNoOtherInstallation(t *testing.T) {
	b := boxed(t)
	b.tick()
	b.at("15:01")
	copied := b.backup()
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	review := b.last(anna)
	b.at("15:05").comes(b.raw(b.answer(review, anna, "note\n\nci guardo")))
	b.post()
	b.at("15:30").restore(copied)
	if own := b.ticket(0); own.Foreign != "" {
		t.Errorf("an answer from before the restore: %s", own.Foreign)
	}
	b.at("16:00").comes(b.raw(b.answer(review, anna, "take")))
	b.post()
	if own := b.ticket(0); own.Foreign != "" {
		t.Errorf("an answer from after the restore to a mail from before it: %s", own.Foreign)
	}
	b.wantRefused(1, "foreign_token")
	b.says(anna, "ok\n\n"+words)
	b.wantLetters(1)
}
