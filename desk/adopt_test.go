package desk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// aside is the id of the message that was set aside last, with the desk or a ticket.
func (s *scenario) aside(number uint64) string {
	s.Helper()
	filed := s.ticket(number).Filed
	if len(filed) == 0 {
		s.Fatalf("nothing was filed with ticket %d", number)
	}
	return filed[len(filed)-1].Raw.String()[:12]
}

func (s *scenario) wantRefusal(id, code string) {
	s.Helper()
	_, err := s.desk.Adopt(s.Context(), id, anna, s.now)
	if r, ok := errors.AsType[desk.Refusal](err); !ok || r.Code != code {
		s.Errorf("adopt %q: %v, want %s", id, err, code)
	}
}

// A voicemail notice is no ticket until somebody says so. It came when it came, but a call starts no clock of a contract, and the
// exchange that tells of it is nobody to write to.
func TestAdopt(t *testing.T) {
	s := play(t, agency(t))
	s.judge.Own = []string{"assistenza@agency.example"}
	s.restart()
	s.at("16:10").delivers(sample(t, "06_voicemail.eml"), "")
	id := s.aside(0)
	s.wantRefusal("", "not_filed")
	s.wantRefusal(id[:11], "not_filed")
	s.wantRefusal("000000000000", "not_filed")
	s.wantRefusal("%s\x00'; --------", "not_filed")
	if _, err := s.store.Load(t.Context(), s.cfg.Name, 1); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("a ticket before anybody said so: %v", err)
	}

	cursor, _ := s.store.Cursor(t.Context(), s.cfg.Name, "INBOX")
	s.at("2026-11-24 10:00")
	tk, err := s.desk.Adopt(t.Context(), strings.ToUpper(id), anna, s.now)
	if err != nil || tk.Ref != "MB-1" {
		t.Fatalf("%+v %v", tk, err)
	}
	tk = s.ticket(1)
	came := time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)
	if tk.State != ticket.New || !tk.ReceivedAt.Equal(came) || len(tk.Duties) != 0 || tk.Customer.Addr != "" || tk.Draft.Template != "phone_redirect" {
		t.Errorf("received %s, owed %v, customer %q, text %s", tk.ReceivedAt, tk.Duties, tk.Customer.Addr, tk.Draft.Template)
	}
	if s.count(1, kind.Adopted) != 1 || s.count(1, kind.Received) != 0 {
		t.Errorf("events %v", s.events(1))
	}
	if after, _ := s.store.Cursor(t.Context(), s.cfg.Name, "INBOX"); after != cursor {
		t.Errorf("the cursor moved from %+v to %+v", cursor, after)
	}
	s.post()
	if l := s.last(anna); l.Purpose != "review" || !strings.Contains(mailparse.Parse(l.Bytes).Text, "Durata 00:42") {
		t.Errorf("staff are not asked about it: %s", l.Purpose)
	}
	s.wantText(anna, "!eta domani") // which this text has no place for: it would be refused
	s.wantRefusal(id, "adopted")
	s.delivers(sample(t, "06_voicemail.eml"), "") // seen before, as ever
	if _, err := s.store.Load(t.Context(), s.cfg.Name, 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the message came twice: %v", err)
	}
	s.says(anna, "ok")
	s.wantRefused(1, "no_customer")
	s.wantLetters(0)
	s.checkFold()
}

// What was filed with a ticket is adopted as one of its own, linked to the other. Its subject claims urgency now that a person wrote it.
func TestAdoptFromTicket(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	ours := mailparse.Parse(s.last(mario).Bytes).MessageID
	s.arrives(mail{from: mario, subject: "URGENTE: altro problema", reply: []string{ours}, text: "Non è un messaggio automatico!", head: []string{"Auto-Submitted: auto-generated"}})
	if _, err := s.desk.Adopt(t.Context(), s.aside(1), marco, s.now); err != nil {
		t.Fatal(err)
	}
	if tk := s.ticket(2); tk.Links[0] != 1 || tk.Verdict.Urgency != "urgent" || tk.Verdict.Language != "it" {
		t.Errorf("links %v, %s, %s", tk.Links, tk.Verdict.Urgency, tk.Verdict.Language)
	}
	s.checkFold()
}

