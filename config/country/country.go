// Package country says what a country implies where a configuration is silent.
package country

import "strings"

// Home is where a desk is at home.
type Home struct {
	Zone      string   // IANA name of its time zone, "" where the country says nothing
	Languages []string // all we have texts in, its own first
}

// Of returns what a country (ISO 3166-1, "ES") or a region of it (ISO 3166-2, "ES-CN") implies.
func Of(region string) Home {
	name, _, _ := strings.Cut(region, "-")
	switch {
	case region == "ES-CN":
		return Home{"Atlantic/Canary", []string{"es", "it", "fr", "en"}}
	case name == "ES":
		return Home{"Europe/Madrid", []string{"es", "it", "fr", "en"}}
	case name == "IT":
		return Home{"Europe/Rome", []string{"it", "es", "fr", "en"}}
	case name == "FR":
		return Home{"Europe/Paris", []string{"fr", "it", "es", "en"}}
	}
	return Home{Languages: []string{"en", "it", "es", "fr"}}
}
