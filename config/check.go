package config

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/mail"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"replyby/config/mailbox"
)

var prefixForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,7}$`)

// check reports every value that cannot be meant. What a package's own constructor judges is left to it: the calendars,
// policies, sources and Configs are built here once, so that nothing wrong is found later.
func (f *File) check() {
	f.oneOf("store.engine", f.Store.Engine, "bolt")
	if len(f.Desks) == 0 {
		f.doc.Add("", "no [[desk]]", "'replyby init' writes a first file")
	}
	names, prefixes, addresses := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range f.Desks {
		d := &f.Desks[i]
		d.check()
		f.unique(d.at("name"), d.Name, names)
		f.unique(d.at("prefix"), d.Prefix, prefixes)
		f.unique(d.at("address"), strings.ToLower(d.Address), addresses)
	}
	f.checkMailboxes()
	f.checkNames()
	f.loadFeeds()
	f.loadContracts()
	if len(f.doc.Problems) == 0 {
		f.build()
	}
}

// checkMailboxes wants one desk at most for each folder customers' mail arrives in.
func (f *File) checkMailboxes() {
	readers := map[string]string{}
	for i := range f.Desks {
		d := &f.Desks[i]
		user, inbox := d.IMAP.Over(d.Login).Username, d.IMAP.Inbox
		if strings.EqualFold(inbox, "INBOX") { // the one name that is the same in any case (RFC 9051, 5.1)
			inbox = "INBOX"
		}
		place := strings.Join([]string{strings.ToLower(d.IMAP.Host), strings.ToLower(user), inbox}, "\n")
		if other := readers[place]; other != "" && d.IMAP.Host != "" {
			text := fmt.Sprintf("%q of %s is read by desk %s already: each mail would be a ticket of both", d.IMAP.Inbox, user, other)
			f.doc.Add(d.at("imap.inbox"), text, "give each desk a mailbox of its own, or a folder that its server sorts the mail into")
		}
		readers[place] = d.Name
	}
}

func (f *File) checkNames() {
	calendars, policies, sources := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, c := range f.Calendars {
		at := fmt.Sprintf("calendar[%d]", i)
		f.required(at+".name", c.Name)
		f.unique(at+".name", c.Name, calendars)
		if c.Name == "hours" || c.Name == "marketplace" {
			f.doc.Add(at+".name", c.Name+" is the name of a built-in calendar", "choose another name")
		}
	}
	for i, p := range f.Policies {
		f.required(fmt.Sprintf("policy[%d].name", i), p.Name)
		f.unique(fmt.Sprintf("policy[%d].name", i), p.Name, policies)
	}
	for i, s := range f.Sources {
		f.required(fmt.Sprintf("source[%d].name", i), s.Name)
		f.unique(fmt.Sprintf("source[%d].name", i), s.Name, sources)
		if s.Policy != "" {
			f.oneOf(fmt.Sprintf("source[%d].policy", i), s.Policy, f.policyNames()...)
		}
	}
	for i, c := range f.Closures {
		f.checkClosure(fmt.Sprintf("closure[%d]", i), c)
	}
}

func (f *File) checkClosure(at string, c Closure) {
	switch {
	case c.File != "" && (c.From != "" || c.To != ""):
		f.doc.Add(at+".file", "stands beside from or to", "keep one of them")
	case c.File == "":
		f.required(at+".from", string(c.From))
		f.required(at+".to", string(c.To))
	}
	known := []string{"marketplace"}
	for _, d := range f.Desks {
		known = append(known, d.Name)
	}
	for _, own := range f.Calendars {
		known = append(known, own.Name)
	}
	for i, name := range c.Calendars {
		f.oneOf(fmt.Sprintf("%s.calendars[%d]", at, i), name, known...)
	}
	if c.From != "" && c.To != "" && c.To[:10] < c.From[:10] {
		f.doc.Add(at+".to", fmt.Sprintf("ends (%s) before it starts (%s)", c.To, c.From), "")
	}
	f.oneOf(at+".announce", cmp.Or(c.Announce, "ask"), "ask", "never")
	if c.NotifiedHow != "" && c.NotifiedAt.IsZero() {
		f.doc.Add(at+".notified_how", "says how customers were told, but not when", "set notified_at, without it the closure excuses nothing")
	}
}

func (d *Desk) check() {
	f := d.file
	f.required(d.at("name"), d.Name)
	if len(d.Name) > 200 { // the database keeps it in every key
		f.doc.Add(d.at("name"), "is longer than 200 bytes", "say it shorter, team is for what customers read")
	}
	if !prefixForm.MatchString(d.Prefix) {
		f.doc.Add(d.at("prefix"), fmt.Sprintf("%q does not do: wants 1 to 8 capital letters or digits, a letter first", d.Prefix), "")
	}
	f.address(d.at("address"), d.Address)
	if d.Provider != "" {
		f.oneOf(d.at("provider"), d.Provider, mailbox.ProviderNames()...)
	}
	f.oneOf(d.at("policy"), d.Policy, f.policyNames()...)
	d.checkClock()
	d.checkNotices()
	for i, l := range d.Languages {
		f.oneOf(d.atItem("languages", i), l, languages()...)
	}
	for i, a := range d.Managers {
		f.address(d.atItem("managers", i), a)
		d.apart(d.atItem("managers", i), a)
	}
	if d.OnCall != "" {
		f.address(d.at("on_call"), d.OnCall)
		d.apart(d.at("on_call"), d.OnCall)
	}
	if time.Duration(*d.Hold) > time.Hour {
		f.doc.Add(d.at("hold"), "at most 1h: a letter that waits longer may miss its window", "")
	}
	d.within("idle_days", *d.IdleDays, 0, 60)
	d.checkStaff()
	d.checkMail()
}

// apart wants an address that is not the desk's: what the desk writes to itself it files unread.
func (d *Desk) apart(at, address string) {
	if address != "" && strings.EqualFold(address, d.Address) {
		d.file.doc.Add(at, "is the support address itself: its warnings would reach nobody", "use an address of the person's own")
	}
}

func (d *Desk) checkClock() {
	f := d.file
	if d.ServiceCalendar != "" {
		f.oneOf(d.at("service_calendar"), d.ServiceCalendar, f.calendarNames()...)
	} else {
		if d.Country == "" {
			f.doc.Add(d.at("country"), "missing: public holidays depend on it", `write country = "IT", or name a service_calendar`)
		}
		if len(d.Hours) == 0 {
			f.doc.Add(d.at("hours"), "missing: every deadline depends on it", `write hours = ["mon-fri 15:00-18:00"], or name a service_calendar`)
		}
	}
	switch {
	case d.Timezone != "":
	case d.Country == "":
		f.doc.Add(d.at("timezone"), "missing, and there is no country that says it", `write timezone = "Europe/Rome"`)
	default:
		f.doc.Add(d.at("country"), fmt.Sprintf("%q is no country whose holidays and timezone are known", d.Country), `countries are IT, ES, FR, or with a region, as in ES-MD; elsewhere write timezone = "Europe/Rome"`)
	}
}

func (d *Desk) checkStaff() {
	f := d.file
	if len(d.Staff) == 0 {
		f.doc.Add(d.at("staff"), "nobody may answer", "add a [[desk.staff]] with name and addresses")
	}
	taken := map[string]bool{}
	for i, p := range d.Staff {
		at := d.atItem("staff", i)
		f.required(at+".name", p.Name)
		f.oneOf(at+".language", p.Language, languages()...)
		if len(p.Addresses) == 0 {
			f.doc.Add(at+".addresses", "missing", "")
		}
		for j, a := range p.Addresses {
			place := fmt.Sprintf("%s.addresses[%d]", at, j)
			f.address(place, a)
			f.unique(place, strings.ToLower(a), taken)
			if strings.EqualFold(a, d.Address) {
				f.doc.Add(place, "is the support address itself: anybody in the mailbox would be this person", "use the person's own address")
			}
		}
	}
}

func (d *Desk) checkMail() {
	f := d.file
	if d.Provider == "" || slices.Contains(mailbox.ProviderNames(), d.Provider) {
		f.server(d.at("imap"), d.IMAP.Host, d.IMAP.Port, d.IMAP.TLS)
		f.server(d.at("smtp"), d.SMTP.Host, d.SMTP.Port, d.SMTP.TLS)
	}
	f.certificates(d.at("imap.ca_file"), d.IMAP.CAFile)
	f.certificates(d.at("smtp.ca_file"), d.SMTP.CAFile)
	f.oneOf(d.at("smtp.proof"), d.SMTP.Proof, "bcc", "sent")
	if p := time.Duration(d.IMAP.Poll); p < 10*time.Second || p > 5*time.Minute {
		f.doc.Add(d.at("imap.poll"), "wants 10s to 5m", "")
	}
	if d.IMAP.Keyword != "" && d.IMAP.MoveTo != "" {
		f.doc.Add(d.at("imap.move_to"), "stands beside keyword: a mail is marked or moved, not both", "")
	}
	if sent, _ := d.IMAP.Folders(); d.SMTP.Proof == "sent" && sent == "" {
		f.doc.Add(d.at("smtp.proof"), "sent needs the folder of sent mail", `set imap.sent, or proof = "bcc"`)
	}
	if len(d.Trust.Methods) == 0 { // which mailauth would read as all of them
		f.doc.Add(d.at("trust.methods"), "names no proof", "leave it out for the usual ones")
	}
	d.checkLogin("imap", d.IMAP.Login)
	d.checkLogin("smtp", d.SMTP.Login)
}

// checkLogin judges the login of one direction; faults of the shared keys are reported once, where they stand.
func (d *Desk) checkLogin(direction string, own mailbox.Login) {
	at, l := d.at(direction), own.Over(d.Login)
	if own.Ways() == 0 && own.Auth == "" {
		at = d.at("")
		if direction == "smtp" && d.IMAP.Ways() == 0 && d.IMAP.Auth == "" {
			return // the very keys judged for IMAP
		}
	}
	f := d.file
	if direction == "smtp" && own.Auth == "none" {
		return
	}
	f.oneOf(at+".auth", l.Auth, "password", "xoauth2")
	switch {
	case l.Ways() > 1:
		f.doc.Add(at+".auth", "more than one way to the secret", "keep one of password_file, password_env, password_command, token_command")
	case l.Auth == "xoauth2" && len(l.TokenCommand) == 0:
		f.doc.Add(at+".auth", "xoauth2 needs token_command", "")
	case l.Auth == "password" && len(l.TokenCommand) > 0:
		f.doc.Add(at+".token_command", `goes with auth = "xoauth2"`, "")
	case l.Auth == "password" && l.Ways() == 0:
		f.doc.Add(at+".password_file", "no way to the password is named", "set password_file, password_env or password_command")
	}
}

func (f *File) server(at, host string, port int, tls string) {
	f.oneOf(at+".tls", tls, "implicit", "starttls", "none")
	switch {
	case host == "":
		f.doc.Add(at+".host", "missing", "name a provider, or the server itself")
	case strings.ContainsAny(host, " :/@"):
		f.doc.Add(at+".host", fmt.Sprintf("%q is no host name", host), "the port has a key of its own")
	case tls == "none" && !loopback(host):
		f.doc.Add(at+".tls", "none sends the password in the clear and is allowed to this very machine only", "use implicit or starttls")
	}
	if port < 1 || port > 65535 {
		f.doc.Add(at+".port", fmt.Sprintf("%d is no port", port), "")
	}
}

// certificates wants a file that holds at least one.
func (f *File) certificates(at, file string) {
	if file == "" {
		return
	}
	pem, err := os.ReadFile(f.Path(file))
	if err != nil {
		f.doc.Add(at, err.Error(), "")
	} else if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		f.doc.Add(at, "no certificate in "+file, "it wants PEM: -----BEGIN CERTIFICATE-----")
	}
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// address wants a bare ASCII addr-spec (RFC 5322, 3.4.1): anything else would not compare.
func (f *File) address(at, address string) {
	if address == "" {
		f.doc.Add(at, "missing", "")
		return
	}
	a, err := mail.ParseAddress(address)
	ascii := !strings.ContainsFunc(address, func(r rune) bool { return r > 126 || r < 33 })
	if err != nil || a.Address != address || !ascii || !strings.Contains(address, ".") {
		f.doc.Add(at, fmt.Sprintf("%q is no address", address), "write it like name@example.it, nothing around it")
	}
}

func (f *File) required(at, value string) {
	if value == "" {
		f.doc.Add(at, "missing", "")
	}
}

func (f *File) unique(at, value string, seen map[string]bool) {
	if value != "" && seen[value] {
		f.doc.Add(at, fmt.Sprintf("%q is taken already", value), "")
	}
	seen[value] = true
}

func (f *File) oneOf(at, word string, known ...string) {
	if slices.Contains(known, word) {
		return
	}
	f.doc.Add(at, fmt.Sprintf("%q is not known", word), among(word, known))
}

func (d *Desk) checkNotices() {
	d.within("notices.closure_days", d.Notices.ClosureDays, -1, 90)
	d.within("notices.renewal_days", d.Notices.RenewalDays, -1, 90)
	d.within("notices.per_minute", d.Notices.PerMinute, 1, 600)
}

func (d *Desk) within(key string, n, least, most int) {
	if n < least || n > most {
		d.file.doc.Add(d.at(key), fmt.Sprintf("%d does not do: wants %d to %d", n, least, most), "")
	}
}

// at is the indexed path of a key of the desk; of the desk itself for "".
func (d *Desk) at(key string) string {
	return strings.TrimSuffix(fmt.Sprintf("desk[%d].%s", d.index, key), ".")
}

func (d *Desk) atItem(key string, i int) string { return fmt.Sprintf("%s[%d]", d.at(key), i) }

func languages() []string { return []string{"it", "es", "fr", "en"} }
