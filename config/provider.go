package config

import (
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
