package desk_test

import (
	"fmt"
	"regexp"
	"replyby/desk/arrival"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
)

// theatre is a play with notices, corrections and ordinary answers, in which texts, names, contracts and the hour change between a mail and
// its answer.
type theatre struct {
	*scenario
	rt   *rapid.T
	by   map[string]answered // what each staff mail said, by its cause in the log
	rows []string

	files int // that went with letters
}

// answered is a staff mail: to which mail, in which words, with which file.
type answered struct {
	to          store.Letter
	words, file string
	proof       arrival.Outcome
}

// I2: of closures, contracts' ends, corrections and answers, no letter reaches a customer whose recipient, text and files, but for the person's own
// words and what he attached, did not stand in the very mail he answered. Where that mail showed no draft the words are his own. I3: nor does a
// file that an unproven mail brought, but with the confirmation that was mailed to the person.
func TestNothingUnread(t *testing.T) {
	t.Parallel() // a long one
	judged := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		h := &theatre{scenario: play(t, announcing(t)), rt: rt, by: map[string]answered{}}
		defer func() { h.scenario.store.Close() }()
		h.judge.Sources = append(h.judge.Sources, form())
		h.rows = []string{mario + ",agency,,2026-01-01,2027-12-31,", luigi + ",agency,,2026-01-01,2026-12-31,", pedro + ",agency,,2026-01-01,2027-12-31,"}
		h.contracts(h.rows...)
		h.tick()
		h.request()
		h.at("2026-12-10 15:30").tick()
		for range rapid.IntRange(6, 16).Draw(rt, "steps") {
			h.step()
		}
		h.now = h.now.Add(time.Hour)
		h.tick()
		for what, n := range h.check() {
			judged[what] += n
		}
		judged["file"] += h.files
	})
	t.Logf("letters held against what was shown: %v", judged)
	for _, what := range []string{"closure_notice", "renewal_reminder", "resolved_patch", "ack_eta", "file"} {
		if judged[what] == 0 && !testing.Short() { // a fifth of the plays may not get there
			t.Errorf("no letter was ever a %s", what)
		}
	}
}

// announcing is a desk that tells of a closure and of contracts that end.
func announcing(t *testing.T) (c desk.Config) {
	t.Helper()
	c = agency(t)
	closure := []sla.Closure{{From: "2026-12-24", To: "2027-01-06"}}
	service, err := c.Service.WithClosures(closure)
	if err != nil {
		t.Fatal(err)
	}
	p := sla.Agency(service)
	c.Service, c.Policy, c.Hold = service, &p, 2*time.Minute
	c.Notices.ClosureDays, c.Notices.PerMinute, c.Notices.RenewalDays, c.Notices.RenewHow = 14, 600, 30, "Per rinnovare basta rispondere."
	return c
}

func (h *theatre) request() {
	h.uid++
	h.report(fmt.Sprintf("c%d@cliente.example", h.uid), rapid.SampledFrom([]string{"Modulo SEO", "Modulo SEO", "Modulo Cassa"}).Draw(h.rt, "product"),
		rapid.SampledFrom([]string{fault, "Buenos días, después de la actualización el módulo muestra un error en la página del carrito y nadie puede pagar."}).Draw(h.rt, "text"))
	h.post()
}

func (h *theatre) step() {
	switch rapid.SampledFrom([]string{"staff", "staff", "staff", "staff", "staff", "staff", "correction", "correction", "request", "customer", "change", "change", "minutes", "days"}).Draw(h.rt, "step") {
	case "staff":
		h.staff("")
	case "correction":
		h.request()
		h.staff("patch 1.2.3")
		h.change()
		h.staff("ok")
	case "request":
		h.request()
	case "customer":
		if l, ok := pick(h, h.sent, func(l store.Letter) bool { return l.Customer }); ok {
			h.arrives(mail{from: l.To[0], subject: "Re: " + l.Subject, reply: []string{l.MessageID}, text: "Non funziona ancora."})
		}
	case "change":
		h.change()
	case "minutes":
		h.now = h.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(h.rt, "minutes")) * time.Minute)
		h.tick()
	case "days":
		h.now = h.now.Add(time.Duration(rapid.IntRange(1, 3).Draw(h.rt, "days")) * 24 * time.Hour)
		h.tick()
	}
	h.post()
}

