package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/ending"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// history is a play in which anything may happen, and what happened.
type history struct {
	*scenario
	rt    *rapid.T
	mails [][]byte                    // every mail of staff, to come again
	heard map[ticket.Hash]bool        // mails that may decide: whole, personal, from staff
	tries map[string][]ending.Outcome // outcomes of each letter to a customer, by its id
	taken map[string]int              // how often a Message-ID may have been accepted
	wire  []store.Letter              // those, and what stands in them
	shown map[string]bool             // Message-IDs of letters whose copy came into the mailbox
}

// I2, I3, I4: whatever happens in whatever order, each letter a customer gets was decided by an enrolled person in a mail of his own, with
// these bytes for these recipients; and no letter is given to a server again once it may have taken it.
func TestNothingWithoutDecision(t *testing.T) {
	t.Parallel() // a long one
	accepted := 0
	rapid.Check(t, func(rt *rapid.T) {
		cfg := agency(t)
		cfg.Hold = rapid.SampledFrom([]time.Duration{0, 0, 2 * time.Minute}).Draw(rt, "hold")
		cfg.TellColleagues = true
		h := &history{scenario: play(t, cfg), rt: rt, heard: map[ticket.Hash]bool{}, tries: map[string][]ending.Outcome{}, taken: map[string]int{}, shown: map[string]bool{}}
		defer h.scenario.store.Close()
		h.server = h.anyEnd
		h.request()
		for range rapid.IntRange(5, 12).Draw(rt, "steps") {
			h.step()
		}
		accepted += h.check()
	})
	if t.Logf("letters to customers: %d", accepted); accepted == 0 {
		t.Error("nothing was ever sent")
	}
}

// anyEnd lets a delivery end in any way.
func (h *history) anyEnd(l store.Letter) desk.Ended {
	if !l.Customer {
		return desk.Ended{Outcome: "sent", At: h.now}
	}
	end := desk.Ended{Outcome: rapid.SampledFrom([]ending.Outcome{"sent", "sent", "deferred", "refused", "unknown", "unknown"}).Draw(h.rt, "outcome"), Reply: "x", At: h.now, Next: h.now.Add(3 * time.Minute)}
	h.tries[l.ID] = append(h.tries[l.ID], end.Outcome)
	if h.shown[l.MessageID] {
		h.rt.Fatalf("letter %s is given to a server again, and its copy was in the mailbox", l.ID)
	}
	if end.Outcome == "sent" || end.Outcome == "unknown" {
		h.taken[l.MessageID]++
		h.wire = append(h.wire, l)
	}
	return end
}

func (h *history) step() {
	switch rapid.SampledFrom([]string{"request", "staff", "staff", "staff", "staff", "staff", "staff", "again", "customer", "forged", "automatic", "report", "copy", "copy", "time", "time", "restart"}).Draw(h.rt, "step") {
	case "request":
		h.request()
	case "staff":
		h.staff("pass")
	case "forged":
		h.staff(rapid.SampledFrom([]string{"none", "fail", "temporary", "another"}).Draw(h.rt, "proof"))
	case "automatic":
		h.staff("automatic")
	case "again":
		if len(h.mails) > 0 {
			raw := rapid.SampledFrom(h.mails).Draw(h.rt, "mail")
			h.replays(raw)
		}
	case "customer":
		if l, ok := h.letter(func(l store.Letter) bool { return l.Customer }); ok {
			h.arrives(mail{from: l.To[0], subject: "Re: " + l.Subject, reply: []string{l.MessageID}, text: "ok\n\nNon funziona ancora."})
		}
	case "report":
		if l, ok := h.letter(func(l store.Letter) bool { return l.Customer }); ok {
			h.delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", l.MessageID)), "")
		}
	case "copy":
		if len(h.wire) > 0 {
			l := rapid.SampledFrom(h.wire).Draw(h.rt, "copied")
			h.delivers(append([]byte("Received: from smtp.test by mx.mb.example; "+h.now.Format(time.RFC1123Z)+"\r\n"), l.Bytes...), "")
			h.shown[l.MessageID] = true
			if p, ok := h.ticket(l.Ticket).Copy(l.MessageID); ok && p.State == posted.Unknown {
				h.rt.Fatalf("letter %s is in doubt, and its copy was in the mailbox", p.ID)
			}
		}
	case "time":
		h.now = h.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(h.rt, "minutes")) * time.Minute)
		h.tick()
	case "restart":
		h.restart()
	}
	h.post()
}

func (h *history) request() {
	h.arrives(mail{from: fmt.Sprintf("Cliente <c%d@cliente.example>", h.uid), subject: "Carrello", text: request, head: []string{"Cc: socio@cliente.example"}})
	h.post()
}

// letter chooses one of those accepted, the latest more often.
func (h *history) letter(want func(store.Letter) bool) (store.Letter, bool) {
	var some []store.Letter
	for _, l := range h.sent {
		if want(l) {
			some = append(some, l)
		}
	}
	if len(some) == 0 {
		return store.Letter{}, false
	}
	if rapid.Bool().Draw(h.rt, "latest") {
		return some[len(some)-1], true
	}
	return rapid.SampledFrom(some).Draw(h.rt, "letter"), true
}

