// Package lookup holds the commands that answer a question and need no database: due computes a deadline, calendar prints a month, texts
// shows the texts of letters to customers. All work without a configuration too.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/sla"
	"replyby/sla/wording"
)

const dueUsage = `replyby due -policy P -received T [flags]

Computes when something is due under a policy and shows the count day by day.
Works without a configuration file for the built-in policies agency and
business-care (hours then are Monday to Friday 15:00-18:00, Italian holidays).

  -policy P       agency, business-care, or a [[policy]] of the file
                  (default: that of the desk)
  -received T     when the request came in: 2026-11-20T17:30:00+01:00, or local
                  time without the offset
  -owed WHAT      ack (default), fix, next_reply, resolution_notice, eta
  -term TERM      another promise in place of the policy's, counted in its
                  calendar: "4 h window_end", "30 wd workday_end"
  -urgent         of an urgent request: same limit, other people warned
  -closure C      from..to@notified, such as
                  2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00
                  without @ nobody was told; may be repeated
  -lang L         it, es, fr, en (default en)
  -desk NAME      desk of the file (default: the first)
  -hours H -country C -timezone Z   instead of the file's
  -json           one object: target, limit, act_by, and the counts

example:
  replyby due -policy agency -received 2026-11-20T17:30:00+01:00
`

// Due is the command that computes a deadline.
func Due() command.Command {
	return command.Command{Name: "due", Help: "compute a deadline and explain it day by day", Usage: dueUsage, Run: runDue}
}

func runDue(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	var c clockFlags
	c.add(fs)
	policy, received := fs.String("policy", "", ""), fs.String("received", "", "")
	owed, urgent := fs.String("owed", "ack", ""), fs.Bool("urgent", false, "")
	term := fs.String("term", "", "")
	lang, asJSON := fs.String("lang", "en", ""), fs.Bool("json", false, "")
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
	q, err := ask(d, *policy, *owed, *received)
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	if q.urgent = *urgent; *term != "" {
		if q, err = q.instead(*term); err != nil {
			return e.Fail(command.Usage, err)
		}
	}
	a, err := q.answer()
	if err != nil {
		return e.Fail(command.Found, err)
	}
	return e.Tell(*asJSON, a, func(w io.Writer) error { return a.print(w, words) })
}

// question is one obligation of one policy at one instant.
type question struct {
	desk     *config.Desk
	policy   *sla.Policy
	owed     sla.Obligation
	received time.Time
	urgent   bool
}

func ask(d *config.Desk, policy, owed, received string) (question, error) {
	if policy == "" {
		policy = d.Policy
	}
	p, ok := d.PolicyNamed(policy)
	if !ok {
		return question{}, command.UnknownWord("policy", policy, d.PolicyNames())
	}
	obligations := []string{"ack", "fix", "next_reply", "resolution_notice", "eta"}
	if !slices.Contains(obligations, owed) {
		return question{}, command.UnknownWord("owed", owed, obligations)
	}
	if received == "" {
		return question{}, command.Hinted(errors.New("due needs -received"), "-received 2026-11-20T17:30:00+01:00")
	}
	at, err := command.Instant("received", received, p.Calendar.Zone())
	return question{desk: d, policy: p, owed: sla.Obligation(owed), received: at}, err
}

// instead asks the same of another promise: both its instants are the term read as given.
func (q question) instead(text string) (question, error) {
	hint := "write an amount, h, min, s, wd or cd, and a reading: -term \"4 h elapsed_working\""
	words := strings.Fields(text)
	if len(words) != 3 {
		return q, command.Hinted(fmt.Errorf("-term %q is no term", text), hint)
	}
	amount, err := strconv.Atoi(words[0])
	if err != nil {
		return q, command.Hinted(fmt.Errorf("-term %q: %q is no amount", text, words[0]), hint)
	}
	t := sla.Term{Amount: amount, Unit: sla.Unit(words[1]), Reading: sla.Reading(words[2]), Closures: "suspend"}
	if err := t.Check(); err != nil {
		return q, command.Hinted(fmt.Errorf("-term %q: %w", text, err), hint)
	}
	p := *q.policy
	p.Ack = sla.Clock{Target: t, Limit: t}
	q.policy, q.owed = &p, sla.Ack
	return q, nil
}

// Ack is what a request that reaches a desk at an instant is owed first, by the desk's own policy.
func Ack(d *config.Desk, at time.Time) (Answer, error) {
	q, err := ask(d, "", "ack", at.Format(time.RFC3339))
	if err != nil {
		return Answer{}, err
	}
	return q.answer()
}

// Answer is what due -json prints. Instants stand in the zone of the policy's calendar; null where there is none.
type Answer struct {
	Policy     string         `json:"policy"`
	Obligation sla.Obligation `json:"obligation"`
	Received   time.Time      `json:"received"`
	Urgent     bool           `json:"urgent"`
	Target     *time.Time     `json:"target"`
	Limit      *time.Time     `json:"limit"`
	ActBy      *time.Time     `json:"act_by"`
	Calendar   string         `json:"calendar"`
	Service    string         `json:"service_calendar"`
	Count      *sla.Count     `json:"count"` // of the limit, or of the target where there is no limit
	Toward     *sla.Count     `json:"count_target,omitempty"`
	Ladder     []sla.Rung     `json:"ladder"`

	zone *time.Location
}

