package letter_test

import (
	"strings"
	"testing"

	"replyby/letter"
	"replyby/letter/words"
	"replyby/ticket"
)

// TestSummaryCounts holds that one further ticket is spoken of as one, and that a deadline in a list is whole: a time without its
// minutes is another time.
func TestSummaryCounts(t *testing.T) {
	w := writer(t)
	night := request(t)
	night.Duties[0].Target = at(t, "2026-12-02 00:00")
	for lang, want := range map[string][]string{
		"it": {"e 1 altra dello stesso", "scade oggi 18:00", "fine giornata"}, "es": {"y 1 más del mismo", "vence hoy 18:00", "final del día"},
		"fr": {"et 1 autre du même", "échéance aujourd'hui 18:00", "fin de journée"}, "en": {"and 1 more from", "due today 18:00", "end of day"},
	} {
		r, err := w.Summary(letter.Summary{Person: anna(lang), Why: "budget", Tickets: []ticket.Ticket{request(t), night}, Also: map[uint64]int{1042: 1}, All: 3}, stamp("s"))
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range want {
			if !strings.Contains(r.Text, said) {
				t.Errorf("%s: %q is missing:\n%s", lang, said, r.Text)
			}
		}
	}
	if len(words.Languages()) != 4 {
		t.Error("a language is not tried here")
	}
}

// TestFrenchAroundNames holds what French asks of the words that stand beside a name or an instant: no "de" that would have to become
// "d'", no "de hier", and a space before the semicolon.
func TestFrenchAroundNames(t *testing.T) {
	w := writer(t)
	r := review(t, "fr", "new")
	r.Ticket.Customer.Name = "Anna Rossi"
	asked, err := w.Review(r, stamp("r"))
	if err != nil {
		t.Fatal(err)
	}
	gap, err := w.Summary(letter.Summary{Person: anna("fr"), Why: "outage", Tickets: []ticket.Ticket{request(t)}, From: at(t, "2026-11-22 22:00"), To: at(t, "2026-11-23 15:00")}, stamp("s"))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"de Anna", "de hier", "18:00; limite"} {
		if strings.Contains(asked.Text+gap.Text, wrong) {
			t.Errorf("%q:\n%s\n%s", wrong, asked.Text, gap.Text)
		}
	}
}

// TestSummarySteps holds that what passed is said in the reader's words, once for each obligation, and as no name of a ladder's step.
func TestSummarySteps(t *testing.T) {
	w, tk := writer(t), request(t)
	for lang, want := range map[string]string{
		"it": "Presa in carico: limite superato; Correzione: scadenza vicina", "es": "Primera respuesta: límite superado; Corrección: plazo cercano",
		"fr": "Prise en charge : limite dépassée ; Correction : échéance proche", "en": "Acknowledgement: past its limit; Fix: deadline near",
	} {
		r, err := w.Summary(letter.Summary{Person: anna(lang), Why: "outage", Tickets: []ticket.Ticket{tk}, Steps: map[uint64][]letter.Step{
			tk.Number: {{Duty: "ack", Means: "warning"}, {Duty: "ack", Means: "limit_passed"}, {Duty: "fix", Means: "warning"}},
		}}, stamp("s"))
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(strings.Fields(r.Text), " "); !strings.Contains(said, want) {
			t.Errorf("%s: %q is missing:\n%s", lang, want, r.Text)
		}
	}
}

// TestSummaryBetweenTargetAndLimit holds that a ticket is called late past its limit alone, and near up to its target.
func TestSummaryBetweenTargetAndLimit(t *testing.T) {
	w, tk := writer(t), request(t)
	for _, c := range []struct{ target, limit, want, not string }{
		{"2026-11-23 18:00", "2026-11-24 15:30", "due today 18:00 Bottega Rossi Acknowledgement: deadline near", "past its target"},
		{"2026-11-23 14:00", "2026-11-24 15:30", "due tomorrow 15:30 Bottega Rossi Acknowledgement: past its target", "late since"},
		{"2026-11-20 18:00", "2026-11-23 14:30", "late since today 14:30 Bottega Rossi Acknowledgement: past its limit", "near"},
	} {
		tk.Subject, tk.Assignee = "Sito", ""
		tk.Duties = []ticket.Obligation{{Name: "ack", From: at(t, "2026-11-20 17:30"), Target: at(t, c.target), Limit: at(t, c.limit)}}
		r, err := w.Summary(letter.Summary{Person: anna("en"), Why: "outage", Tickets: []ticket.Ticket{tk}, Steps: map[uint64][]letter.Step{tk.Number: {{Duty: "ack", Means: "warning"}}}}, stamp("s"))
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(strings.Fields(r.Text), " "); !strings.Contains(said, c.want) || strings.Contains(said, c.not) {
			t.Errorf("target %s, limit %s: want %q and no %q:\n%s", c.target, c.limit, c.want, c.not, r.Text)
		}
	}
}

