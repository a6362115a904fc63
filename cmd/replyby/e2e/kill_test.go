package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/mailhost"
)

// number reads a variable of the environment.
func number(t testing.TB, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%s=%q: want a number", name, text)
	}
	return n
}

// clerk answers every review mail as it comes, once.
type clerk struct {
	h        *house
	answered map[string]bool // by token
	resent   map[string]bool // by letter
}

func (c *clerk) work() {
	for _, m := range c.h.mailsTo(anna) {
		if !strings.Contains(m.subject, "] Da approvare: ") || c.answered[m.token(c.h.t)] {
			continue
		}
		c.answered[m.token(c.h.t)] = true
		_, asked, _ := strings.Cut(m.subject, "Da approvare: ")
		asked, _, _ = strings.Cut(asked, " (rb:")
		c.h.reply(anna, m, "ok\n\n"+wordsFor(asked))
	}
}

func wordsFor(subject string) string {
	return "Questa è la mia risposta a: " + subject + ", e a nessun'altra."
}

// settle decides that a letter in doubt goes again, when it has had the time to arrive and the customer says that he has nothing.
func (c *clerk) settle(b brief, p posted) {
	const slowest = 3 * time.Second // of the moody server, and more
	since := time.Since(p.AskAt.Add(-15 * time.Minute))
	if since < slowest || c.resent[p.ID] || len(c.h.copies(b.Customer, b.Subject)) > 0 {
		return
	}
	for _, m := range slices.Backward(c.h.mailsTo(anna)) {
		if strings.Contains(m.subject, "["+b.Ref+"]") {
			c.resent[p.ID] = true
			c.h.reply(anna, m, "resend")
			return
		}
	}
}

// moody is a server that takes its time over letters to customers, before it takes them and before it says so, and now and then
// breaks the connection instead of taking one: most kills then meet a letter on its way.
func moody(seed int64) fault {
	return func(at mailhost.Stage, x mailhost.Transaction) error {
		if x.User != support || !slices.Contains(x.To, support) || at != mailhost.StageDot && at != mailhost.StageReply {
			return nil
		}
		n, _ := strconv.ParseUint(x.ID, 10, 64)
		dice := rand.New(rand.NewPCG(uint64(seed), n))
		<-time.After(time.Duration(dice.IntN(400)) * time.Millisecond)
		if at == mailhost.StageDot && dice.IntN(5) == 0 {
			return mailhost.ErrDrop
		}
		return nil
	}
}

// I1, I4, I6, I7: the program is killed at random moments while requests come in and are answered, and started again each time.
// In the end every request is one ticket, and every approved letter has reached its customer once. Where nobody could say
// whether it had, the ticket said so and a person decided.
func TestKills(t *testing.T) {
	t.Parallel()
	kills, seed := number(t, "REPLYBY_KILLS", 15), number(t, "REPLYBY_SEED", time.Now().UnixNano()%1_000_000)
	t.Logf("%d kills, REPLYBY_SEED=%d", kills, seed)
	dice := rand.New(rand.NewPCG(uint64(seed), 0))
	h := newHouse(t, moody(seed), agency())
	c := &clerk{h: h, answered: map[string]bool{}, resent: map[string]bool{}}
	asked := map[string]string{} // customer's address by subject
	for kill := range kills {
		s := h.launch()
		if dice.IntN(5) > 0 { // one in five dies while it starts
			eventually(t, "serve reads the mailbox", func() bool { c.work(); return s.log.count("imap connected") > 0 })
		}
		if kill%2 == 0 {
			r := requests(support)[dice.IntN(4)].message
			r.subject = fmt.Sprintf("Richiesta numero %d", len(asked)+1)
			asked[r.subject] = r.from
			h.outside(r.from, support, h.compose(r))
		}
		for until := time.Now().Add(time.Duration(dice.IntN(900)) * time.Millisecond); time.Now().Before(until); <-time.After(lookAgain) {
			c.work()
		}
		if s.ended() {
			t.Fatalf("serve ended before it was killed:\n%s", &s.log)
		}
		s.kill()
	}
	h.serve()
	eventually(t, "every request is answered", func() bool {
		c.work()
		answered := 0
		for _, b := range h.tickets() {
			s := h.show(b.Ref)
			switch s.letter().State {
			case "sent":
				answered++
			case "unknown":
				if s.letter().AskAt.IsZero() {
					t.Fatalf("I10: %s is in doubt and nobody will be asked", b.Ref)
				}
				c.settle(b, s.letter())
			}
		}
		return answered >= len(asked)
	})
	t.Logf("%d requests, %d letters in doubt that a person sent again", len(asked), len(c.resent))
	h.checkAnswers(asked)
}

// copies are the mails in a customer's mailbox that answer a request.
func (h *house) copies(customer, subject string) []kept {
	return slices.DeleteFunc(h.folder(customer, "INBOX"), func(k kept) bool {
		return !strings.Contains(fold(readMail(h.t, k.raw).text), wordsFor(subject))
	})
}

// checkAnswers wants one ticket for each request, and one letter with the right words in the right mailbox.
func (h *house) checkAnswers(asked map[string]string) {
	h.t.Helper()
	if got := len(h.tickets()); got != len(asked) {
		h.t.Errorf("I1: %d tickets of %d requests", got, len(asked))
	}
	letters := 0
	for subject, customer := range asked {
		n := 0
		for _, b := range h.tickets() {
			if b.Subject == subject && b.Customer == customer {
				n++
				if s := h.show(b.Ref); s.count("decided") < 1 || len(s.Refusals) > 0 {
					h.t.Errorf("%s: %v, refusals %v", b.Ref, kinds(s), s.Refusals)
				}
			}
		}
		if n != 1 {
			h.t.Errorf("I1: %q of %s is %d tickets", subject, customer, n)
		}
		if n := len(h.copies(customer, subject)); n != 1 {
			h.t.Errorf("I4: %s has %d answers to %q, want 1", customer, n, subject)
		}
		letters++
	}
	for _, customer := range []string{mario, lucia, claire, john} {
		letters -= len(h.folder(customer, "INBOX"))
	}
	if letters != 0 {
		h.t.Errorf("I2: customers have %d mails more than the letters approved", -letters)
	}
}
