package kill_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// perHouse is how many kills one database lives through.
const perHouse = 250

// I1, I2, I4, I6, I7, I11: kill -9 at every point of a whole story, and at random moments in between: no request is lost or doubled,
// no customer gets a letter twice or one that nobody approved, staff hear of every request, and the database agrees with itself.
func TestKills(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	t.Logf("-kills=%d -kill.seed=%d", *kills, *seed)
	for from := 0; from < *kills; from += perHouse {
		n := min(perHouse, *kills-from)
		t.Run(fmt.Sprintf("%d-%d", from+1, from+n), func(t *testing.T) {
			t.Parallel()
			campaign(t, n, *seed+uint64(from))
		})
	}
}

// campaign kills one program n times. Every point has its turn, each followed by a kill at random.
func campaign(t *testing.T, n int, seed uint64) {
	h := newHouse(t, seed)
	var turn []string
	died := map[string]int{}
	begin := time.Now()
	for k := range n {
		if len(turn) == 0 {
			turn = points()
			if first := h.dice.IntN(len(turn)); !strings.Contains(turn[first], "doubt") { // which needs the one before
				turn = append(turn[first:], turn[:first]...)
			}
		}
		o := orders{}
		if k%4 != 3 || strings.Contains(turn[0], "doubt") {
			o.Point, turn = turn[0], turn[1:]
			o.Hit, o.Digest = h.hits(o.Point), strings.HasPrefix(o.Point, "P25")
		}
		if h.live(o) {
			died[o.Point]++
		} else if turn = append(turn, needs(o.Point)...); len(turn) > 2*len(points()) {
			t.Fatalf("the program does nothing any more: %s", h.unfinished())
		}
		h.audit()
	}
	t.Logf("%d kills in %s", n, time.Since(begin).Round(time.Second))
	for end := time.Now().Add(patience); !h.over() && time.Now().Before(end); {
		h.finish()
		h.audit()
	}
	h.finish() // receipts and copies of the last letter
	if !h.over() {
		t.Errorf("waited %s for %s", patience, h.unfinished())
	}
	h.check(died, n)
}

// needs is a point that was not reached, behind the one that brings it about if there is one.
func needs(point string) []string {
	if strings.Contains(point, "doubt") {
		return []string{"P16 sending after", point}
	}
	return []string{point}
}

// audit looks into the database while nobody works on it, as a person would through the command line: which letters are in doubt? Where
// the customer says that he has nothing it is sent again. What was begun twice and became a ticket unread is answered anew.
func (h *house) audit() {
	h.t.Helper()
	h.work(h.host.Accepted())
	s := h.open()
	defer s.Close()
	open, err := s.Find(context.Background(), store.Query{Desk: deskName, Open: true})
	if err != nil {
		h.t.Fatal(err)
	}
	read, err := s.Cursor(context.Background(), deskName, "INBOX")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, t := range open {
		if t.Subject == "(unreadable message)" && !h.unread[t.Ref] {
			h.unread[t.Ref] = true
			id := h.origin(s, t.Number)
			h.missed[id] = true
			h.again(id)
		}
		i := slices.IndexFunc(h.stories, func(s *story) bool { return s.ref == t.Ref })
		if i < 0 || int(read.UID) < h.mails {
			continue
		}
		doubts := slices.DeleteFunc(t.Posted, func(p ticket.Posted) bool { return !p.Customer || p.State != posted.Unknown })
		copyMissed := func(p ticket.Posted) bool { return h.missed[p.MessageID] }
		h.stories[i].asked = h.stories[i].asked || len(doubts) > 1 && slices.ContainsFunc(doubts, copyMissed)
		for _, p := range doubts {
			h.settle(h.stories[i], p)
		}
	}
}

// settle has a letter in doubt sent again when all mail is read, its copy was not among it, and the customer says that he has nothing.
func (h *house) settle(s *story, p ticket.Posted) {
	const lull = 2 * time.Second // what the server had already read is accepted by then
	since, known := h.doubts[p.ID]
	if !known {
		h.doubts[p.ID] = time.Now()
		return
	}
	if !h.arrived[p.MessageID] && time.Since(since) > lull {
		h.resent++
		h.doubts[p.ID] = time.Now()
		h.reply(s, fmt.Sprintf("r%d", h.resent), "resend")
	}
}

