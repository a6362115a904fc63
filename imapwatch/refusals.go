package imapwatch

import "time"

const (
	// More refused logins than triesAllowed within triesWindow make providers
	// lock accounts.
	triesAllowed = 3
	triesWindow  = 15 * time.Minute
	// triesPause is between two tries with the same secret: one in each window is
	// left for another.
	triesPause = triesWindow / (triesAllowed - 1)
	// lookAgain is how often it is looked whether there is another.
	lookAgain = 50 * time.Second
)

// refusals remembers when logins were refused.
type refusals []time.Time

func (r *refusals) add(now time.Time) { *r = append(r.recent(now), now) }

func (r *refusals) recent(now time.Time) refusals {
	for i, at := range *r {
		if now.Sub(at) < triesWindow {
			return (*r)[i:]
		}
	}
	return nil
}

// wait is how long the next try must wait, so that no window sees more tries
// than allowed.
func (r *refusals) wait(now time.Time) time.Duration {
	recent := r.recent(now)
	if len(recent) < triesAllowed {
		return 0
	}
	return recent[len(recent)-triesAllowed].Add(triesWindow).Sub(now)
}
