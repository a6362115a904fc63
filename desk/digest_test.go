package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// Managers get a digest at the configured hour of every working day, once, also across restarts.
func TestDigest(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE: carrello fermo", text: request})
	s.arrives(mail{from: "luigi@altro.example", subject: "Fattura", text: request})
	s.arrives(mail{from: "noreply@rivista.example", subject: "Offerte", text: "Compra", head: []string{"List-Id: <offerte.rivista.example>", "Precedence: bulk"}})
	s.tick()
	s.at("15:30").says(anna, "ok\n\n"+words)
	s.until("2026-11-24 13:59")
	if n := len(s.digests()); n != 0 {
		t.Fatalf("%d digests before the hour", n)
	}
	logged := len(s.events(-1))
	subject, text, err := s.desk.Digest(t.Context(), s.now, "it") // asked for, it says so before it is due, and leaves no trace
	if err != nil || subject == "" || !strings.Contains(text, "MB-1") || !strings.Contains(text, "URGENTE: carrello fermo") || len(s.events(-1)) != logged {
		t.Errorf("on demand: %q, %v, %d events more:\n%s", subject, err, len(s.events(-1))-logged, text)
	}
	s.until("14:00")
	s.restart()
	s.until("18:00")
	d := s.digests()
	if len(d) != 1 {
		t.Fatalf("%d digests on Tuesday, want 1", len(d))
	}
	for _, want := range []string{"MB-1", "URGENTE: carrello fermo", "30 min", "Orario di oggi: 15:00-18:00."} {
		if !strings.Contains(d[0], want) {
			t.Errorf("the digest does not say %q:\n%s", want, d[0])
		}
	}
	s.until("2026-11-30 14:00") // Wed, Thu, Fri, no weekend, Mon
	if n := len(s.digests()); n != 5 {
		t.Errorf("%d digests by Monday, want 5", n)
	}
	if s.count(0, kind.DigestSent) != 5 {
		t.Error("the log has another number")
	}
	s.checkFold()
}

func (s *scenario) digests() []string {
	var texts []string
	for _, l := range s.letters(boss) {
		if l.Purpose == "digest" {
			m := mailparse.Parse(l.Bytes)
			texts = append(texts, m.Subject+"\n"+m.Text)
			if m.HTML == "" {
				s.Error("the digest has no HTML twin")
			}
		}
	}
	return texts
}

// A clock that the policy knows no more has no instants, and so no date in the digest.
func TestDigestOfAClockWithoutInstants(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.at("15:30").says(anna, "ok\n\n"+words)
	s.cfg.Policy = agency(t).Policy
	s.started()
	s.hourly("2026-11-24 14:00")
	d := s.digests()
	if last := d[len(d)-1]; strings.Contains(last, "lun 1 gen") {
		t.Errorf("a date of the year 1:\n%s", last[strings.Index(last, "limite dei 30"):])
	}
	s.checkFold()
}

// The digest names whoever holds a ticket as colleagues do, not by an address cut short.
func TestDigestNamesPeople(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "take")
	_, text, err := s.desk.Digest(t.Context(), s.now, "it")
	if err != nil || !strings.Contains(text, "Anna Verdi") || strings.Contains(text, "anna@") {
		t.Errorf("%v\n%s", err, text)
	}
}

// Before a day on which work begins again, what came and was kept since the last working day is told, not that of a Sunday. Today is not
// over: its requests are in no figure, and the heading says so.
func TestDigestAfterDaysOff(t *testing.T) {
	cfg := agency(t)
	for when, want := range map[string]string{
		"2026-11-28 10:00": "ieri 30 giorni nuove richieste 1 1", // Saturday
		"2026-11-30 14:00": "fino a ieri da ven 27 nov 30 giorni nuove richieste 3 3",
		"2026-12-01 14:00": "ieri 30 giorni nuove richieste 1 4",
	} {
		s := play(t, cfg)
		for _, came := range []string{"2026-11-27 16:00", "2026-11-28 12:00", "2026-11-29 12:00", "2026-11-30 10:00"} {
			if at := s.at(came).now.In(s.cfg.Zone).Format("2006-01-02 15:04"); at < when {
				s.requested("Carrello del "+came, request+came)
			}
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", when, s.cfg.Zone)
		if err != nil {
			t.Fatal(err)
		}
		_, text, err := s.desk.Digest(t.Context(), at, "it")
		if text = folded(text); err != nil || !strings.Contains(text, want) {
			t.Errorf("%s: %v, want %q:\n%s", when, err, want, text)
		}
	}
}

// Questions of the program's own are no requests: they are no more among the open ones than among the new ones.
func TestDigestCountsRequestsAlone(t *testing.T) {
	cfg := agency(t)
	cfg.Notices.RenewalDays = 30
	s := play(t, cfg)
	s.contracts("mario@cliente.example,agency,,2026-01-01,2026-12-10,")
	s.tick()
	if s.ticket(1).Notice.Kind != "renewal" {
		t.Fatal("nobody was asked about the contract")
	}
	_, text, err := s.desk.Digest(t.Context(), s.now, "it")
	if err != nil || strings.Contains(text, "aperte, per età") {
		t.Errorf("%v\n%s", err, text)
	}
	s.says(anna, "ok")
	s.arrives(s.answer(s.last(mario), mario, "Rinnovo volentieri: come si fa?"))
	s.tick()
	_, text, err = s.desk.Digest(t.Context(), s.now, "it")
	if err != nil || !strings.Contains(text, "aperte, per età") {
		t.Errorf("the customer has written: %v\n%s", err, text)
	}
}

// paged refuses to hand out all open tickets at once.
type paged struct{ store.Store }

func (p paged) Find(ctx context.Context, q store.Query) ([]ticket.Ticket, error) {
	if q.Open && q.Limit == 0 {
		return nil, errors.New("all open tickets at once")
	}
	return p.Store.Find(ctx, q)
}

// There may be many thousands of open tickets. A digest names every one that it must, and none of it takes them into memory together.
func TestDigestOfManyTickets(t *testing.T) {
	s := play(t, careDesk(t))
	const many = 600
	s.opens(many)
	_, text, err := s.hireAt(s.cfg, paged{s.store}).Digest(t.Context(), s.now.AddDate(0, 2, 0), "it")
	if err != nil {
		t.Fatal(err)
	}
	for i := range many {
		if n := strings.Count(text, fmt.Sprintf("  MP-%d ", i+1)); n != 2 {
			t.Errorf("MP-%d is late with two clocks and is named %d times, want 2", i+1, n)
		}
	}
}

// BenchmarkDigest gathers and writes a digest that names 2,000 tickets.
func BenchmarkDigest(b *testing.B) {
	s := play(b, careDesk(b))
	const many = 2000
	s.opens(many)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.desk.Digest(b.Context(), s.now.AddDate(0, 0, 3), "it"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*many), "µs/ticket")
}

