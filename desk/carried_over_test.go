package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// I5: an answer written outside to a message of a merged ticket stops the clock where that now runs, and withdraws the draft there.
func TestAnswerOutsideToMerged(t *testing.T) {
	s := two(t)
	theirs := s.ticket(2).Thread[0]
	s.says(anna, "merge 1")
	version := s.ticket(1).Draft.Version
	s.at("15:20").arrives(mail{from: anna, to: mario, subject: "Re: Ancora il carrello", reply: []string{theirs}, text: "Ciao Mario, ho sistemato tutto.", head: []string{"Cc: " + support}})
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || s.ticket(1).Draft.Version == version {
		t.Errorf("answered outside, and still owed: %+v; %v, %v", ack, s.events(1), s.events(2))
	}
	s.checkFold()
}

// I5: a letter of a merged ticket comes back. What it had met is owed in the ticket that goes on.
func TestBounceOfMerged(t *testing.T) {
	s := two(t)
	s.says(anna, "ok\n\n"+words)
	l := s.last(mario)
	s.says(marco, "merge 1")
	if s.ticket(2).MergedInto != 1 {
		t.Fatalf("not merged: %v", s.ticket(2).Refusals)
	}
	s.says(anna, "note\nx")
	s.arrives(s.answer(s.letters(anna)[0], anna, "ok\n\nIl carrello funziona di nuovo, scusa per l'attesa."))
	s.post()
	if s.ticket(1).State != ticket.Open {
		t.Fatalf("ticket 1: %s %v", s.ticket(1).State, s.ticket(1).Refusals)
	}
	s.at("15:30").comesBack(l)
	if s.count(2, kind.Bounced) != 1 {
		t.Fatal("the report is not known")
	}
	if next, ok := s.ticket(1).Duty("next_reply"); !ok || !next.Running() {
		t.Errorf("the customer has no answer to his second mail, and nothing is owed: %+v", s.ticket(1).Duties)
	}
	if r := s.about(anna, "MB-1"); !strings.Contains(mailparse.Parse(r.Bytes).Text, "5.1.1") && r.Purpose != "review" {
		t.Errorf("anna's last mail about the ticket that goes on is a %s", r.Purpose)
	}
	s.checkFold()
}

// I5: a clock that the other ticket's contract does not know would stand still there.
func TestMergeKeepsWhatIsOwed(t *testing.T) {
	s := play(t, both(t))
	f := form()
	f.Policy = "business-care"
	s.judge.Sources = append(s.judge.Sources, f)
	s.restart()
	s.report(mario, "Modulo SEO", fault)
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	fix, ok := s.ticket(1).Duty("fix")
	if !ok || s.ticket(2).Customer.Addr != mario {
		t.Fatalf("fix %+v, customer %s", fix, s.ticket(2).Customer.Addr)
	}
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "merge 2"))
	s.wantRefused(1, "merge_clock: MB-2")
	s.arrives(s.answer(s.about(anna, "MB-2"), anna, "merge 1"))
	s.start()
	if got, _ := s.ticket(1).Duty("fix"); !got.Limit.Equal(fix.Limit) || s.ticket(2).MergedInto != 1 {
		t.Errorf("fix %+v, want it as it was: %+v", got, fix)
	}
	s.checkFold()
}

// I8: one mail may adopt several messages.
func TestAdoptTwo(t *testing.T) {
	s := play(t, agency(t))
	var ids []string
	for _, name := range []string{"Uno", "Due"} {
		s.junk(mail{from: name + "@cliente.example", subject: "Preventivo " + name, text: request})
		ids = append(ids, s.aside(0))
	}
	s.requested("Carrello", request)
	s.says(anna, "adopt "+ids[0]+"\nadopt "+ids[1])
	if s.ticket(2).Subject != "Preventivo Uno" || s.ticket(3).Subject != "Preventivo Due" {
		t.Errorf("adopted %q and %q", s.ticket(2).Subject, s.ticket(3).Subject)
	}
	s.checkFold()
}

// I2: whoever is no customer any more when the notice is approved gets none, though he was shown.
func TestNoticeToNobodyWhoLeft(t *testing.T) {
	s := closing(t)
	s.contracts(pedro+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	s.says(anna, "ok")
	s.until("09:10")
	s.wantTold(luigi, pedro)
	s.checkFold()
}

// "Senza conferma non viene addebitato nulla": the word of somebody whom the customer copied is not the customer's.
func TestConsentOfAnother(t *testing.T) {
	cfg := agency(t)
	cfg.ExtraRate = "60 EUR l'ora"
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "URGENTE: colore del bottone", text: request, head: []string{"Cc: " + pedro}})
	s.post()
	s.at("15:10").says(anna, "normal: non blocca le vendite\nbill 90\nok\n"+words)
	offer := s.last(mario)
	s.at("15:20").arrives(s.answer(offer, pedro, "Confermo, procedete pure."))
	s.post()
	s.at("15:30").says(anna, "consent")
	s.wantRefused(1, "no_offer")
	s.at("15:40").arrives(s.answer(offer, mario, "Confermo io."))
	s.at("15:50").arrives(s.answer(offer, pedro, "Grazie."))
	s.post()
	s.at("16:00").says(anna, "consent")
	if tk := s.ticket(1); tk.AgreedTo != offer.ID || !tk.AgreedAt.Equal(time.Date(2026, 11, 23, 14, 40, 0, 0, time.UTC)) {
		t.Errorf("agreed to %q at %s", tk.AgreedTo, tk.AgreedAt)
	}
	s.checkFold()
}

// I1: one mail makes one ticket of a message, however often it names it.
func TestAdoptTwice(t *testing.T) {
	s := play(t, agency(t))
	s.junk(mail{from: "uno@cliente.example", subject: "Preventivo", text: request})
	id := s.aside(0)
	s.requested("Carrello", request)
	s.says(anna, "adopt "+id+"\nadopt "+s.ticket(0).Filed[0].Raw.String()[:16])
	s.wantRefused(1, "adopted: MB-2")
	if h, err := s.store.Head(t.Context(), s.cfg.Name); err != nil || h.Next != 2 {
		t.Errorf("the next ticket is %d, %v", h.Next, err)
	}
}

// The words of a letter that comes back, of a ticket that goes on in another one, are the draft there, unless somebody is writing another.
func TestWordsOfMergedComeBack(t *testing.T) {
	for _, busy := range []bool{false, true} {
		s := twoOf(play(t, careDesk(t))) // where words that were sent before are none of one's own
		s.says(anna, "eta 2026-11-24 16:00\n\n"+words)
		l := s.last(mario)
		s.says(anna, "merge 1")
		if s.ticket(2).MergedInto != 1 {
			t.Fatalf("not merged: %v", s.ticket(2).Refusals)
		}
		want := words
		if busy {
			want = "Ho trovato il difetto nel modulo delle spese."
			s.arrives(s.answer(s.about(marco, "MP-1"), marco, want))
		}
		s.at("15:30").comesBack(l)
		if d := s.ticket(1).Draft; d.Personal != want || (d.Times["eta"] == "") != busy {
			t.Errorf("the draft is %+v", d)
		}
		s.wantText(anna, want[:20], "il registro dei pagamenti", "martedì 24 novembre 2026") // beside a draft in hand
		s.saysOf(anna, "MP-1", "ok")
		s.wantLetters(2)
		s.wantText(mario, folded(want))
		s.checkFold()
	}
}
