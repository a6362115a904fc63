package sending_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// made is what all cells have in common.
type made struct {
	dir          string // in which the letters wait
	kit          *kit
	letters      map[string][]byte // by customer
	certificates map[string]tls.Certificate
	pool         *x509.CertPool
}

// cell is one way for the sending to go wrong.
type cell struct {
	*world
	made     *made
	trouble  trouble
	crash    string
	again    string // how it is started again
	evidence string // what comes back of a letter that was accepted

	server  *server
	damage  func(string) string
	dialled bool
	tunnels sync.WaitGroup
	told    map[string]bool // customers whose letter was reported
	seen    int             // mails to Anna that were looked at
	asked   int
	lives   int
	ends    []string // how the letters ended
	copies  int      // that were accepted, of both
}

// restarts are how the program comes back after it died.
func restarts() []string { return []string{"at once", "to die again", "after an hour"} }

// I4: 900 and more ways to fail, at most one accepted copy in each, and nobody left in doubt.
func TestSendingMatrix(t *testing.T) {
	m := &made{dir: t.TempDir(), kit: &kit{}}
	m.certificates, m.pool = certificates(t)
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Hour)
		m.letters = prepare(t, m.dir, m.kit)
	})
	var mu sync.Mutex
	cells, copies, crashed, settled := 0, map[int]int{}, 0, map[string]int{}
	t.Run("cells", func(t *testing.T) {
		for n, tr := range troubles() {
			t.Run(tr.String(), func(t *testing.T) {
				t.Parallel()
				for i, crash := range crashes() {
					for j, again := range restarts() {
						if crash == "none" && j > 0 || tr.secure() && onWire(crash) || raced && (n+i+j)%8 > 0 {
							continue
						}
						c := &cell{made: m, told: map[string]bool{}, trouble: tr, crash: crash, again: again, evidence: []string{"copy", "report", "nothing"}[(n+i+j)%3]}
						t.Run(fmt.Sprintf("dies at %s, starts %s, %s comes back", crash, again, c.evidence), func(t *testing.T) {
							dir := t.TempDir()
							synctest.Test(t, func(t *testing.T) { c.play(t, dir) })
							mu.Lock()
							defer mu.Unlock()
							cells++
							copies[c.copies]++
							if c.lives > 1 {
								crashed++
							}
							for _, how := range c.ends {
								settled[how]++
							}
						})
					}
				}
			})
		}
	})
	t.Logf("%d cells, the program died in %d; accepted copies: %v; how it ended: %v", cells, crashed, copies, settled)
}

