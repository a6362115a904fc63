// Package reply reads the language in which staff answer: command lines first, then the words for the customer.
//
// A command line is wholly a verb and its arguments. Words begin at the first line that is no command; if the first line is
// none, all of it is words. A first word that is nearly a verb, or a verb whose arguments make no sense, is a doubt: then
// nothing of the mail may have an effect. The package is pure and knows nothing of tickets.
package reply

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Verb is what a person asks for, in the one spelling the program uses.
type Verb string

// Verbs of the language. Those that make a letter to the customer are marked by [Verb.Writes].
const (
	OK       Verb = "ok"
	ETA      Verb = "eta"
	NoETA    Verb = "noeta"
	Next     Verb = "next"
	Note     Verb = "note"
	Wait     Verb = "wait"
	Fixed    Verb = "fixed"
	Posted   Verb = "posted"
	Take     Verb = "take"
	Assign   Verb = "assign"
	Fault    Verb = "fault"
	Question Verb = "question"
	Presale  Verb = "presale"
	Urgent   Verb = "urgent"
	Normal   Verb = "normal"
	Close    Verb = "close"
	Reopen   Verb = "reopen"
	Resend   Verb = "resend"
	Leave    Verb = "leave"
	Undo     Verb = "undo"
	Status   Verb = "status"
	Help     Verb = "help"
)

// Writes says that the verb makes a letter to the customer, and so needs a token and spends it.
func (v Verb) Writes() bool {
	switch v {
	case OK, ETA, NoETA, Fixed, Resend:
		return true
	}
	return false
}

// Command is one line of commands. At is the instant named, for verbs that take one; Args the rest of the line as written.
type Command struct {
	Verb Verb
	Args string
	At   time.Time
	Line string
}

// Doubt says why nothing may be done: the line, and the verb it may have meant.
type Doubt struct {
	Line    string
	Nearest Verb
	Reason  string
}

// Reply is what a person wrote: commands in order, then words. With a Doubt neither counts.
type Reply struct {
	Commands []Command
	Words    string
	Doubt    *Doubt
}

// maxCommands is more than anybody needs; a mail with more is a doubt, not a program.
const maxCommands = 20

// Has returns the first command with that verb.
func (r Reply) Has(v Verb) (Command, bool) {
	for _, c := range r.Commands {
		if c.Verb == v {
			return c, true
		}
	}
	return Command{}, false
}

// Parse reads the fresh text of a staff mail. Dates are read as of now in the zone of now.
func Parse(fresh string, now time.Time) Reply {
	var r Reply
	lines := strings.Split(strings.ReplaceAll(fresh, "\r\n", "\n"), "\n")
	i := 0
	for ; i < len(lines); i++ {
		line := clean(lines[i])
		if line == "" {
			continue
		}
		c, doubt := command(line, now)
		if doubt != nil {
			return Reply{Doubt: doubt}
		}
		if c == nil {
			break
		}
		if r.Commands = append(r.Commands, *c); len(r.Commands) > maxCommands {
			return Reply{Doubt: &Doubt{Line: line, Reason: "too many commands in one mail"}}
		}
	}
	r.Words = strings.TrimSpace(strings.Join(lines[i:], "\n"))
	return r
}

// command reads one line. Both results are nil when the line is words.
func command(line string, now time.Time) (*Command, *Doubt) {
	word, rest, _ := strings.Cut(line, " ")
	word, rest = fold(strings.TrimRight(word, ":.,;!")), strings.TrimSpace(rest)
	for _, s := range grammar() {
		if !s.named(word) {
			continue
		}
		if !s.fits(rest) {
			return nil, nil
		}
		c := &Command{Verb: s.verb, Args: rest, Line: line}
		if s.takes == instant {
			at, err := When(rest, now)
			if err != nil {
				return nil, &Doubt{Line: line, Nearest: s.verb, Reason: err.Error()}
			}
			c.At = at
		}
		return c, nil
	}
	if v, near := nearest(word); near && len(strings.Fields(rest)) <= 1 {
		return nil, &Doubt{Line: line, Nearest: v, Reason: "no such command"}
	}
	return nil, nil
}

// clean takes off what mail clients add around a line: bullets are kept, invisible characters are not.
func clean(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\u00a0' || r == '\u202f':
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			return -1
		}
		return r
	}, line)
	return strings.Join(strings.Fields(line), " ")
}

// fold makes words comparable: lower case, without accents.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(s, "")))
}
