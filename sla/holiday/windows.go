package holiday

// WindowsZone translates the Windows names Outlook writes into calendars, for
// the zones of the countries known here (Unicode CLDR, windowsZones.xml).
func WindowsZone(name string) (iana string, ok bool) {
	switch name {
	case "W. Europe Standard Time":
		return "Europe/Berlin", true
	case "Romance Standard Time":
		return "Europe/Paris", true
	case "Central Europe Standard Time":
		return "Europe/Budapest", true
	case "GMT Standard Time":
		return "Europe/London", true
	case "UTC":
		return "UTC", true
	}
	return "", false
}
