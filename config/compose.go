package config

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/config/mailbox"
	"replyby/config/secret"
	"replyby/contract"
	"replyby/desk"
	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/outbound"
	"replyby/sla"
)

// Service returns the calendar of the desk's own people.
func (d *Desk) Service() *sla.Calendar { return d.built.service }

// PolicyNamed returns a policy as it is for this desk.
func (d *Desk) PolicyNamed(name string) (*sla.Policy, bool) {
	p, ok := d.built.policies[name]
	return p, ok
}

// Uses reports whether requests may fall under a policy: that of the desk, of a source, or of a contract.
func (d *Desk) Uses(policy string) bool {
	return d.Policy == policy || slices.ContainsFunc(d.file.Sources, func(s source.Rule) bool { return s.Policy == policy }) ||
		slices.ContainsFunc(d.file.contracts.All(), func(c contract.Contract) bool { return c.Kind == policy })
}

// PolicyNames lists the policies that a desk may be asked for.
func (d *Desk) PolicyNames() []string { return d.file.policyNames() }

// Secrets returns where the log-ins for IMAP and SMTP get their password or token.
func (d *Desk) Secrets() (imap, smtp secret.Secret) {
	return d.IMAP.Over(d.Login).Secret(d.file.Path), d.SMTP.Over(d.Login).Secret(d.file.Path)
}

// Conductor returns what package desk has to know.
func (d *Desk) Conductor() desk.Config {
	c := desk.Config{
		Name: d.Name, Prefix: d.Prefix, Address: d.Address, Team: d.Team,
		Hours: strings.Join(d.openLines(), ", "), Zone: d.built.service.Zone(), Languages: d.Languages,
		Policy: d.built.policies[d.Policy], Policies: d.built.policies, Service: d.built.service,
		Contracts: d.file.contracts, Calendars: d.built.calendars,
		Managers: d.Managers, OnCall: d.OnCall, DigestAt: string(d.Digest), IdleDays: *d.IdleDays, Hold: time.Duration(*d.Hold), TellColleagues: d.TellColleagues, ExtraRate: d.ExtraRate, UrgentTerms: d.Terms, Products: d.Products,
		Notices:  desk.Notices{ClosureDays: max(0, d.Notices.ClosureDays), RenewalDays: max(0, d.Notices.RenewalDays), RenewHow: d.Notices.RenewHow, PerMinute: d.Notices.PerMinute},
		OwnHosts: d.Trust.OwnHosts, FromStart: d.IMAP.Since != "now", ProveByCopy: d.SMTP.Proof == "bcc",
	}
	for _, p := range d.Staff {
		c.Staff = append(c.Staff, desk.Person{Name: p.Name, Addresses: p.Addresses, Language: p.Language})
	}
	own, policies := 0, []string(nil)
	for i, other := range d.file.Desks {
		policies = append(policies, other.Policy)
		if other.Name == d.Name {
			own = i
		} else {
			c.Sisters = append(c.Sisters, other.Name)
		}
	}
	c.Notices.Elsewhere = c.Contracts.Elsewhere(own, policies)
	return c
}

// Mailbox returns what package imapwatch has to know.
func (d *Desk) Mailbox() imapwatch.Config {
	l := d.IMAP.Over(d.Login)
	folders := []string{d.IMAP.Inbox}
	sent, junk := d.IMAP.Folders()
	for _, name := range []string{sent, junk} {
		if name != "" {
			folders = append(folders, name)
		}
	}
	return imapwatch.Config{
		Addr: net.JoinHostPort(d.IMAP.Host, strconv.Itoa(d.IMAP.Port)), TLS: d.IMAP.TLS, TLSConfig: d.file.authorities(d.IMAP.CAFile),
		Username: l.Username, Auth: l.Auth, Secret: l.Secret(d.file.Path).Resolve,
		Folders: folders, Poll: time.Duration(d.IMAP.Poll), MaxSize: int64(d.IMAP.MaxSize), Since: d.IMAP.Since,
		Mark: imapwatch.Mark{Keyword: d.IMAP.Keyword, MoveTo: d.IMAP.MoveTo},
	}
}

// Sender returns what package outbound has to know.
func (d *Desk) Sender() outbound.Config {
	l := d.SMTP.Over(d.Login)
	return outbound.Config{
		Host: d.SMTP.Host, Port: d.SMTP.Port, TLS: d.SMTP.TLS, TLSConfig: d.file.authorities(d.SMTP.CAFile),
		Auth: l.Auth, User: l.Username, Secret: l.Secret(d.file.Path).Resolve, Sender: d.envelope(l),
	}
}

// envelope is the address bounces go to: the login's own, since its mailbox is the one we read and many servers allow no other.
func (d *Desk) envelope(l mailbox.Login) string {
	if strings.Contains(l.Username, "@") {
		return l.Username
	}
	return d.Address
}

// Trusted returns what package mailauth has to know.
func (d *Desk) Trusted() mailauth.Config {
	c := mailauth.Config{
		AuthservID: d.Trust.AuthservID, OwnHosts: d.Trust.OwnHosts, StrictAlignment: d.Trust.StrictAlignment,
		MicrosoftTenantID: d.Trust.MicrosoftTenant, MicrosoftResults: d.Provider == "microsoft365",
	}
	for _, m := range d.Trust.Methods {
		c.Methods = append(c.Methods, mailauth.Method(m))
	}
	return c
}

// Classifier returns what package classifier has to know.
func (d *Desk) Classifier() classifier.Config {
	c := classifier.Config{
		Own: []string{d.Address}, Sources: d.file.Sources, ContractTerms: d.Terms, ProductNames: d.Products, Languages: d.Languages,
	}
	if len(d.Trust.AuthservID) > 0 {
		c.AuthservID = d.Trust.AuthservID[0]
	}
	return c
}

// authorities trusts the certificates of a file beside the system's; nil leaves it to the system. What cannot be read was
// reported when the file was checked.
func (f *File) authorities(file string) *tls.Config {
	if file == "" {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(f.Path(file))
	if err == nil {
		pool.AppendCertsFromPEM(pem)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// openLines are the lines of opening hours that hold for the desk's people.
func (d *Desk) openLines() []string {
	spec, _ := d.spec("hours")
	return spec.Open
}
