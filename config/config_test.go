package config_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/config"
)

// small is a desk without a fault; each test case breaks one thing in it.
const small = `data_dir = "data"
[[desk]]
name = "assistenza"
address = "assistenza@example.it"
provider = "aruba"
hours = ["mon-fri 15:00-18:00"]
country = "IT"
password_file = "password"
[[desk.staff]]
name = "Anna Rossi"
addresses = ["anna@example.it"]
`

// Every wrong value is named by line, path and what to do; one line each.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		// keys
		{`country = "IT"`, `cuontry = "IT"`, "x.toml:7: desk.cuontry: unknown key\nhint: did you mean country?"},
		{`password_file =`, `password =`, "x.toml:8: desk.password: unknown key\nhint: a secret never stands in this file: use password_file"},
		{`data_dir`, `datadir`, "x.toml:1: datadir: unknown key\nhint: did you mean data_dir?"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {hots = \"x\"}", "x.toml:6: desk.imap.hots: unknown key"},
		// a desk
		{small, "", "x.toml: no [[desk]]\nhint: 'replyby init'"},
		{`name = "assistenza"`, ``, "x.toml:2: desk.name: missing"},
		{`name = "assistenza"`, "name = \"a\"\nprefix = \"mb-1\"", `x.toml:4: desk.prefix: "mb-1" does not do`},
		{`"assistenza@example.it"`, `"assistenza"`, `x.toml:4: desk.address: "assistenza" is no address`},
		{`"assistenza@example.it"`, `"Anna <a@example.it>"`, `x.toml:4: desk.address: "Anna <a@example.it>" is no address`},
		{`"assistenza@example.it"`, `"assistenzà@example.it"`, "x.toml:4: desk.address:"},
		{`"aruba"`, `"arruba"`, "x.toml:5: desk.provider: \"arruba\" is not known\nhint: did you mean aruba?"},
		{`provider = "aruba"`, "", "x.toml:2: desk.imap.host: missing\nhint: name a provider"},
		{`country = "IT"`, "country = \"IT\"\npolicy = \"buisness-care\"", "x.toml:8: desk.policy: \"buisness-care\" is not known\nhint: did you mean business-care?"},
		{`country = "IT"`, "", "x.toml:2: desk.country: missing"},
		{`hours = ["mon-fri 15:00-18:00"]`, "", "x.toml:2: desk.hours: missing"},
		{`country = "IT"`, "country = \"IT\"\nlanguages = [\"it\", \"xx\"]", `x.toml:8: desk.languages: "xx" is not known`},
		{`country = "IT"`, "country = \"IT\"\nmanagers = [\"capo\"]", `x.toml:8: desk.managers: "capo" is no address`},
		{`country = "IT"`, "country = \"IT\"\ndigest = \"25:00\"", `x.toml:8: desk.digest: "25:00" is no time of day`},
		{`country = "IT"`, "country = \"IT\"\nhold = \"-5m\"", `x.toml:8: desk.hold: "-5m" is no length of time`},
		{`country = "IT"`, "country = \"IT\"\nhold = \"3h\"", "x.toml:8: desk.hold: at most 1h"},
		{`country = "IT"`, "country = \"IT\"\nidle_days = -1", "x.toml:8: desk.idle_days: -1 does not do: wants 0 to 60"},
		{`country = "IT"`, "country = \"IT\"\nidle_days = \"3\"", "x.toml:8: desk.idle_days: wants "},
		{`country = "IT"`, "country = \"IT\"\nhold = 5", "x.toml:8: desk.hold: wants text in quotes, has a number"},
		{`country = "IT"`, "country = \"IT\"\ntrust.methods = []", "x.toml:8: desk.trust.methods: names no proof\nhint: leave it out for the usual ones"},
		// clocks
		{`"mon-fri 15:00-18:00"`, `"mon-fri 15:00-25:00"`, "x.toml:6: desk.hours: open line 1"},
		{`"mon-fri 15:00-18:00"`, `"mon-fri 15:00-18:00 17:00-19:00"`, "x.toml:6: desk.hours: open line 1"},
		{`"mon-fri 15:00-18:00"`, `"lun-ven 15:00-18:00"`, "x.toml:6: desk.hours: open line 1"},
		{`["mon-fri 15:00-18:00"]`, `"mon-fri 15:00-18:00"`, "x.toml:6: desk.hours: wants a list, has text"},
		{`country = "IT"`, `country = "XX"`, `x.toml:7: desk.country: "XX" is no country whose holidays and timezone are known`},
		{`country = "IT"`, `country = "IT-99"`, "x.toml:7: desk.country:"},
		{`country = "IT"`, "country = \"IT\"\ntimezone = \"W. Europe Standard Time\"", `timezone "W. Europe Standard Time" is a Windows name: write "Europe/Berlin"`},
		{`country = "IT"`, "country = \"IT\"\ntimezone = \"Mars/Phobos\"", `timezone "Mars/Phobos" is unknown`},
		{`country = "IT"`, "country = \"IT\"\nholidays = [\"nowhere.ics\"]", "x.toml:8: desk.holidays: open "},
		{`country = "IT"`, "country = \"IT\"\nholidays = [\"2026-02-30 Mai\"]", "2026-02-30"},
		{`country = "IT"`, "country = \"IT\"\nservice_calendar = \"ofice\"", "x.toml:8: desk.service_calendar: \"ofice\" is not known"},
		// the way in and out
		{`provider = "aruba"`, "imap = {host = \"h\", tls = \"none\"}\nsmtp = {host = \"h\"}", "x.toml:5: desk.imap.tls: none sends the password in the clear"},
		{`provider = "aruba"`, "imap = {host = \"h:993\"}\nsmtp = {host = \"h\"}", "x.toml:5: desk.imap.host: \"h:993\" is no host name\nhint: the port has a key of its own"},
		{`provider = "aruba"`, "imap = {host = \"h\", port = 70000}\nsmtp = {host = \"h\"}", "x.toml:5: desk.imap.port: 70000 is no port"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {since = \"yesterday\"}", "x.toml:6: desk.imap: since \"yesterday\""},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {ca_file = \"gone.pem\"}", "x.toml:6: desk.imap.ca_file: open gone.pem"},
		{`provider = "aruba"`, "provider = \"aruba\"\nsmtp = {ca_file = \"config_test.go\"}", "x.toml:6: desk.smtp.ca_file: no certificate in config_test.go"},
		{`country = "IT"`, "country = \"IT\"\nurgent_terms = [\"\"]", "x.toml:8: desk.urgent_terms:"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {max_size = \"big\"}", "x.toml:6: desk.imap.max_size: \"big\" is no size"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {poll = \"1s\"}", "x.toml:6: desk.imap.poll: wants 10s to 5m"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {keyword = \"x\", move_to = \"y\"}", "x.toml:6: desk.imap.move_to: stands beside keyword"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {keyword = '\\Deleted'}", "x.toml:6: desk.imap: \"\\\\Deleted\" is no keyword"},
		{`provider = "aruba"`, "provider = \"aruba\"\nimap = {keyword = 'taken in'}", "x.toml:6: desk.imap: \"taken in\" is no keyword"},
		{`provider = "aruba"`, "provider = \"aruba\"\nsmtp = {proof = \"sent\"}", "x.toml:6: desk.smtp.proof: sent needs the folder of sent mail"},
		{`password_file = "password"`, "", "x.toml:2: desk.password_file: no way to the password is named"},
		{`password_file = "password"`, "password_file = \"p\"\npassword_env = \"P\"", "x.toml:2: desk.auth: more than one way to the secret"},
		{`password_file = "password"`, `auth = "xoauth2"`, "x.toml:8: desk.auth: xoauth2 needs token_command"},
		{`password_file = "password"`, `token_command = ["t"]`, `x.toml:8: desk.token_command: goes with auth = "xoauth2"`},
		{`password_file = "password"`, `password_command = "pass show x"`, "x.toml:8: desk.password_command: wants a list, has text\nhint: write [\"…\"]"},
		{`password_file = "password"`, `auth = "oauth"`, "x.toml:8: desk.auth: \"oauth\" is not known"},
		{`provider = "aruba"`, "provider = \"aruba\"\ntrust = {methods = [\"spf\"]}", "x.toml:6: desk.trust: unknown method \"spf\""},
		{`provider = "aruba"`, "provider = \"aruba\"\ntrust = {own_hosts = [\"*\"]}", "x.toml:6: desk.trust: own host"},
		// people
		{"[[desk.staff]]\nname = \"Anna Rossi\"\naddresses = [\"anna@example.it\"]\n", "", "x.toml:2: desk.staff: nobody may answer"},
		{`"anna@example.it"`, `"assistenza@example.it"`, "x.toml:11: desk.staff.addresses: is the support address itself"},
		{`country = "IT"`, "country = \"IT\"\nmanagers = [\"capo@example.it\", \"Assistenza@example.it\"]", "x.toml:8: desk.managers: is the support address itself: its warnings would reach nobody\nhint: use an address"},
		{`country = "IT"`, "country = \"IT\"\non_call = \"assistenza@example.it\"", "x.toml:8: desk.on_call: is the support address itself"},
		{`"anna@example.it"`, `"a@b.it", "A@b.it"`, `x.toml:11: desk.staff.addresses: "a@b.it" is taken already`},
		{`"anna@example.it"`, ``, "x.toml:11: desk.staff.addresses: missing"},
		{`name = "Anna Rossi"`, "name = \"Anna Rossi\"\nlanguage = \"de\"", `x.toml:11: desk.staff.language: "de" is not known`},
	} {
		_, err := config.Parse("x.toml", []byte(strings.Replace(small, c.old, c.new, 1)))
		if !errors.Is(err, config.ErrFile) {
			t.Errorf("%q for %q: %v", c.new, c.old, err)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Count(strings.ReplaceAll(err.Error(), "\nhint:", ""), "\n") > 1 {
			t.Errorf("%q for %q:\n got %s\nwant %s", c.new, c.old, err, c.want)
		}
	}
}

// The same for the tables that stand beside the desk.
func TestProblemsBeside(t *testing.T) {
	for _, c := range []struct{ add, want string }{
		{"[[calendar]]\nopen = ['mon 09:00-10:00']", "x.toml:12: calendar.name: missing"},
		{"[[calendar]]\nname = 'hours'\nopen = ['mon 09:00-10:00']", "x.toml:13: calendar.name: hours is the name of a built-in calendar"},
		{"[[calendar]]\nname = 'a'\nopen = []", "x.toml:14: calendar.open:"},
		{"[[calendar]]\nname = 'a'\nopen = ['sun 09:00-10:00']\nholidays = ['IT']\n[[policy]]\nname = 'p'\ncalendar = 'b'\nbase = 'agency'", "x.toml:18: policy.calendar: \"b\" is not known"},
		{"[[closure]]\nfrom = 2026-08-23", "x.toml:12: closure.to: missing"},
		{"[[closure]]\nfrom = 2026-08-23\nto = 2026-08-08", "x.toml:14: closure.to: ends (2026-08-08) before it starts (2026-08-23)"},
		{"[[closure]]\nfrom = 2026-08-08T12:00\nto = 2026-08-08T11:00", "x.toml:12: closure: ends"},
		{"[[closure]]\nfrom = 'soon'\nto = 2026-08-08", `x.toml:13: closure.from: "soon" is no day`},
		{"[[closure]]\nfrom = 2026-08-08\nto = 2062-08-23", "x.toml:12: closure: lasts over a year"},
		{"[[closure]]\nfrom = 2026-08-08\nto = 2026-08-23\nnotified_at = 2026-07-20", "x.toml:15: closure.notified_at: wants a date and time with an offset"},
		{"[[closure]]\nfrom = 2026-08-08\nto = 2026-08-23\nnotified_how = 'mail'", "x.toml:15: closure.notified_how: says how customers were told, but not when"},
		{"[[closure]]\nfrom = 2026-08-08\nto = 2026-08-23\ncalendars = ['asistenza']", "x.toml:15: closure.calendars: \"asistenza\" is not known\nhint: did you mean assistenza?"},
		{"[[closure]]\nfile = 'gone.ics'", "x.toml:13: closure.file: open gone.ics"},
		{"[[policy]]\nname = 'p'", "x.toml:12: policy.ack: missing"},
		{"[[policy]]\nname = 'p'\nbase = 'agenzia'", "x.toml:14: policy.base: \"agenzia\" is not known"},
		{"[[policy]]\nname = 'p'\nack = {amount = -4, unit = 'h', limit = 'elapsed_working'}", "x.toml:14: policy.ack: limit: amount -4 must be at least 1"},
		{"[[policy]]\nname = 'p'\nack = {amount = 4, unit = 'hours', limit = 'elapsed_working'}", "x.toml:14: policy.ack: limit: unknown unit \"hours\""},
		{"[[policy]]\nname = 'p'\nack = {amount = 4, unit = 'h', limit = 'soonish'}", "x.toml:14: policy.ack: limit: unknown reading \"soonish\""},
		{"[[policy]]\nname = 'p'\nack = {amount = 4, unit = 'h', limit = 'workday_end'}", "x.toml:14: policy.ack: limit: reading workday_end counts working days"},
		{"[[policy]]\nname = 'p'\nbase = 'agency'\nladder = [{at = '150%', to = ['team']}]", "x.toml:12: policy:"},
		{"[[policy]]\nname = 'p'\nbase = 'agency'\nladder = [{at = '50%', to = ['boss']}]", "x.toml:12: policy:"},
		{"[[policy]]\nname = 'p'\nbase = 'agency'\nladder = [{at = 'limit', to = ['team', 'assistenza@example.it']}]", "x.toml:15: policy.ladder.to: is the support address itself"},
		{"[[policy]]\nname = 'p'\nbase = 'agency'\npersonal = 'yes'", "x.toml:15: policy.personal: \"yes\" is not known\nhint: known: required, optional"},
		{"[[source]]\nname = 's'\nmatch = {subject = '('}", "x.toml:12: source:"},
		{"[[source]]\nname = 's'\npolicy = 'none'\nmatch = {from = ['a@b.it']}", "x.toml:14: source.policy: \"none\" is not known"},
		{"[store]\nengine = 'postgres'", "x.toml:13: store.engine: \"postgres\" is not known"},
	} {
		_, err := config.Parse("x.toml", []byte(small+c.add))
		if !errors.Is(err, config.ErrFile) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.add, err, c.want)
		}
	}
}

// Two desks may share a mailbox, not a folder of it: each mail would be a ticket of both, and the customer be answered twice.
func TestTwoDesksOneMailbox(t *testing.T) {
	const second = `[[desk]]
name = "vendite"
address = "vendite@example.it"
provider = "aruba"
hours = ["mon-fri 15:00-18:00"]
country = "IT"
password_file = "password"
staff = [{name = "Luca Verdi", addresses = ["luca@example.it"]}]
`
	const taken = `x.toml:21: desk.imap.inbox: "inbox" of Assistenza@example.it is read by desk assistenza already`
	for keys, want := range map[string]string{
		"": "", "username = 'assistenza@example.it'\nimap.inbox = 'Vendite'": "", "username = 'assistenza@example.it'\nimap.host = 'imap.example.it'": "",
		"username = 'Assistenza@example.it'\nimap.inbox = 'inbox'": taken, "imap = {username = 'Assistenza@example.it', inbox = 'inbox'}": strings.Replace(taken, "21", "20", 1),
	} {
		_, err := config.Parse("x.toml", []byte(small+second+keys))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", keys, err, want)
		}
	}
}

// Several faults are told together, in the order of the file; nothing of a secret typed into it is repeated.
func TestManyProblems(t *testing.T) {
	text := strings.Replace(small, `password_file = "password"`, "password = \"hunter2\"\ndigets = 1", 1) + "[[policy]]\nnmae = 1\n"
	_, err := config.Parse("x.toml", []byte(text))
	var lines []string
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "hint: ") {
			lines = append(lines, strings.Join(strings.SplitN(line, ":", 3)[:2], ":"))
		}
	}
	if got := strings.Join(lines, " "); got != "x.toml:8 x.toml:9 x.toml:14" || strings.Contains(err.Error(), "hunter2") {
		t.Error(got, err)
	}
}

