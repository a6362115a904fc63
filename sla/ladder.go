package sla

// Step is one step of a ladder of warnings: when, and to whom.
type Step struct {
	At string
	To []string
}

func (p Policy) checkLadders() error { return nil }
