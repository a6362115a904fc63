package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/lookup"
	"replyby/cmd/replyby/office"
	"replyby/cmd/replyby/room"
	"replyby/cmd/replyby/savedmail"
	"replyby/config"
	"replyby/config/mailbox"
	"replyby/config/secret"
	"replyby/sla"
	"replyby/sla/wording"
)

const checkUsage = `replyby check [-desk NAME] [-online|-staff|-alive|-sources DIR] [-json]

Reads the configuration and says, for each desk, what it comes to: hours of
today, the next holiday, and what would happen to a request of this moment. Says
too what is still missing. Without -online it connects nowhere.

Exit status: 0 all is well, 1 something is missing, 2 the file is wrong.

  -desk NAME   this desk only
  -online      log in on both sides, send the desk itself a mail, and say what
               the provider made of it and what of that belongs into the file
  -staff       mail everybody of the staff who has not answered yet a first
               mail, at most once a day, and say what the answers showed: the
               proof of who wrote them, the signature, whether mail lay in junk.
               Exit status 1 until all have answered
  -alive       say whether serve works: exit status 1 if it has been silent for
               3 minutes, cannot read or send mail, or has just been started
               and does not know yet. For a monitor: where the way out is
               broken no mail can tell
  -sources DIR try the [[source]] rules of the desk on the saved mails (.eml) in
               a folder, and say what each finds and misses
  -json        one object per desk; with -sources per mail, then per rule

example:
  replyby check -config /etc/replyby.toml
`

// Check is the command that says what a configuration comes to.
func Check() command.Command {
	return command.Command{Name: "check", Help: "read the configuration and say what it comes to", Usage: checkUsage, Run: runCheck}
}

