package mailbox

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"

	"replyby/config/strict"
)

//go:embed providers.toml
var providersFile []byte

// Provider is what is publicly known of a place that keeps mailboxes.
type Provider struct {
	Title string `toml:"title"`
	Note  string `toml:"note"` // what its customers have to do first
	Auth  string `toml:"auth"`
	IMAP  IMAP   `toml:"imap"`
	SMTP  SMTP   `toml:"smtp"`
	Trust Trust  `toml:"trust"`
}

// Providers returns the presets by the name that the key provider takes.
func Providers() map[string]Provider {
	var table struct {
		All map[string]Provider `toml:"provider"`
	}
	doc := strict.Decode(providersFile, &table)
	if len(doc.Problems) > 0 {
		panic(doc.Problems[0].Text) // a fault of the program, found by its tests
	}
	return table.All
}

// ProviderNames returns the names of the presets in order.
func ProviderNames() []string { return slices.Sorted(maps.Keys(Providers())) }

// Settle lends the preset to what a file leaves open. A port that the file names asks for the way of encryption it is known for.
func (p Provider) Settle(in *IMAP, out *SMTP, trust *Trust) {
	in.TLS, out.TLS = cmp.Or(in.TLS, usual(in.Port)), cmp.Or(out.TLS, usual(out.Port))
	p.IMAP.Port = portOf(p.IMAP.Port, p.IMAP.TLS, in.TLS)
	p.SMTP.Port = portOf(p.SMTP.Port, p.SMTP.TLS, out.TLS)
	strict.Overlay(in, &p.IMAP)
	strict.Overlay(out, &p.SMTP)
	strict.Overlay(trust, &p.Trust)
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