// change makes something else of what letters say, or nothing.
func (h *theatre) change() {
	switch rapid.SampledFrom([]string{"", "", "text", "name", "contract"}).Draw(h.rt, "change") {
	case "text":
		name := rapid.SampledFrom([]string{"closure_notice.it", "closure_notice.es", "renewal_reminder.it", "resolved_patch.it", "resolved_patch.es", "ack_eta.it", "reply.it"}).Draw(h.rt, "name")
		h.reworded(fmt.Sprintf("Frase aggiunta numero %d.", h.uid), name)
	case "name":
		h.cfg.Team = rapid.SampledFrom([]string{"Assistenza MB", "Squadra del Negozio"}).Draw(h.rt, "team")
		h.cfg.Staff[0].Name = rapid.SampledFrom([]string{"Anna Verdi", "Anna Verdi Bianchi"}).Draw(h.rt, "anna")
		h.restart()
	case "contract":
		h.rows = append(h.rows, fmt.Sprintf("d%d@cliente.example,agency,,2026-01-01,%s,", h.uid+uint32(len(h.rows)), rapid.SampledFrom([]string{"2026-12-31", "2027-12-31"}).Draw(h.rt, "until")))
		h.contracts(h.rows...)
	}
}

func pick(h *theatre, from []store.Letter, want func(store.Letter) bool) (store.Letter, bool) {
	some := slices.DeleteFunc(slices.Clone(from), func(l store.Letter) bool { return !want(l) })
	if len(some) == 0 {
		return store.Letter{}, false
	}
	if rapid.Bool().Draw(h.rt, "latest") {
		return some[len(some)-1], true
	}
	return some[rapid.IntRange(0, len(some)-1).Draw(h.rt, "letter")], true
}

// staff lets somebody answer any mail he ever got, or anna with that verb her latest.
func (h *theatre) staff(verb string) {
	who, latest := anna, verb != ""
	if !latest {
		who = rapid.SampledFrom([]string{anna, anna, marco}).Draw(h.rt, "who")
	}
	l, ok := pick(h, h.letters(who), func(l store.Letter) bool { return tokenForm.MatchString(mailparse.Parse(l.Bytes).Subject) })
	if !ok {
		return
	}
	if latest {
		l = h.last(who)
	}
	own := ""
	if !latest && rapid.IntRange(0, 2).Draw(h.rt, "own words") == 0 {
		own = fmt.Sprintf("Parole scritte da una persona, volta %d, per questo caso solo.", h.uid)
	}
	if !latest {
		verb = rapid.SampledFrom([]string{"ok", "ok", "ok", "ok", "ok", "patch 1.2.3", "", "status", "take", "note vista", "help", "undo"}).Draw(h.rt, "verb")
	}
	h.uid++
	said, name := strings.TrimSpace(verb+"\n\n"+own), ""
	m := h.answer(l, who, said)
	if rapid.IntRange(0, 3).Draw(h.rt, "file") == 0 {
		name = fmt.Sprintf("f%d.pdf", h.uid)
		m = with(m, said, file{name, "application/pdf", "", name})
	}
	m.auth = arrival.Pass
	if !latest {
		m.auth = rapid.SampledFrom([]arrival.Outcome{arrival.Pass, arrival.Pass, arrival.Pass, arrival.None}).Draw(h.rt, "proof")
	}
	h.uid--
	h.by["raw:"+ticket.Sum(h.raw(m)).String()] = answered{l, own, name, m.auth}
	h.arrives(m)
}