func TestFeeds(t *testing.T) {
	dir := t.TempDir()
	write := func(name, event string) {
		text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" + event + "END:VEVENT\r\nEND:VCALENDAR\r\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("good.ics", "SUMMARY:Ferie\r\nDTSTART;VALUE=DATE:20261202\r\nDTEND;VALUE=DATE:20261204\r\n")
	write("second.ics", "SUMMARY:Tick\r\nDTSTART:20261202T100000Z\r\nDTEND:20261202T100001Z\r\nRRULE:FREQ=SECONDLY\r\n")
	for _, c := range []struct{ key, want string }{
		{`holidays = ["second.ics"]`, "REPEATS WITHIN A DAY"},
		{`holidays = ["good.ics"]`, ""},
	} {
		f, err := config.Parse(filepath.Join(dir, "x.toml"), []byte(strings.Replace(small, `country = "IT"`, `country = "IT"`+"\n"+c.key, 1)))
		if c.want != "" && (err == nil || !strings.Contains(strings.ToUpper(err.Error()), c.want)) {
			t.Errorf("%s: %v", c.key, err)
		}
		if c.want == "" && (err != nil || f.Desks[0].Service().IsOpen(time.Date(2026, 12, 2, 15, 30, 0, 0, time.UTC))) {
			t.Errorf("%s: %v, or open on a day off", c.key, err)
		}
	}
	f, err := config.Parse(filepath.Join(dir, "x.toml"), []byte(small+"[[closure]]\nfile = 'good.ics'"))
	if err != nil || f.Desks[0].Service().IsOpen(time.Date(2026, 12, 3, 15, 30, 0, 0, time.UTC)) {
		t.Errorf("closure from a file: %v, or open while closed", err)
	}
}

// A closure of the configuration reaches the policy's calendar; one that names another calendar does not.
func TestClosures(t *testing.T) {
	for _, c := range []struct{ calendars, limit string }{
		{"", "2026-11-24T18:00:00+01:00"},
		{"calendars = ['assistenza']", "2026-11-24T18:00:00+01:00"},
		{"calendars = ['marketplace']", "2026-11-23T18:00:00+01:00"},
	} {
		f, err := config.Parse("x.toml", []byte(small+"[[policy]]\nname = 'agency'\nack = {amount = 3, unit = 'h', limit = 'elapsed_working'}\n"+
			"[[closure]]\nfrom = 2026-11-23\nto = 2026-11-23\nnotified_at = 2026-11-01T00:00:00Z\n"+c.calendars))
		if err != nil {
			t.Fatal(err)
		}
		p, _ := f.Desks[0].PolicyNamed("agency")
		due, err := p.Due("ack", time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC), f.Desks[0].Service())
		if got := due.Limit.In(f.Desks[0].Service().Zone()).Format(time.RFC3339); err != nil || got != c.limit {
			t.Errorf("%q: limit %s, want %s (%v)", c.calendars, got, c.limit, err)
		}
	}
}

