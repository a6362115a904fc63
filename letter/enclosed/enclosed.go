// Package enclosed says in mails to staff which files go with a letter to the customer, and which do not.
package enclosed

import (
	"fmt"
	"strings"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// Dropped is a file of a staff mail that does not go to the customer. Why is
//
//	picture   it stands within the text, as logos do      mail     it is a mail, which may hold anything
//	theirs    the customer sent it himself                card     programs attach it to every mail
//	unused    no letter goes by this mail                 several  the letter is written anew for each customer
//	again     the mail did nothing, and what it brought is in no draft
//	unproven  nothing proves who sent it, and the confirmation that is asked for may bring it
type Dropped struct{ Name, Why string }

// maxName bounds what a mail shows of a file's name, in runes.
const maxName = 80

// Drafted names the files that a draft has.
func Drafted(v words.Voice, files []ticket.Enclosed) string {
	var list []ticket.Attachment
	for _, f := range files {
		list = append(list, f.Attachment)
	}
	return Names(v, list)
}

// Names lists files with their sizes.
func Names(v words.Voice, files []ticket.Attachment) string {
	var names []string
	for _, f := range files {
		names = append(names, fmt.Sprintf("%s (%s)", page.Short(f.Name, maxName), size(v, f.Size)))
	}
	return strings.Join(names, ", ")
}

// Write says what does not go, if anything does not.
func Write(p *page.Page, v words.Voice, dropped []Dropped) {
	var names []string
	for _, d := range dropped {
		names = append(names, page.Short(d.Name, maxName)+" ("+v.Say("dropped."+d.Why)+")")
	}
	if len(names) > 0 {
		p.Small(v.Say("dropped", "names", strings.Join(names, ", ")))
	}
}

// size says how large a file is, as people write it.
func size(v words.Voice, bytes int) string {
	const mega = 1 << 20
	if bytes < mega {
		return v.Say("size.kb", "n", fmt.Sprint((bytes+1023)/1024))
	}
	n := fmt.Sprintf("%.1f", float64(bytes)/mega)
	if v.Lang != "en" {
		n = strings.Replace(n, ".", ",", 1)
	}
	return v.Say("size.mb", "n", n)
}
