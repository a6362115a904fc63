package holiday

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/it"
)

//go:embed regional.tsv
var regionalTSV string

// national returns the national holidays of a country. Only countries whose
// dates were checked against a second source are here.
func national(country string) []*cal.Holiday {
	switch country {
	case "IT":
		return it.Holidays
	case "FR":
		return fr.Holidays
	case "ES":
		return es.Holidays
	case "DE":
		return de.Holidays
	}
	return nil
}

// addCode adds the days of a country ("IT") or of a country and region ("IT-BZ").
func (s *Set) addCode(code string) error {
	country, region, _ := strings.Cut(code, "-")
	days := national(country)
	if days == nil {
		return fmt.Errorf("unknown country or form: want one of DE, ES, FR, IT, a region such as ES-MD, a date such as \"12-07 name\", or a file .ics")
	}
	for _, h := range days {
		s.rules = append(s.rules, rule{h.Name, computed(h)})
	}
	if err := s.addRegional(country); err != nil || region == "" {
		return err
	}
	before := len(s.rules)
	if err := s.addRegional(code); err != nil {
		return err
	}
	if len(s.rules) == before {
		return fmt.Errorf("unknown region: known are %s", strings.Join(regions(country), ", "))
	}
	return nil
}

// computed turns a holiday of the library into a rule. The library answers with
// the start of the day in the system's zone, where midnight may not exist: noon does.
func computed(h *cal.Holiday) func(int) (int, bool) {
	return func(year int) (int, bool) {
		_, observed := h.Calc(year)
		if observed.IsZero() {
			return 0, false
		}
		return dayOf(observed.Add(12 * time.Hour).Date()), true
	}
}

// easter returns Easter Sunday of a year as days since 1970-01-01.
func easter(year int) int {
	day, _ := computed(aa.Easter)(year)
	return day
}

// addRegional adds the rows of regional.tsv that bear a code.
func (s *Set) addRegional(code string) error {
	for _, row := range regionalRows() {
		if row[0] != code {
			continue
		}
		parse := dateRule
		if strings.HasPrefix(row[1], "easter") {
			parse = easterRule
		}
		on, err := parse(row[1])
		if err != nil {
			return fmt.Errorf("regional.tsv: %w", err)
		}
		s.rules = append(s.rules, rule{row[2], on})
		if year, err := strconv.Atoi(row[1][:4]); err == nil {
			s.dated[code] = max(s.dated[code], year)
		}
	}
	return nil
}

// regionalRows returns the rows of regional.tsv: code, when, name.
func regionalRows() [][]string {
	var rows [][]string
	for line := range strings.Lines(regionalTSV) {
		row := strings.Split(strings.TrimSpace(line), "\t")
		if len(row) == 3 && !strings.HasPrefix(line, "#") {
			rows = append(rows, row)
		}
	}
	return rows
}

// regions lists the known regions of a country.
func regions(country string) []string {
	var codes []string
	for _, row := range regionalRows() {
		if strings.HasPrefix(row[0], country+"-") {
			codes = append(codes, row[0])
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