// An editor of Windows may put a byte order mark before the text and CRLF at its line ends.
func TestSavedOnWindows(t *testing.T) {
	f, err := config.Parse("x.toml", []byte("\ufeff"+strings.ReplaceAll(small, "\n", "\r\n")))
	if err != nil || f.DataDir != "data" {
		t.Fatal(err)
	}
	_, err = config.Parse("x.toml", []byte("\ufeffdatadir"+strings.TrimPrefix(small, "data_dir")))
	if err == nil || !strings.HasPrefix(err.Error(), "x.toml:1: datadir: unknown key") {
		t.Error(err)
	}
}

// The packages get what the file says.
func TestComposition(t *testing.T) {
	text := strings.Replace(small, `provider = "aruba"`, `provider = "gmail"
hold = "2m"
imap = {since = "all", poll = "30s", max_size = "10 MB", username = "box", password_env = "BOX"}
smtp = {auth = "none"}
trust = {own_hosts = ["mx.example.it"]}`, 1)
	f, err := config.Parse("/etc/replyby/x.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &f.Desks[0]
	in, out, trust, judge, desk := d.Mailbox(), d.Sender(), d.Trusted(), d.Classifier(), d.Conductor()
	for _, c := range []struct{ what, have, want string }{
		{"imap address", in.Addr, "imap.gmail.com:993"},
		{"imap tls", in.TLS, "implicit"},
		{"imap user", in.Username, "box"},
		{"folders", strings.Join(in.Folders, "|"), "INBOX|[Gmail]/Sent Mail|[Gmail]/Spam"},
		{"since", in.Since, "all"},
		{"poll", in.Poll.String(), "30s"},
		{"mark", in.Mark.Keyword + in.Mark.MoveTo, "$Replyby"},
		{"smtp host", out.Host, "smtp.gmail.com"},
		{"smtp auth", out.Auth, "none"},
		{"smtp user", out.User, "assistenza@example.it"},
		{"envelope", out.Sender, "assistenza@example.it"},
		{"authserv-id", trust.AuthservID[0], "mx.google.com"},
		{"authserv-id of sources", judge.AuthservID, "mx.google.com"},
		{"own hosts", desk.OwnHosts[0] + trust.OwnHosts[0], "mx.example.itmx.example.it"},
		{"own address", judge.Own[0], "assistenza@example.it"},
		{"hours", desk.Hours, "mon-fri 15:00-18:00"},
		{"prefix", desk.Prefix, "ASSI"},
		{"team", desk.Team, "assistenza"},
		{"languages", strings.Join(desk.Languages, " "), "it es fr en"},
		{"person", desk.Staff[0].Name + desk.Staff[0].Language, "Anna Rossiit"},
		{"policy", desk.Policy.Name, "agency"},
		{"hold", desk.Hold.String(), "2m0s"},
		{"path", f.Path("data"), "/etc/replyby/data"},
	} {
		if c.have != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.have, c.want)
		}
	}
	if in.MaxSize != 10<<20 || desk.ProveByCopy || desk.Policies["business-care"] == nil {
		t.Errorf("max size %d, proof by copy %v, policies %v", in.MaxSize, desk.ProveByCopy, desk.Policies)
	}
}

