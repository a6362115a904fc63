package config

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/sla"
	"replyby/sla/calendar"
)

// built is what a desk's words come to.
type built struct {
	service   *sla.Calendar
	policies  map[string]*sla.Policy
	calendars map[string]*sla.Calendar // those of the file
}

// loadFeeds reads the .ics files that holidays name, each once.
func (f *File) loadFeeds() {
	f.feeds = map[string][]byte{}
	read := func(at string, entries []string) {
		for i, entry := range entries {
			if _, done := f.feeds[entry]; done || !strings.HasSuffix(strings.ToLower(entry), ".ics") {
				continue // read before, or no file at all
			}
			data, err := os.ReadFile(f.Path(entry))
			if err != nil {
				f.doc.Add(fmt.Sprintf("%s[%d]", at, i), err.Error(), "a relative path starts at the folder of the configuration file")
			}
			f.feeds[entry] = data
		}
	}
	for i, d := range f.Desks {
		read(fmt.Sprintf("desk[%d].holidays", i), d.Holidays)
	}
	for i, c := range f.Calendars {
		read(fmt.Sprintf("calendar[%d].holidays", i), c.Holidays)
	}
	for i, c := range f.Closures {
		if c.File != "" {
			read(fmt.Sprintf("closure[%d].file", i), []string{c.File})
		}
	}
}

// AddClosures shuts calendars further, as if the closures stood in the file: for a question of the kind "what if".
func (f *File) AddClosures(list ...Closure) error {
	for _, c := range list {
		f.Closures = append(f.Closures, c)
		f.checkClosure(fmt.Sprintf("closure[%d]", len(f.Closures)-1), c)
	}
	if len(f.doc.Problems) == 0 {
		f.build()
	}
	if len(f.doc.Problems) > 0 {
		return fmt.Errorf("%w: closure: %s", ErrFile, f.doc.Problems[0].Text)
	}
	return nil
}

// build makes every calendar, policy and rule once; what their own packages refuse is a problem of the file.
func (f *File) build() {
	for i, s := range f.Sources {
		if _, err := classifier.New(classifier.Config{Sources: []source.Rule{s}, NoBuiltin: true}); err != nil {
			f.doc.Add(fmt.Sprintf("source[%d]", i), plain(err), "")
		}
	}
	if len(f.doc.Problems) > 0 {
		return
	}
	for i := range f.Desks {
		d := &f.Desks[i]
		service, ok := d.calendar(cmp.Or(d.ServiceCalendar, "hours"))
		if !ok {
			continue
		}
		d.built = built{service: service, policies: map[string]*sla.Policy{}, calendars: map[string]*sla.Calendar{}}
		for _, name := range f.calendarNames() {
			if i == 0 || len(f.doc.Problems) == 0 { // used or not: a calendar in the file is one that works
				d.built.calendars[name], _ = d.calendar(name)
			}
		}
		for _, name := range f.policyNames() {
			d.buildPolicy(name)
		}
		if _, err := classifier.New(d.Classifier()); err != nil {
			f.doc.Add(d.at("urgent_terms"), plain(err), "")
		}
		if _, err := mailauth.New(d.Trusted()); err != nil {
			f.doc.Add(d.at("trust"), plain(err), "")
		}
		if err := d.Mailbox().Check(); err != nil {
			f.doc.Add(d.at("imap"), plain(err), "")
		}
	}
}

// calendar makes the calendar of that name for this desk: hours, marketplace, or one of the file.
func (d *Desk) calendar(name string) (*sla.Calendar, bool) {
	f := d.file
	spec, at := d.spec(name)
	c, err := sla.NewCalendar(spec)
	if err != nil {
		text := plain(err)
		f.doc.Add(at(text), text, "")
		return nil, false
	}
	return f.shut(c)
}

