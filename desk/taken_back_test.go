package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/desk"
	"replyby/desk/ending"
	"replyby/desk/reply/verb"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/effect"
	"replyby/ticket/posted"
)

// position is what a letter may change of a ticket, without the record of what happened: where it stands, what it owes until when, what
// was agreed. What has ended is not in it.
func position(t ticket.Ticket) string {
	var all []string
	for _, o := range t.Duties {
		if o.Running() {
			all = append(all, fmt.Sprintf("%s from %s until %s", o.Name, o.From.Format(time.RFC3339), o.Limit.Format(time.RFC3339)))
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, fmt.Sprint("state ", t.State), fmt.Sprint("open ", t.IsOpen()), fmt.Sprint("unheard ", t.UnheardAt),
		fmt.Sprint("refunded ", t.RefundedAt), fmt.Sprint("agreed ", t.AgreedAt, t.AgreedTo), fmt.Sprint("billed ", t.Billed),
		fmt.Sprint("merged ", t.MergedInto), fmt.Sprint("assignee ", t.Assignee)), "\n")
}

// I10: a letter that is taken back, or comes back, leaves the ticket where it was, whatever the letter was to do.
func TestNothingStaysOfALetterThatReachedNobody(t *testing.T) {
	says := map[verb.Verb]string{
		verb.OK: "ok", verb.ETA: "eta 2026-11-26 17:00", verb.NoETA: "noeta aspetto il fornitore\nok", verb.Next: "next 2026-11-26 17:00\nok",
		verb.Fixed: "fixed: corretto il file", verb.Refuse: "refuse 3", verb.Refund: "refund 49,00 EUR\nfield order: XK-4711\nfield product: Modulo SEO", verb.Wait: "wait: la password\nok",
		verb.Close: "close: fatto\nok", verb.Bill: "bill 60 lavoro in più\nok",
	}
	for v, say := range says {
		for _, from := range []string{"new", "open", "promised", "waiting"} {
			if v == verb.NoETA && from != "new" {
				continue // only an acknowledgement has a place for it
			}
			for _, how := range []string{"undo", "bounce"} {
				t.Run(fmt.Sprint(v, " ", from, " ", how), func(t *testing.T) { takenBack(t, v, say, from, how) })
			}
		}
	}
}

func takenBack(t *testing.T, v verb.Verb, say, from, how string) {
	cfg := careDesk(t)
	cfg.Hold, cfg.ExtraRate = 2*time.Minute, "60 EUR/h"
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	if from != "new" {
		s.says(anna, map[string]string{"open": "ok\n", "promised": "eta 2026-11-25 17:00\n", "waiting": "wait: la versione\nok\n"}[from]+words)
		s.at("15:03").tick()
		s.wantLetters(1)
	}
	s.at("15:10")
	before, letters := s.ticket(1), len(s.letters(mario))
	s.says(anna, say+"\nHo guardato il registro della stampa e Le scrivo per questo motivo.")
	waits := func(p ticket.Posted) bool { return p.Customer && p.State == posted.Queued }
	if !slices.ContainsFunc(s.ticket(1).Posted, waits) {
		s.says(anna, "ok") // to the draft as it came back
	}
	if !slices.ContainsFunc(s.ticket(1).Posted, waits) {
		t.Fatalf("no letter waits: %+v", s.ticket(1).Refusals)
	}
	if how == "undo" {
		s.at("15:11").says(anna, "undo")
	} else {
		s.at("15:15").tick()
		s.wantLetters(letters + 1)
		s.at("15:16").comesBack(s.last(mario))
		s.post()
	}
	after := s.ticket(1)
	want := position(before)
	switch closes := v == verb.Close || v == verb.Refuse || v == verb.Refund; {
	case how == "bounce" && v == verb.Fixed: // it is solved, and somebody still to be told
		want = strings.Replace(want, "state "+string(before.State), "state resolved", 1)
	case how == "bounce" && closes: // whoever had waited is to look at it
		want = strings.Replace(want, "state waiting", "state open", 1)
	}
	if d := cmp.Diff(want, position(after)); d != "" {
		t.Errorf("the ticket is another one (-before +after):\n%s\n%v", d, s.events(1))
	}
	s.checkFold()
}

// A ticket that waits is opened by a person too; where nobody has answered yet it is new, as it is after every other way back.
func TestReopenWhatWaits(t *testing.T) {
	for _, from := range []ticket.State{ticket.New, ticket.Open} {
		for _, how := range []string{"wait", "close", "spam"} {
			s := play(t, agency(t))
			s.requested("Carrello", request)
			if from == ticket.Open {
				s.says(anna, "ok\n"+words)
			}
			s.at("15:10").says(anna, how)
			s.at("15:12").says(anna, "reopen")
			s.wantState(1, from)
			s.checkFold()
		}
	}
}