// Beside the near 30-day limits stands the ticket whose limit is the nearest, and none where none is near.
func TestDigestNamesTheNearestFix(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo dà un errore", request)
	s.until("2026-11-24 14:00")
	s.wantText(boss, "fra 1-5 giorni lavorativi 0 fra", "oltre █ 1")
	s.at("2026-12-29 10:00").requested("Anche il carrello dà un errore", request)
	s.until("2026-12-29 14:00")
	s.wantText(boss, "fra 1-5 giorni lavorativi █ 1 MP-1 fra", "oltre █ 1")
}

// reads is the digest as of an instant: its subject, its text, and how to read a section of it by its heading.
func (s *scenario) reads(when string) (subject, text string, section func(heading string) string) {
	s.Helper()
	subject, text, err := s.desk.Digest(s.Context(), s.at(when).now, "it")
	if err != nil {
		s.Fatal(err)
	}
	return subject, text, func(heading string) string {
		_, rest, _ := strings.Cut(text, heading)
		own, _, _ := strings.Cut(rest, "\n\n")
		return folded(own)
	}
}

// What is past its target alone is not due today when its limit is days away.
func TestDigestOfACorrectionPastItsTarget(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo dà un errore", request) // target Wednesday 23 December, limit Monday 4 January
	s.says(anna, "ok\n\n"+words)
	if _, text, section := s.reads("2026-12-23 14:00"); !strings.Contains(section("DA FARE OGGI"), "entro fine giornata") {
		t.Errorf("on the day of the target:\n%s", text)
	}
	subject, text, section := s.reads("2026-12-24 14:00")
	if section("DA FARE OGGI") != "" || !strings.Contains(section("OLTRE L'OBIETTIVO"), "entro lun 4 gen 18:00") || strings.Contains(subject, "da fare oggi") {
		t.Errorf("the day after, %q:\n%s", subject, text)
	}
	if _, text, section := s.reads("2027-01-04 14:00"); !strings.Contains(section("DA FARE OGGI"), "entro 18:00") {
		t.Errorf("on the day of the limit:\n%s", text)
	}
}

// An answer past its target is to be given today, although its limit is tomorrow: only a correction has weeks left.
func TestDigestOfAnAnswerPastItsTarget(t *testing.T) {
	s := play(t, agency(t))
	s.at("2026-11-27 17:30") // target Friday 18:00, limit Tuesday 15:30
	s.requested("Carrello", request)
	if subject, text, section := s.reads("2026-11-30 14:00"); !strings.Contains(section("DA FARE OGGI"), "entro mar 1 dic 15:30") || !strings.Contains(subject, "1 da fare oggi") {
		t.Errorf("%q:\n%s", subject, text)
	}
}

// What waits for the customer and is due all the same stands in one list, and says that it waits.
func TestDigestOfWhatWaitsAndIsDue(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "wait: accesso FTP\nnext 2026-11-25 17:00\nok\n\n"+words)
	if _, text, section := s.reads("2026-11-24 14:00"); !strings.Contains(section("ATTENDONO IL CLIENTE"), "MB-1") {
		t.Errorf("the day before:\n%s", text)
	}
	if _, text, _ := s.reads("2026-11-25 14:00"); strings.Count(text, "MB-1") != 1 || !strings.Contains(folded(text), "attende il cliente da 2 giorni") {
		t.Errorf("on the day:\n%s", text)
	}
}

// A 30-day limit is named with the day it ends with, and is not coming up any more once it has passed.
func TestDigestOfTheDayOfALimit(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo dà un errore", request)
	if _, text, section := s.reads("2026-12-31 14:00"); !strings.Contains(section("IN ARRIVO"), "lun 4 gen MP-1") {
		t.Errorf("before:\n%s", text)
	}
	_, text, section := s.reads("2027-01-05 14:00")
	if !strings.Contains(section("IN RITARDO"), "MP-1") || strings.Contains(section("IN ARRIVO"), "MP-1") || strings.Contains(text, "giorni lavorativi █") {
		t.Errorf("after:\n%s", text)
	}
}
