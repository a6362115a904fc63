package desk_test

import (
	"container/heap"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/mailparse"
	"replyby/store"
)

// robotDays is how long two installations and the robots talk: -robots=365 for the figure.
var robotDays = flag.Int("robots", 30, "days in which robots answer each other")

// robot answers every mail by itself, after a while. What it says is a whole mail.
type robot struct {
	address string
	after   time.Duration
	answer  func(l heard) mail
}

// heard is a letter as a robot gets it: its fields, and how many mails all robots have written before.
type heard struct {
	id, subject, text string
	raw               []byte
	n                 int
}

func (l heard) re() string { return "Re: " + l.subject }

// outsiders are what answers letters to customers out there, each without end.
func outsiders() []robot {
	return []robot{
		{"ferie@robot1.example", time.Minute, func(l heard) mail {
			return mail{head: []string{"Auto-Submitted: auto-replied"}, subject: l.re(), text: "Sono in ferie."}
		}},
		{"vacanze@robot2.example", 2 * time.Minute, func(l heard) mail {
			return mail{subject: l.re(), text: "Sono in ferie fino al 30, per urgenze chiamate il 118."}
		}},
		{"ticket@robot3.example", 5 * time.Minute, func(l heard) mail {
			return mail{subject: fmt.Sprintf("[Ticket #%d] %s", l.n, l.subject), text: fmt.Sprintf("Abbiamo aperto il ticket #%d.", l.n)}
		}},
		{"rotta@robot4.example", 4 * time.Hour, undelivered},
		{"lista@robot5.example", 2 * time.Hour, func(l heard) mail {
			return mail{head: []string{"List-Id: <lista.robot5.example>", "Precedence: list"}, subject: l.re(), text: l.text}
		}},
		{"prova@robot6.example", time.Minute, func(heard) mail {
			return mail{subject: "Please confirm your message", text: "Click https://robot6.example/confirm to deliver your mail."}
		}},
		{"inoltro@robot7.example", 3 * time.Hour, func(l heard) mail { // a forwarder that comes back to us, with our own mark
			return mail{head: []string{"X-Replyby-Letter: " + mailparse.Parse(l.raw).Header.Get("X-Replyby-Letter")}, subject: l.subject, text: l.text}
		}},
		{"fuori@robot8.example", time.Minute, func(l heard) mail {
			return mail{subject: "Re: Automatic reply: " + l.subject, text: "Out of office."}
		}},
		{"letto@robot9.example", 6 * time.Hour, displayed},
		{"helpdesk@robot10.example", 10 * time.Minute, func(l heard) mail { // another helpdesk, with our tag
			return mail{subject: "[MB-1] " + l.subject, text: fmt.Sprintf("Thank you for contacting us, case %d.", l.n)}
		}},
		{"riunione@robot11.example", 20 * time.Minute, accepts},
		{"eco@robot12.example", time.Minute, func(l heard) mail { return mail{subject: l.subject, text: l.text} }},
	}
}

// undelivered is a report of a mail server (RFC 3464) that brings the head of the letter along.
func undelivered(l heard) mail {
	head, _, _ := strings.Cut(string(l.raw), "\r\n\r\n")
	return mail{head: []string{"Return-Path: <>", "Auto-Submitted: auto-replied"}, subject: "Undelivered Mail Returned to Sender",
		kind: "multipart/report; report-type=delivery-status", parts: []string{
			"Content-Type: text/plain\r\n\r\n<rotta@robot4.example>: 550 5.1.1 unknown user",
			"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.robot4.example\r\n\r\nFinal-Recipient: rfc822; rotta@robot4.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
			"Content-Type: text/rfc822-headers\r\n\r\n" + head + "\r\n",
		}}
}

// displayed is a read receipt nobody asked for (RFC 8098).
func displayed(l heard) mail {
	return mail{head: []string{"Disposition-Notification-To: letto@robot9.example"}, subject: "Letto: " + l.subject,
		kind: "multipart/report; report-type=disposition-notification", parts: []string{
			"Content-Type: text/plain; charset=utf-8\r\n\r\nIl messaggio è stato letto.",
			"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; letto@robot9.example\r\nOriginal-Message-ID: <" + l.id +
				">\r\nDisposition: automatic-action/MDN-sent-automatically; displayed\r\n",
		}}
}

// accepts is a calendar that takes whatever comes for an invitation (RFC 5546, METHOD:REPLY).
func accepts(l heard) mail {
	event := "BEGIN:VCALENDAR\r\nPRODID:-//robot11//IT\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:" + l.id +
		"\r\nDTSTAMP:20261123T140000Z\r\nDTSTART:20261124T140000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:riunione@robot11.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	return mail{subject: "Accettata: " + l.subject, kind: "multipart/alternative", parts: []string{
		"Content-Type: text/plain\r\n\r\nAccettata.",
		"Content-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(event)),
	}}
}

