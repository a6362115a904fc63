package letter_test

import (
	"strings"
	"testing"
	"time"

	"replyby/letter"
	"replyby/mailparse"
)

// I5: between target and limit a mail names the limit: "due yesterday" tells nobody what there still is to lose, and no line at all tells less.
func TestNamesTheLimitOncePastTheTarget(t *testing.T) {
	w, between := writer(t), stamp("w")
	between.Date = at(t, "2026-11-24 15:10") // the target was at 18:00 the day before, the limit is at 16:05
	r, err := w.Warning(letter.Warning{Ticket: request(t), Person: anna("it"), Token: token, Duty: "ack"}, between)
	if err != nil {
		t.Fatal(err)
	}
	if m := mailparse.Parse(r.Bytes); !strings.Contains(m.Subject, "Scade oggi 16:05") || !strings.Contains(m.Text, "scade oggi 16:05") {
		t.Errorf("warned of another moment than the limit: %s\n%s", m.Subject, m.Text)
	}
	again, err := w.Review(review(t, "it", "again"), between)
	if err != nil {
		t.Fatal(err)
	}
	if m := mailparse.Parse(again.Bytes); !strings.Contains(m.Text, "Da fare entro oggi 16:05") {
		t.Errorf("asked without the limit:\n%s", m.Text)
	}
}

// Where there is no limit behind it, a target that has passed is said to have passed.
func TestNamesAPassedTargetWithoutLimit(t *testing.T) {
	tk, after := request(t), stamp("w")
	after.Date = at(t, "2026-11-24 15:10")
	tk.Duties[0].Limit = time.Time{}
	r, err := writer(t).Warning(letter.Warning{Ticket: tk, Person: anna("it"), Token: token, Duty: "ack"}, after)
	if err != nil {
		t.Fatal(err)
	}
	if m := mailparse.Parse(r.Bytes); !strings.Contains(m.Subject, "Obiettivo passato") {
		t.Errorf("a passed target is announced: %s", m.Subject)
	}
}

// What a provider of certified mail did not certify, as ordinary mail to such a mailbox, is not told to be certified.
func TestAnomalyIsNotCertified(t *testing.T) {
	for lang, want := range map[string]string{"it": "vale come posta ordinaria", "es": "vale como correo ordinario", "fr": "vaut comme courrier ordinaire", "en": "counts as ordinary mail"} {
		x := review(t, lang, "new")
		x.Ticket.Verdict.Source = "pec_anomaly"
		r, err := writer(t).Review(x, stamp("w"))
		if err != nil || !strings.Contains(strings.Join(strings.Fields(r.Text), " "), want) {
			t.Errorf("%s: %v\n%s", lang, err, r.Text)
		}
	}
}

// A customer who writes by certified mail may never see an answer from an ordinary mailbox: whoever answers reads so before it goes.
func TestCertifiedMailIsAnsweredByOrdinary(t *testing.T) {
	for lang, want := range map[string]string{"it": "non vale come PEC", "es": "no vale como certificada", "fr": "ne vaut pas envoi certifié", "en": "does not count as certified"} {
		for source, said := range map[string]bool{"pec": true, "pec_anomaly": false, "email": false} {
			x := review(t, lang, "new")
			x.Ticket.Verdict.Source = source
			r, err := writer(t).Review(x, stamp("w"))
			if err != nil || strings.Contains(strings.Join(strings.Fields(r.Text), " "), want) != said {
				t.Errorf("%s, from %s: %v\n%s", lang, source, err, r.Text)
			}
		}
	}
}

// Where any words of a person will do, there is nothing to count: "0/1 characters" tells nobody what is missing.
func TestMissingWordsAreNotCounted(t *testing.T) {
	for _, lang := range []string{"it", "es", "fr", "en"} {
		r, err := writer(t).Refused(letter.Refused{Ticket: request(t), Person: anna(lang), Token: token, Reason: "too_short", Detail: "0/1"}, stamp("w"))
		if err != nil || strings.Contains(r.Text, "0/1") {
			t.Errorf("%s: %v\n%s", lang, err, r.Text)
		}
	}
}

// Whoever wrote the verb is not asked whether he meant it, only what is wrong with what stands behind it.
func TestAsksForNoVerbThatWasWritten(t *testing.T) {
	for _, c := range []struct {
		word, nearest, doubt string
		asked                bool
	}{{"eta la semaine prochaine", "eta", "instant", false}, {"Wait: a log?", "wait", "sentence", false}, {"attente client", "wait", "sentence", true}, {"ok?", "ok", "verb", true}} {
		x := review(t, "fr", "doubt")
		x.Word, x.Nearest, x.Doubt = c.word, c.nearest, c.doubt
		r, err := writer(t).Review(x, stamp("w"))
		if err != nil || strings.Contains(r.Text, "Voulais-tu dire") != c.asked {
			t.Errorf("%s: %v\n%s", c.word, err, r.Text)
		}
	}
}
