package lookup

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/sla"
	"replyby/sla/wording"
)

const calendarUsage = `replyby calendar [-month 2026-12] [flags]

Prints a month as the desk's people see it: open hours, holidays, closures. A
"!" marks days on which they are shut while the clock of business-care runs, for
which public holidays count, unless the file's desk has no use for that policy.

  -month M        default: the current month
  -lang L         it, es, fr, en (default en)
  -desk NAME      desk of the file (default: the first)
  -closure C      from..to@notified, in addition; may be repeated
  -hours H -country C -timezone Z   instead of the file's
  -json           one object per day

example:
  replyby calendar -month 2026-12
`

// Calendar is the command that prints a month.
func Calendar() command.Command {
	return command.Command{Name: "calendar", Help: "print a month: open hours, holidays, closures", Usage: calendarUsage, Run: runCalendar}
}

func runCalendar(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	var c clockFlags
	c.add(fs)
	month, lang, asJSON := fs.String("month", "", ""), fs.String("lang", "en", ""), fs.Bool("json", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	words, code, ok := e.Words(*lang)
	if !ok {
		return code
	}
	d, code, ok := clockDesk(e, c)
	if !ok {
		return code
	}
	m, err := time.Parse("2006-01", cmp.Or(*month, e.Now().In(d.Service().Zone()).Format("2006-01")))
	if err != nil {
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("-month %q is no month", *month), "write 2026-12"))
	}
	s := newSheet(d, m)
	return e.Tell(false, nil, func(w io.Writer) error {
		if *asJSON {
			return s.records(e)
		}
		return s.print(w, words)
	})
}

// sheet is a month of a desk.
type sheet struct {
	month     time.Time
	service   *sla.Calendar
	days      []sla.Day
	uncovered map[string]bool // by date: shut while the marketplace's clock runs
	warnings  []string
}

func newSheet(d *config.Desk, month time.Time) sheet {
	service := d.Service()
	s := sheet{month: month, service: service, days: service.Month(month.Year(), month.Month()), uncovered: map[string]bool{}}
	if p, ok := d.PolicyNamed("business-care"); ok && (d.Uses(p.Name) || d.Address == nobodys) {
		for _, day := range service.Uncovered(p.Calendar, month.Year(), month.Month()) {
			s.uncovered[day.Date] = true
		}
	}
	s.warnings = service.Warnings(month.Year())
	return s
}

// record is what calendar -json prints for a day.
type record struct {
	Date      string     `json:"date"`
	Open      []sla.Span `json:"open"`
	Why       string     `json:"why,omitempty"`  // it is shut or shortened: off, holiday, closure
	Name      string     `json:"name,omitempty"` // of the holiday or closure
	Notice    string     `json:"notice,omitempty"`
	Uncovered bool       `json:"uncovered"` // the clock of business-care runs all the same
}

func (s sheet) records(e *command.Env) error {
	for _, d := range s.days {
		r := record{Date: d.Date, Open: d.Open, Why: d.Why, Name: d.Name, Notice: d.Notice, Uncovered: s.uncovered[d.Date]}
		if r.Open == nil {
			r.Open = []sla.Span{}
		}
		if err := e.Object(r); err != nil {
			return err
		}
	}
	return nil
}

func (s sheet) print(w io.Writer, words wording.Words) error {
	var b strings.Builder
	say := sheetWords(words.Lang())
	zone := s.service.Zone()
	fmt.Fprintf(&b, "%s %d, %s (%s)\n\n", words.Month(s.month.Month()), s.month.Year(), s.service.Name(), zone)
	for _, d := range s.days {
		at, err := time.ParseInLocation(time.DateOnly, d.Date, zone)
		if err != nil {
			return fmt.Errorf("calendar day: %w", err)
		}
		if at.Weekday() == time.Monday && at.Day() > 1 {
			b.WriteByte('\n')
		}
		mark := " "
		if s.uncovered[d.Date] {
			mark = "!"
		}
		text := fmt.Sprintf("%s %-11s %-26s %s", mark, words.ShortDate(at, zone), Spans(d.Open, zone), reason(d, say))
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	if len(s.uncovered) > 0 {
		fmt.Fprintf(&b, "\n! %s\n", say["uncovered"])
	}
	for _, warning := range s.warnings {
		fmt.Fprintf(&b, "\n! %s\n", warning)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Spans writes openings as wall-clock times; one that ends at midnight ends at 24:00.
func Spans(open []sla.Span, zone *time.Location) string {
	if len(open) == 0 {
		return "-"
	}
	var list []string
	for _, s := range open {
		to := s.To.In(zone).Format("15:04")
		if to == "00:00" {
			to = "24:00"
		}
		list = append(list, s.From.In(zone).Format("15:04")+"-"+to)
	}
	return strings.Join(list, " ")
}

// reason says why a day is shut or shortened, and of a closure whether its notice counts: it does so only on days that it takes itself.
func reason(d sla.Day, say map[string]string) string {
	if d.Why == "off" || d.Why != "holiday" && d.Why != "closure" && d.Name == "" {
		return ""
	}
	text := strings.Trim(say[d.Why]+say[":"]+d.Name, ": ")
	if d.Notice != "" && d.Why != "holiday" {
		text += ", " + say[d.Notice]
	}
	return text
}

func sheetWords(lang string) map[string]string {
	keys := []string{"holiday", "closure", "notified", "partly", "none", "uncovered", ":"}
	text := map[string]string{
		"it": "festività|chiusura|comunicata|comunicata in parte|non comunicata: il termine corre|chiusi, ma il termine di business-care corre: rispondere prima|: ",
		"es": "festivo|cierre|comunicado|comunicado en parte|no comunicado: el plazo corre|cerrado, pero el plazo de business-care corre: responder antes|: ",
		"fr": "férié|fermeture|annoncée|annoncée en partie|non annoncée : le délai court|fermé, mais le délai de business-care court : répondre avant| : ",
		"en": "holiday|closure|notified|notified in part|not notified: the clock runs|shut, but the clock of business-care runs: answer before|: ",
	}[lang]
	say := map[string]string{}
	for i, word := range strings.Split(text, "|") {
		say[keys[i]] = word
	}
	return say
}
