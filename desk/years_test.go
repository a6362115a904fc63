package desk_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/kind"
)

// years is how many years are played; -years=1000 is for a release.
var years = flag.Int("years", 2, "simulated years of outages and clock jumps")

// beatLate is how late a notice may come in true time without a word: a beat, and what clock.LateAfter allows.
const beatLate = 3 * time.Minute

// year plays a year of a desk with requests, answers, outages, suspends and a clock that is wrong now and then. The metronome beats in
// every minute in which something is due; the others have nothing to do.
type year struct {
	*scenario
	dice    *rand.Rand
	real    time.Time     // what a right clock shows
	skew    time.Duration // what ours shows beyond that
	dead    bool          // ours shows 1970
	reviews []planned
	seq     uint64
	notes   []time.Time // true times at which a gap was noted
	figures
}

type planned struct {
	at     time.Time
	letter store.Letter
}

type figures struct {
	crossings, early, inTime, late, jumps, outages, wrote int
	longest                                               time.Duration
}

func (y *year) clock() {
	y.now = y.real.Add(y.skew)
	if y.dead {
		y.now = time.Unix(0, 0).UTC().Add(y.real.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) % (24 * time.Hour))
	}
}

// I5: through outages, suspends and clocks that jump, every step of a ladder is taken, in time or with its lateness and cause on record.
func TestYears(t *testing.T) {
	var sum figures
	var mu sync.Mutex
	t.Run("years", func(t *testing.T) {
		for n := range *years {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				f := oneYear(t, n)
				mu.Lock()
				defer mu.Unlock()
				sum.add(f)
			})
		}
	})
	t.Logf("%d years, %d requests, %d outages and suspends, %d clock jumps: %d steps, %d in time, %d ahead of time by a clock that was ahead, %d late with length and cause on record (the longest %s), 0 missed, 0 late without a word",
		*years, sum.wrote, sum.outages, sum.jumps, sum.crossings, sum.inTime, sum.early, sum.late, sum.longest)
}

func (f *figures) add(g figures) {
	f.crossings, f.early, f.inTime, f.late = f.crossings+g.crossings, f.early+g.early, f.inTime+g.inTime, f.late+g.late
	f.jumps, f.outages, f.wrote, f.longest = f.jumps+g.jumps, f.outages+g.outages, f.wrote+g.wrote, max(f.longest, g.longest)
}

func oneYear(t *testing.T, n int) figures {
	cfg := agency(t)
	cfg.TellColleagues = true
	if n%10 > 0 {
		cfg.DigestAt = "" // a digest every day takes most of the time
	}
	y := &year{scenario: play(t, cfg), dice: rand.New(rand.NewPCG(uint64(n), 5)), real: time.Date(2027+n%20, 1, 1, 8, 0, 0, 0, time.UTC)}
	y.play(y.real.AddDate(1, 0, 0))
	y.checkFold()
	y.store.Close()
	return y.figures
}

