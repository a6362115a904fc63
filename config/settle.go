package config

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"replyby/config/country"
	"replyby/config/mailbox"
	"replyby/config/strict"
)

// settle completes what the file says: the provider's preset first, then the documented defaults, then what follows from
// other keys.
func (f *File) settle() {
	presets := mailbox.Providers()
	for i := range f.Desks {
		d := &f.Desks[i]
		d.file, d.index = f, i
		p := presets[d.Provider] // nothing where none is named
		p.Settle(&d.IMAP, &d.SMTP, &d.Trust)
		d.Auth = cmp.Or(d.Auth, p.Auth)
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
	d.IMAP.Derive()
	d.SMTP.Derive()
	d.Trust.Derive()
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