// insiders are robots among the staff, whose provider vouches for all they write.
func insiders() []robot {
	return []robot{
		{marco, time.Minute, func(l heard) mail { // unmarked, a new text each time, to each mail, at once
			return mail{subject: l.re(), text: fmt.Sprintf("Sono fuori ufficio, messaggio %d.", l.n)}
		}},
		{lucia, 60 * time.Hour, func(l heard) mail { // so slow that no bound of an hour ends it
			return mail{subject: l.re(), text: fmt.Sprintf("Leggerò il vostro messaggio al rientro (%d).", l.n)}
		}},
		{boss, time.Minute, func(l heard) mail {
			return mail{head: []string{"Auto-Submitted: auto-replied"}, subject: l.re(), text: "Ferie."}
		}},
	}
}

const lucia = "lucia@mb.example"

// parcel is a mail of a robot on its way to a desk.
type parcel struct {
	at  time.Time
	seq int
	to  *scenario
	mail
}

// parcels is a heap, the earliest first.
type parcels []parcel

func (p parcels) Len() int { return len(p) }
func (p parcels) Less(i, j int) bool {
	return p[i].at.Before(p[j].at) || p[i].at.Equal(p[j].at) && p[i].seq < p[j].seq
}
func (p parcels) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *parcels) Push(x any)   { *p = append(*p, x.(parcel)) }
func (p *parcels) Pop() any {
	old := *p
	last := old[len(old)-1]
	*p = old[:len(old)-1]
	return last
}

// world is two installations, each the other's customer, and the robots, all on one calendar.
type world struct {
	now    time.Time
	desks  []*scenario
	read   []int // letters of each that were carried on
	robots map[string]robot
	way    parcels
	mails  int
	seq    int
}

// I9: two installations and twelve robots answer each other, day after day: whatever comes, no mail goes to a stranger that no person
// decided, and nobody of our side gets more than his budget.
func TestRobots(t *testing.T) {
	t.Parallel() // a long one
	w := newWorld(t)
	days := *robotDays
	if testing.Short() {
		days = min(days, 7)
	}
	decided, end := 0, w.now.AddDate(0, 0, days)
	for next := w.now; w.now.Before(end); {
		if !w.now.Before(next) {
			decided += w.approve()
			next = next.AddDate(0, 0, 91)
		}
		w.step()
	}
	for i, s := range w.desks {
		customers := s.wantNoStrangers()
		s.wantWithinBudget()
		s.checkFold()
		t.Logf("desk %d: %d letters to customers, %d mails to our side in %d days", i+1, customers, len(s.sent)-customers, days)
		decided -= customers
	}
	t.Logf("%d mails of robots", w.mails)
	if decided != 0 || w.mails < days {
		t.Errorf("%d more letters to customers than anybody decided; %d mails of robots", -decided, w.mails)
	}
}

func newWorld(t *testing.T) *world {
	w := &world{robots: map[string]robot{}, read: make([]int, 2)}
	for _, domain := range []string{"mb.example", "due.example"} {
		cfg := agency(t)
		cfg.Address, cfg.TellColleagues = "assistenza@"+domain, true
		cfg.Staff = append(cfg.Staff, desk.Person{Name: "Lucia Blu", Addresses: []string{lucia}, Language: "es"})
		s := play(t, cfg)
		s.tick()
		w.desks, w.now = append(w.desks, s), s.now
	}
	for _, r := range slices.Concat(outsiders(), insiders()) {
		w.robots[r.address] = r
	}
	a, b := w.desks[0], w.desks[1]
	for _, r := range outsiders() {
		a.arrives(mail{from: r.address, subject: "Carrello", text: request})
	}
	b.arrives(mail{from: a.cfg.Address, subject: "Carrello", text: request})
	a.arrives(mail{from: b.cfg.Address, subject: "Carrello", text: request})
	w.carry()
	return w
}

// approve lets anna look at every ticket of which she has had a mail, and approve what she sees; it returns how many letters that makes.
func (w *world) approve() int {
	made := 0
	for _, s := range w.desks {
		made -= s.customers()
		w.answerAll(s, func(string) string { return "status" })
		w.answerAll(s, func(of string) string {
			return fmt.Sprintf("ok\n\nParole scritte per il caso %s, volta %d, e per nessun altro.", of, w.seq)
		})
		made += s.customers()
	}
	return made
}

