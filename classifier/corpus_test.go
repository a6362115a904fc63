package classifier_test

import (
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/mailparse"
	"replyby/samples"
)

func desk(t testing.TB, c classifier.Config) *classifier.Classifier {
	t.Helper()
	out, err := classifier.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judged is one message of the corpora with its verdict.
type judged struct {
	samples.Mail
	m *mailparse.Message
	v classifier.Verdict
}

// judge classifies every message of a category and checks what holds for all:
// reasons, and no contradiction between kind and urgency.
func judge(t *testing.T, category string) []judged {
	t.Helper()
	c := desk(t, classifier.Config{Own: []string{"support@seller.example"}, Languages: []string{"it"}})
	var out []judged
	for _, e := range samples.Messages(t, category) {
		m := mailparse.Parse(samples.Read(t, e.File))
		v := c.Classify(m)
		if len(v.Reasons) == 0 || len(v.Urgency.Reasons) == 0 || v.Kind == "" || v.Language == "" {
			t.Errorf("%s: a verdict without reasons, kind or language: %+v", e.File, v)
		}
		if v.Automatic && (v.Urgency.Label != "not_urgent" || v.Urgency.Hint) {
			t.Errorf("%s: automatic and urgent", e.File)
		}
		out = append(out, judged{e, m, v})
	}
	return out
}

// TestBounces: at least 98 of 100 are bounce or delay. What is left is mail
// without any sign of a delivery program: forwarded by a person, or a
// notification in JSON.
func TestBounces(t *testing.T) {
	right, all, delays := 0, 0, 0
	for _, j := range judge(t, "b-bounce") {
		if j.Labels["bounce"] != "yes" {
			if j.v.Kind == classifier.Person {
				t.Errorf("%s: %q taken for a person", j.File, j.m.Subject)
			}
			continue
		}
		all++
		switch j.v.Kind {
		case classifier.Delay:
			delays++
			right++
		case classifier.Bounce:
			right++
		default:
			t.Logf("%s %s: %q %q", j.v.Kind, j.File, j.m.Subject, j.v.Reasons)
		}
	}
	t.Logf("%d of %d, %d of them delays", right, all, delays)
	if float64(right) < 0.98*float64(all) {
		t.Errorf("%d of %d right, want 98 %%", right, all)
	}
}

// TestAutomatic: no automatic reply with a sign beyond its words is a person.
// A challenge of a spam filter without any sign is one.
func TestAutomatic(t *testing.T) {
	for _, j := range judge(t, "c-auto") {
		switch {
		case j.Labels["auto"] == "no":
			if j.v.Kind != classifier.Person {
				t.Errorf("%s: got %s, want person; %q", j.File, j.v.Kind, j.v.Reasons)
			}
		case j.v.Kind == classifier.Person && j.Labels["kind"] != "challenge-response":
			t.Errorf("%s: %s taken for a person", j.File, j.Labels["kind"])
		case j.Labels["auto"] == "list" && j.v.Kind != classifier.List:
			t.Logf("%s: list mail taken for %s; %q", j.File, j.v.Kind, j.v.Reasons)
		}
	}
}

// TestPeople: of people's mail at most one in two hundred is taken for
// automatic. Mail with list headers, from addresses that take no answers and
// structured reports is not people's, though it stands among the ordinary.
func TestPeople(t *testing.T) {
	wrong, all := 0, 0
	for _, j := range append(judge(t, "e-ordinary"), judge(t, "d-reply")...) {
		if machine(j.m) {
			continue
		}
		all++
		if j.v.Kind != classifier.Person {
			wrong++
			t.Logf("%s %s: %q %q", j.v.Kind, j.File, j.m.Subject, j.v.Reasons)
		}
	}
	t.Logf("%d of %d taken for automatic", wrong, all)
	if float64(wrong) > 0.005*float64(all) {
		t.Errorf("%d of %d taken for automatic, want at most 0.5 %%", wrong, all)
	}
}

// machine tells mail among the ordinary that no person wrote, by plain facts.
func machine(m *mailparse.Message) bool {
	h := &m.Header
	for _, name := range []string{"List-Id", "List-Unsubscribe", "Precedence", "Auto-Submitted", "X-Failed-Recipients"} {
		if h.Has(name) && !strings.EqualFold(h.Get(name), "no") {
			return true
		}
	}
	from := strings.ToLower(strings.Join(h.All("From"), " "))
	return m.ContentType == "multipart/report" || strings.Contains(from, "noreply") || strings.Contains(from, "no-reply") || strings.Contains(from, "google.com")
}

// BenchmarkClassify is parsing and judging the ordinary corpus.
func BenchmarkClassify(b *testing.B) {
	c := desk(b, classifier.Config{Own: []string{"support@seller.example"}, Languages: []string{"it"}})
	mails := samples.Ordinary(b)
	if len(mails) == 0 {
		b.Skip("no collections of mail")
	}
	var size int64
	for _, raw := range mails {
		size += int64(len(raw))
	}
	b.SetBytes(size)
	n := 0
	for b.Loop() {
		for _, raw := range mails {
			c.Classify(mailparse.Parse(raw))
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(float64(size)/float64(len(mails)), "bytes/msg")
}
