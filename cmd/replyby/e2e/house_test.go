package e2e_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/mailhost"
	"replyby/mailhost/dovecot"
)

// The people of every test, and the one password they share.
const (
	support  = "assistenza@mail.test" // of the desk agency
	modules  = "moduli@mail.test"     // of the desk care
	anna     = "anna@mail.test"       // staff, reads Italian
	marco    = "marco@mail.test"      // staff, reads English
	manager  = "direzione@mail.test"
	mario    = "mario@cliente.test"
	lucia    = "lucia@tienda.test"
	claire   = "claire@boutique.test"
	john     = "john@shop.test"
	password = "s3cret of the house"
	hopName  = "mail.test"
)

func accounts() []mailhost.Account {
	var all []mailhost.Account
	for _, a := range []string{support, modules, anna, marco, manager, mario, lucia, claire, john} {
		all = append(all, mailhost.Account{Address: a, Password: password})
	}
	return all
}

// house is a private mail host and a folder with a configuration for it.
type house struct {
	t          testing.TB
	imap, smtp string // host:port
	accepted   func() []mailhost.Transaction
	dir        string
	config     string // path
	desks      []desk
	stocked    int // tickets that stock left open
	mails      int // written by people so far, for their Message-IDs
}

// desk is one desk of the configuration. Extra are further lines of it, as the file has them; imap and smtp, where set, are
// addresses in place of the house's.
type desk struct {
	name, prefix, address, policy string
	extra                         string
	imap, smtp                    string
}

func agency(extra ...string) desk {
	return desk{name: "agency", prefix: "MB", address: support, policy: "agency", extra: strings.Join(extra, "\n")}
}

func care(extra ...string) desk {
	return desk{name: "care", prefix: "MP", address: modules, policy: "business-care", extra: strings.Join(extra, "\n")}
}

// fault decides about SMTP transactions; nil lets all pass.
type fault func(mailhost.Stage, mailhost.Transaction) error

// newHouse starts Dovecot with a hop in front and writes the configuration of the desks. It starts no program.
func newHouse(t testing.TB, f fault, desks ...desk) *house {
	t.Helper()
	h := newHost(t, f)
	h.furnish(desks...)
	return h
}

// newHost is newHouse without a configuration.
func newHost(t testing.TB, f fault) *house {
	t.Helper()
	s := dovecot.Start(t, accounts()...)
	hop, err := mailhost.NewHop(mailhost.HopConfig{Name: hopName, Accounts: accounts(), Fault: f, Deliver: func(from, to string, mail []byte) error {
		s.Deliver(from, to, mail)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	background(t, hop.Run)
	return &house{t: t, imap: s.IMAPAddr(), smtp: hop.Addr(), accepted: hop.Accepted}
}

// background runs something until the test ends.
func background(t testing.TB, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// furnish writes the configuration.
func (h *house) furnish(desks ...desk) {
	h.t.Helper()
	h.dir, h.desks = h.t.TempDir(), desks
	h.config = filepath.Join(h.dir, "replyby.toml")
	h.write("password", password+"\n")
	var b strings.Builder
	b.WriteString("data_dir = \"data\"\n\n[[calendar]]\nname = \"always\"\ntimezone = \"Europe/Rome\"\nopen = [\"24x7\"]\n")
	for _, d := range desks {
		b.WriteString(h.section(d))
	}
	h.write("replyby.toml", b.String())
}

// section is a desk as the file has it. It is open at all hours, so that a test does not depend on the hour it runs at.
func (h *house) section(d desk) string {
	imapHost, imapPort := split(h.t, cmp.Or(d.imap, h.imap))
	smtpHost, smtpPort := split(h.t, cmp.Or(d.smtp, h.smtp))
	machine, err := os.Hostname()
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf(`
[[desk]]
name = %q
prefix = %q
address = %q
team = "Bottega Web"
policy = %q
service_calendar = "always"
timezone = "Europe/Rome"
languages = ["it", "es", "fr", "en"]
managers = [%q]
password_file = "password"
imap.host = %q
imap.port = %s
imap.tls = "none"
imap.since = "all"
hold = "0s"
smtp.host = %q
smtp.port = %s
smtp.tls = "none"
trust.methods = ["same-server"]
trust.own_hosts = [%q, %q]
%s
[[desk.staff]]
name = "Anna Bianchi"
addresses = [%q]
language = "it"
[[desk.staff]]
name = "Marco Verdi"
addresses = [%q]
language = "en"
`, d.name, d.prefix, d.address, d.policy, manager, imapHost, imapPort, smtpHost, smtpPort, hopName, machine+"*", d.extra, anna, marco)
}

func split(t testing.TB, addr string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func (h *house) write(name, content string) {
	h.t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(content), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// submit hands a mail in as a staff member's mail client does: logged in.
func (h *house) submit(from, to string, raw []byte) {
	h.t.Helper()
	host, _ := split(h.t, h.smtp)
	if err := smtp.SendMail(h.smtp, smtp.PlainAuth("", from, password, host), from, []string{to}, raw); err != nil {
		h.t.Fatalf("submit as %s: %v", from, err)
	}
}

// outside hands a mail in as a foreign server does: whatever From says, nobody has logged in. It returns when the hop had it.
func (h *house) outside(envelope, to string, raw []byte) time.Time {
	h.t.Helper()
	if err := smtp.SendMail(h.smtp, nil, envelope, []string{to}, raw); err != nil {
		h.t.Fatalf("deliver to %s: %v", to, err)
	}
	all := h.accepted()
	return all[len(all)-1].At
}

// mailsTo lists what the desks sent to somebody, oldest first.
func (h *house) mailsTo(to string) []mail {
	h.t.Helper()
	var found []mail
	for _, x := range h.accepted() {
		if h.ours(x.User) && slices.Contains(x.To, to) {
			m := readMail(h.t, x.Data)
			m.reply = x.Reply
			found = append(found, m)
		}
	}
	return found
}

func (h *house) ours(user string) bool {
	return slices.ContainsFunc(h.desks, func(d desk) bool { return d.address == user })
}

// awaitMail waits for the n-th mail (from 1) of the desks to somebody whose subject holds some words.
func (h *house) awaitMail(to, words string, n int) mail {
	h.t.Helper()
	var found mail
	eventually(h.t, fmt.Sprintf("mail %d about %q reaches %s", n, words, to), func() bool {
		left := n
		for _, m := range h.mailsTo(to) {
			if strings.Contains(m.subject, words) {
				if left--; left == 0 {
					found = m
					return true
				}
			}
		}
		return false
	})
	return found
}
