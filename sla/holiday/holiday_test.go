package holiday

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"
)

func parse(t testing.TB, feeds map[string][]byte, entries ...string) *Set {
	t.Helper()
	s, err := Parse(entries, feeds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func day(t testing.TB, date string) int {
	t.Helper()
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return int(at.Unix() / 86400)
}

// TestAgainstTable compares the national days, and two regions, with the table
// computed independently for this project: every weekday of 2025 to 2033, both ways.
func TestAgainstTable(t *testing.T) {
	f, err := os.Open("../testdata/holidays.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[int]bool{}
	for _, row := range rows[1:] {
		code := row[0]
		switch row[1] {
		case "-":
		case "BZ":
			code = "IT-BZ"
		case "57-67-68":
			code = "FR-67"
		default:
			continue // municipal
		}
		if want[code] == nil {
			want[code] = map[int]bool{}
		}
		want[code][day(t, row[2])] = true
	}
	for code := range want {
		s := parse(t, nil, code)
		country, _, regional := strings.Cut(code, "-")
		for d := day(t, "2025-01-01"); d < day(t, "2034-01-01"); d++ {
			name, got := s.On(d)
			expect := want[code][d] || regional && want[country][d]
			if wd := time.Unix(int64(d)*86400, 0).UTC(); got != expect && wd.Weekday() != time.Sunday {
				t.Errorf("%s %s: holiday %v (%q), want %v", code, wd.Format("Mon 2006-01-02"), got, name, expect)
			}
		}
	}
}

func TestEntries(t *testing.T) {
	cases := []struct {
		entry, date, name string
	}{
		{"IT", "2027-10-04", "San Francesco d'Assisi"},
		{"IT", "2025-10-04", ""},
		{"IT", "2027-03-28", "Pasqua"},
		{"IT", "2027-03-26", ""}, // Good Friday is worked
		{"IT", "2060-12-25", "Natale"},
		{"IT", "1999-12-25", "Natale"},
		{"IT-32", "2027-05-17", "Lunedì di Pentecoste (Alto Adige)"},
		{"ES-MD", "2026-11-02", "Traslado de Todos los Santos"},
		{"ES-MD", "2026-04-02", "Jueves Santo"},
		{"ES-CT", "2026-11-02", ""},
		{"ES-CT", "2027-09-11", "Fiesta Nacional de Cataluña"},
		{"FR-68", "2026-04-03", "Vendredi saint (Alsace-Moselle)"},
		{"FR", "2026-04-03", ""},
		{"DE", "2026-10-03", "Tag der Deutschen Einheit"},
		{"2026-12-07 Sant'Ambrogio", "2026-12-07", "Sant'Ambrogio"},
		{"2026-12-07 Sant'Ambrogio", "2027-12-07", ""},
		{"12-07 Sant'Ambrogio", "2031-12-07", "Sant'Ambrogio"},
		{"12-07", "2060-12-07", "12-07"},
		{"02-29 leap", "2028-02-29", "leap"},
		{"02-29 leap", "2027-03-01", ""},
	}
	for _, c := range cases {
		name, ok := parse(t, nil, c.entry).On(day(t, c.date))
		if name != c.name || ok != (c.name != "") {
			t.Errorf("%q on %s: %q, %v; want %q", c.entry, c.date, name, ok, c.name)
		}
	}
}

// TestEverySystemZone: the library answers in the system's zone, where midnight may
// not exist; our dates must not move with it.
func TestEverySystemZone(t *testing.T) {
	want := parse(t, nil, "IT", "FR", "ES").Days()
	saved := time.Local
	defer func() { time.Local = saved }()
	for _, name := range []string{"America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "America/Havana", "Pacific/Kiritimati"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = loc
		got := parse(t, nil, "IT", "FR", "ES").Days()
		if len(got) != len(want) {
			t.Fatalf("%s: %d days, want %d", name, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: day %d, want %d", name, got[i], want[i])
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	s := parse(t, nil, "IT", "ES-MD", "ES-CT")
	if got := s.Unknown(2026); len(got) != 0 {
		t.Errorf("2026: %q", got)
	}
	if got := s.Unknown(2027); len(got) != 1 || !strings.Contains(got[0], "ES-MD") || !strings.Contains(got[0], "2026") {
		t.Errorf("2027: %q", got)
	}
}
