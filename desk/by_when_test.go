package desk_test

import (
	"strings"
	"testing"
)

// A promised instant is said as the last one: "antes del viernes 4, a las 13:00" is read as Thursday by whoever stops at the day.
func TestPromiseNamesItsDay(t *testing.T) {
	for language, say := range map[string]string{"es": "a más tardar el viernes 27 de noviembre", "fr": "au plus tard le vendredi 27 novembre", "it": "entro venerdì 27 novembre", "en": "by Friday 27 November"} {
		cfg := agency(t)
		cfg.Languages = []string{language}
		s := play(t, cfg)
		s.arrives(mail{from: mario, subject: "X", text: "12345"})
		s.post()
		s.says(anna, "eta venerdì 13:00\nnext venerdì 12:00\n12345 67890")
		flat := s.text(mario)
		if strings.Count(flat, say) != 2 {
			t.Errorf("%s: %s", language, flat)
		}
	}
}