// check holds each letter to a customer against the mail that was answered, and counts them by their text.
func (h *theatre) check() map[string]int {
	h.checkFold()
	judged := map[string]int{}
	for r, err := range h.scenario.store.Log(h.Context(), h.cfg.Name, 1, -1) {
		if err != nil {
			h.rt.Fatal(err)
		}
		e := h.event(r)
		for _, l := range e.Body.Letters {
			if !l.Customer {
				continue
			}
			a, ok := h.by[e.Cause]
			if !ok {
				h.rt.Fatalf("letter to %v caused by %s", l.To, e.Cause)
			}
			h.named(a, l)
			if h.read(a, e, r.Seq, l) {
				judged[h.template(e.Ticket, r.Seq)]++
			}
		}
	}
	return judged
}

// confirms heads the mail that asks for a confirmation, or that shows all letters of a correction.
var confirms = regexp.MustCompile(`non posso provare|cannot prove|^\[\S+\] (Correzione|Correction) `)

// named fails unless the mail that was answered named the files of a letter, or the answer brought them.
func (h *theatre) named(a answered, l ticket.Letter) {
	shown := read(a.to)
	for _, f := range l.Files {
		if !strings.Contains(shown, f.Name) && (f.Name != a.file || a.proof != arrival.Pass) {
			h.rt.Fatalf("%q did not name %s, which went to %v", a.to.Subject, f.Name, l.To)
		}
		for _, b := range h.by {
			if b.file == f.Name && b.proof == arrival.None && !confirms.MatchString(b.to.Subject+" "+read(b.to)) {
				h.rt.Fatalf("%s was taken from an unproven answer to %q", f.Name, b.to.Subject)
			}
		}
		h.files++
	}
}

// template is the text of the draft of a ticket that was decided at a place of the log.
func (h *theatre) template(number, at uint64) (name string) {
	for r, err := range h.scenario.store.Log(h.Context(), h.cfg.Name, 1, int64(number)) {
		if err != nil {
			h.rt.Fatal(err)
		}
		if d := h.event(r).Body.Draft; d != nil && r.Seq <= at {
			name = d.Template
		}
	}
	return name
}

// ownWords marks the place of a person's own words, which stays empty without any.
var ownWords = regexp.MustCompile(`\[(qui le tue parole|your words here)\]`)

// instants are those of requests, as letters write them.
var instants = regexp.MustCompile(`\p{L}+ \d+ (de )?\p{L}+ (de )?\d{4}, (ore|a las) \d\d:\d\d`)

// gone heads the letter in a receipt.
var gone = regexp.MustCompile(`(?i)che cosa parte per il cliente|what goes to the customer`)

// read says whether the mail that was answered showed a draft, and fails unless it showed this letter.
func (h *theatre) read(a answered, e ticket.Event, at uint64, l ticket.Letter) bool {
	shown := folded(ownWords.ReplaceAllString(mailparse.Parse(a.to.Bytes).Text, ""))
	if gone.MatchString(shown) || !strings.Contains(shown, "----------") { // a receipt shows what has gone, and no draft (decision 11)
		if a.words == "" {
			h.rt.Fatalf("an ok without words to %q made a letter:\n%s", a.to.Subject, l.Text)
		}
		return false
	}
	if !strings.Contains(shown, l.To[0]) {
		h.rt.Fatalf("%q did not show that %v would get a letter", a.to.Subject, l.To)
	}
	said := folded(l.Text)
	if h.template(e.Ticket, at) == "resolved_patch" && numbered(a.to) != e.Ticket { // the list names the others, each with the instant of its request
		said, shown = instants.ReplaceAllString(said, "@"), instants.ReplaceAllString(shown, "@")
	}
	pieces := []string{said}
	if a.words != "" {
		pieces = strings.Split(pieces[0], folded(a.words))
	}
	for _, p := range pieces {
		if !strings.Contains(shown, strings.TrimSpace(p)) {
			h.rt.Fatalf("ticket %d: the mail that was answered did not show what went to %v:\n%s\n--- it showed:\n%s", e.Ticket, l.To, p, shown)
		}
	}
	return true
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }
