package kill_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/mailhost"
	"replyby/mailparse"
)

// story is one customer's: a request, an answer, a further question, a solution.
type story struct {
	n       int
	ref     string
	latest  *mailparse.Message // what Anna got last about it
	written []string           // Message-IDs of the customer's mails
	steps   int                // answers of Anna's so far
	tries   int
	unread  bool // a mail of the customer's was begun twice and became a ticket unread
	asked   bool // two letters are in doubt, one because its copy was begun twice: whoever sends one again is asked which, a quarter of an hour later
}

func (s *story) customer() string { return fmt.Sprintf("c%d%s", s.n, customers) }

// words are what Anna answers, and nothing else in the world says that.
func words(n, step int) string {
	return fmt.Sprintf("Ho guardato con calma la richiesta %d, passo %d, e qui trova la mia risposta.", n, step)
}

var (
	wordsForm   = regexp.MustCompile(`richiesta (\d+), passo (\d+),`)
	subjectForm = regexp.MustCompile(`^\[(MB-\d+)\] (.*): .*Richiesta numero (\d+)`)
	tokenForm   = regexp.MustCompile(`\(rb:[a-z2-7]{26}\)`)
	letterForm  = regexp.MustCompile(`(?m)^X-Replyby-Letter: [0-9a-f]+/(\S+)\r$`)
)

// people write, read and answer. They know what the server has accepted.
type people struct {
	t        testing.TB
	post     func([]byte)
	deliver  func(string, []byte)
	stories  []*story
	silent   bool // nobody answers for now
	waiting  []*mailparse.Message
	mails    int             // that went to the desk's mailbox
	read     int             // of the accepted mails
	answered map[string]bool // by token
	accepted map[string]int  // by id of the letter
	arrived  map[string]bool // letters to customers, by Message-ID, which all copies of one share
	copies   map[string]int  // accepted letters to customers, by the words in them
	doubts   map[string]time.Time
	resent   int
	unread   map[string]bool // tickets
	missed   map[string]bool // Message-IDs of the mails in them
	strange  []string        // mails to customers that nobody approved
}

// ask lets a new customer write.
func (p *people) ask() {
	s := &story{n: len(p.stories) + 1}
	p.stories = append(p.stories, s)
	p.write(s, fmt.Sprintf("Richiesta numero %d", s.n), "", "Buongiorno,\n\nda stamattina il carrello non accetta pagamenti. Potete guardare?\n\nGrazie")
}

func (p *people) write(s *story, subject, answers, text string) {
	id := fmt.Sprintf("c%d.%d@client.test", s.n, len(s.written)+1)
	s.written = append(s.written, id)
	p.mails++
	p.deliver(s.customer(), compose(fmt.Sprintf("Cliente %d <%s>", s.n, s.customer()), id, subject, answers, text))
}

func compose(from, id, subject, answers, text string) []byte {
	head := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n", from, support, subject, time.Now().Format(time.RFC1123Z), id)
	if answers != "" {
		head += fmt.Sprintf("In-Reply-To: <%s>\r\nReferences: <%s>\r\n", answers, answers)
	}
	return []byte(head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
		strings.ReplaceAll(text, "\n", "\r\n") + "\r\n")
}

// work reads what the server has accepted since the last time, and answers. It returns how much there was.
func (p *people) work(all []mailhost.Transaction) int {
	news := all[p.read:]
	p.read = len(all)
	for _, x := range news {
		if x.User == support {
			p.got(x)
		}
	}
	if p.silent {
		return len(news)
	}
	for _, m := range p.waiting {
		p.decide(m)
	}
	p.waiting = nil
	return len(news)
}

