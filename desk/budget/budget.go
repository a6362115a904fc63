// Package budget bounds how many mails the program writes to one person of our own side, so that a flood of requests, or a robot that
// answers every mail, fills nobody's mailbox. What is over a budget is not lost: it stands in the log, and one summary every few
// minutes lists it.
//
// It is arithmetic over hourly counters. It knows no ticket and no store. Letters to customers have no budget: a person decided each of them.
// See docs/decisions/0019.
package budget

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What one person gets in one hour of the clock (UTC), at most.
const (
	Ordinary = 30 // mails about tickets
	Reserve  = 10 // more of them, where the ticket is urgent
	Apiece   = 10 // of both together, about one customer, so that one who writes a thousand times does not hide the others
	Answers  = 60 // answers to his own mails
	Again    = 12 // of those, about one ticket
	Alarms   = 6  // mails about what is wrong with the desk itself, which no flood of requests may keep from anybody
)

// Pause is the time between two summaries for the same person.
const Pause = 10 * time.Minute

// Mail is a mail that is about to be written.
type Mail struct {
	To       string // whose budget it is
	Customer string // whose request it is about, "" for none
	Ticket   uint64
	Urgent   bool
	Answer   bool // to a mail of the person himself
	Alarm    bool // about the desk itself
	News     bool // of what a colleague did: nothing is owed by it, so it may be left out, and takes nothing of the reserve
}

// Ask reports whether a mail may be written now, and which counters of the day go up by one in either case. spent reads a counter.
func Ask(m Mail, now time.Time, spent func(counter string) int64) (counters []string, ok bool) {
	hour := now.UTC().Format("2006-01-02T15") + ":" + m.To
	switch {
	case m.Alarm:
		return within(spent, bound{"alarms:" + hour, Alarms})
	case m.Answer:
		answers := "answers:" + hour
		return within(spent, bound{answers, Answers}, bound{answers + ":" + strconv.FormatUint(m.Ticket, 10), Again})
	}
	most := int64(Ordinary)
	if m.Urgent && !m.News {
		most += Reserve
	}
	mine := bound{"mails:" + hour, most}
	if counters, ok = within(spent, mine); ok && m.Customer != "" { // a flood ends here, before who it comes from is made brief
		counters, ok = within(spent, mine, bound{mine.counter + ":" + brief(m.Customer), Apiece})
	}
	if !ok && !m.News {
		counters = []string{Left(now)}
	}
	return counters, ok
}

// bound is how far a counter may go.
type bound struct {
	counter string
	most    int64
}

// within reports whether all counters are below their bounds, and which go up by one: these, or else the counter of mails not written.
func within(spent func(counter string) int64, bounds ...bound) (counters []string, ok bool) {
	for _, b := range bounds {
		if spent(b.counter) >= b.most {
			return []string{muted}, false
		}
		counters = append(counters, b.counter)
	}
	return counters, true
}

// Left is the counter that announces to the next summary that somebody was not told of something at an instant.
func Left(now time.Time) string { return unsaid + Slot(now).Format(time.RFC3339) }

// muted counts answers to a person's own mails, alarms, and news, that were not written any more.
const muted = "muted"

// unsaid, followed by the beginning of a slot, counts the mails of that slot that a summary has to tell of.
const unsaid = "unsaid:"

// Slot is the beginning of the stretch of [Pause] in which an instant lies.
func Slot(at time.Time) time.Time { return at.UTC().Truncate(Pause) }

// Waiting reports whether anything was left unsaid in the slots from one instant to before another, both beginnings of slots.
func Waiting(counters []string, from, to time.Time) bool {
	return slices.ContainsFunc(counters, func(name string) bool {
		slot, ours := strings.CutPrefix(name, unsaid)
		at, err := time.Parse(time.RFC3339, slot)
		return ours && err == nil && !at.Before(from) && at.Before(to)
	})
}

// brief stands for a customer in the name of a counter. It is a hash, since counters outlive the erasure of personal data.
func brief(address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return fmt.Sprintf("%x", sum[:4])
}
