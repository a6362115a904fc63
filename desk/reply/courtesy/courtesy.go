// Package courtesy knows what people write to a colleague around an "ok": words by which they agree, thank and take leave, and what they sign
// with. None of that is for a customer.
//
// A line counts only where all its words are known. So whoever adds a condition, a "but" or a "not" has written something else, and nothing is
// guessed. The package is pure, knows nothing of tickets, and takes time linear in the text.
package courtesy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"replyby/desk/reply/plain"
)

// Agreement is what a line of nothing but courtesies comes to.
type Agreement int

// Agreements.
const (
	None  Agreement = iota // it says something else
	Vague                  // it agrees, perhaps, without a word for sending: "va bene", "👍"
	Plain                  // it says to send: "ok grazie", "vale, envíalo"
)

// Agrees says whether a line agrees and does nothing else. Who wrote it may have signed it.
func Agrees(line, writer string) Agreement {
	const longest, short = 120, 3 // there are people called No
	if len(line) > longest || strings.Contains(line, "?") || plain.Hidden(plain.Line(line)) || plain.Reversed(line) {
		return None
	}
	said := " " + strings.Join(tokens(line), " ") + " "
	for _, aside := range asides() {
		said = strings.Replace(said, aside[0], aside[1], 1)
	}
	found, all := None, strings.Fields(said)
	for _, w := range all {
		switch {
		case plain.Lists(sends, w):
			found = Plain
		case plain.Lists(agrees, w):
			found = max(found, Vague)
		case !plain.Lists(beside, w) && !plain.Lists(leaves, w) && (len(w) <= short || !names(w, writer)):
			return None
		}
	}
	switch {
	case len(all) == 0 && strings.TrimSpace(line) != "":
		return Vague // a thumb, or any other picture
	case strings.ContainsAny(line, "❌✖✗✘🚫⛔👎🛑✋"):
		return min(found, Vague)
	}
	return found
}

// asides are phrases of which no word says anything in another place: "ok by me" is not "send me".
func asides() [][2]string {
	return [][2]string{
		{" o k ", " ok "}, {" per me ", " "}, {" da parte mia ", " "}, {" con l'invio ", " "}, {" puoi ", " "}, {" potete ", " "}, {" pour moi ", " "}, {" pour l'envoi ", " "}, {" ca me va ", " d'accord "},
		{" tu peux ", " "}, {" vous pouvez ", " "}, {" por mi parte ", " "}, {" de mi parte ", " "}, {" por mi ", " "}, {" me parece ", " "}, {" puedes ", " "},
		{" by me ", " "}, {" for me ", " "}, {" from me ", " "}, {" with me ", " "}, {" good to me ", " good "}, {" fine to me ", " fine "}, {" good to go ", " good "}, {" to send ", " send "}, {" you can ", " "},
	}
}

// Opened is a text without the greetings, thanks and blank lines that it begins with.
func Opened(words string) string {
	for words != "" {
		line, below, _ := strings.Cut(words, "\n")
		if !leave(line, "") || len(tokens(line)) == 0 && strings.TrimSpace(line) != "" { // a picture may be all there is
			break
		}
		words = below
	}
	return words
}

// SignsOff reports whether words are wholly what people end a mail with: thanks, greetings, their name and what stands below it. Named says that
// they begin with such an end, also if something follows that may be more, or that they may be the card of a firm.
func SignsOff(words, writer string) (wholly, named bool) {
	lines := strings.Split(words, "\n")
	for i, line := range lines {
		switch {
		case named:
			return card(lines[i:]), true
		case picture(line), leave(line, ""):
		case leave(headed(line), writer):
			named = true
		default:
			return false, firm(lines[i:])
		}
	}
	return true, named
}

// leave reports whether all words of a line are farewells or the name of its writer.
func leave(line, writer string) bool {
	return !slices.ContainsFunc(tokens(line), func(w string) bool {
		return !plain.Lists(leaves, w) && !names(w, writer) && (writer == "" || !plain.Lists(titles, w))
	})
}

// headed is a line without what stands behind a line drawn within it: "Anna Verdi | MB srl".
func headed(line string) string {
	for _, drawn := range []string{" | ", " - ", " – ", " — ", " · ", " / "} {
		if head, _, found := strings.Cut(line, drawn); found {
			return head
		}
	}
	return line
}

// names reports whether a folded word is part of a person's name, or an initial.
func names(word, person string) bool {
	var initials string
	for part := range strings.FieldsSeq(plain.Fold(person)) {
		first, _ := utf8.DecodeRuneInString(part)
		if initials += string(first); word == part || word == string(first) {
			return true
		}
	}
	return word != "" && word == initials
}

// card reports whether lines below a name are what people have printed there: in its own paragraph a firm, a post and contacts, below that nothing
// but contacts.
func card(lines []string) bool {
	const most = 8
	n := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	if n < 0 {
		n = len(lines)
	}
	printed := slices.ContainsFunc(lines[:n], contact)
	for i, line := range lines {
		short := utf8.RuneCountInString(line) <= 80 && !strings.ContainsAny(line, "!?") && !postscript(line)
		switch {
		case strings.TrimSpace(line) == "" || short && contact(line) || picture(line):
		case i >= n || n > most || !short || !printed && !title(line):
			return false
		}
	}
	return true
}

// firm reports whether lines may be what people have printed at the end of their mails without a name: titles, one below the other, and contacts.
func firm(lines []string) bool {
	titles, contacts := 0, 0
	for _, line := range lines {
		switch {
		case strings.TrimSpace(line) == "":
		case contact(line):
			contacts++
		case title(line):
			titles++
		default:
			return false
		}
	}
	return titles > 0 && contacts > 0
}

// contact tells a line with an address, a link or a number.
func contact(line string) bool {
	digits := 0
	for _, r := range line {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 6 || strings.Contains(line, "@") || strings.Contains(line, "www.") || strings.Contains(line, "://")
}

// title tells a firm or a post: two words, or more that all begin with a capital.
func title(line string) bool {
	const short = 3 // "di", "srl"
	words := strings.Fields(line)
	return len(words) <= 2 || !slices.ContainsFunc(words, func(w string) bool {
		first, _ := utf8.DecodeRuneInString(w)
		return unicode.IsLower(first) && utf8.RuneCountInString(w) > short
	})
}

// picture tells what mail programs write in place of one: "[image: logo]", "[cid:…]".
func picture(line string) bool {
	line = strings.ToLower(strings.TrimSpace(line))
	return strings.HasSuffix(line, "]") && (strings.HasPrefix(line, "[image:") || strings.HasPrefix(line, "[cid:") || strings.HasPrefix(line, "[logo"))
}

func postscript(line string) bool {
	words := tokens(line)
	return len(words) > 0 && slices.Contains([]string{"ps", "pd", "nb", "nota", "note"}, words[0]) ||
		len(words) > 1 && slices.Contains([]string{"p s", "p d", "n b"}, words[0]+" "+words[1])
}

// tokens are the folded words of a line, without signs and pictures. What crosses letters out belongs to them.
func tokens(line string) []string {
	return strings.FieldsFunc(plain.Fold(line), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\''
	})
}
