package e2e_test

import (
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"
)

// open delivers a request and returns the review mail to Anna.
func (h *house) open(r request, ref string) mail {
	h.t.Helper()
	h.outside(r.from, r.to, h.compose(r.message))
	return h.awaitMail(anna, "["+ref+"]", 1)
}

// Everybody is asked in his own language; the draft is in the customer's.
func TestReviewMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency(), care())
	h.serve()
	r := requests(support)[1] // a Spanish customer
	h.open(r, "MB-1")
	target, limit, _, _ := h.show("MB-1").ack(t)
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	by := limit.In(rome).Format("15:04") // the count before it is one of two days where four hours reach over midnight
	for _, x := range []struct{ to, words, count string }{
		{anna, "Nuova richiesta di Lucía Gómez.", "-> limite"},
		{marco, "New request from Lucía Gómez.", "-> limit"},
	} {
		m := h.awaitMail(x.to, "[MB-1]", 1)
		for _, words := range []string{
			x.words, x.count, by, // the deadline and how it was counted
			"Desde la última actualización las facturas salen sin el número de pedido.", // the request
			"Me hago cargo de su solicitud", // the draft
			"ok", "take", "note", "help",
		} {
			if !strings.Contains(fold(m.text), words) {
				t.Errorf("to %s: no %q in\n%s", x.to, words, m.text)
			}
		}
		if n := strings.Count(m.html, `href="mailto:`+support+"?subject=Re%3A%20%5BMB-1%5D"); n < 4 || !strings.Contains(m.html, m.token(t)) {
			t.Errorf("to %s: %d mailto links with the subject, want one for each of the four verbs", x.to, n)
		}
		h.checkMachine(m)
		if by, err := netmail.ParseDate(m.head.Get("Reply-By")); err != nil || !by.Equal(target) {
			t.Errorf("to %s: Reply-By %q, want %s (%v)", x.to, m.head.Get("Reply-By"), target, err)
		}
	}
	if a, m := h.awaitMail(anna, "[MB-1]", 1).token(t), h.awaitMail(marco, "[MB-1]", 1).token(t); a == m {
		t.Error("I3: two people have the same token")
	}
	if mails := h.mailsTo(lucia); len(mails) > 0 {
		t.Errorf("I9: the customer got a mail nobody decided:\n%s", mails[0].raw)
	}
}

// checkMachine wants the marks of a mail the program wrote by itself (RFC 3834).
func (h *house) checkMachine(m mail) {
	h.t.Helper()
	if m.head.Get("Auto-Submitted") != "auto-generated" || m.head.Get("X-Auto-Response-Suppress") == "" {
		h.t.Errorf("I9: %q is not marked as automatic: %v", m.subject, m.head)
	}
}

// checkLetter wants a letter to a customer: a human's, threaded, and accepted once.
func (h *house) checkLetter(customer, answers string, words ...string) mail {
	h.t.Helper()
	m := h.awaitMail(customer, "", 1)
	for _, w := range words {
		if !strings.Contains(fold(m.text), w) {
			h.t.Errorf("I2: no %q in the letter:\n%s", w, m.text)
		}
	}
	for _, name := range []string{"Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "List-Id", "Bcc"} {
		if v, has := m.head[name]; has {
			h.t.Errorf("a human's letter has %s: %v", name, v)
		}
	}
	if m.head.Get("In-Reply-To") != answers || !strings.Contains(m.head.Get("References"), answers) {
		h.t.Errorf("In-Reply-To %q, References %q; want %s", m.head.Get("In-Reply-To"), m.head.Get("References"), answers)
	}
	if tokenForm.MatchString(m.subject) || strings.Contains(string(m.raw), "(rb:") {
		h.t.Errorf("I3: the customer's letter carries a token: %s", m.raw)
	}
	return m
}

