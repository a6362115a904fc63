package report

import (
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/desk/figure"
	"replyby/letter/digest"
	"replyby/store"
)

// What a carrier's rule was like before is judged by this many days on which it matched; fewer tell nothing.
const daysToKnow = 4

// day is what a rule found on one day: so many mails, of which so many lacked each field.
type day struct {
	at    time.Time // its midnight
	mails int64
	lacks map[string]int64
}

// blind names the carriers' rules that match no more, or no longer find a field, against the weeks before: a carrier has changed its
// mail, and somebody must look. days are the desk's tallies in order, now the moment of the report.
func (d Source) blind(days []store.Tally, now time.Time) []digest.Blind {
	rules := d.rules(days)
	var list []digest.Blind
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		seen := rules[rule]
		if since, yes := d.silent(seen, now); yes {
			list = append(list, digest.Blind{Rule: rule, Since: since})
			continue
		}
		for _, field := range fieldsLacked(seen) {
			if since, yes := lost(seen, field); yes {
				list = append(list, digest.Blind{Rule: rule, Field: field, Since: since})
			}
		}
	}
	return list
}

// rules turns tallies into the days on which each rule matched.
func (d Source) rules(tallies []store.Tally) map[string][]day {
	rules := map[string][]day{}
	for _, t := range tallies {
		at, err := time.ParseInLocation(time.DateOnly, t.Day, d.Zone)
		if err != nil {
			continue
		}
		for name, n := range t.Count {
			rule, ok := strings.CutPrefix(name, figure.SourceMail)
			if !ok {
				continue
			}
			lacks := map[string]int64{}
			for name, n := range t.Count {
				if field, ok := strings.CutPrefix(name, figure.SourceLacks+rule+":"); ok {
					lacks[field] = n
				}
			}
			rules[rule] = append(rules[rule], day{at, n, lacks})
		}
	}
	return rules
}

// silent reports whether a rule has matched nothing for more than twice its longest pause, counted in days of service and at least three,
// and the day after it last did.
func (d Source) silent(seen []day, now time.Time) (since time.Time, yes bool) {
	if len(seen) < daysToKnow {
		return time.Time{}, false
	}
	longest := 1
	for i := 1; i < len(seen); i++ {
		longest = max(longest, d.serviceDays(seen[i-1].at, seen[i].at))
	}
	last := seen[len(seen)-1].at
	return d.midnight(last, 1), d.serviceDays(last, d.midnight(now, 0)) > max(2, 2*longest)
}

// serviceDays counts the days with service hours after one day, up to and including another.
func (d Source) serviceDays(from, to time.Time) int {
	n := 0
	for i := 1; !d.midnight(from, i).After(to); i++ {
		if d.works(from, i) {
			n++
		}
	}
	return n
}

func fieldsLacked(seen []day) []string {
	lacked := map[string]bool{}
	for _, x := range seen {
		for field := range x.lacks {
			lacked[field] = true
		}
	}
	return slices.Sorted(maps.Keys(lacked))
}

// lost reports whether a rule that used to find a field in most mails finds it in none any more, and since which day.
func lost(seen []day, field string) (since time.Time, yes bool) {
	first := len(seen)
	for first > 0 && seen[first-1].lacks[field] == seen[first-1].mails {
		first--
	}
	if first == len(seen) || first < daysToKnow {
		return time.Time{}, false
	}
	var mails, lacked int64
	for _, x := range seen[:first] {
		mails, lacked = mails+x.mails, lacked+x.lacks[field]
	}
	return seen[first].at, 2*lacked < mails
}