// staff lets anybody answer any mail that staff ever got, with a proof of some kind.
func (h *history) staff(proof string) {
	l, ok := h.letter(func(l store.Letter) bool {
		return !l.Customer && slices.ContainsFunc([]string{anna, marco}, func(a string) bool { return l.To[0] == a })
	})
	if !ok {
		return
	}
	who := rapid.SampledFrom([]string{l.To[0], l.To[0], l.To[0], anna, marco}).Draw(h.rt, "who")
	text := rapid.SampledFrom([]string{
		"ok", "ok", "ok", "ok", "ok\n\nAltre parole, ma sempre per questo caso.", "ok\n\nParole scritte per questo caso, e per nessun altro.", "ok all\n\nA tutti quanti, anche a chi era in copia.", "eta 2027-01-11 17:00\nCi lavoro da oggi.", "noeta aspetto il fornitore\nCi lavoro.",
		"fixed\n\nOra il pagamento funziona di nuovo.", "Soltanto parole, senza alcun verbo.", "undo", "resend", "leave", "urgent", "close", "reopen", "status", "help", "take\nok\n\nLo prendo io.", "okk", "", "close\nok",
	}).Draw(h.rt, "text")
	if l.Purpose == "question" && rapid.Bool().Draw(h.rt, "doubt") {
		text = "resend"
	}
	m := h.answer(l, who, text)
	if rapid.IntRange(0, 9).Draw(h.rt, "token") == 0 {
		m.subject = tokenForm.ReplaceAllString(m.subject, "")
	}
	auth := desk.Auth{Outcome: arrival.Outcome(proof), From: who, Evidence: "test: " + proof}
	switch proof {
	case "automatic":
		m.head, auth.Outcome = []string{"Auto-Submitted: auto-replied"}, arrival.Pass
	case "another":
		auth.Outcome, auth.From = arrival.Pass, "eve@evil.example"
	}
	h.uid++
	raw := h.raw(m)
	if proof == "pass" || proof == "none" && text == "ok" {
		h.heard[ticket.Sum(raw)] = true
	}
	h.mails = append(h.mails, raw)
	h.receives("INBOX", arrival.Inbox, raw, auth)
}

// replays gives a mail again: the same bytes, or with a field above them that no signature covers.
func (h *history) replays(raw []byte) {
	line := rapid.SampledFrom([]string{"", "X-Again: 1\r\n", "Cc: eve@evil.example\r\n", "Message-ID: <again@evil.example>\r\n"}).Draw(h.rt, "above")
	again := append([]byte(line), raw...)
	if line == "Cc: eve@evil.example\r\n" {
		h.heard[ticket.Sum(again)] = h.heard[ticket.Sum(raw)] // as far as anybody can tell, a mail of its own; its token tells
	}
	proof := arrival.Fail
	if h.heard[ticket.Sum(raw)] {
		proof = arrival.Pass
	}
	h.receives("INBOX", arrival.Inbox, again, desk.Auth{Outcome: proof, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: again"})
}

// check holds what was sent against the log. It returns how many letters customers got.
func (h *history) check() int {
	h.checkFold()
	decided, resent, spent := map[string]ticket.Letter{}, map[string]int{}, map[string]int{}
	for r, err := range h.scenario.store.Log(h.Context(), h.cfg.Name, 1, -1) {
		if err != nil {
			h.rt.Fatal(err)
		}
		e := h.event(r)
		for _, l := range e.Body.Letters {
			if !l.Customer {
				continue
			}
			decided[l.ID] = l
			h.lawful(e, l)
			if spent[e.Cause]++; spent[e.Cause] > 1 {
				h.rt.Fatalf("one mail decided two letters: %s", e.Cause)
			}
			if e.Body.Verb == "resend" {
				resent[l.MessageID]++
			}
		}
	}
	n := 0
	for _, l := range h.sent {
		if d, ok := decided[l.ID]; l.Customer && (!ok || ticket.Sum(l.Bytes) != d.Hash || !slices.Equal(l.To, d.To) || !slices.Equal(l.Bcc, d.Bcc)) {
			h.rt.Fatalf("letter %s was sent and not decided so: %+v", l.ID, d)
		} else if l.Customer {
			n++
		}
	}
	for id, ends := range h.tries {
		if i := slices.IndexFunc(ends, func(e ending.Outcome) bool { return e != "deferred" }); i >= 0 && i < len(ends)-1 {
			h.rt.Fatalf("letter %s was tried again after its end: %v", id, ends)
		}
	}
	for id, times := range h.taken {
		if times > 1+resent[id] {
			h.rt.Fatalf("message %s may have arrived %d times, and %d times somebody asked for it", id, times, resent[id])
		}
	}
	return n
}

// lawful says that a decision was a person's, and its letter for nobody but the customer of the ticket.
func (h *history) lawful(e ticket.Event, l ticket.Letter) {
	var raw ticket.Hash
	if err := raw.UnmarshalText([]byte(strings.TrimPrefix(e.Cause, "raw:"))); err != nil {
		h.rt.Fatal(err)
	}
	if e.Kind != kind.Decided || !slices.Contains([]string{anna, marco}, e.Actor) || e.Actor != l.By || !h.heard[raw] {
		h.rt.Fatalf("letter by %s, event %s of %s, caused by %s", l.By, e.Kind, e.Actor, e.Cause)
	}
	tk := h.ticket(e.Ticket)
	allowed := []string{tk.Customer.Addr, "socio@cliente.example"}
	if !slices.Equal(l.Bcc, []string{support}) || l.To[0] != tk.Customer.Addr || slices.ContainsFunc(l.To, func(a string) bool { return !slices.Contains(allowed, a) }) {
		h.rt.Fatalf("letter for %v, %v; the customer is %s", l.To, l.Bcc, tk.Customer.Addr)
	}
}