// TestWarningSubject holds that a list of mails on a phone, which shows some forty characters, shows by when.
func TestWarningSubject(t *testing.T) {
	w := writer(t)
	for lang, want := range map[string]string{
		"it": "[MB-1042] Scade oggi 18:00, presa in carico: ", "es": "[MB-1042] Vence hoy 18:00, primera respuesta: ",
		"fr": "[MB-1042] Échéance aujourd'hui 18:00, prise en charge : ", "en": "[MB-1042] Due today 18:00, acknowledgement: ",
	} {
		r, err := w.Warning(letter.Warning{Ticket: request(t), Person: anna(lang), Token: token, Duty: "ack"}, stamp("w"))
		if err != nil || !strings.HasPrefix(r.Subject, want) {
			t.Errorf("%s: %q, %v", lang, r.Subject, err)
		}
		r, err = w.Warning(letter.Warning{Ticket: request(t), Person: anna(lang), Token: token, Duty: "fix", Means: "refund"}, stamp("w"))
		if err != nil || strings.HasPrefix(r.Subject, want[:len("[MB-1042] Sc")]) {
			t.Errorf("%s: past its target, and announced as due: %q, %v", lang, r.Subject, err)
		}
	}
}

// TestBouncedSaysHow holds that whoever hears of a wrong address also hears how to give the right one, and reads no time of another zone.
func TestBouncedSaysHow(t *testing.T) {
	for _, lang := range words.Languages() {
		r := samples(t, lang)["bounced"]
		if !strings.Contains(r.Text, "  customer …") || strings.Contains(r.Text, "14:05") || !strings.Contains(r.Text, "Received by mx.bianchi.example\n") {
			t.Errorf("%s:\n%s", lang, r.Text)
		}
	}
}

// TestSummaryOfTwoDuties holds that a row shows what is due first of all that is owed: a target that has passed hides no nearer deadline.
func TestSummaryOfTwoDuties(t *testing.T) {
	w, tk := writer(t), request(t)
	tk.Subject, tk.Assignee = "Sito", ""
	fix := ticket.Obligation{Name: "fix", From: at(t, "2026-10-20 17:30"), Target: at(t, "2026-11-20 00:00"), Limit: at(t, "2026-12-02 00:00")}
	for by, want := range map[string]string{"2026-11-23 18:00": "due today 18:00", "2026-11-23 14:00": "late since today 14:00"} {
		tk.Duties = []ticket.Obligation{fix, {Name: "next_reply", From: at(t, "2026-11-20 17:30"), Target: at(t, by)}}
		r, err := w.Summary(letter.Summary{Person: anna("en"), Why: "budget", Tickets: []ticket.Ticket{tk}}, stamp("s"))
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(strings.Fields(r.Text), " "); !strings.Contains(said, want) {
			t.Errorf("an answer owed by %s, and a correction past its target: want %q:\n%s", by, want, r.Text)
		}
	}
}

// TestSummaryOfWhatPassedSince holds that a step is said in the words of its own obligation: what was promised has a date, not a target.
func TestSummaryOfWhatPassedSince(t *testing.T) {
	w, tk := writer(t), request(t)
	tk.Duties = []ticket.Obligation{{Name: "eta", From: at(t, "2026-11-23 14:00"), Target: at(t, "2026-11-23 14:00")}}
	r, err := w.Summary(letter.Summary{Person: anna("en"), Why: "outage", Tickets: []ticket.Ticket{tk}, Steps: map[uint64][]letter.Step{tk.Number: {{Duty: "eta", Means: "warning"}}}}, stamp("s"))
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(strings.Fields(r.Text), " "); !strings.Contains(said, "date passed") {
		t.Errorf("%s", r.Text)
	}
}
