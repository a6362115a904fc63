package courtesy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"replyby/desk/reply/plain"
)

// Frame parts a person's words to a customer from the greeting that they begin with and the farewell that they end with, "" where there is none.
// Signed says that the farewell has the writer's name. Nothing gets lost: the three are all there was. What is nothing but greeting and farewell
// stays whole.
func Frame(words, writer string) (greeting, said, farewell string, signed bool) {
	said = strings.TrimSpace(words)
	if line, below, _ := strings.Cut(said, "\n"); greets(line, below) {
		greeting, said = strings.TrimSpace(line), strings.TrimSpace(below)
	} else if at := strings.IndexAny(line, ",!"); at > 0 && at+1 < len(line) && line[at+1] == ' ' && hails(tokens(line[:at])) { // "Buongiorno Mario, ho visto."
		greeting, said = said[:at+1], strings.TrimSpace(said[at+1:])
	}
	lines := strings.Split(said, "\n")
	const most = 12 // lines of a farewell
	for i := max(1, len(lines)-most); i < len(lines); i++ {
		if is, named := parts(lines[i:], writer); is {
			farewell, signed = strings.TrimSpace(strings.Join(lines[i:], "\n")), named
			said = strings.TrimSpace(strings.Join(lines[:i], "\n"))
			break
		}
	}
	return greeting, said, farewell, signed
}

// greets reports whether a line greets whom the lines below it speak to, and says nothing else.
func greets(line, below string) bool {
	line = strings.TrimSpace(line)
	if strings.TrimSpace(below) == "" || !hails(tokens(line)) {
		return false
	}
	last, n := utf8.DecodeLastRuneInString(line)
	alone := strings.HasPrefix(strings.TrimLeft(below, " \t\r"), "\n")
	return !strings.ContainsAny(line[:len(line)-n], ";:!?") && !second(line[:len(line)-n]) && last != '?' && (alone || strings.ContainsRune(",;:!.-–—", last))
}

// second reports whether something other than another greeting stands behind a comma: "Madame, Monsieur" has none.
func second(line string) bool {
	_, rest, found := strings.Cut(line, ",")
	return found && !hails(tokens(rest))
}

// hails reports whether words begin as people begin who speak to somebody, and are no more than his name.
func hails(said []string) bool {
	const most = 5
	return len(said) > 0 && len(said) <= most && (plain.Lists(greetings, said[0]) || plain.Lists(greetings, strings.Join(said[:min(2, len(said))], "-")))
}

// parts reports whether lines are the end of a mail: a farewell or the writer's name, and what stands below.
func parts(lines []string, writer string) (is, named bool) {
	if len(tokens(lines[0])) == 0 || !takesLeave(lines[0]) && !leave(headed(lines[0]), writer) {
		return false, false
	}
	for len(lines) > 0 && (len(tokens(lines[0])) == 0 || takesLeave(lines[0])) {
		lines = lines[1:]
	}
	return SignsOff(strings.Join(lines, "\n"), writer)
}

// takesLeave reports whether a line is nothing but a farewell.
func takesLeave(line string) bool {
	const most = 6 // words
	said := tokens(line)
	known := func(w string) bool { return plain.Lists(leaves, w) || plain.Lists(farewells, w) }
	return len(said) <= most && slices.ContainsFunc(said, func(w string) bool { return plain.Lists(leaves, w) }) && !slices.ContainsFunc(said, func(w string) bool { return !known(w) })
}

// IsName reports whether words are nothing but their writer's name, or part of it.
func IsName(words, writer string) bool {
	said := tokens(words)
	return len(said) > 0 && !slices.ContainsFunc(said, func(w string) bool { return !names(w, writer) })
}
