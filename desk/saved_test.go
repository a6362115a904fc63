package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
)

func (s *scenario) wantImport(m desk.Saved, code string) {
	s.Helper()
	_, err := s.desk.Import(s.Context(), m, s.now)
	var r desk.Refusal
	if errors.As(err, &r); r.Code != code {
		s.Errorf("import: %v, want %q", err, code)
	}
}

// A saved mail becomes a request like any other: its clock began when it came, staff are asked, and the mail itself, wherever it turns up
// later, is known.
func TestImport(t *testing.T) {
	s := play(t, agency(t))
	s.at("16:10")
	raw := s.raw(mail{from: mario, to: anna, subject: "URGENTE: carrello", text: request})
	came := s.now
	s.at("2026-11-24 10:00")
	tk, err := s.desk.Import(t.Context(), desk.Saved{Raw: raw, By: anna}, s.now)
	if err != nil || tk.Ref != "MB-1" {
		t.Fatalf("%+v %v", tk, err)
	}
	tk = s.ticket(1)
	if !tk.ReceivedAt.Equal(came) || !strings.HasPrefix(tk.ReceivedBy, "Received by mx.mb.example") || tk.Customer.Addr != mario || tk.Verdict.Urgency != "urgent" {
		t.Errorf("received %s by %q, customer %q, %s", tk.ReceivedAt, tk.ReceivedBy, tk.Customer.Addr, tk.Verdict.Urgency)
	}
	if due, _ := tk.Duty("ack"); !due.From.Equal(came) {
		t.Errorf("the clock began at %s", due.From)
	}
	if s.count(1, kind.Adopted) != 1 || s.count(1, kind.Received) != 0 {
		t.Errorf("events %v", s.events(1))
	}
	kept, err := s.store.Raw(t.Context(), ticket.Sum(raw))
	if err != nil || string(kept) != string(raw) {
		t.Errorf("its bytes were not kept: %v", err)
	}
	s.post()
	if l := s.last(anna); l.Purpose != "review" || !strings.Contains(mailparse.Parse(l.Bytes).Text, "il carrello del nostro negozio") {
		t.Errorf("staff are not asked about it: %s", l.Purpose)
	}
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	s.wantImport(desk.Saved{Raw: raw, By: marco}, "adopted")
	s.delivers(raw, "")
	if n := s.ticket(1).Number; n != 1 || s.count(2, kind.Received) != 0 {
		t.Error("the mail made a second ticket when it came by itself")
	}
	s.checkFold()
}

// What goes on in a conversation is linked with it.
func TestImportInConversation(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	ours := mailparse.Parse(s.last(mario).Bytes).MessageID
	raw := s.raw(mail{from: mario, to: anna, subject: "Re: Carrello", text: "E adesso?", reply: []string{ours}})
	if _, err := s.desk.Import(t.Context(), desk.Saved{Raw: raw, By: anna}, s.now); err != nil {
		t.Fatal(err)
	}
	if tk := s.ticket(2); len(tk.Links) != 1 || tk.Links[0] != 1 {
		t.Errorf("links %v", tk.Links)
	}
	s.checkFold()
}

// What can be no request is refused, and nothing is written.
func TestImportRefused(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.arrives(mail{from: "noreply@rivista.example", subject: "Offerte", text: "Compra", head: []string{"List-Id: <offerte.rivista.example>"}})
	s.post()
	review, list := s.last(anna).Bytes, s.raw(mail{from: "noreply@rivista.example", subject: "Offerte", text: "Compra", head: []string{"List-Id: <offerte.rivista.example>"}})
	list = []byte(strings.Replace(string(list), "<m3@", "<m2@", 1))
	before, err := s.store.Head(t.Context(), s.cfg.Name)
	if err != nil {
		t.Fatal(err)
	}
	undated := "From: " + mario + "\r\nTo: " + anna + "\r\nSubject: Carrello rotto\r\n\r\n" + request
	for code, m := range map[string]desk.Saved{
		"no_mail":    {Raw: []byte("%PDF-1.7\n\x00\x01")},
		"from_staff": {Raw: s.raw(mail{from: anna, subject: "Fwd: Carrello", text: request})},
		"our_letter": {Raw: review},
		"filed":      {Raw: list},
		"no_time":    {Raw: []byte(undated)},
		"future":     {Raw: []byte(undated), At: s.now.Add(time.Minute)},
	} {
		m.By = anna
		s.wantImport(m, code)
	}
	if after, err := s.store.Head(t.Context(), s.cfg.Name); err != nil || after != before {
		t.Errorf("the log went on from %+v to %+v, %v", before, after, err)
	}
	s.wantImport(desk.Saved{Raw: []byte(undated), At: s.now.Add(-time.Hour), By: anna}, "")
	if tk := s.ticket(2); !tk.ReceivedAt.Equal(s.now.Add(-time.Hour)) || tk.ReceivedBy != "as "+anna+" says" {
		t.Errorf("received %s by %q", tk.ReceivedAt, tk.ReceivedBy)
	}
	s.checkFold()
}
