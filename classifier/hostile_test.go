package classifier_test

import (
	"strings"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/mailparse"
)

// TestHostile: no mail of a megabyte holds the line up. The bound is a
// multiple of what a shared machine needs.
func TestHostile(t *testing.T) {
	c := desk(t, classifier.Config{Own: []string{"a@b.example"}, Languages: []string{"it"}, Sources: []classifier.Source{marketplace()}})
	const size = 1 << 20
	for _, unit := range []string{
		"a", " ", ":", "urgent ", "On 12:30 :\n", "Da: x\nA: y\n", "Messaggio:\n", "Cliente:\n", "-- \n", "> \n", ">", "u r g e n t e ", "è", "Email: x\n", "\u0345", "powered by ", "[", "Re: ",
	} {
		text := strings.Repeat(unit, size/len(unit))
		for _, raw := range []string{
			"From: a@b.example\r\nReply-To: c@d.example\r\nSubject: x [no_sync]\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text,
			"From: no-reply@marketplace.example\r\nSubject: nuovo messaggio " + strings.ReplaceAll(text[:100<<10], "\n", " ") + "\r\n\r\nx",
		} {
			m := mailparse.Parse([]byte(raw))
			start := time.Now()
			c.Classify(m)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%q repeated: %v", unit, took)
			} else if took > time.Second {
				t.Logf("%q repeated: %v", unit, took)
			}
		}
	}
}
