package evidence

import (
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/mailparse"
)

// What the classifier says of urgency and of automation stands in the evidence in the reader's language.
func TestReasonsHaveWords(t *testing.T) {
	judge, err := classifier.New(classifier.Config{Own: []string{"assistenza@mb.example"}, Languages: []string{"it", "es", "fr", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range []string{
		"Subject: URGENTE: carrello fermo", "Subject: urgent: down", "Subject: non urgente: una domanda", "Subject: Domanda", "Subject: Domanda\r\nX-Priority: 1",
		"Subject: Domanda\r\nImportance: high", "Subject: URGENTISSIMO", "Subject: Domanda\r\n\r\nE' urgente, per favore!",
	} {
		v := judge.Classify(mailparse.Parse([]byte("From: mario@cliente.example\r\nTo: assistenza@mb.example\r\n" + head + "\r\n\r\nBuongiorno.\r\n")))
		all := append(v.Urgency.Reasons, v.Reasons...)
		if len(v.Urgency.Reasons) == 0 {
			t.Errorf("%q: no reason", head)
		}
		for _, lang := range []string{"it", "es", "fr"} { // English is the log's own
			c := story(t, lang)
			c.Ticket.Verdict.Reasons = all
			page := string(unzip(t, archive(t, c))[nameText])
			for _, reason := range all {
				if strings.Contains(strings.Join(strings.Fields(page), " "), reason) {
					t.Errorf("%s, %q: the log's own words %q", lang, head, reason)
				}
			}
		}
	}
}