// origin is the Message-ID of the mail that opened a ticket.
func (h *house) origin(s *bolt.Store, number uint64) string {
	h.t.Helper()
	for r, err := range s.Log(context.Background(), deskName, 1, int64(number)) {
		if err != nil {
			h.t.Fatal(err)
		}
		e, err := r.Event()
		if err != nil {
			h.t.Fatal(err)
		}
		if m := e.Body.Message; m != nil {
			raw, err := s.Raw(context.Background(), m.Raw)
			if err != nil {
				h.t.Fatal(err)
			}
			return mailparse.Parse(raw).MessageID
		}
	}
	return ""
}

func (h *house) open() *bolt.Store {
	h.t.Helper()
	s, err := bolt.Open(h.dir, bolt.Options{})
	if err != nil {
		h.t.Fatalf("I6: the database does not open: %v", err)
	}
	return s
}

// check holds what is in the database against what people wrote and what the server accepted.
func (h *house) check(died map[string]int, n int) {
	h.t.Helper()
	s := h.open()
	defer s.Close()
	if wrong, err := s.Check(context.Background(), nil); err != nil || len(wrong) > 0 {
		h.t.Errorf("I7, I11: %v %v", wrong, err)
	}
	received, rungs, born := map[string]int{}, map[string]int{}, map[string]string{}
	for r, err := range s.Log(context.Background(), deskName, 1, -1) {
		if err != nil {
			h.t.Fatal(err)
		}
		e, err := r.Event()
		if err != nil {
			h.t.Fatal(err)
		}
		switch e.Kind {
		case kind.Received:
			id := e.Body.Message.MessageID
			if id == "" {
				id = h.origin(s, e.Ticket)
			}
			received[id]++
		case kind.Warned, kind.Breached:
			rungs[fmt.Sprintf("%s of %s of ticket %d", e.Body.Rung.Name, e.Body.Obligation, e.Ticket)]++
		}
		for _, l := range e.Body.Letters {
			born[l.ID] = l.Purpose
		}
	}
	h.checkStories(received)
	for rung, n := range rungs {
		if n != 1 {
			h.t.Errorf("I5: %s was taken %d times", rung, n)
		}
	}
	told := map[string]int{}
	for id, purpose := range born {
		if h.accepted[id] == 0 && purpose != "ack" && purpose != "reply" { // those to customers are told by their words
			h.t.Errorf("I4: letter %s (%s) was decided and never sent", id, purpose)
		}
		told[purpose] += h.accepted[id]
	}
	random := died[""]
	delete(died, "")
	h.t.Logf("%d requests, %d letters to customers, %d in doubt sent again by a person, %d mails unread; killed at %d points and %d times at random; accepted %v",
		len(h.stories), len(h.copies), h.resent, len(h.unread), len(died), random, told)
	if missed := slices.DeleteFunc(points(), func(p string) bool { return died[p] > 0 }); n >= perHouse && len(missed) > 0 {
		h.t.Errorf("never killed at %q", missed)
	}
}

// checkStories wants every mail of a customer to be one entry, and every answer one letter.
func (h *house) checkStories(received map[string]int) {
	h.t.Helper()
	for _, s := range h.stories {
		for _, id := range s.written {
			if received[id] != 1 {
				h.t.Errorf("I1: mail %s of story %d is %d entries", id, s.n, received[id])
			}
			delete(received, id)
		}
		for step := 1; step <= 2; step++ {
			if n := h.copies[words(s.n, step)]; n > 1 || n == 0 && !s.unread && !s.asked {
				h.t.Errorf("I4: the customer of story %d (%s) got answer %d %d times", s.n, s.ref, step, n)
			}
		}
		if s.latest == nil && !s.unread {
			h.t.Errorf("I4: staff never heard of story %d", s.n)
		}
	}
	unread := 0
	for id, n := range received {
		if n == 1 && (strings.HasPrefix(id, "a") || strings.HasPrefix(id, "r")) { // an answer or a copy over which the program died twice
			unread++
			continue
		}
		h.t.Errorf("I1: %d entries of %q, which nobody wrote", n, id)
	}
	if unread > len(h.unread) {
		h.t.Errorf("I1: %d entries of mails of our own, and %d tickets of mails unread", unread, len(h.unread))
	}
	for _, m := range h.strange {
		h.t.Errorf("I2: nobody approved this: %s", m)
	}
}