// answerAll lets anna answer the latest mail about each ticket.
func (w *world) answerAll(s *scenario, say func(of string) string) {
	newest := map[string]store.Letter{}
	for _, l := range s.letters(anna) {
		if m := mailparse.Parse(l.Bytes); tokenForm.MatchString(m.Subject) {
			of, _, _ := strings.Cut(m.Subject, "]")
			newest[of] = l
		}
	}
	for _, of := range slices.Sorted(maps.Keys(newest)) {
		w.seq++
		s.arrives(s.answer(newest[of], anna, say(of)))
	}
	s.post()
}

// step goes on to whatever happens next: a mail of a robot, a step that is due, a beat after an hour in which nothing happened. The
// metronome beats every minute; beats between, in which nothing is due, are left out.
func (w *world) step() {
	next := w.now.Add(time.Hour)
	if len(w.way) > 0 && w.way[0].at.Before(next) {
		next = w.way[0].at
	}
	for _, s := range w.desks {
		due, err := s.store.Due(context.Background(), s.cfg.Name, next, 1)
		if err != nil {
			s.Fatal(err)
		}
		if len(due) > 0 && due[0].At.Before(next) {
			next = due[0].At.Truncate(time.Minute).Add(time.Minute)
		}
	}
	if next.After(w.now) {
		w.now = next
	}
	for _, s := range w.desks {
		s.now, s.alive = w.now, w.now.Add(-time.Minute)
		s.tick()
	}
	for len(w.way) > 0 && !w.way[0].at.After(w.now) {
		p := heap.Pop(&w.way).(parcel)
		p.to.arrives(p.mail)
		p.to.post()
	}
	w.carry()
}

// carry brings every letter to where it goes; robots will answer it.
func (w *world) carry() {
	for i, s := range w.desks {
		s.post()
		letters := s.sent[w.read[i]:]
		w.read[i] = len(s.sent)
		for _, l := range letters {
			for _, to := range l.To {
				w.deliver(s, to, l)
			}
		}
	}
}

func (w *world) deliver(s *scenario, to string, l store.Letter) {
	for _, other := range w.desks {
		if other != s && other.cfg.Address == to {
			other.plain(l.Bytes)
			other.post()
		}
	}
	r, ok := w.robots[to]
	if !ok {
		return
	}
	w.mails++
	m := mailparse.Parse(l.Bytes)
	answer := r.answer(heard{id: m.MessageID, subject: m.Subject, text: m.Text, raw: l.Bytes, n: w.mails})
	answer.from, answer.reply = to, []string{m.MessageID}
	heap.Push(&w.way, parcel{at: w.now.Add(r.after), seq: w.mails, to: s, mail: answer})
}

func (s *scenario) plain(raw []byte) {
	s.Helper()
	s.delivers(append([]byte("Received: from a by b; "+s.now.Format(time.RFC1123Z)+"\r\n"), raw...), arrival.None)
}

// customers counts the letters that customers got.
func (s *scenario) customers() (n int) {
	for _, l := range s.sent {
		if l.Customer {
			n++
		}
	}
	return n
}

// wantNoStrangers holds that whatever was no letter to a customer went to our own people, and returns how many letters there were.
func (s *scenario) wantNoStrangers() int {
	s.Helper()
	for _, l := range s.sent {
		if !l.Customer && (len(l.To) != 1 || !slices.Contains([]string{anna, marco, lucia, boss}, l.To[0])) {
			s.Errorf("an automatic mail to %q: %s", l.To, l.Subject)
		}
	}
	return s.customers()
}

// wantWithinBudget holds that nobody got more in an hour of the clock than what is documented: unasked mails, answers to his own,
// alarms, and a summary in each pause.
func (s *scenario) wantWithinBudget() {
	s.Helper()
	const documented = 30 + 10 + 60 + 6
	if documented != budget.Ordinary+budget.Reserve+budget.Answers+budget.Alarms || budget.Pause != 10*time.Minute {
		s.Fatalf("the budgets are not those of the documentation: %d, %d, %d, %d", budget.Ordinary, budget.Reserve, budget.Answers, budget.Alarms)
	}
	got, most := map[string]int{}, 0
	for _, l := range s.sent {
		if !l.Customer {
			hour := mailparse.Parse(l.Bytes).Date.UTC().Format("2006-01-02T15 ") + strings.Join(l.To, ",")
			got[hour]++
			most = max(most, got[hour])
			if got[hour] > documented+int(time.Hour/budget.Pause) {
				s.Fatalf("%s: %d mails in an hour", hour, got[hour])
			}
		}
	}
	s.Logf("at most %d mails to one person in an hour", most)
}
