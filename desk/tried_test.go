package desk_test

import (
	"testing"
	"time"

	"replyby/desk/arrival"
)

// The mails of check -online are nothing that somebody could want to adopt; what only bears their field is.
func TestMailOfATrial(t *testing.T) {
	s := play(t, agency(t))
	for _, text := range []string{arrival.TrialText, "Il sito non risponde."} {
		s.arrives(mail{from: support, subject: "replyby check plain", text: text, head: []string{"Auto-Submitted: auto-generated", arrival.TrialField + ": 1-plain"}})
	}
	list, err := s.desk.SetAside(t.Context(), time.Time{})
	if err != nil || len(list) != 1 {
		t.Errorf("set aside: %+v, %v", list, err)
	}
	s.checkFold()
}
