package fresh

import (
	"slices"
	"strings"
)

// IsBy says that the lines which introduce an older mail, at the start of what was cut, name somebody as its author: by his address before
// any other or, as some programs do, by one of some names alone. The author stands in the first two lines, above whom the mail was to.
func IsBy(quoted, address string, names []string) bool {
	var above string
	lines := 0
	for line := range strings.Lines(quoted) {
		line = strings.ToLower(strings.Trim(line, "> \t\r\n"))
		if strings.Trim(line, "-_= ") == "" || strings.HasPrefix(line, "--") {
			continue // drawn above
		}
		if above += line + " "; lines == 1 {
			break
		}
		lines++
	}
	if first := strings.IndexByte(above, '@'); first >= 0 {
		at := strings.IndexByte(address, '@')
		return first >= at && strings.HasPrefix(above[first-at:], strings.ToLower(address))
	}
	return slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.Contains(above, strings.ToLower(name)) })
}