func (p *people) got(x mailhost.Transaction) {
	m := mailparse.Parse(x.Data)
	if id := letterForm.FindSubmatch(x.Data); id != nil {
		p.accepted[string(id[1])]++
	}
	if slices.Contains(x.To, support) {
		p.mails++
	}
	toCustomer := slices.IndexFunc(x.To, func(to string) bool { return strings.HasSuffix(to, customers) })
	switch {
	case toCustomer >= 0:
		p.arrived[m.MessageID] = true
		p.answer(x.To[toCustomer], m)
	case slices.Contains(x.To, anna):
		p.waiting = append(p.waiting, m)
	}
}

// answer lets a customer read a letter. After the first one he writes again.
func (p *people) answer(to string, m *mailparse.Message) {
	found := wordsForm.FindAllStringSubmatch(strings.Join(strings.Fields(m.Text), " "), -1)
	if len(found) != 1 {
		p.strange = append(p.strange, to+": "+m.Text)
		return
	}
	n, _ := strconv.Atoi(found[0][1])
	step, _ := strconv.Atoi(found[0][2])
	if n > len(p.stories) || p.stories[n-1].customer() != to || step > p.stories[n-1].steps {
		p.strange = append(p.strange, to+": "+m.Text)
		return
	}
	p.copies[words(n, step)]++
	if s := p.stories[n-1]; step == 1 && len(s.written) == 1 {
		p.write(s, "Re: "+m.Subject, m.MessageID, "Grazie. Mi manca ancora la fattura di ieri, la vedete?")
	}
}

// decide lets Anna answer a mail that asks her for words.
func (p *people) decide(m *mailparse.Message) {
	found := subjectForm.FindStringSubmatch(m.Subject)
	if found == nil {
		return
	}
	n, _ := strconv.Atoi(found[3])
	s := p.stories[n-1]
	s.ref, s.latest = found[1], m
	step := map[string]int{"Da approvare": 1, "Il cliente ha scritto ancora": 2}[found[2]]
	if step == 0 || p.answered[tokenForm.FindString(m.Subject)] {
		return
	}
	p.answered[tokenForm.FindString(m.Subject)] = true
	s.steps = max(s.steps, step)
	p.say(s, step)
}

// say answers the latest mail about a story.
func (p *people) say(s *story, step int) {
	s.tries++
	p.reply(s, fmt.Sprintf("a%d.%d.%d", s.n, step, s.tries), []string{"", "ok", "fixed"}[step]+"\n\n"+words(s.n, step))
}

func (p *people) reply(s *story, id, text string) {
	quoted := "\n\nIl giorno lun 23 nov 2026 alle ore 15:00 Bottega Web ha scritto:\n> " + strings.ReplaceAll(strings.TrimSpace(s.latest.Text), "\n", "\n> ")
	p.mails++
	p.post(compose(annaName+" <"+anna+">", id+"@client.test", "Re: "+s.latest.Subject, s.latest.MessageID, text+quoted))
}

// done says that a story is over.
func (p *people) done(s *story) bool { return p.copies[words(s.n, 2)] > 0 || s.unread || s.asked }

// again takes up a mail that became a ticket unread, because the program died twice over it: Anna says once more what she said. A
// customer whose mail it was has a ticket, and here the story ends.
func (p *people) again(id string) {
	var n, step, try int
	if _, err := fmt.Sscanf(id, "a%d.%d.%d@", &n, &step, &try); err == nil {
		p.say(p.stories[n-1], step)
	} else if _, err := fmt.Sscanf(id, "c%d.%d@", &n, &step); err == nil {
		p.stories[n-1].unread = true
	}
}

// quiet says that little is going on.
func (p *people) quiet() bool {
	open := 0
	for _, s := range p.stories {
		if !p.done(s) {
			open++
		}
	}
	return open < 8
}

func (p *people) over() bool { return p.unfinished() == "" }

func (p *people) unfinished() string {
	var left []string
	for _, s := range p.stories {
		if !p.done(s) {
			left = append(left, fmt.Sprintf("%d (%s, step %d, %d mails, letters %d)", s.n, s.ref, s.steps, len(s.written), p.copies[words(s.n, 1)]))
		}
	}
	return strings.Join(left, ", ")
}