// I2, I4: an answer with ok and two lines is exactly one letter with those words; the clock stops when the server takes it, and
// its answer is kept. The person who answered gets a receipt.
func TestOK(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency(), care())
	h.serve()
	review := h.open(requests(support)[0], "MB-1")
	h.reply(anna, review, "ok\n\nHo visto l'errore: viene dal modulo di pagamento aggiornato stanotte.\nLo riporto alla versione di ieri e controllo un ordine di prova.")
	h.checkLetter(mario, h.requestID("MB-1"), "Ho visto l'errore: viene dal modulo di pagamento aggiornato stanotte.",
		"Lo riporto alla versione di ieri e controllo un ordine di prova.", "Anna Bianchi")
	s := h.awaitTicket("MB-1", "has the proof of its letter", func(s shown) bool { return s.count("settled") > 0 })
	p := s.letter()
	_, limit, _, met := s.ack(t)
	if at := h.acceptedAt(mario); met.Before(at) || met.Sub(at) > patience || !met.Before(limit) || s.State != "open" {
		t.Errorf("the server took the letter at %s, acknowledged %s, limit %s, state %s", at, met, limit, s.State)
	}
	if p.State != "sent" || p.By != anna || "250 "+p.Reply != h.mailsTo(mario)[0].reply || !strings.HasPrefix(p.Proof, "copy in INBOX") {
		t.Errorf("letter %+v; want sent, by Anna, with the server's answer %q and the copy as proof", p, h.mailsTo(mario)[0].reply)
	}
	receipt := h.awaitMail(anna, "[MB-1]", 2)
	h.checkMachine(receipt)
	if !strings.Contains(fold(receipt.text), "Lo riporto alla versione di ieri") || !strings.Contains(receipt.text, mario) {
		t.Errorf("the receipt does not show what goes to whom:\n%s", receipt.text)
	}
	// The other desk wants at least forty characters of a person's own.
	care := h.open(requests(modules)[2], "MP-1")
	h.reply(anna, care, "ok\n\nJe regarde.")
	h.awaitTicket("MP-1", "has a refusal", func(s shown) bool { return s.count("decision_refused") == 1 })
	again := h.awaitMail(anna, "[MP-1]", 2)
	h.reply(anna, again, "ok\n\nLe point relais manque depuis la mise à jour du module ; je prépare une correction.")
	h.checkLetter(claire, h.requestID("MP-1"), "je prépare une correction.")
	h.onlyOnce(mario, claire)
}

// requestID is the Message-ID, with brackets, of the mail that opened a ticket.
func (h *house) requestID(ref string) string { return "<" + h.show(ref).Thread[0] + ">" }

// lastOf is the Message-ID, with brackets, of the customer's latest mail.
func (h *house) lastOf(ref string) string {
	ids := slices.DeleteFunc(h.show(ref).Thread, func(id string) bool { return strings.HasPrefix(id, "rb.") })
	return "<" + ids[len(ids)-1] + ">"
}

// acceptedAt is when the hop had the last mail of ours to somebody.
func (h *house) acceptedAt(to string) time.Time {
	var at time.Time
	for _, x := range h.accepted() {
		if h.ours(x.User) && slices.Contains(x.To, to) {
			at = x.At
		}
	}
	return at
}

// onlyOnce wants exactly one mail in each mailbox, and none in those of the other customers.
func (h *house) onlyOnce(got ...string) {
	h.t.Helper()
	for _, c := range []string{mario, lucia, claire, john} {
		want := 0
		if slices.Contains(got, c) {
			want = 1
		}
		if n := len(h.folder(c, "INBOX")); n != want {
			h.t.Errorf("I4: %s has %d mails, want %d", c, n, want)
		}
	}
}

// An estimate goes to the customer as a date in his language, and is a clock of its own.
func TestETA(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	h.serve()
	review := h.open(requests(support)[1], "MB-1")
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().In(rome).AddDate(0, 0, 3)
	h.reply(marco, review, "eta "+day.Format(time.DateOnly)+" 17:00\nHe encontrado la plantilla que perdió el campo.")
	h.awaitTicket("MB-1", "refuses another person's token", func(s shown) bool { return s.count("decision_refused") == 1 })
	h.reply(marco, h.awaitMail(marco, "[MB-1]", 1), "eta "+day.Format(time.DateOnly)+" 17:00\nHe encontrado la plantilla que perdió el campo.")
	h.checkLetter(lucia, h.requestID("MB-1"), "He encontrado la plantilla que perdió el campo.",
		fmt.Sprintf("%d de ", day.Day()), "17:00 (hora italiana)", "Marco Verdi")
	want := time.Date(day.Year(), day.Month(), day.Day(), 17, 0, 0, 0, rome)
	h.awaitTicket("MB-1", "has the promised date", func(s shown) bool {
		for _, d := range s.Duties {
			if d.Name == "eta" {
				return d.Target.Equal(want)
			}
		}
		return false
	})
	h.onlyOnce(lucia)
}