func runCheck(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	asJSON, online, samples := fs.Bool("json", false, ""), fs.Bool("online", false, ""), fs.String("sources", "", "")
	staff, alive := fs.Bool("staff", false, ""), fs.Bool("alive", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	if *staff {
		return checkStaff(ctx, e, *path, *name, *asJSON)
	}
	f, code, ok := e.Load(*path)
	if !ok {
		return code
	}
	if *alive {
		return checkAlive(ctx, e, f.Path(f.DataDir), *asJSON)
	}
	d, code, ok := e.Desk(f, *name)
	if !ok {
		return code
	}
	if *samples != "" {
		return savedmail.TrySources(e, *samples, d.Classifier(), *asJSON)
	}
	for i := range f.Desks {
		d := &f.Desks[i]
		if *name != "" && d.Name != *name {
			continue
		}
		r, err := newReport(f, d, e.Now().Truncate(time.Minute))
		if err != nil {
			return e.Fail(command.Found, err)
		}
		code = max(code, e.Tell(*asJSON, r, func(w io.Writer) error { return r.print(w, i > 0) }))
		if len(r.Missing) > 0 {
			code = command.Found
		} else if *online {
			code = max(code, tryOnline(ctx, e, f, d, *asJSON))
		}
	}
	return code
}

// report is what a desk's configuration comes to at an instant, and what check -json prints.
type report struct {
	Desk     string        `json:"desk"`
	Address  string        `json:"address"`
	Mailbox  string        `json:"mailbox"`
	Sending  string        `json:"sending"`
	Hours    string        `json:"hours"`
	Today    []sla.Span    `json:"today"`
	OpensAt  time.Time     `json:"opens_at"` // now, when somebody is in
	Holiday  *sla.Day      `json:"next_holiday"`
	Closures []sla.Day     `json:"closed_days"` // of closures that begin within 60 days
	Sample   lookup.Answer `json:"sample"`      // a request of this moment
	Staff    []string      `json:"staff"`
	Managers []string      `json:"managers"`
	Missing  []string      `json:"missing"`
	Notes    []string      `json:"notes"`

	now     time.Time
	zone    *time.Location
	service *sla.Calendar
}

const ahead = 60 // days of closures

// certified is what to know of a desk at a mailbox of certified mail: its server takes ordinary mail in a wrapping of its own, in which
// nothing proves who wrote it, or not at all.
const certified = "imap.host is one of certified mail (PEC): ordinary mail comes there as an anomaly, or not at all, and no answer of staff decides anything; " +
	"give the desk an ordinary mailbox and have certified mail sent on to it"

func newReport(f *config.File, d *config.Desk, now time.Time) (report, error) {
	service := d.Service()
	zone := service.Zone()
	r := report{
		Desk: d.Name, Address: d.Address, Hours: cmp.Or(strings.Join(d.Hours, ", "), d.Conductor().Hours), Today: []sla.Span{}, Closures: []sla.Day{}, OpensAt: service.NextOpen(now),
		Managers: d.Managers, Missing: missing(f, d), Notes: service.Warnings(now.In(zone).Year()), now: now, zone: zone, service: service,
	}
	r.Mailbox, r.Sending = route(d)
	r.look()
	for _, p := range d.Staff {
		r.Staff = append(r.Staff, fmt.Sprintf("%s <%s> (%s)", p.Name, strings.Join(p.Addresses, ", "), p.Language))
	}
	if len(d.Managers) == 0 {
		r.Notes = append(r.Notes, "no managers: nobody gets the digest, and the last warnings go to the team alone")
	}
	if mailbox.Certified(d.IMAP.Host) {
		r.Notes = append(r.Notes, certified)
	}
	var err error
	r.Sample, err = lookup.Ack(d, now)
	return r, err
}

// route says where mail comes from and goes to.
func route(d *config.Desk) (mailbox, sending string) {
	in, out := d.Secrets()
	m, s := d.Mailbox(), d.Sender()
	mailbox = fmt.Sprintf("%s (tls %s), %s as %s, %v from %s; folders %s", m.Addr, m.TLS, m.Auth, m.Username, in, in.Source(), strings.Join(m.Folders, ", "))
	sending = fmt.Sprintf("%s:%d (tls %s), %s as %s, %v from %s; proof %s", s.Host, s.Port, s.TLS, s.Auth, s.User, out, out.Source(), d.SMTP.Proof)
	return mailbox, sending
}

// look finds today's hours, the next holiday and the closures ahead.
func (r *report) look() {
	today := r.now.In(r.zone).Format(time.DateOnly)
	month := time.Date(r.now.In(r.zone).Year(), r.now.In(r.zone).Month(), 1, 0, 0, 0, 0, time.UTC)
	last := r.now.In(r.zone).AddDate(0, 0, ahead).Format(time.DateOnly)
	for range 13 {
		for _, d := range r.service.Month(month.Year(), month.Month()) {
			switch {
			case d.Date < today:
				continue
			case d.Date == today:
				r.Today = append(r.Today, d.Open...)
			}
			if d.Why == "holiday" && r.Holiday == nil {
				r.Holiday = &d
			}
			if d.Why == "closure" && (d.Date <= last || r.closes(d)) {
				r.Closures = append(r.Closures, d)
			}
		}
		month = month.AddDate(0, 1, 0)
	}
}

// closes reports whether a day goes on with the closure listed last: half of it would read as the whole.
func (r *report) closes(d sla.Day) bool {
	n := len(r.Closures)
	return n > 0 && r.Closures[n-1].Name == d.Name
}

// missing lists what serve would fail on and no key can say.
func missing(f *config.File, d *config.Desk) []string {
	list := []string{}
	say := func(err error) {
		text := err.Error()
		if hint := command.Hint(err); hint != "" {
			text += " (" + hint + ")"
		}
		if len(list) == 0 || list[len(list)-1] != text {
			list = append(list, text)
		}
	}
	in, out := d.Secrets()
	wanted := []secret.Secret{in}
	if d.Sender().Auth != "none" {
		wanted = append(wanted, out)
	}
	for _, s := range wanted {
		if err := s.Look(); err != nil {
			say(err)
		}
	}
	if _, err := f.Contracts(); err != nil {
		say(err)
	}
	if _, err := office.Texts(f); err != nil {
		say(err)
	}
	if err := command.SocketFits(f.Path(f.DataDir)); err != nil {
		say(err)
	}
	if low := room.New(f.Path(f.DataDir), int64(f.Store.MinFree), nil).Low(); low != "" {
		say(command.Hinted(errors.New(low), "no mail is taken in until there is space"))
	}
	for _, a := range Unreachable(d) {
		say(fmt.Errorf("staff: %s can get no mail: put a person's own address there", a))
	}
	return list
}

// Unreachable lists addresses of staff that no mail can ever reach (RFC 2606, section 2), such as the placeholder that init
// writes where it was told nobody.
func Unreachable(d *config.Desk) []string {
	var list []string
	for _, p := range d.Staff {
		for _, a := range p.Addresses {
			if strings.HasSuffix(a, ".invalid") {
				list = append(list, a)
			}
		}
	}
	return list
}

func (r report) print(w io.Writer, again bool) error {
	words, err := wording.In("en")
	if err != nil {
		return err
	}
	var b strings.Builder
	row := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-13s "+format+"\n", append([]any{label}, args...)...)
	}
	if again {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "desk %s <%s>\n", r.Desk, r.Address)
	row("mailbox", "%s", r.Mailbox)
	row("sending", "%s", r.Sending)
	row("hours", "%s (%s)", r.Hours, r.zone)
	row("today", "%s", r.today(words))
	if r.Holiday != nil {
		row("next holiday", "%s, %s", r.date(words, r.Holiday.Date), r.Holiday.Name)
	}
	for _, text := range r.shut(words) {
		row("shut", "%s", text)
	}
	for _, person := range r.Staff {
		row("staff", "%s", person)
	}
	for _, m := range r.Managers {
		row("manager", "%s", m)
	}
	r.printSample(&b, words)
	for _, n := range r.Notes {
		row("note", "%s", n)
	}
	for _, m := range r.Missing {
		row("missing", "%s", m)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (r report) today(words wording.Words) string {
	text := words.Short(r.now, r.zone) + ": "
	if len(r.Today) == 0 {
		text += "closed"
	} else {
		text += lookup.Spans(r.Today, r.zone)
	}
	if r.OpensAt.After(r.now) {
		text += ", opens " + words.Short(r.OpensAt, r.zone)
	}
	return text
}

// shut writes the closures ahead from edge to edge, whatever holidays and days off lie in them.
func (r report) shut(words wording.Words) []string {
	var list []string
	for _, c := range r.service.Closures() {
		w, err := c.In(r.zone)
		from, until := time.Unix(w.From, 0), time.Unix(w.To, 0)
		if err != nil || !until.After(r.now) || from.After(r.now.AddDate(0, 0, ahead)) {
			continue
		}
		list = append(list, r.stretch(words, from, until)+", "+cmp.Or(c.Note, "closure"))
		if c.NotifiedAt.IsZero() || !c.NotifiedAt.Before(until) {
			list[len(list)-1] += ", customers not told: the clock runs"
		}
	}
	return list
}

// stretch says from when until when, by days where it begins and ends at midnight.
func (r report) stretch(words wording.Words, from, until time.Time) string {
	midnight := func(t time.Time) bool { return t.In(r.zone).Format(time.TimeOnly) == "00:00:00" }
	if !midnight(from) || !midnight(until) {
		return words.Short(from, r.zone) + " - " + words.Short(until, r.zone)
	}
	first, last := words.ShortDate(from, r.zone), words.ShortDate(until.Add(-time.Second), r.zone)
	if first == last {
		return first
	}
	return first + " - " + last
}

func (r report) date(words wording.Words, date string) string {
	at, err := time.ParseInLocation(time.DateOnly, date, r.zone)
	if err != nil {
		return date
	}
	return words.ShortDate(at, r.zone)
}

// printSample shows what would become of a request of this moment.
func (r report) printSample(b *strings.Builder, words wording.Words) {
	row := func(label, text string) { fmt.Fprintf(b, "  %-13s %s\n", label, text) }
	at := func(label string, t *time.Time) string {
		if t == nil {
			return "no " + label
		}
		return label + " " + words.ShortDue(*t, r.zone)
	}
	s := r.Sample
	row("policy", fmt.Sprintf("%s; a request of now: %s, %s, %s", s.Policy, at("target", s.Target), at("limit", s.Limit), at("act by", s.ActBy)))
	for _, rung := range s.Ladder {
		row("  "+rung.Name, words.ShortDue(rung.At, r.zone)+" to "+strings.Join(rung.To, ", "))
	}
}
