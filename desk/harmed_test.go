package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/store/bolt/harm"
	"replyby/ticket/kind"
)

// harms closes the store, harms it and opens it again.
func (s *scenario) harms(how func(dir, desk string) error) {
	s.Helper()
	s.store.Close()
	if err := how(s.dir, s.cfg.Name); err != nil {
		s.Fatal(err)
	}
	s.open()
}

// harmedTicket is a desk with a request of mario, the draft with Anna, of which something is harmed.
func harmedTicket(t *testing.T, how func(dir, desk string) error) *scenario {
	t.Helper()
	s := play(t, agency(t))
	s.tick()
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.harms(how)
	return s
}

func snapshot(dir, desk string) error { return harm.Ticket(dir, desk, 1) }

func listings(dir, desk string) error {
	return errors.Join(harm.Index(dir, desk, "open", 1), harm.Index(dir, desk, "updated", 1), harm.Index(dir, desk, "due", 1), harm.Index(dir, desk, "customer", 1))
}

// I7, I8: what is kept of a ticket beside its records follows from them. Where that is harmed, mail about the ticket, of its customer and of staff
// is taken in as ever, its steps are taken, and what is written about the ticket writes that anew.
func TestHarmedRowStopsNothing(t *testing.T) {
	for name, how := range map[string]func(dir, desk string) error{
		"the ticket": snapshot, "what lists it": listings,
		"both":                    func(dir, desk string) error { return errors.Join(snapshot(dir, desk), listings(dir, desk)) },
		"the desk's own file":     func(dir, desk string) error { return harm.Ticket(dir, desk, 0) },
		"the counters of the day": func(dir, desk string) error { return harm.Counters(dir, desk, "2026-11-23") },
	} {
		t.Run(name, func(t *testing.T) {
			s := harmedTicket(t, how)
			review := s.last(anna)
			s.arrives(mail{from: mario, subject: "Re: Carrello", text: "Ancora io", reply: []string{mailparse.Parse(review.Bytes).MessageID}})
			s.arrives(mail{from: mario, subject: "Altro", text: "Un'altra cosa: " + request})
			s.arrives(s.answer(review, anna, "ok\n\n"+words))
			s.post()
			s.wantLetters(1)
			s.now = s.ticket(2).NextDue()
			s.tick()
			if s.count(2, kind.Warned) == 0 {
				t.Error("no step was taken")
			}
			if got := s.count(1, kind.Decided); got != 1 {
				t.Errorf("staff decided %d times", got)
			}
			s.checkFold()
		})
	}
}

// I7, I10: the digest goes out though counters are lost, and says so and what else is harmed, in the language of its reader.
func TestDigestOfHarmedDay(t *testing.T) {
	s := harmedTicket(t, func(dir, desk string) error { return harm.Counters(dir, desk, "2026-11-23") })
	s.now = s.ticket(0).NextDue()
	if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: desk.Health{Harmed: []string{"desk x, ticket 7: damaged"}}}); err != nil {
		t.Fatal(err)
	}
	s.post()
	d := s.digests()
	said := folded(strings.Join(d, ""))
	if len(d) != 1 || !strings.Contains(said, "I conteggi del lun 23 nov sono andati persi") || !strings.Contains(said, "Il registro è danneggiato in un punto, ricostruito da quello che resta: desk x, ticket 7") {
		t.Errorf("digests: %q", d)
	}
}

// I8: where the records of a ticket are harmed too, or what leads to it, mail about it becomes a request of its own that says so, staff's decides
// nothing, and what is behind it is taken in.
func TestHarmedRecordsStopNothing(t *testing.T) {
	records := func(dir, desk, _ string) error {
		return errors.Join(harm.Ticket(dir, desk, 1), harm.Records(dir, desk, 1))
	}
	key := func(dir, desk, id string) error { return harm.Key(dir, desk, string(store.MessageID), id) }
	for _, together := range []bool{false, true} {
		t.Run(fmt.Sprint("records, in one batch: ", together), func(t *testing.T) {
			s := mailAfter(t, records, together)
			for i, from := range []string{mario, "", mario, "luigi@altro.example"} {
				subject := []string{"Re: [MB-1] Carrello", "(unreadable message)", "Altro", "Stampante"}[i]
				got := s.ticket(uint64(i) + 2)
				if got.Subject != subject || got.Customer.Addr != from || !got.IsOpen() {
					t.Errorf("mail %d is %q of %q", i, got.Subject, got.Customer.Addr)
				}
				if told := mailparse.Parse(s.about(anna, got.Ref).Bytes).Text; strings.Contains(told, "registro è danneggiato") != (i < 2) {
					t.Errorf("who is asked about mail %d reads\n%s", i, told)
				}
			}
		})
		t.Run(fmt.Sprint("key, in one batch: ", together), func(t *testing.T) { mailAfter(t, key, together) })
	}
}

// I5, I7, I8: a release that folds tickets anew starts where one cannot be read at all; each beat tells of it, and all others go on.
func TestHarmedRecordsFoldedAnew(t *testing.T) {
	s := harmedTicket(t, func(dir, of string) error {
		return errors.Join(harm.Ticket(dir, of, 1), harm.Records(dir, of, 1), harm.Older(dir, of))
	})
	for range 2 {
		err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now})
		if !store.Harmed(err) || !strings.Contains(err.Error(), "ticket 1") {
			t.Errorf("a beat tells: %v", err)
		}
		s.arrives(mail{from: "luigi@altro.example", subject: "Stampante", text: request + s.now.String()})
		s.at(s.now.Add(time.Minute).In(s.cfg.Zone).Format("15:04"))
	}
	if !s.ticket(2).IsOpen() || !s.ticket(3).IsOpen() {
		t.Error("the others are not taken in")
	}
}

// mailAfter lets mail come about a request of mario's of which something is harmed, and other mail behind it.
func mailAfter(t *testing.T, how func(dir, desk, id string) error, together bool) *scenario {
	t.Helper()
	s := play(t, agency(t))
	s.tick()
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	review, id := s.last(anna), s.ticket(1).Thread[0]
	s.harms(func(dir, desk string) error { return how(dir, desk, id) })
	approval := s.answer(review, anna, "ok\n\n"+words)
	approval.reply = []string{id}
	s.fetched(together, []mail{
		{from: mario, subject: "Re: [MB-1] Carrello", text: "Ancora io, non va", reply: []string{id}}, approval,
		{from: mario, subject: "Altro", text: "Un'altra cosa: " + request}, {from: "luigi@altro.example", subject: "Stampante", text: request},
	})
	s.post()
	s.wantLetters(0)
	return s
}

// fetched hands mails over, together or one by one, and again, as a server does that gave its folder new numbers.
func (s *scenario) fetched(together bool, waiting []mail) {
	s.Helper()
	b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, Now: s.now}
	for _, m := range waiting {
		raw := s.raw(m)
		s.uid++
		prove := func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: m.from, Evidence: "test"} }
		b.Mails = append(b.Mails, desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw, Prove: prove})
	}
	for b.UIDValidity = range uint32(2) {
		for some := range slices.Chunk(b.Mails, map[bool]int{true: len(b.Mails), false: 1}[together]) {
			one := b
			one.Mails, one.UID = some, some[len(some)-1].UID
			if err := s.desk.Receive(s.Context(), one); err != nil {
				s.Fatal(err)
			}
		}
		if head, err := s.store.Head(s.Context(), s.cfg.Name); err != nil || head.Next != uint64(len(waiting))+2 {
			s.Errorf("%d tickets, %v", head.Next-1, err)
		}
	}
}
