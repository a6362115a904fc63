package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/ending"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// twoInDoubt plays until anna was asked about two letters, of which the server took only the second. got counts what reached Mario, by
// Message-ID.
func twoInDoubt(t *testing.T) (s *scenario, lost, asked []store.Letter, got map[string]int) {
	t.Helper()
	s, got = play(t, agency(t)), map[string]int{}
	s.requested("Carrello", request)
	s.server = func(l store.Letter) desk.Ended {
		if !l.Customer {
			return desk.Ended{Outcome: "sent", At: s.now}
		}
		if lost = append(lost, l); len(lost) == 1 {
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		got[l.MessageID]++
		return desk.Ended{Outcome: map[bool]ending.Outcome{true: "unknown", false: "sent"}[len(lost) == 2], Stage: "dot", At: s.now}
	}
	s.says(anna, "ok\n\n"+words)
	s.at("15:03").says(anna, "ok\n\nIl certificato è rinnovato, provi ancora a pagare.")
	s.until("15:25")
	for _, l := range s.letters(anna) {
		if l.Purpose == "question" {
			asked = append(asked, l)
		}
	}
	if len(asked) != 2 {
		t.Fatalf("%d questions", len(asked))
	}
	for i, said := range []string{words, "Il certificato è rinnovato, provi ancora a pagare."} { // who is to decide about a letter reads it
		if shown := strings.Join(strings.Fields(mailparse.Parse(asked[i].Bytes).Text), " "); !strings.Contains(shown, strings.Join(strings.Fields(said), " ")) {
			t.Errorf("question %d does not show its letter:\n%s", i+1, shown)
		}
	}
	return s, lost[:2:2], asked, got
}

// I4: the answer to the question what to do with a letter is about that letter, whichever was written last, and whatever was answered before.
func TestQuestionIsAboutItsLetter(t *testing.T) {
	for _, second := range []string{"leave", "resend"} {
		s, lost, asked, got := twoInDoubt(t)
		s.arrives(s.answer(asked[0], anna, "resend")) // the first has not arrived
		s.post()
		s.arrives(s.answer(asked[1], anna, second))
		s.post()
		if n := got[lost[0].MessageID]; n != 1 {
			t.Errorf("%s: the letter that anna had sent again reached him %d times", second, n)
		}
		if n, want := got[lost[1].MessageID], map[string]int{"leave": 1, "resend": 2}[second]; n != want {
			t.Errorf("the letter about which anna said %q reached him %d times", second, n)
		}
		for i, l := range lost {
			if p, _ := s.ticket(1).Letter(l.ID); p.State != posted.Left {
				t.Errorf("%s: letter %d is %q", second, i+1, p.State)
			}
		}
		s.arrives(s.answer(asked[0], anna, "resend\n"))
		s.arrives(s.answer(asked[1], anna, "leave\n"))
		s.post()
		if n := got[lost[0].MessageID]; n != 1 || s.count(1, kind.Settled) != 2 {
			t.Errorf("%s: one order sent the letter %d times; %d settled", second, n, s.count(1, kind.Settled))
		}
		s.checkFold()
	}
}

// I4: a mail that is about no letter settles a doubt where there is but one, and none of two.
func TestNobodyGuessesTheLetter(t *testing.T) {
	s, lost, asked, got := twoInDoubt(t)
	s.says(marco, "status")
	s.says(marco, "resend")
	s.wantRefused(1, "no_doubt")
	if got[lost[0].MessageID] != 0 || s.count(1, kind.Settled) != 0 {
		t.Error("one of two letters in doubt was settled by guess")
	}
	s.arrives(s.answer(asked[1], anna, "leave"))
	s.says(marco, "resend")
	if n := got[lost[0].MessageID]; n != 1 {
		t.Errorf("the only letter in doubt reached him %d times", n)
	}
}

// I3: who takes back the letter of a receipt takes back that one and no other.
func TestUndoIsAboutItsLetter(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.says(anna, "ok\n\n"+words)
	receipt := s.last(anna)
	s.at("15:01").arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: "E la fattura di ottobre?"})
	s.post()
	s.says(marco, "ok\n\nLa fattura di ottobre parte stasera.")
	s.arrives(s.answer(receipt, anna, "undo"))
	s.until("15:10")
	by := map[string]int{}
	for _, l := range s.letters(mario) {
		by[l.By]++
	}
	if by[anna] != 0 || by[marco] != 1 {
		t.Errorf("anna took back hers in time: mario got %d of hers, %d of marco's", by[anna], by[marco])
	}
}
