package config

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"replyby/config/country"
	"replyby/config/secret"
	"replyby/config/strict"
)

// settle completes what the file says: the provider's preset first, then the documented defaults, then what follows from
// other keys.
func (f *File) settle() {
	presets := Providers()
	for i := range f.Desks {
		d := &f.Desks[i]
		d.file, d.index = f, i
		d.IMAP.TLS = cmp.Or(d.IMAP.TLS, usual(d.IMAP.Port))
		d.SMTP.TLS = cmp.Or(d.SMTP.TLS, usual(d.SMTP.Port))
		if p, ok := presets[d.Provider]; ok {
			p.IMAP.Port = portOf(p.IMAP.Port, p.IMAP.TLS, d.IMAP.TLS)
			p.SMTP.Port = portOf(p.SMTP.Port, p.SMTP.TLS, d.SMTP.TLS)
			strict.Overlay(&d.IMAP, &p.IMAP)
			strict.Overlay(&d.SMTP, &p.SMTP)
			strict.Overlay(&d.Trust, &p.Trust)
			d.Auth = cmp.Or(d.Auth, p.Auth)
		}
	}
	strict.Fill(f)
	for i := range f.Desks {
		f.Desks[i].derive()
	}
	for i := range f.Policies {
		f.Policies[i].derive()
	}
}

func (d *Desk) derive() {
	d.Prefix = cmp.Or(d.Prefix, initials(d.Name))
	d.Team = cmp.Or(d.Team, d.Name)
	home := country.Of(d.Country)
	d.Timezone = cmp.Or(d.Timezone, home.Zone)
	if len(d.Languages) == 0 {
		d.Languages = home.Languages
	}
	if d.Terms == nil {
		d.Terms = []string{"URGENTE"}
		if slices.Contains([]string{"fr", "en"}, d.Languages[0]) {
			d.Terms = []string{"URGENT", "URGENTE"}
		}
	}
	for i := range d.Staff {
		d.Staff[i].Language = cmp.Or(d.Staff[i].Language, d.Languages[0])
	}
	d.Auth = cmp.Or(d.Auth, "password")
	d.Username = cmp.Or(d.Username, d.Address)
	if d.IMAP.Keyword == "" && d.IMAP.MoveTo == "" {
		d.IMAP.Keyword = "$Replyby"
	}
	d.IMAP.Port = port(d.IMAP.Port, d.IMAP.TLS, 993, 143)
	d.SMTP.Port = port(d.SMTP.Port, d.SMTP.TLS, 465, 587)
	if d.Trust.MicrosoftTenant != "" && !slices.Contains(d.Trust.Methods, "microsoft-tenant") {
		d.Trust.Methods = append(d.Trust.Methods, "microsoft-tenant")
	}
}

// usual is the way of encryption that a port is known for (RFC 8314, 3 and 7), "" where it is known for none.
func usual(port int) string {
	switch port {
	case 993, 465:
		return "implicit"
	case 143, 587:
		return "starttls"
	}
	return ""
}

// portOf is the port of a preset where the file wants its way of encryption, or none other; with another way it has none to offer.
func portOf(preset int, tls, wanted string) int {
	if wanted != "" && wanted != tls {
		return 0
	}
	return preset
}

func port(given int, tls string, implicit, plain int) int {
	switch {
	case given != 0:
		return given
	case tls == "implicit":
		return implicit
	default:
		return plain
	}
}

// initials makes a prefix of a name: its first four letters, in capitals, without accents or signs.
func initials(name string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(name) {
		if r <= unicode.MaxASCII && unicode.IsLetter(r) && b.Len() < 4 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// over returns the login of one direction: its own keys over the desk's. A way to a secret replaces the desk's altogether.
func (l Login) over(desk Login) Login {
	if l.ways() > 0 {
		desk.PasswordFile, desk.PasswordEnv, desk.PasswordCommand, desk.TokenCommand = "", "", nil, nil
	}
	strict.Overlay(&l, &desk)
	return l
}

func (l Login) ways() int {
	n := 0
	for _, set := range []bool{l.PasswordFile != "", l.PasswordEnv != "", len(l.PasswordCommand) > 0, len(l.TokenCommand) > 0} {
		if set {
			n++
		}
	}
	return n
}

// secret returns where the login's password or token comes from.
func (f *File) secret(l Login) secret.Secret {
	if l.Auth == "xoauth2" {
		return secret.Secret{Command: l.TokenCommand}
	}
	return secret.Secret{File: f.Path(l.PasswordFile), Env: l.PasswordEnv, Command: l.PasswordCommand}
}