// play lets the cell happen.
func (c *cell) play(t *testing.T, dir string) {
	copyTo(t, c.made.dir, dir)
	c.world = &world{t: t, dir: dir, uid: 4, kit: c.made.kit}
	<-time.After(2 * time.Hour)
	c.server, c.damage = newServer(t, c.trouble.play()), c.trouble.damage()
	ctx, cancel := context.WithCancel(context.Background())
	var hop sync.WaitGroup
	hop.Go(func() {
		if err := c.server.hop.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	deaths := map[string]int{"none": 0}
	if c.crash != "none" {
		deaths[c.crash] = 1
		if c.again == "to die again" {
			deaths[c.crash] = 2
		}
	}
	for c.lives = 1; c.live(deaths); c.lives++ {
		if c.again == "after an hour" {
			<-time.After(time.Hour)
		}
	}
	c.check()
	cancel()
	hop.Wait()
	c.tunnels.Wait()
}

// live runs the program once: until it dies, or long enough for everything that there is to do. It says whether it died.
func (c *cell) live(deaths map[string]int) bool {
	point := "none"
	if deaths[c.crash] > 0 {
		point = c.crash
	}
	f := newFate(point)
	c.open(f)
	defer c.kept.Close()
	ctx, cancel := context.WithCancel(context.Background())
	sent := make(chan error, 1)
	s := c.sender(f)
	go func() { sent <- s.Run(ctx) }()
	died := c.days(f, s.Wake)
	cancel()
	if err := <-sent; err != nil && !died {
		c.t.Errorf("the sender ended with %v", err)
	}
	if died {
		deaths[c.crash]--
	}
	return died
}

// days lets time pass, and mail come in.
func (c *cell) days(f *fate, wake func()) (died bool) {
	const beat = 5 * time.Minute
	for end := time.Now().Add(3 * time.Hour); time.Now().Before(end); {
		select {
		case <-f.died:
			return true
		case <-time.After(beat):
		}
		if err := c.desk.Tick(context.Background(), desk.Moment{Now: now(), Alive: now()}); err != nil && f.at("alive") == nil {
			c.t.Error(err)
		}
		c.post(f)
		wake()
	}
	return false
}

// post delivers what comes back of the letters, and what Anna answers.
func (c *cell) post(f *fate) {
	var mail [][]byte
	for _, raw := range c.server.take() {
		if c.evidence == "copy" {
			mail = append(mail, raw)
		}
	}
	for customer, l := range c.made.letters {
		if c.evidence == "report" && !c.told[customer] && len(c.server.accepted(customer)) > 0 {
			c.told[customer] = true
			mail = append(mail, report(mailparse.Parse(l).MessageID, customer))
		}
	}
	for _, raw := range append(mail, c.answers()...) {
		if err := c.receive(raw); err != nil && f.at("alive") == nil {
			c.t.Error(err)
		}
	}
}

// answers are Anna's, to the question what is to become of a letter in doubt. She asks the customer first.
func (c *cell) answers() (mail [][]byte) {
	all := c.server.accepted(anna)
	for _, raw := range all[c.seen:] {
		m := mailparse.Parse(raw)
		if !strings.Contains(m.Text, "resend") {
			continue
		}
		customer, verb := mario, "resend"
		if strings.Contains(m.Subject, "MB-2]") {
			customer = lucia
		}
		if len(c.server.accepted(customer)) > 0 {
			verb = "leave"
		}
		c.asked++
		mail = append(mail, compose("Anna Bianchi <"+anna+">", "Re: "+m.Subject, m.MessageID, verb))
	}
	c.seen = len(all)
	return mail
}

// report is a delivery report about a letter (RFC 3464).
func report(id, customer string) []byte {
	return []byte("Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: " + support + "\r\nSubject: Undelivered Mail Returned to Sender\r\nDate: " + now().Format(time.RFC1123Z) +
		"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; " + customer +
		"\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" + id + ">\r\nSubject: x\r\n\r\n--b--\r\n")
}

// check holds what the server accepted against what the ticket says.
func (c *cell) check() {
	c.t.Helper()
	c.open(newFate("none"))
	defer c.kept.Close()
	if wrong, err := c.kept.Check(context.Background(), nil); err != nil || len(wrong) > 0 {
		c.t.Errorf("I7: %v %v", wrong, err)
	}
	for i, customer := range []string{mario, lucia} {
		got, all := c.server.accepted(customer), c.letters(uint64(i+1))
		c.copies += len(got)
		if len(got) > 1 {
			c.t.Errorf("I4: %s got %d copies", customer, len(got))
		}
		for _, l := range got {
			if !bytes.Equal(l, c.made.letters[customer]) {
				c.t.Errorf("I2: accepted was something else than what was approved:\n%s", l)
			}
		}
		how := how(all)
		c.ends = append(c.ends, how)
		if !c.fits(how, len(got)) {
			c.t.Errorf("I10: %d copies for %s, Anna was asked %d times, and it ended as %q", len(got), customer, c.asked, how)
		}
	}
	for _, l := range c.outbox() {
		if l.Customer {
			c.t.Errorf("letter %s still waits", l.ID)
		}
	}
}

// fits says that the ticket knows what became of the letter.
func (c *cell) fits(how string, copies int) bool {
	switch how {
	case "sent", "sent, as the copy shows", "sent, as a person decided":
		return copies == 1
	case "returned":
		return copies == 1 && c.evidence == "report"
	case "left, as a person decided":
		return copies == 1 && c.asked > 0
	case "refused":
		return copies == 0
	}
	return false
}

// letters of a ticket to its customer.
func (c *cell) letters(n uint64) (all []ticket.Posted) {
	for _, p := range c.ticket(n).Posted {
		if p.Customer {
			all = append(all, p)
		}
	}
	return all
}

// how a letter ended, of which these are the attempts that a person decided.
func how(all []ticket.Posted) string {
	last := all[len(all)-1]
	switch {
	case last.State == posted.Bounced:
		return "returned"
	case last.State == posted.Failed:
		return "refused"
	case last.State == posted.Left:
		return "left, as a person decided"
	case last.State == posted.Sent && len(all) > 1:
		return "sent, as a person decided"
	case last.State == posted.Sent && strings.HasPrefix(last.Proof, "copy"):
		return "sent, as the copy shows"
	}
	return string(last.State)
}