func (y *year) play(end time.Time) {
	day := 24 * time.Hour
	some := func(most time.Duration) time.Duration {
		return time.Duration(y.dice.Int64N(int64(most))).Truncate(time.Minute) + time.Minute
	}
	request, fault, heal := y.real.Add(some(4*day)), y.real.Add(some(30*day)), time.Time{}
	y.clock()
	y.beat()
	for y.real.Before(end) && !y.Failed() {
		next := request
		for _, at := range []time.Time{fault, heal, y.answer(), y.due()} {
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		y.pass(next)
		switch {
		case !y.real.Before(request):
			y.asks(y.real)
			request = y.real.Add(some(16 * day))
		case !heal.IsZero() && !y.real.Before(heal):
			y.skew, y.dead, heal = 0, false, time.Time{}
		case !y.real.Before(fault):
			fault = y.real.Add(some(40 * day))
			if heal.IsZero() {
				heal = y.breaks(some)
			}
		case !y.answer().IsZero() && !y.real.Before(y.answer()):
			y.decides()
		}
		y.clock()
		y.beat()
	}
}

// pass goes to the first whole minute at or after a moment; the beat before it was a minute earlier.
func (y *year) pass(to time.Time) {
	y.clock()
	before := y.real
	if y.real = to.Add(time.Minute - 1).Truncate(time.Minute); !y.real.After(before) {
		y.real = before.Add(time.Minute)
	}
	if !y.dead && y.alive.Equal(y.now) { // the clock ran on as it was
		y.alive = y.real.Add(y.skew - time.Minute)
	}
}

// breaks stops the program, puts the machine to sleep, or sets the clock wrong, and says when the clock is right again.
func (y *year) breaks(some func(time.Duration) time.Duration) (heal time.Time) {
	switch y.dice.IntN(5) {
	case 0: // stopped, while a request comes
		y.outages++
		came := y.real.Add(time.Minute)
		y.real = y.real.Add(some(10 * 24 * time.Hour))
		y.restart()
		y.clock()
		if y.dice.IntN(2) == 0 {
			y.asks(came)
		}
	case 1: // asleep
		y.outages++
		y.real = y.real.Add(some(12 * time.Hour))
	case 2:
		y.jumps, y.skew = y.jumps+1, some(48*time.Hour)
	case 3:
		y.jumps, y.skew = y.jumps+1, -some(48*time.Hour)
	default:
		y.jumps, y.dead = y.jumps+1, true
	}
	return y.real.Add(some(24 * time.Hour))
}

// asks brings a request that the mail server took at a true time.
func (y *year) asks(came time.Time) {
	y.wrote++
	y.now = came
	raw := y.raw(mail{from: fmt.Sprintf("c%d@cliente.example", y.wrote), subject: fmt.Sprintf("Richiesta %d", y.wrote), text: request})
	y.reads(raw, came)
}

func (y *year) reads(raw []byte, came time.Time) {
	y.clock()
	y.uid++
	in := desk.Incoming{UID: y.uid, Internal: came, Raw: raw, Prove: func() desk.Auth {
		return desk.Auth{Outcome: arrival.Pass, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: pass"}
	}}
	if err := y.desk.Receive(y.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: y.uid, Mails: []desk.Incoming{in}, Now: y.now}); err != nil {
		y.Fatal(err)
	}
}

// answer is when a person answers next.
func (y *year) answer() (first time.Time) {
	for _, p := range y.reviews {
		if first.IsZero() || p.at.Before(first) {
			first = p.at
		}
	}
	return first
}

// decides answers one request and closes its ticket.
func (y *year) decides() {
	first := y.answer()
	i := slices.IndexFunc(y.reviews, func(p planned) bool { return p.at.Equal(first) })
	l := y.reviews[i].letter
	y.reviews = slices.Delete(y.reviews, i, i+1)
	for _, words := range []string{fmt.Sprintf("ok\n\nCi penso io, lettera %d.", y.uid), "close"} {
		y.now = y.real
		y.reads(y.raw(y.scenario.answer(l, anna, words)), y.real)
	}
}

// due is when the desk wants a beat, in true time.
func (y *year) due() time.Time {
	far := time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	due, err := y.store.Due(y.Context(), y.cfg.Name, far, 1)
	if err != nil {
		y.Fatal(err)
	}
	if len(due) == 0 || y.dead {
		return time.Time{}
	}
	return due[0].At.Add(-y.skew)
}

// beat is one beat as the office gives it: none with a clock that cannot be right.
func (y *year) beat() {
	if !y.dead {
		y.tick()
		if left, err := y.store.Due(y.Context(), y.cfg.Name, y.now, 1); err != nil || len(left) > 0 {
			y.Errorf("%s: still due after the beat: %v, %v", y.now, left, err)
		}
	}
	for _, l := range y.sent {
		if l.Purpose == "review" && slices.Contains(l.To, anna) && !slices.ContainsFunc(y.reviews, func(p planned) bool { return p.letter.Ticket == l.Ticket }) {
			y.reviews = append(y.reviews, planned{at: y.real.Add(time.Duration(y.dice.Int64N(int64(12 * 24 * time.Hour)))), letter: l})
		}
	}
	y.sent = y.sent[:0]
	y.counts()
}

// counts looks at the steps taken since.
func (y *year) counts() {
	for r, err := range y.store.Log(y.Context(), y.cfg.Name, y.seq+1, -1) {
		if err != nil {
			y.Fatal(err)
		}
		y.seq = r.Seq
		e, err := r.Event()
		if err != nil {
			y.Fatal(err)
		}
		switch {
		case r.Kind == kind.Noted && r.Ticket == 0:
			y.notes = append(y.notes, y.real)
		case (r.Kind == kind.Warned || r.Kind == kind.Breached) && e.Body.Rung != nil:
			y.judges(r.Ticket, e.Body.Rung.At, e.Body.Reason)
		}
	}
}

// judges says whether a step came in time by the true clock, or why not.
func (y *year) judges(n uint64, due time.Time, reason string) {
	y.crossings++
	late := y.real.Sub(due)
	noted := slices.ContainsFunc(y.notes, func(at time.Time) bool { return !at.After(y.real) && at.After(y.real.Add(-48*time.Hour)) })
	switch {
	case late < -beatLate:
		y.early++
	case late <= beatLate:
		y.inTime++
	case strings.Contains(reason, " late: ") || noted:
		y.late++
		y.longest = max(y.longest, late)
	default:
		y.Errorf("ticket %d: a step of %s was taken %s late at %s without a word: %q", n, due, late, y.real, reason)
	}
}
