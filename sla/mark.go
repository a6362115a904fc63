package sla

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// mark is the parsed At of a step. Exactly one of percent, days, time and
// repeats is set; with none the mark is its anchor itself.
type mark struct {
	percent int           // of the service time from receipt to target
	days    float64       // working days before anchor: whole, or a part of one
	time    time.Duration // service time before anchor
	repeats bool
	anchor  string // "target" or "limit"
	text    string // as written, without superfluous space
}

// parseMark reads the forms listed at Step.
func parseMark(text string) (mark, error) {
	words := strings.Fields(strings.ToLower(text))
	m := mark{anchor: "target", text: strings.Join(words, " ")}
	switch m.text {
	case "target", "limit":
		m.anchor = m.text
		return m, nil
	case "every working morning":
		m.repeats = true
		return m, nil
	}
	if part, ok := strings.CutSuffix(m.text, "%"); ok {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 99 {
			return mark{}, fmt.Errorf("want a whole percentage from 1%% to 99%%")
		}
		m.percent = n
		return m, nil
	}
	amount, anchor, ok := strings.Cut(m.text, "before")
	if !ok {
		return mark{}, errors.New("want \"50%\", \"target\", \"limit\", \"30m before limit\", \"0.5wd before\" or \"every working morning\"")
	}
	if anchor = strings.TrimSpace(anchor); anchor != "" {
		m.anchor = anchor
	}
	if m.anchor != "target" && m.anchor != "limit" {
		return mark{}, fmt.Errorf("before %q: want target or limit", m.anchor)
	}
	err := m.amount(strings.ReplaceAll(amount, " ", ""))
	return m, err
}

// amount reads "30m", "1.5h" or "5wd".
func (m *mark) amount(text string) error {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !(n > 0 && n <= 1000) {
		return fmt.Errorf("%q is no amount: want such as 30m, 2h, 5wd", text)
	}
	switch unit := text[len(number):]; unit {
	case "h":
		m.time = time.Duration(n * float64(time.Hour)).Truncate(time.Second)
	case "m", "min":
		m.time = time.Duration(n * float64(time.Minute)).Truncate(time.Second)
	case "wd":
		if n > 1 && n != float64(int(n)) {
			return fmt.Errorf("%q: working days are whole, or a part of one", text)
		}
		m.days = n
	default:
		return fmt.Errorf("unknown unit %q: want h, m or wd", unit)
	}
	return nil
}

// instant returns the anchor of a mark that is its anchor itself.
func (m mark) instant() string {
	if m.text == m.anchor {
		return m.anchor
	}
	return ""
}

// name is the mark in its one normal form, so that a ladder rewritten with other
// spaces announces nothing twice.
func (m mark) name() string {
	amount, _, ok := strings.Cut(m.text, "before")
	if !ok {
		return m.text
	}
	return strings.ReplaceAll(amount, " ", "") + " before " + m.anchor
}

// checkLadders reads every step of every ladder.
func (p Policy) checkLadders() error {
	for _, o := range []Obligation{Ack, Fix, ETA} {
		names := map[string]bool{}
		for i, step := range p.steps(o) {
			m, err := parseMark(step.At)
			if err == nil && names[m.name()] {
				err = errors.New("stands there twice")
			}
			if err == nil {
				err = checkTo(step.To)
			}
			if err != nil {
				return fmt.Errorf("%w %q: ladder of %s, step %d %q: %w", ErrPolicy, p.Name, o, i+1, step.At, err)
			}
			names[m.name()] = true
		}
	}
	return nil
}

func checkTo(to []string) error {
	if len(to) == 0 {
		return errors.New("it names nobody")
	}
	for _, who := range to {
		switch who {
		case "assignee", "team", "managers", "on_call":
			continue
		}
		if local, host, ok := strings.Cut(who, "@"); !ok || local == "" || host == "" || strings.ContainsAny(who, " ,;<>\r\n") {
			return fmt.Errorf("%q is none of assignee, team, managers, on_call and no mail address", who)
		}
	}
	return nil
}