// A preset gives way to what the file says, also where that is nothing.
func TestFoldersNotWatched(t *testing.T) {
	for set, want := range map[string]string{
		"": "INBOX|[Gmail]/Sent Mail|[Gmail]/Spam", "\nimap.junk = \"\"": "INBOX|[Gmail]/Sent Mail",
		"\nimap.sent = \"\"\nsmtp.proof = \"bcc\"": "INBOX|[Gmail]/Spam", "\nimap.junk = \"Posta indesiderata\"": "INBOX|[Gmail]/Sent Mail|Posta indesiderata",
	} {
		f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, `provider = "gmail"`+set, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Desks[0].Mailbox().Folders, "|"); got != want {
			t.Errorf("%q: folders %s, want %s", set, got, want)
		}
	}
}

// What is printed names where a secret comes from and hides what may be one.
func TestPrintHidesSecrets(t *testing.T) {
	f, err := config.Parse("x.toml", []byte(strings.Replace(small, `password_file = "password"`, `password_command = ["lookup", "hunter2"]`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Print(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "hunter2") || !strings.Contains(b.String(), `password_command = ["lookup", "<secret>"]`) ||
		!strings.Contains(b.String(), "# desk assistenza, imap: <secret> from command lookup") {
		t.Error(b.String())
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(small + "[[closure]]\nfrom=2026-01-01\nto=2026-01-02")
	f.Add(small + "[[policy]]\nname='p'\nack={amount=1,unit='h',limit='elapsed_working'}")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse("x.toml", []byte(text))
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if err := file.Print(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
		for i := range file.Desks {
			if c := file.Desks[i].Conductor(); c.Policy == nil || c.Service == nil {
				t.Errorf("desk %d has no policy or calendar", i)
			}
		}
	})
}

// Whoever says nothing has time to take a letter back; whoever wants none says so, and that is kept apart from saying nothing.
func TestHold(t *testing.T) {
	for set, want := range map[string]time.Duration{"": 2 * time.Minute, "\nhold = \"0s\"": 0, "\nhold = \"90s\"": 90 * time.Second} {
		f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, `provider = "aruba"`+set, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Desks[0].Conductor().Hold; got != want {
			t.Errorf("%q: held for %s, want %s", set, got, want)
		}
	}
}

// Whoever wants to read of no ticket that stands still says so, and that is kept apart from saying nothing.
func TestIdleDays(t *testing.T) {
	for set, want := range map[string]int{"": 3, "\nidle_days = 0": 0, "\nidle_days = 10": 10} {
		f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, `provider = "aruba"`+set, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Desks[0].Conductor().IdleDays; got != want {
			t.Errorf("%q: %d days, want %d", set, got, want)
		}
	}
}

// What counts as urgent is the word of the language that customers are written to in, unless the file names others, or none.
func TestUrgentTerms(t *testing.T) {
	for set, want := range map[string]string{
		"": "URGENTE", "\nlanguages = ['fr', 'it']": "URGENT URGENTE", "\nlanguages = ['es']": "URGENTE", "\nlanguages = ['en']": "URGENT URGENTE",
		"\nlanguages = ['fr']\nurgent_terms = ['BLOQUÉ']": "BLOQUÉ", "\nurgent_terms = []": "",
	} {
		f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, `provider = "aruba"`+set, 1)))
		if err != nil {
			t.Fatal(err)
		}
		d := f.Desks[0]
		if got := strings.Join(d.Classifier().ContractTerms, " "); got != want || strings.Join(d.Conductor().UrgentTerms, " ") != want {
			t.Errorf("%q: %q, told to customers as %q, want %q", set, got, d.Conductor().UrgentTerms, want)
		}
	}
}
