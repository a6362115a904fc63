package report

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/desk/charter"
	"replyby/desk/figure"
	"replyby/sla"
	"replyby/store"
)

// A desk that works from Monday to Friday.
func weekdays(t *testing.T) Source {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}})
	if err != nil {
		t.Fatal(err)
	}
	return Source{Charter: &charter.Charter{Zone: zone, Service: cal}}
}

// found is the tally of a day of November 2026: so many mails, so many of which lacked the field.
func found(date int, mails, lacking int64) store.Tally {
	count := map[string]int64{"new": 9, figure.SourceMail + "shop": mails}
	if lacking > 0 {
		count[figure.SourceLacks+"shop:order"] = lacking
	}
	return store.Tally{Day: fmt.Sprintf("2026-11-%02d", date), Count: count}
}

// TestBlind: a rule that falls silent, or loses a field, is named once it is sure, with the day since when; a rule that was never
// otherwise, or rests over a weekend, is not. 2 November 2026 is a Monday.
func TestBlind(t *testing.T) {
	daily := []store.Tally{found(2, 3, 0), found(3, 2, 0), found(4, 4, 1), found(5, 1, 0), found(6, 2, 0)}
	weekly := []store.Tally{found(2, 1, 0), found(9, 1, 0), found(16, 1, 0), found(23, 1, 0)}
	for name, c := range map[string]struct {
		days []store.Tally
		on   int
		want []string
	}{
		"nothing ever":            {nil, 20, nil},
		"over the weekend":        {daily, 8, nil},
		"two days":                {daily, 10, nil},
		"three days of service":   {daily, 11, []string{"shop  2026-11-07"}},
		"known too short":         {daily[:3], 30, nil},
		"once a week, next week":  {weekly[:3], 30, nil},
		"once a week, in a week":  {weekly, 30, nil},
		"no longer, in one mail":  {append(daily[:5:5], found(9, 1, 1)), 9, []string{"shop order 2026-11-09"}},
		"no longer, for days":     {append(daily[:5:5], found(9, 1, 1), found(10, 3, 3)), 10, []string{"shop order 2026-11-09"}},
		"once, then found again":  {append(daily[:5:5], found(9, 1, 1), found(10, 3, 2)), 10, nil},
		"never found":             {[]store.Tally{found(2, 1, 1), found(3, 2, 2), found(4, 1, 1), found(5, 1, 1), found(6, 1, 1)}, 6, nil},
		"found in few mails ever": {[]store.Tally{found(2, 3, 2), found(3, 3, 2), found(4, 3, 2), found(5, 3, 2), found(6, 1, 1)}, 6, nil},
		"known too short to lose": {append(daily[:3:3], found(9, 1, 1)), 9, nil},
	} {
		d := weekdays(t)
		var got []string
		for _, b := range d.blind(c.days, time.Date(2026, 11, c.on, 14, 0, 0, 0, d.Zone)) {
			got = append(got, b.Rule+" "+b.Field+" "+b.Since.In(d.Zone).Format(time.DateOnly))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