// shut applies the closures that name a calendar and those that name none.
func (f *File) shut(c *sla.Calendar) (*sla.Calendar, bool) {
	var all []sla.Closure
	for i, own := range f.Closures {
		if len(own.Calendars) > 0 && !slices.Contains(own.Calendars, c.Name()) {
			continue
		}
		at := fmt.Sprintf("closure[%d]", i)
		list, err := f.closures(own, c.Zone().String())
		if err == nil {
			_, err = c.WithClosures(list) // by itself, so that the one at fault is named
		}
		if err != nil {
			f.doc.Add(at, plain(err), "")
			return nil, false
		}
		all = append(all, list...)
	}
	shut, err := c.WithClosures(all)
	if err != nil {
		f.doc.Add("closure", plain(err), "")
	}
	return shut, err == nil
}

// closures are the closure itself, or the events of its file.
func (f *File) closures(c Closure, zone string) ([]sla.Closure, error) {
	if c.File == "" {
		return []sla.Closure{{From: string(c.From), To: string(c.To), NotifiedAt: c.NotifiedAt, Note: c.Note, Silent: c.Announce == "never"}}, nil
	}
	list, err := calendar.FeedClosures(f.feeds[c.File], zone)
	for i := range list {
		list[i].NotifiedAt, list[i].Silent = c.NotifiedAt, c.Announce != "ask"
	}
	return list, err
}

// spec describes a calendar, and tells where in the file the cause of a complaint about it stands.
func (d *Desk) spec(name string) (spec sla.Spec, at func(complaint string) string) {
	f := d.file
	switch {
	case name == "hours" && d.ServiceCalendar != "":
		return d.spec(d.ServiceCalendar)
	case name == "hours":
		holidays := append([]string{d.Country}, d.Holidays...)
		spec = sla.Spec{Name: d.Name, Timezone: d.Timezone, Open: d.Hours, Holidays: holidays, Feeds: f.feeds}
		return spec, func(complaint string) string {
			if strings.HasPrefix(complaint, fmt.Sprintf("holidays entry %q", d.Country)) {
				return d.at("country")
			}
			return d.at(keyOf(complaint, "hours"))
		}
	case name == "marketplace":
		return sla.MarketplaceSpec(d.Timezone, nil), func(string) string { return d.at("timezone") }
	}
	i := slices.IndexFunc(f.Calendars, func(c Calendar) bool { return c.Name == name })
	c := f.Calendars[i]
	spec = sla.Spec{Name: c.Name, Timezone: cmp.Or(c.Timezone, d.Timezone), Open: c.Open, Holidays: c.Holidays, Feeds: f.feeds}
	return spec, func(complaint string) string { return fmt.Sprintf("calendar[%d].%s", i, keyOf(complaint, "open")) }
}

// keyOf finds the key that a complaint about a calendar is about.
func keyOf(complaint, open string) string {
	for _, key := range []string{"holidays", "timezone"} {
		if strings.HasPrefix(complaint, key) {
			return key
		}
	}
	return open
}

func (f *File) calendarNames() []string {
	var names []string
	for _, c := range f.Calendars {
		names = append(names, c.Name)
	}
	return names
}

// policyNames lists the built-in policies and those of the file.
func (f *File) policyNames() []string {
	names := []string{"agency", "business-care"}
	for _, p := range f.Policies {
		if p.Name != "" && !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

var namedFirst = regexp.MustCompile(`^ ?"[^"]*": |^closure \d+: `)

// plain takes the sentinels of other packages and the name they call the thing by off an error: the file's line and path
// stand before it already.
func plain(err error) string {
	text := err.Error()
	for _, known := range []error{calendar.ErrSpec, sla.ErrPolicy, sla.ErrTerm, mailauth.ErrConfig, imapwatch.ErrConfig} {
		if rest, ok := strings.CutPrefix(text, known.Error()); ok {
			text = namedFirst.ReplaceAllString(strings.TrimPrefix(rest, ":"), "")
		}
	}
	return strings.TrimSpace(namedFirst.ReplaceAllString(text, ""))
}
