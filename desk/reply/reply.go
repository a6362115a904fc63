// Package reply reads the language in which staff answer: command lines first, then the words for the customer.
//
//	reply   = { command } words
//	command = verb [ argument ]          on a line of its own
//
// A command line is wholly a verb and its argument. Words begin at the first line that is none; if the first line is none, all
// of it is words. Verbs and their synonyms in Italian, Spanish, French and English, and what may follow each, are a table
// (grammar.go), from which docs/reply-language.md is made. Case, accents, full-width letters, bullets, bold marks, quotes,
// brackets and what stands behind a command as punctuation or emoji do not matter; a line that begins with ">" never counts.
//
// Nothing is guessed. A first word at edit distance 1 of a verb, an argument that makes no sense, an instant that is past or can
// mean two things, an invisible character inside a verb, commands that contradict
// each other: each is a [Doubt], and then nothing of the mail may have an effect but that a letter is stopped.
//
// The package is pure, knows nothing of tickets, and takes time linear in the text.
package reply

import (
	"slices"
	"strings"
	"time"

	"replyby/desk/reply/plain"
	"replyby/desk/reply/verb"
)

// Command is one line of commands.
type Command struct {
	Verb verb.Verb
	// Args is the argument: for typed ones in one spelling ("all", "yes", "3", "90", "MB-12", "a@b.example"), else as written.
	Args    string
	At      time.Time // the instant named, in UTC, for eta, next and absent
	Why     string    // what stands behind a colon, for eta, refuse and bill; the tickets named, for patch
	Minutes int       // for bill
	Line    string    // as written, without what stands around it
}

// String writes the command in the one spelling that is read back as the same command.
func (c Command) String() string {
	said := c.Args
	if !c.At.IsZero() {
		said = c.At.Format(time.RFC3339Nano)
	}
	if c.Why != "" {
		said += ": " + c.Why
	}
	return strings.TrimSpace(string(c.Verb) + " " + said)
}

// Doubt says why nothing may be done: the line, and the verb it may have meant.
type Doubt struct {
	Line    string
	Nearest verb.Verb
	// Code is the kind of doubt, for texts in the reader's language: "verb" (nearly one), "argument", "instant" (unreadable),
	// "ambiguous", "impossible", "past", "far", "hidden" (characters nobody sees), "sentence" (or words?), "assent" (or words?),
	// "rivals", "twice", "long" and "many".
	Code   string
	Detail string // what a reader has to know besides: the character nobody sees, the command contradicted, the instant
	Reason string // in English
}

// Reply is what a person wrote: commands in order, then words. With a Doubt neither counts.
type Reply struct {
	Commands []Command
	Words    string
	Doubt    *Doubt
	// Stops says that one of the lines is undo, also with a Doubt about others or about what undo contradicts: what is to be stopped is
	// gone before a question is answered.
	Stops bool

	taken *Reply // with a Doubt: the commands above its line, and the text from there on as if that were words
}

// Bounds of what is read as commands; nobody needs more, and a mail with more is a doubt, not a program.
const (
	maxCommands = 20
	maxLine     = 4000 // bytes
)

// Has returns the first command with that verb.
func (r Reply) Has(v verb.Verb) (Command, bool) {
	for _, c := range r.Commands {
		if c.Verb == v {
			return c, true
		}
	}
	return Command{}, false
}

// Verbs names the commands, as the log does.
func (r Reply) Verbs() string {
	names := make([]string, len(r.Commands))
	for i, c := range r.Commands {
		names[i] = string(c.Verb)
	}
	return strings.Join(names, " ")
}

// UndoFirst are the commands in the order in which they are done: nothing that a mail says may stand in the way of what it stops, and a ticket
// goes on in another one only when no letter of it waits.
func (r Reply) UndoFirst() []Command {
	i := slices.IndexFunc(r.Commands, func(c Command) bool { return c.Verb == verb.Undo })
	if i < 0 {
		return r.Commands
	}
	return slices.Concat(r.Commands[i:i+1], r.Commands[:i], r.Commands[i+1:])
}

// Parse reads the fresh text of a staff mail. Dates are read as of now in the zone of now.
func Parse(fresh string, now time.Time) Reply {
	p := parser{lexicon: lexiconOf(grammar()), now: now}
	fresh = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(fresh)
	var said Reply
	for read := 0; fresh != "" && read <= maxCommands; {
		line, rest, _ := strings.Cut(fresh, "\n")
		if len(line) <= maxLine && plain.Line(line) == "" {
			fresh = rest
			continue
		}
		c, doubt := p.line(line)
		if c == nil && doubt == nil {
			break
		}
		if read++; read > maxCommands {
			doubt = &Doubt{Line: plain.Line(line), Code: "many", Reason: "too many commands in one mail"}
		}
		if taken := (Reply{Commands: said.Commands, Words: strings.TrimSpace(fresh)}); doubt != nil && said.taken == nil {
			said.taken = &taken
		}
		said.hear(c, doubt)
		fresh = rest
	}
	if said.Doubt != nil {
		return Reply{Doubt: said.Doubt, Stops: said.Stops, taken: said.taken}
	}
	said.Words = strings.TrimSpace(fresh)
	return said
}

// hear takes in one line. What is said behind a doubt counts no more, but for undo.
func (r *Reply) hear(c *Command, doubt *Doubt) {
	r.Stops = r.Stops || c != nil && c.Verb == verb.Undo
	if r.Doubt != nil {
		return
	}
	if doubt == nil {
		r.Commands, doubt = joined(r.Commands, *c)
	}
	r.Doubt = doubt
}

// joined adds a command to those before it. The same line twice is one command; the same command in two spellings is rather a
// list of words about it.
func joined(before []Command, c Command) ([]Command, *Doubt) {
	for _, b := range before {
		switch {
		case b.Line == c.Line:
			return before, nil
		case b.Verb == c.Verb && !slices.Contains([]verb.Verb{verb.Note, verb.Adopt, verb.Field}, c.Verb):
			return nil, &Doubt{Line: c.Line, Nearest: c.Verb, Code: "twice", Reason: "the same command twice, in different words"}
		case b.Verb != c.Verb && rival(b.Verb, c.Verb):
			return nil, &Doubt{Line: c.Line, Nearest: c.Verb, Code: "rivals", Detail: string(b.Verb), Reason: "contradicts " + string(b.Verb)}
		}
	}
	return append(before, c), nil
}

func rival(a, b verb.Verb) bool {
	return slices.ContainsFunc(rivals(), func(r []verb.Verb) bool { return slices.Contains(r, a) && slices.Contains(r, b) })
}
