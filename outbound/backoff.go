package outbound

import (
	"math/rand/v2"
	"time"
)

// backoff is how long a letter waits after its attempt-th deferral (from 1).
// Letters to staff come back fast, since a warning ages; letters to customers
// in the steps that greylisting servers and mail queues are used to. The last
// step repeats: giving up is not ours to decide.
func backoff(customer bool, attempt int) time.Duration {
	steps := []time.Duration{1 * time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute}
	if customer {
		steps = []time.Duration{time.Minute, 450 * time.Second, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour}
	}
	return steps[min(max(attempt, 1), len(steps))-1]
}

// reconnectAfter is the pause after the n-th failure in a row to get a
// connection (from 1): 5 s doubling up to 5 minutes.
func reconnectAfter(n int) time.Duration {
	return min(5*time.Second<<min(max(n, 1)-1, 10), 5*time.Minute)
}

// spread is d and up to a tenth more, so that those who waited for one server
// do not come back to it all at once.
func spread(d time.Duration) time.Duration { return d + rand.N(d/10+1) }

// A server that refuses our password locks us out if we insist.
const (
	maxLogins    = 3
	loginsWithin = 15 * time.Minute
	// samePassword is between two tries with the same: one in each window is left for another.
	samePassword = loginsWithin / (maxLogins - 1)
	// lookAgainAfter is how often it is looked whether there is another.
	lookAgainAfter = 50 * time.Second
)

// logins remembers the refused log-ins of the last quarter of an hour.
type logins []time.Time

// after is the earliest instant of the next try.
func (l logins) after() time.Time {
	if len(l) < maxLogins {
		return time.Time{}
	}
	return l[len(l)-maxLogins].Add(loginsWithin)
}

func (l logins) add(at time.Time) logins {
	return append(l[max(0, len(l)-maxLogins+1):len(l):len(l)], at)
}
