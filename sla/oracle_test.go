package sla

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// TestOracle computes every row of the case files to the second.
// REPLYBY_SLA_CASES is a glob of files; its default is the copy in testdata
// (cases made for this project, each computed by two independent methods).
func TestOracle(t *testing.T) {
	glob := os.Getenv("REPLYBY_SLA_CASES")
	if glob == "" {
		glob = "testdata/sla_cases.tsv"
	}
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files match %q (%v)", glob, err)
	}
	cases := 0
	for _, file := range files {
		for _, row := range readTSV(t, file) {
			cases++
			t.Run(row["id"], func(t *testing.T) { checkCase(t, row) })
		}
	}
	t.Logf("cases: %d", cases)
	if cases == 0 {
		t.Fatal("the case files hold no case")
	}
}

func checkCase(t *testing.T, row map[string]string) {
	amount, err := strconv.Atoi(row["amount"])
	if err != nil {
		t.Fatal(err)
	}
	received, err := time.Parse(time.RFC3339, row["received_at"])
	if err != nil {
		t.Fatal(err)
	}
	cal := caseCalendar(t, row["calendar"], row["timezone"], row["closures"])
	var service *Calendar
	if name := row["service_calendar"]; name != "-" && name != "" {
		service = caseCalendar(t, name, row["timezone"], row["closures"])
	}
	term := Term{amount, Unit(row["unit"]), Reading(row["reading"]), Mode(row["closure_mode"])}
	due, err := term.Due(cal, service, received)
	if err != nil {
		t.Fatal(err)
	}
	var want time.Time
	if row["expected_due"] != "none" {
		if want, err = time.Parse(time.RFC3339, row["expected_due"]); err != nil {
			t.Fatal(err)
		}
	}
	if !due.Equal(want) {
		t.Errorf("got %s, want %s (%s)", due.In(cal.Zone()).Format(time.RFC3339), row["expected_due"], row["note"])
	}
}

// caseCalendar builds a calendar of the cases file by its name.
func caseCalendar(t testing.TB, name, zone, closures string) *Calendar {
	t.Helper()
	hours := map[string][]string{
		"mb_15_18": {"mon-fri 15:00-18:00"}, "mb_15_18_nohol": {"mon-fri 15:00-18:00"},
		"office_it":    {"mon-fri 09:00-13:00 14:00-18:00"},
		"office_fr":    {"mon-fri 09:00-12:30 13:30-18:00"},
		"office_es":    {"mon-thu 09:00-14:00 15:30-18:30", "fri 08:00-15:00"},
		"office_es_md": {"mon-thu 09:00-14:00 15:30-18:30", "fri 08:00-15:00"},
		"office_es_ct": {"mon-thu 09:00-14:00 15:30-18:30", "fri 08:00-15:00"},
		"mp_mon_fri":   {"mon-fri 00:00-24:00"}, "mp_mon_fri_it": {"mon-fri 00:00-24:00"},
		"shop_7d":     {"mon-sat 09:00-20:00", "sun 10:00-18:00"},
		"oncall_24x7": {"24x7"}, "night_7d": {"mon-sun 00:00-06:00"},
	}
	holidays := map[string][]string{
		"mb_15_18": {"IT"}, "office_it": {"IT"}, "mp_mon_fri_it": {"IT"}, "office_fr": {"FR"},
		"office_es": {"ES"}, "office_es_md": {"ES-MD"}, "office_es_ct": {"ES-CT"},
	}
	cal, err := NewCalendar(Spec{Name: name, Timezone: zone, Open: hours[name], Holidays: holidays[name], Closures: parseClosures(t, closures)})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// parseClosures reads "from..to@notified|from..to", "-" for none.
func parseClosures(t testing.TB, text string) []Closure {
	t.Helper()
	var closures []Closure
	for part := range strings.SplitSeq(text, "|") {
		if part == "-" || part == "" {
			continue
		}
		var c Closure
		span, notified, ok := strings.Cut(part, "@")
		c.From, c.To, _ = strings.Cut(span, "..")
		if ok {
			at, err := time.Parse(time.RFC3339, notified)
			if err != nil {
				t.Fatal(err)
			}
			c.NotifiedAt = at
		}
		closures = append(closures, c)
	}
	return closures
}

func readTSV(t testing.TB, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.Comment = '\t', true, -1, '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			if i < len(row) {
				m[name] = row[i]
			}
		}
		out = append(out, m)
	}
	return out
}