// I2: words without a verb come back as a draft, to the letter; only ok on that draft sends them.
func TestNoVerb(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	h.serve()
	review := h.open(requests(support)[3], "MB-1")
	h.reply(anna, review, "We found the reason: the import file has an empty column.\nIt will be right again after tonight's run.")
	draft := h.awaitMail(anna, "[MB-1]", 2)
	if !strings.Contains(fold(draft.text), "the import file has an empty column. It will be right again") {
		t.Errorf("the new draft does not show the words:\n%s", draft.text)
	}
	if n := len(h.mailsTo(john)); n > 0 {
		t.Fatalf("I2: %d mails reached the customer without a decision", n)
	}
	h.reply(anna, review, "ok") // of the draft before
	h.awaitTicket("MB-1", "refuses a token of an older draft", func(s shown) bool { return s.count("decision_refused") == 1 })
	h.reply(anna, draft, "ok")
	h.checkLetter(john, h.requestID("MB-1"), "the import file has an empty column. It will be right again after tonight's run.")
	h.onlyOnce(john)
}

// I3, I9: what must not decide does not, and the ticket says why.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	h.serve()
	review := h.open(requests(support)[0], "MB-1")
	refused := func(words string, n int) {
		t.Helper()
		h.awaitTicket("MB-1", fmt.Sprintf("has refusal %d", n), func(s shown) bool {
			return len(s.Refusals) == n && strings.Contains(s.Refusals[n-1].Reason, words)
		})
		if n := len(h.mailsTo(mario)); n > 0 {
			t.Fatalf("I3: %q: %d mails reached the customer", words, n)
		}
	}
	vacation := h.answer(anna, review, "Sono in ferie fino a lunedì.\nok")
	vacation.subject, vacation.fields = "Risposta automatica: "+review.subject, "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"
	h.submit(anna, support, h.compose(vacation))
	h.awaitTicket("MB-1", "has filed the vacation notice", func(s shown) bool {
		return len(s.Filed) == 1 && s.Filed[0].From == anna && s.Filed[0].Reason != ""
	})
	h.outside("anna@elsewhere.test", support, h.compose(message{from: anna, name: "Anna Bianchi", to: support, subject: "Re: [MB-1] URGENTE", text: "ok\n\nPaghi la fattura su questo conto."}))
	refused("no_token", 1)
	forged := h.answer(anna, review, "ok\n\nPaghi la fattura su questo conto.") // the token leaked, the password did not
	h.outside("anna@elsewhere.test", support, h.compose(forged))
	refused("unproven", 2)
	double := h.answer(anna, review, "ok\n\nDue oggetti.")
	double.fields = "Subject: " + double.subject + "\r\n"
	h.submit(anna, support, h.compose(double))
	refused("repeated_field", 3)
	customer := message{from: mario, to: support, subject: "Re: " + review.subject, answers: review.id(), text: "ok\n\n> ok\n> la bozza va bene"}
	h.outside(mario, support, h.compose(customer))
	h.awaitTicket("MB-1", "or another has the customer's mail", func(s shown) bool { return s.count("received") == 2 || len(h.tickets()) == 2 })
	h.checkTold(review)
	h.reply(anna, review, "ok\n\nArrivo subito, intanto non toccate nulla.")
	h.checkLetter(mario, h.lastOf("MB-1"), "Arrivo subito, intanto non toccate nulla.")
	h.reply(anna, review, "ok\n\nUna seconda lettera con lo stesso diritto.")
	h.awaitTicket("MB-1", "refuses the spent token", func(s shown) bool {
		return len(s.Refusals) == 4 && strings.Contains(s.Refusals[3].Reason, "spent")
	})
	h.onlyOnce(mario)
}

// checkTold wants that the enrolled person heard of the refusals, once an hour, and nobody else did.
func (h *house) checkTold(review mail) {
	h.t.Helper()
	told := 0
	for _, m := range h.mailsTo(anna) {
		if strings.Contains(m.subject, "[MB-1]") && m.id() != review.id() && strings.Contains(m.text, "non ha avuto effetto") {
			told++
			h.checkMachine(m)
		}
	}
	if told != 1 {
		h.t.Errorf("Anna was told %d times that a mail had no effect, want once in an hour", told)
	}
	for _, x := range h.accepted() {
		if h.ours(x.User) && slices.Contains(x.To, "anna@elsewhere.test") {
			h.t.Error("I9: the forger was answered")
		}
	}
}
