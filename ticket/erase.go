package ticket

import "time"

// Erased reports whether what was personal of the ticket is gone. The desk's own file only loses parts.
func (t Ticket) Erased() bool { return t.Number != 0 && !t.ErasedAt.IsZero() }

// remain replaces the ticket by what its erasure left. What was folded before does not matter, so the fold is the same with and without the
// erased bodies.
func (t *Ticket) remain(left *Ticket, at time.Time) {
	if left == nil {
		return
	}
	r := left.clone()
	if r.ErasedAt.IsZero() { // else what came for it since is erased as well
		r.ErasedAt = at
	}
	r.Desk, r.Number, r.Version, r.UpdatedAt = t.Desk, t.Number, t.Version, t.UpdatedAt
	*t = r
}
