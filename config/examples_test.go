package config_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"replyby/config"
	"replyby/sla"
)

// The two examples are whole desks: they load, they explain every choice, and their deadlines are those of the contracts.
func TestExamples(t *testing.T) {
	for _, c := range []struct {
		file, received, target, limit, actBy, fix string
	}{
		// Assistance contract: in working hours within 4 hours; Friday 17:30 has half an hour left.
		{"agency", "2026-11-20T17:30", "2026-11-20T18:00", "2026-11-24T15:30", "2026-11-24T15:30", ""},
		// The closure of August was announced.
		{"agency", "2026-08-07T17:00", "2026-08-07T18:00", "2026-08-24T18:00", "2026-08-24T18:00", ""},
		// 8 December is a holiday for the agency.
		{"agency", "2026-12-07T17:45", "2026-12-09T18:00", "2026-12-10T15:45", "2026-12-10T15:45", ""},
		// Business Care: one working day; 8 December counts, but nobody is in: answer on the 7th.
		{"module-seller", "2026-12-07T10:00", "2026-12-07T18:00", "2026-12-08T10:00", "2026-12-07T18:00", "2027-01-19T00:00"},
		// Closed and announced: the first answer waits, the correction does not.
		{"module-seller", "2026-08-11T10:00", "2026-08-17T18:00", "2026-08-18T00:00", "2026-08-17T18:00", "2026-09-23T00:00"},
	} {
		f, err := config.Load("../examples/" + c.file + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		d := &f.Desks[0]
		zone := d.Service().Zone()
		received, err := time.ParseInLocation("2006-01-02T15:04", c.received, zone)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := d.PolicyNamed(d.Policy)
		due := func(o sla.Obligation) sla.Due {
			due, err := p.Due(o, received, d.Service())
			if err != nil {
				t.Fatal(err)
			}
			return due
		}
		ack, fix := due(sla.Ack), due(sla.Fix)
		for _, x := range []struct {
			what, want string
			have       time.Time
		}{{"target", c.target, ack.Target}, {"limit", c.limit, ack.Limit}, {"act_by", c.actBy, ack.ActBy}, {"fix", c.fix, fix.Limit}} {
			have := ""
			if !x.have.IsZero() {
				have = x.have.In(zone).Format("2006-01-02T15:04")
			}
			if have != x.want {
				t.Errorf("%s, received %s: %s %s, want %s", c.file, c.received, x.what, have, x.want)
			}
		}
	}
}

// Every key of an example has its reason on the line, except where a line above said it.
func TestExamplesExplain(t *testing.T) {
	for _, file := range []string{"agency", "module-seller"} {
		data, err := os.ReadFile("../examples/" + file + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]bool{"name": true, "notified_how": true, "note": true, "labels": true, "in": true}
		for line := range strings.Lines(string(data)) {
			key, value, ok := strings.Cut(line, " = ")
			if !ok || strings.HasPrefix(line, "#") {
				continue
			}
			if strings.Contains(value, " # ") {
				said[key] = true
			}
			if !said[key] {
				t.Errorf("%s: no reason for %s", file, strings.TrimSpace(line))
			}
		}
	}
}
