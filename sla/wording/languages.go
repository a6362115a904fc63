package wording

func italian() Words {
	return Words{
		lang:     "it",
		weekdays: [7]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"},
		months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio",
			"agosto", "settembre", "ottobre", "novembre", "dicembre"},
		shortDays:  [7]string{"dom", "lun", "mar", "mer", "gio", "ven", "sab"},
		shortMonth: [12]string{"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
		day:        "%s %s %s %d", at: ", ore ", dayEnd: "fine giornata", zone: "ora di %s",
		zones: map[string]string{
			"Europe/Rome": "ora italiana", "Europe/Madrid": "ora spagnola", "Europe/Paris": "ora francese",
			"Atlantic/Canary": "ora delle Canarie", "UTC": "UTC",
		},
	}
}

func spanish() Words {
	return Words{
		lang:     "es",
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
			"agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		shortDays:  [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		shortMonth: [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
		day:        "%s %s de %s de %d", at: ", a las ", dayEnd: "final del día", zone: "hora de %s",
		zones: map[string]string{
			"Europe/Rome": "hora italiana", "Europe/Madrid": "hora peninsular española", "Europe/Paris": "hora francesa",
			"Atlantic/Canary": "hora canaria", "UTC": "UTC",
		},
	}
}

func french() Words {
	return Words{
		lang:     "fr",
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
			"août", "septembre", "octobre", "novembre", "décembre"},
		shortDays:  [7]string{"dim", "lun", "mar", "mer", "jeu", "ven", "sam"},
		shortMonth: [12]string{"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"},
		day:        "%s %s %s %d", at: " à ", dayEnd: "fin de journée", zone: "heure de %s", first: "1er",
		zones: map[string]string{
			"Europe/Rome": "heure italienne", "Europe/Madrid": "heure espagnole", "Europe/Paris": "heure de Paris",
			"Atlantic/Canary": "heure des Canaries", "UTC": "UTC",
		},
	}
}

func english() Words {
	return Words{
		lang:     "en",
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July",
			"August", "September", "October", "November", "December"},
		shortDays:  [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		shortMonth: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		day:        "%s %s %s %d", at: ", ", dayEnd: "end of day", zone: "%s time",
		zones: map[string]string{
			"Europe/Rome": "Italian time", "Europe/Madrid": "Spanish time", "Europe/Paris": "French time",
			"Atlantic/Canary": "Canary Islands time", "UTC": "UTC",
		},
	}
}