func (q question) answer() (Answer, error) {
	service := q.desk.Service()
	due, err := q.policy.Due(q.owed, q.received, service)
	if err != nil {
		return Answer{}, err
	}
	zone := q.policy.Calendar.Zone()
	a := Answer{
		Policy: q.policy.Name, Obligation: q.owed, Received: q.received.In(zone), Urgent: q.urgent,
		Target: instant(due.Target, zone), Limit: instant(due.Limit, zone), ActBy: instant(due.ActBy, zone),
		Calendar: due.Calendar, Service: due.Service, zone: zone,
	}
	if a.Count, a.Toward, err = q.counts(service); err != nil {
		return Answer{}, err
	}
	if !due.Target.IsZero() || !due.Limit.IsZero() {
		a.Ladder, err = q.policy.Rungs(sla.Situation{Due: due, Since: q.received, Now: q.received, Service: service, Urgent: q.urgent})
	}
	return a, err
}

func instant(t time.Time, zone *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return &t
}

// counts tells how limit and target came about; where one is missing the other comes first.
func (q question) counts(service *sla.Calendar) (main, toward *sla.Count, err error) {
	var list []*sla.Count
	for _, t := range q.terms() {
		if t == (sla.Term{}) {
			continue
		}
		c, err := t.Count(q.policy.Calendar, service, q.received)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, &c)
	}
	list = append(list, nil, nil)
	return list[0], list[1], nil
}

// terms are limit and target as the policy words them; none for what it does not owe, or promises by date.
func (q question) terms() []sla.Term {
	p := q.policy
	clock := map[sla.Obligation]*sla.Clock{
		sla.Ack: &p.Ack, sla.Fix: p.Fix, sla.NextReply: &p.NextReply, sla.ResolutionNotice: p.ResolutionNotice,
	}[q.owed]
	if clock == nil {
		return nil
	}
	return []sla.Term{clock.Limit, clock.Target}
}

// print shows the instants, the counts and the ladder in a language.
func (a Answer) print(w io.Writer, words wording.Words) error {
	var b strings.Builder
	say := clockWords(words.Lang())
	fmt.Fprintf(&b, "%s, %s\n", a.Policy, say[string(a.Obligation)])
	if a.Target == nil && a.Limit == nil {
		fmt.Fprintf(&b, "%s\n", say["not owed"])
		_, err := io.WriteString(w, b.String())
		return err
	}
	for _, row := range []struct {
		label string
		at    *time.Time
	}{{"target", a.Target}, {"limit", a.Limit}, {"act_by", a.ActBy}} {
		text := say["none"]
		if row.at != nil {
			text = words.Due(*row.at, a.zone)
		}
		fmt.Fprintf(&b, "  %-12s %s\n", say[row.label], text)
	}
	a.printCounts(&b, words)
	if len(a.Ladder) > 0 {
		fmt.Fprintf(&b, "\n%s\n", say["ladder"])
	}
	for _, r := range a.Ladder {
		fmt.Fprintf(&b, "  %-24s %-18s %s\n", words.Short(r.At, a.zone), r.Name, strings.Join(r.To, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (a Answer) printCounts(b *strings.Builder, words wording.Words) {
	if a.Count == nil {
		return
	}
	what := "limit"
	if a.Limit == nil {
		what = "target"
	}
	fmt.Fprintf(b, "\n%s\n", a.Count.Line(words, what))
	if a.Toward != nil && a.Toward.Reading != a.Count.Reading {
		fmt.Fprintf(b, "%s\n", a.Toward.Line(words, "target"))
	}
	fmt.Fprintf(b, "\n%s", a.Count.Text(words, what))
}

// clockWords are the words of due and calendar that sla has no need of.
func clockWords(lang string) map[string]string {
	keys := []string{"target", "limit", "act_by", "none", "not owed", "ladder", "ack", "fix", "next_reply", "resolution_notice", "eta"}
	text := map[string]string{
		"it": "obiettivo|limite|agire entro|nessuno|questa politica non lo prevede|avvisi|presa in carico|correzione|prossima risposta|avviso di risoluzione|data promessa",
		"es": "objetivo|límite|actuar antes de|ninguno|esta política no lo prevé|avisos|primera respuesta|corrección|próxima respuesta|aviso de resolución|fecha prometida",
		"fr": "objectif|limite|agir avant|aucun|cette politique ne le prévoit pas|alertes|prise en charge|correction|prochaine réponse|avis de résolution|date promise",
		"en": "target|limit|act by|none|this policy does not owe it|warnings|taking in charge|correction|next reply|notice of resolution|promised date",
	}[lang]
	say := map[string]string{}
	for i, word := range strings.Split(text, "|") {
		say[keys[i]] = word
	}
	return say
}
