package desk_test

import "testing"

// Once the closure has begun, who did not decide is on leave: he is asked about other customers only.
func TestClosureNotAskedDayByDay(t *testing.T) {
	s := play(t, shuts(t))
	s.contracts(mario + ",business-care,,2026-01-01,2027-12-31,")
	s.at("2026-12-10 09:00").tick()
	s.until("2026-12-24 08:59")
	before := s.askedToTell()
	if before < 3 {
		t.Fatalf("asked %d times before it begins", before)
	}
	s.until("2027-01-06 23:00")
	if n := s.askedToTell(); n > before+1 {
		t.Errorf("asked %d times more while the desk is shut", n-before)
	}
	s.checkFold()
}
