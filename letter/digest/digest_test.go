package digest

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"replyby/letter/words"
)

func voice(t *testing.T, lang string) words.Voice {
	t.Helper()
	b, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b.In(lang)
}

// TestHeartbeat holds that a report with nothing in it is still one, and says so in every language.
func TestHeartbeat(t *testing.T) {
	for lang, want := range map[string]string{"it": "tutto tranquillo", "es": "todo tranquilo", "fr": "tout est calme", "en": "all quiet"} {
		r := Report{Desk: "Desk", At: time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)}
		subject, p := r.Page(voice(t, lang))
		if !r.Quiet() || !strings.HasPrefix(subject, want) || strings.Count(p.Text(), "\n\n") > 5 {
			t.Errorf("%s: %q\n%s", lang, subject, p.Text())
		}
	}
}

// TestNotQuiet holds that whatever somebody has to act on is no heartbeat.
func TestNotQuiet(t *testing.T) {
	for name, r := range map[string]Report{
		"late": {Late: []Item{{}}}, "broken": {Broken: []Item{{}}}, "today": {Today: []Item{{}}}, "past": {Past: []Item{{}}}, "promised": {Promised: []Item{{}}}, "idle": {Idle: []Item{{}}}, "bill": {Bills: []Bill{{}}},
		"odd": {Odd: []Odd{{Kind: "bounced", N: 1}}}, "trouble": {Program: Program{Trouble: []Trouble{{Kind: "imap"}}}},
	} {
		if subject, _ := r.Page(voice(t, "en")); r.Quiet() || strings.Contains(subject, "quiet") {
			t.Errorf("%s is said to be quiet: %q", name, subject)
		}
	}
}

// TestSubjectShowsFiguresFirst holds that a list of mails on a phone, which shows some forty characters, shows what is late.
func TestSubjectShowsFiguresFirst(t *testing.T) {
	r := Report{Desk: "Assistenza tecnica Bianchi", At: time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC), Late: []Item{{}}, Today: []Item{{}, {}, {}}}
	for lang, want := range map[string]string{"it": "1 in ritardo, 3 da fare oggi", "es": "1 fuera de plazo, 3 para hoy", "fr": "1 en retard, 3 à faire aujourd'hui", "en": "1 late, 3 due today"} {
		if subject, _ := r.Page(voice(t, lang)); !strings.HasPrefix(subject, want) {
			t.Errorf("%s: %q", lang, subject)
		}
	}
}

// TestNothingSaid holds that every kind the desk may count has words, with a singular.
func TestNothingSaid(t *testing.T) {
	v := voice(t, "en")
	for _, kind := range strings.Fields("auto_reply automatic suspect_auto bounce delay receipt calendar list voicemail loop") {
		for n, form := range map[int]string{1: "1 ", 3: "3 "} {
			_, p := Report{Odd: []Odd{{Kind: "filed:" + kind, N: n}}}.Page(v)
			if !strings.Contains(p.Text(), "  - "+form) || strings.Contains(p.Text(), "filed:") {
				t.Errorf("%s %d:\n%s", kind, n, p.Text())
			}
		}
	}
}

// TestWaitingSinceToday holds that nobody waits "for 0 days".
func TestWaitingSinceToday(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{"it": "da oggi", "es": "desde hoy", "fr": "depuis aujourd'hui", "en": "since today"} {
		_, p := Report{At: now, Zone: time.UTC, Waiting: []Item{{Ref: "MB-1", Subject: "FTP", When: now.Add(-time.Hour)}}}.Page(voice(t, lang))
		if !strings.Contains(p.Text(), want) {
			t.Errorf("%s:\n%s", lang, p.Text())
		}
	}
}

// TestDays holds that days are counted by date in the desk's zone, also over a change of the clocks.
func TestDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		now, then string
		want      int
	}{
		{"2026-11-23 00:10", "2026-11-22 23:50", 1}, {"2026-11-23 23:50", "2026-11-23 00:10", 0},
		{"2026-03-30 08:00", "2026-03-28 23:00", 2}, {"2026-10-26 08:00", "2026-10-24 23:59", 2},
	} {
		l := layout{Report: Report{At: at(c.now), Zone: zone}}
		if got := l.days(at(c.then)); got != c.want {
			t.Errorf("from %s to %s: %d days, want %d", c.then, c.now, got, c.want)
		}
	}
}

func TestFigures(t *testing.T) {
	f := Figures{Kept: 91, Missed: 3, Median: 92*time.Minute + 40*time.Second}
	if f.share() != "91/94 (96 %)" || f.median() != "1 h 32 min" {
		t.Errorf("%q, %q", f.share(), f.median())
	}
	if none := (Figures{}); none.share() != "-" || none.median() != "-" {
		t.Errorf("%q, %q", none.share(), none.median())
	}
	if got := (Figures{Median: 12 * time.Second}).median(); got != "1 min" {
		t.Errorf("%q", got)
	}
	if got := (Figures{Kept: 999, Missed: 1}).share(); strings.Contains(got, "100 %") {
		t.Errorf("%q hides a missed limit", got)
	}
}

// Days on which nothing fell due are left out as a whole: a column of noughts tells nobody anything.
func TestNoDays(t *testing.T) {
	day := func(kept int) Report {
		return Report{At: time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC), Zone: time.UTC, Days: []Day{{Date: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Kept: kept}}}
	}
	for kept, want := range []bool{false, true} {
		if _, p := day(kept).Page(voice(t, "it")); strings.Contains(p.Text(), "ven 20 nov") != want {
			t.Errorf("%d kept:\n%s", kept, p.Text())
		}
	}
}

// TestIdle holds that whatever may have been done last is said in every language, with who did it and on which day, and that those not named
// are counted.
func TestIdle(t *testing.T) {
	now := time.Date(2026, 11, 30, 13, 0, 0, 0, time.UTC)
	item := func(last, by string) Item {
		return Item{Ref: "MB-1", Subject: "FTP", Customer: "Rossi", When: now.AddDate(0, 0, -6), Last: last, By: by}
	}
	for lang, want := range map[string][]string{
		"it": {"FERME (5)", "da 6 giorni", "Rossi: risposta di Anna, mar 24 nov", "Rossi: messaggio del cliente, mar 24 nov", "Rossi: modifica di Anna, mar 24 nov", "nessuno se n'è ancora occupato", "e 1 altra"},
		"es": {"PARADAS (5)", "Rossi: respuesta de Anna, mar 24 nov", "Rossi: mensaje del cliente, mar 24 nov", "Rossi: cambio de Anna, mar 24 nov", "nadie se ha ocupado"},
		"fr": {"À L'ARRÊT (5)", "Rossi : réponse (Anna), mar 24 nov", "Rossi : message du client, mar 24 nov", "Rossi : modification (Anna), mar 24 nov", "personne ne s'en est"},
		"en": {"STANDING STILL (5)", "Rossi: answer by Anna, Tue 24 Nov", "Rossi: message from the customer, Tue 24 Nov", "Rossi: change by Anna, Tue 24 Nov", "nobody has touched it"},
	} {
		r := Report{At: now, Zone: time.UTC, Idle: []Item{item("decided", "Anna"), item("received", ""), item("billed", "Anna"), item("", "")}, IdleMore: 1}
		_, p := r.Page(voice(t, lang))
		for _, w := range want {
			if !strings.Contains(p.Text(), w) {
				t.Errorf("%s does not say %q:\n%s", lang, w, p.Text())
			}
		}
	}
}