// What a person has ended, or what was promised to nobody, is not owed again because the ticket was closed and opened in between.
func TestReopenRevivesOnlyWhatClosingStopped(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:10").says(anna, "eta 2026-11-25 16:00\nVi tengo al corrente.")
	s.at("15:12").comesBack(s.last(mario))
	s.at("15:15").says(anna, "close")
	s.at("15:16").says(anna, "reopen")
	if eta, _ := s.ticket(1).Duty("eta"); eta.Running() {
		t.Errorf("nobody was promised anything: %+v", eta)
	}
	s.checkFold()

	s = play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.at("15:10").says(anna, "refuse 3\n"+words)
	s.at("15:20").stillBroken() // and the correction, which the refusal ended, is not owed
	s.at("15:30").says(anna, "close")
	s.at("15:31").says(anna, "reopen")
	fix, _ := s.ticket(1).Duty("fix")
	if next, _ := s.ticket(1).Duty("next_reply"); fix.Running() || !next.Running() {
		t.Errorf("after a refusal: fix %+v, next reply %+v", fix, next)
	}
	s.checkFold()
}

// A refusal that comes back refuses nothing, also where a mail had crossed it and opened the ticket.
func TestCrossedRefusalComesBack(t *testing.T) {
	cfg := careDesk(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	s.at("15:10").says(anna, "refuse 3\n"+words)
	s.at("15:11").stillBroken()
	s.at("15:13").tick()
	s.wantLetters(1)
	s.comesBack(s.last(mario))
	if fix, _ := s.ticket(1).Duty("fix"); !fix.Running() {
		t.Errorf("nobody was refused anything: %+v", fix)
	}
	s.checkFold()
}

// "Senza conferma non viene addebitato nulla": to an offer that nobody had, nobody has agreed.
func TestOfferThatWasAgreedToComesBack(t *testing.T) {
	cfg := careDesk(t)
	cfg.ExtraRate = "60 EUR/h"
	s := play(t, cfg)
	s.requested("Il modulo non stampa", request)
	s.says(anna, "ok\n"+words)
	s.at("15:10").says(anna, "bill 90: spostare il negozio\nok\nLe propongo di spostare il negozio per intero.")
	s.says(anna, "ok")
	offer := s.last(mario)
	if _, offers := offer.Does(effect.Offers); !offers {
		t.Fatalf("no offer: %+v", offer.Then)
	}
	s.at("15:20").stillBroken()
	s.at("15:21").says(anna, "consent")
	if s.ticket(1).AgreedTo != offer.ID {
		t.Fatalf("not agreed: %+v", s.ticket(1).Refusals)
	}
	s.comesBack(offer)
	if now := s.ticket(1); now.AgreedTo != "" || !now.AgreedAt.IsZero() {
		t.Errorf("agreed to %q", now.AgreedTo)
	}
	s.checkFold()
}

// What a person has closed since stays closed, whatever becomes of the letter that had closed it before.
func TestClosingLetterComesBackAfterAPersonClosed(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.at("15:10").says(anna, "close\nok\n\n"+words)
	s.at("15:20").says(anna, "reopen")
	s.at("15:30").says(anna, "close")
	s.comesBack(s.last(mario))
	s.wantState(1, ticket.Closed)
	s.checkFold()
}

// A solution that the customer has contradicted before it reached him is no news that he is owed, once its letter comes to nothing.
func TestContradictedSolutionComesToNothing(t *testing.T) {
	for _, how := range []string{"undo", "bounce", "refused"} {
		cfg := agency(t)
		cfg.Hold = 2 * time.Minute
		s := play(t, cfg)
		s.requested("Carrello", request)
		s.says(anna, "ok\n"+words)
		s.at("15:05").tick()
		s.at("15:10").says(anna, "fixed: rinnovato il certificato\nOra funziona di nuovo.")
		s.at("15:11").stillBroken()
		switch how {
		case "undo":
			s.arrives(s.answer(s.letters(anna)[len(s.letters(anna))-2], anna, "undo"))
		case "bounce":
			s.at("15:13").tick()
			s.wantLetters(2)
			s.comesBack(s.last(mario))
		case "refused":
			s.server = func(l store.Letter) desk.Ended {
				return desk.Ended{Outcome: map[bool]ending.Outcome{true: "refused", false: "sent"}[l.Customer], Code: 550, Reply: "550 5.1.1 no such user", At: s.now}
			}
			s.at("15:13").tick()
		}
		notice, _ := s.ticket(1).Duty("resolution_notice")
		if next, _ := s.ticket(1).Duty("next_reply"); notice.Running() || !next.Running() || s.ticket(1).State != ticket.Open {
			t.Errorf("%s: the ticket is %s, notice %+v, next reply %+v, refused %v", how, s.ticket(1).State, notice, next, s.ticket(1).Refusals)
		}
		s.checkFold()
	}
}

// One letter that tells of a solution and closes owes the news again when it comes back.
func TestSolutionThatClosesComesBack(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:10").says(anna, "fixed: rinnovato il certificato\nclose\nOra funziona di nuovo.")
	s.wantState(1, ticket.Closed)
	s.comesBack(s.last(mario))
	if notice, _ := s.ticket(1).Duty("resolution_notice"); !notice.Running() || s.ticket(1).State != ticket.Open {
		t.Errorf("the ticket is %s, notice %+v", s.ticket(1).State, notice)
	}
	s.checkFold()
}
