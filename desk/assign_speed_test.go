package desk_test

import (
	"fmt"
	"testing"
	"time"
)

// What it costs to find who has the fewest: a request of a team of four with a thousand open tickets.
func TestAssignmentSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes in a thousand requests")
	}
	s := play(t, five(t))
	s.cfg.Staff = s.cfg.Staff[:3] // nobody has to be found while they come in
	s.restart()
	for i := range 1000 {
		s.arrives(mail{from: fmt.Sprintf("c%d@cliente.example", i), subject: fmt.Sprint("Carrello ", i), text: request})
	}
	s.cfg.Staff = five(t).Staff
	s.restart()
	const n = 10
	began := time.Now()
	for i := range n {
		s.arrives(mail{from: fmt.Sprintf("d%d@cliente.example", i), subject: fmt.Sprint("Stampa ", i), text: request})
	}
	each := time.Since(began) / n
	t.Logf("%s to take in a request with 1,000 open tickets", each.Round(time.Millisecond))
	if each > time.Second {
		t.Errorf("%s for one request", each)
	}
}