// Every digest names what was set aside, with what makes it a ticket, once; and the answer to a digest makes it one.
func TestSetAsideInDigest(t *testing.T) {
	cfg := agency(t)
	cfg.Managers = []string{boss, anna}
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.arrives(mail{from: "noreply@rivista.example", subject: "Offerte", text: "Compra", head: []string{"List-Id: <offerte.rivista.example>"}})
	list := s.aside(0)
	s.arrives(mail{from: mario, subject: "Re: [MB-1] Carrello", text: "Torno lunedì", head: []string{"Auto-Submitted: auto-replied"}})
	away := s.aside(1)
	s.junk(mail{from: "nuovo@cliente.example", subject: "Preventivo", text: "Vorrei un sito."})
	junk := s.aside(0)
	s.arrives(mail{from: anna, subject: "Re: [MB-1] Carrello", text: "ok", auth: arrival.Fail})
	s.until("2026-11-24 14:00")
	d := folded(s.digests()[0])
	for _, want := range []string{list, away, junk, "Preventivo", "nuovo@cliente.example", "adopt " + away, "MB-1 " + anna} {
		if !strings.Contains(d, want) {
			t.Errorf("the digest does not say %q:\n%s", want, d)
		}
	}
	if strings.Contains(d, "filed:") || tokenForm.MatchString(d) {
		t.Errorf("a kind without words, or a token for a reader who is no staff:\n%s", d)
	}
	s.until("2026-11-25 14:00")
	if d := s.digests()[1]; strings.Contains(d, list) {
		t.Errorf("named again the next day:\n%s", d)
	}
	s.checkFold()
}

// Any staff member adopts by mail: under any ticket, or in answer to a digest. Such an answer does nothing else.
func TestAdoptByMail(t *testing.T) {
	cfg := agency(t)
	cfg.Managers = []string{anna}
	s := play(t, cfg)
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.arrives(mail{from: "uno@rivista.example", subject: "Uno", text: "Primo", head: []string{"Precedence: bulk"}})
	one := s.aside(0)
	s.arrives(mail{from: "due@rivista.example", subject: "Due", text: "Secondo", head: []string{"Precedence: bulk"}})
	two := s.aside(0)
	s.until("15:05")

	s.says(marco, "adopt 000000000000")
	s.wantRefused(1, "not_filed")
	weak := s.answer(s.last(marco), marco, "adopt "+one)
	weak.auth = arrival.None
	s.at("16:10").arrives(weak)
	s.wantRefused(1, "unproven")
	s.at("17:20").says(marco, "adopt "+one)
	if tk := s.ticket(2); tk.Subject != "Uno" || s.count(2, kind.Adopted) != 1 {
		t.Fatalf("ticket %q, events %v", tk.Subject, s.events(2))
	}
	if !slices.ContainsFunc(s.letters(marco), func(l store.Letter) bool {
		return l.Purpose == "receipt" && strings.Contains(mailparse.Parse(l.Bytes).Text, "now ticket MB-2")
	}) {
		t.Error("no receipt names the new ticket")
	}

	s.until("2026-11-24 14:00")
	digest := s.last(anna)
	for _, text := range []string{"close", "ok\n\n" + words, words, "adottt " + two} {
		s.arrives(s.answer(digest, anna, text))
		s.post()
	}
	if own := s.ticket(0); own.State != "" || own.Wake.IsZero() || len(own.Refusals) != 3 {
		t.Errorf("state %q, next digest %s, refusals %+v", own.State, own.Wake, own.Refusals)
	}
	s.arrives(s.answer(digest, anna, "adotta "+two))
	s.post()
	if tk := s.ticket(3); tk.Subject != "Due" || !tk.ReceivedAt.Equal(s.ticket(2).ReceivedAt) {
		t.Fatalf("ticket %q, received %s", tk.Subject, tk.ReceivedAt)
	}
	s.at("15:30").arrives(s.answer(digest, anna, "adopt "+two))
	s.wantRefused(0, "adopted")
	s.post()
	s.wantLetters(0)
	s.checkFold()
}

// junk delivers a mail to the junk folder.
func (s *scenario) junk(m mail) {
	s.Helper()
	s.uid++
	err := s.desk.Receive(s.Context(), desk.Batch{Folder: "Junk", Role: arrival.Junk, UIDValidity: 1, UID: s.uid, Now: s.now,
		Mails: []desk.Incoming{{UID: s.uid, Internal: s.now, Raw: s.raw(m)}}})
	if err != nil {
		s.Fatal(err)
	}
}
