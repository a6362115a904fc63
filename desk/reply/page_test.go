package reply

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"replyby/desk/reply/verb"
	"replyby/desk/reply/when"
)

var update = flag.Bool("update", false, "write docs/reply-language.md from the grammar")

const page = "../../docs/reply-language.md"

const head = `# The reply language

Made from the grammar in ` + "`desk/reply`" + ` by ` + "`go test ./desk/reply -update`" + `; do not edit.

An answer to a mail of the desk begins with **command lines**. A command line is wholly a verb and its argument. **Words** for the
customer begin at the first line that is none; if the first line is none, all of it is words, and nothing is sent: the exact text comes
back as a draft.

Where your only words are a line that says to send, politely (` + "`ok grazie`, `vale, envíalo`, `ok, merci`" + `), they are ` + "`ok`" + `. A line that agrees and does not say to
send (` + "`va bene`, `d'accord`" + `, a thumb) comes back with a question. Thanks, a greeting and your name below a command, with the firm and the contacts below that, are
no words for the customer.

Capitals, accents, bullets (` + "`- ok`, `* ok`, `1. ok`" + `), bold, quotes, full stops and emoji around a command do not matter. Lines that begin with
` + "`>`" + ` never count, and nothing does that stands below the quoted mail: such an answer comes back and says to write above it. A character in a
verb that nobody sees, or that turns the direction of reading, is named and nothing is done.
What is nearly a verb, has an argument that makes no sense, or can mean two things does **nothing at all**: the mail comes back with a
question. So do commands that contradict each other (` + "`ok`" + ` and ` + "`undo`" + `), and more than 20 of them. Only
` + "`undo`" + ` is heard in such a mail: what it is to stop would be gone before you answer.

## Verbs

Verbs marked ✉ make a letter to the customer. ¹ stands alone on its line. ² takes its reason behind a colon, a dash or "because", since
the word also begins ordinary sentences: ` + "`urgente: il negozio è fermo`" + `.

| verb | argument | English | Italian | Spanish | French | effect |
|---|---|---|---|---|---|---|
`

const arguments = `
## Arguments

| argument | what is read |
|---|---|
| ` + "`<when>`" + ` | a date and time, see below |
| ` + "`<text>`, `[why]`" + ` | the rest of the line, as written; ` + "`[…]`" + ` may be left out |
| ` + "`<name>`" + ` | a name, first name or address of a colleague, also behind "to", "a", "à" |
| ` + "`<version>`" + ` | 1.2.3, v2.0 |
| ` + "`1-6, care, contract`" + ` | the ground of the contract; no Business Care; no contract |
| ` + "`yes, no`" + ` | also sì, sí, oui, non, and active or expired in the four languages |
| ` + "`<address>`" + ` | one plain mail address, with a name or without |
| ` + "`<ticket>`" + ` | MB-12, [MB-12], #12 or 12 |
| ` + "`<message>`" + ` | what the digest shows for a message set aside |
| ` + "`<minutes>`" + ` | 90, 90 min, 1h30, 1:30, 1.5 h |
| ` + "`[amount]`" + ` | a sum with its currency: 49,00 EUR, €49.90 |
| ` + "`[: why]`, `[: what]`, `[: work]`" + ` | words behind a colon; a reason also behind a dash or "because" |
| ` + "`<field>: <words>`" + ` | a place of the letter and what stands there: ` + "`field order: 4711`" + ` |

## Dates

Read in the zone of the desk and repeated in full in the receipt. The day comes before the month in all four languages. A day without a
year is the next one of that name. A weekday is the first after today, with "next" or without; beside a date it must agree with it. A day
without a time means 18:00, a time without a day means today.

Parts of the day stand for their end: morning and noon 12:00, afternoon and end of day 18:00, evening 21:00, night 23:00, midnight 24:00.
Hours and minutes from now count from this moment; days, weeks and months from now name a day. A time left out by a clock change is
moved on by as much as the clocks are; of a time that occurs twice the earlier is meant. What can mean two things is asked back: a range of hours (15:00-16:00), a bare 24h, a
bare 5.

Written on Monday 23 November 2026 at 15:00:

| written | read |
|---|---|
`

func examples() []string {
	return []string{"domani 17:00", "domani alle 17", "24/11 ore 18", "24.11.2026", "24 novembre", "martedì pomeriggio", "entro venerdì", "fine giornata", "tra 3 giorni", "fra un'ora e mezza",
		"mañana por la tarde", "pasado mañana a las 10:30", "24 de noviembre a las 17:00", "dentro de 2 horas", "a las 5 de la tarde",
		"vendredi 17h30", "demain matin", "le 24 novembre à 10 h", "dans deux jours", "fin de mois",
		"tomorrow 5pm", "next tuesday noon", "in 2 hours", "Nov 24 5 pm", "by Friday", "11/12", "7/1 10:00", "2026-11-24 17:00", "2026-11-24T17:00:00Z",
		"11/24", "mar 24", "10.11", "domani alle 5", "lunedì 24 novembre", "10:00", "in 3 years", "next week", "tra 3 giorni lavorativi"}
}

func generated(t *testing.T) string {
	var b strings.Builder
	b.WriteString(head)
	var verbs []verb.Verb
	rows := map[verb.Verb][]row{}
	for _, r := range grammar() {
		if rows[r.verb] == nil {
			verbs = append(verbs, r.verb)
		}
		rows[r.verb] = append(rows[r.verb], r)
	}
	for _, v := range verbs {
		first, mark := rows[v][0], ""
		if v.Writes() {
			mark = " ✉"
		}
		takes := string(first.takes)
		if first.takes == because {
			takes = "[why]"
		}
		if takes != "" {
			takes = "`" + takes + "`"
		}
		fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s | %s | %s | %s |\n", v, mark, takes,
			cell(rows[v], func(n names) string { return n.en }), cell(rows[v], func(n names) string { return n.it }),
			cell(rows[v], func(n names) string { return n.es }), cell(rows[v], func(n names) string { return n.fr }), first.effect)
	}
	b.WriteString(arguments)
	for _, e := range examples() {
		said := ""
		if at, err := when.Parse(e, now(t)); err != nil {
			said = "a question: " + err.Error()
		} else {
			said = at.In(now(t).Location()).Format("Mon 2 Jan 2006 15:04")
		}
		fmt.Fprintf(&b, "| %s | %s |\n", e, said)
	}
	return b.String()
}

// cell lists the names of one language, marked where they take less than the verb does.
func cell(rows []row, in func(names) string) string {
	var all []string
	for _, r := range rows {
		mark := ""
		switch {
		case r.takes == because:
			mark = "²"
		case r.takes == nothing && rows[0].takes != nothing:
			mark = "¹"
		}
		if list := in(r.names); list != "" {
			for n := range strings.SplitSeq(list, ", ") {
				all = append(all, n+mark)
			}
		}
	}
	return strings.Join(all, ", ")
}

func TestGeneratedPage(t *testing.T) {
	want := generated(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the grammar says (%v); run go test ./desk/reply -update", page, err)
	}
}
