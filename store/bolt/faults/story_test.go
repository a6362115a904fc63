package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"replyby/classifier"
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/mailparse"
	"replyby/sla"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/posted"
)

const (
	storyEnv = "REPLYBY_STORY" // the directory of the database
	stepsEnv = "REPLYBY_STORY_STEPS"
	leaveEnv = "REPLYBY_STORY_LEAVE" // end as a crash does, while letters leave
	sayMark  = "story: "
	deskName = "assistenza"
	support  = "assistenza@mb.example"
	anna     = "anna@mb.example"
)

// TestMain makes the test binary the teller of the story where it is asked to. It stays on one thread, because strace counts calls by
// thread.
func TestMain(m *testing.M) {
	dir := os.Getenv(storyEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	runtime.LockOSThread()
	steps, err := strconv.Atoi(os.Getenv(stepsEnv))
	if err == nil {
		err = story(dir, steps, os.Getenv(leaveEnv) != "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "story:", err)
		os.Exit(1)
	}
}

// loud is a store that says what was acknowledged: how many writes so far, records in the log, messages put. It reads nothing to know it:
// what was written would be committed before it is read.
type loud struct {
	*bolt.Store
	writes int
	seq    uint64
	raws   int
	quiet  bool
}

func (l *loud) say() {
	if !l.quiet {
		fmt.Printf("%s%d %d %d\n", sayMark, l.writes, l.seq, l.raws)
	}
}

func (l *loud) acknowledged(err error, records, raws int) error {
	if err == nil {
		l.writes, l.seq, l.raws = l.writes+1, l.seq+uint64(records), l.raws+raws
		l.say()
	}
	return err
}

func records(changes []store.Change) (n int) {
	for _, c := range changes {
		n += len(c.Events)
	}
	return n
}

func (l *loud) Commit(ctx context.Context, changes ...store.Change) error {
	return l.acknowledged(l.Store.Commit(ctx, changes...), records(changes), 0)
}

func (l *loud) Together(ctx context.Context, f func(store.Store) error) error {
	v := counting{n: new(int)}
	err := l.Store.Together(ctx, func(view store.Store) error {
		v.Store = view
		return f(v)
	})
	return l.acknowledged(err, *v.n, 0)
}

// counting is a view that counts the records that are written through it.
type counting struct {
	store.Store
	n *int
}

func (c counting) Commit(ctx context.Context, changes ...store.Change) error {
	*c.n += records(changes)
	return c.Store.Commit(ctx, changes...)
}

func (c counting) Together(_ context.Context, f func(store.Store) error) error { return f(c) }

func (l *loud) Retry(ctx context.Context, desk, id string, at time.Time) error {
	return l.acknowledged(l.Store.Retry(ctx, desk, id, at), 0, 0)
}

func (l *loud) PutRaw(ctx context.Context, raws ...[]byte) ([]store.Raw, error) {
	known, err := l.Store.PutRaw(ctx, raws...)
	fresh := 0
	for _, r := range known {
		if !r.Kept && r.Attempts == 1 {
			fresh++
		}
	}
	return known, l.acknowledged(err, 0, fresh)
}

// teller plays customers, staff, the mail server and the metronome against a desk.
type teller struct {
	*desk.Desk
	store   *loud
	dice    *rand.Rand
	now     time.Time
	alive   time.Time
	uid     uint32
	reviews []store.Letter // not yet answered
	copies  []store.Letter // that come back to the mailbox
	decided []store.Letter // review mails that were answered
	erased  int
	last    *store.Letter // whose end is not on record yet
	end     desk.Ended
	turns   int // letters that followed the one before at once
	leave   bool
	// kind is a server that takes every letter, after a restart: what was being sent when the program ended is in doubt.
	kind bool
}

// story plays steps of a desk's days on a database. Its dice fall the same every time. Left, it ends where several letters have gone and
// the database is not closed.
func story(dir string, steps int, leave bool) error {
	s, err := bolt.Open(dir, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	t := &teller{store: &loud{Store: s}, dice: rand.New(rand.NewPCG(4, 2)), now: time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)}
	t.store.say()
	if t.Desk, err = hire(t.store); err != nil {
		return err
	}
	for step := range steps {
		t.now = t.now.Add(7 * time.Minute)
		if err := t.step(step); err != nil {
			return err
		}
	}
	if !leave {
		return nil
	}
	t.leave = true
	return errors.Join(t.rush(), errors.New("the story goes on after its end"))
}

// hire puts an agency's desk together.
func hire(s store.Store) (*desk.Desk, error) {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return nil, err
	}
	cal, err := sla.NewCalendar(sla.Spec{Name: "service", Timezone: "Europe/Rome", Open: []string{"mon-fri 09:00-18:00"}, Holidays: []string{"IT"}})
	if err != nil {
		return nil, err
	}
	policy := sla.Agency(cal)
	cfg := desk.Config{
		Name: deskName, Prefix: "MB", Address: support, Team: "Assistenza MB", Zone: zone, Languages: []string{"it"}, Policy: &policy, Service: cal,
		Staff: []desk.Person{{Name: "Anna Verdi", Addresses: []string{anna}, Language: "it"}}, Managers: []string{"capo@mb.example"}, DigestAt: "14:00", ProveByCopy: true,
	}
	pen, err := letter.New(letter.Desk{Name: cfg.Name, Prefix: cfg.Prefix, Address: support, Team: cfg.Team, Zone: zone, Instance: s.ID()})
	if err != nil {
		return nil, err
	}
	judge, err := classifier.New(classifier.Config{Own: []string{support}, Languages: cfg.Languages})
	if err != nil {
		return nil, err
	}
	texts, err := text.New(nil)
	if err != nil {
		return nil, err
	}
	return desk.New(cfg, s, desk.Tools{Judge: judge, Letter: pen, Texts: texts}), nil
}

// step is one thing that happens.
func (t *teller) step(n int) error {
	switch kind := t.dice.IntN(10); {
	case n%40 == 39:
		return t.copied()
	case n%25 == 24 && t.erased < len(t.decided):
		return t.erase()
	case n%15 == 7:
		return t.rush()
	case kind < 4 || n == 0:
		return t.arrives(fmt.Sprintf("c%d@cliente.example", n), fmt.Sprintf("Richiesta %d", n), "Buongiorno,\nil carrello non accetta pagamenti da stamattina.\nGrazie", "")
	case kind < 7 && len(t.reviews) > 0:
		return t.answers(fmt.Sprintf("ok\n\nCi penso io, lettera numero %d.", n))
	case kind == 7 && len(t.copies) > 0:
		return t.copyBack()
	default:
		return t.beat()
	}
}

// arrives brings a mail to the desk.
func (t *teller) arrives(from, subject, text, answers string) error {
	head := ""
	if answers != "" {
		head = fmt.Sprintf("In-Reply-To: <%s>\n", answers)
	}
	at := t.now.Format(time.RFC1123Z)
	lines := []string{"Received: from client by mx.mb.example with ESMTP; " + at, "From: " + from, "To: " + support, "Subject: " + subject, "Date: " + at,
		fmt.Sprintf("Message-ID: <m%d@client.example>", t.uid+1), head + "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""}
	return t.delivered([]byte(strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\r\n")))
}

func (t *teller) delivered(raw []byte) error {
	t.uid++
	in := desk.Incoming{UID: t.uid, Internal: t.now, Raw: raw, Prove: func() desk.Auth {
		return desk.Auth{Outcome: arrival.Pass, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test: pass"}
	}}
	return t.Receive(context.Background(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: t.uid, Mails: []desk.Incoming{in}, Now: t.now})
}

// answers lets Anna reply to the oldest review mail.
func (t *teller) answers(words string) error {
	l := t.reviews[0]
	t.reviews = t.reviews[1:]
	t.decided = append(t.decided, l)
	m := mailparse.Parse(l.Bytes)
	return t.arrives(anna, "Re: "+m.Subject, words, m.MessageID)
}

// copyBack brings the copy of a letter to ourselves into the mailbox.
func (t *teller) copyBack() error {
	l := t.copies[0]
	t.copies = t.copies[1:]
	return t.delivered(append([]byte("Received: from smtp.test by mx.mb.example with ESMTP; "+t.now.Format(time.RFC1123Z)+"\r\n"), l.Bytes...))
}

// rush is a morning on which several customers write, are answered, and have their letters one after the other.
func (t *teller) rush() error {
	for n := range 4 {
		if err := t.arrives(fmt.Sprintf("r%d-%d@cliente.example", t.uid, n), "Insieme", "Buongiorno, una domanda.", ""); err != nil {
			return err
		}
	}
	if err := t.beat(); err != nil {
		return err
	}
	for n := 0; len(t.reviews) > 0; n++ {
		if err := t.answers(fmt.Sprintf("ok\n\nRispondo subito, lettera numero %d delle %d.", n, t.uid)); err != nil {
			return err
		}
	}
	return t.beat()
}

// beat is the metronome and the mail that goes out.
func (t *teller) beat() error {
	ctx := context.Background()
	if err := t.Tick(ctx, desk.Moment{Now: t.now, Alive: t.alive}); err != nil {
		return err
	}
	t.alive = t.now
	letters, err := t.Outbox(ctx, t.now, 0)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if err := t.posts(ctx, l); err != nil {
			return err
		}
	}
	return t.posted(ctx)
}

// posts lets a letter go; the server takes it, puts it off, or breaks off after the last dot.
func (t *teller) posts(ctx context.Context, l store.Letter) error {
	if t.kind && l.Customer && l.Sending {
		return errors.Join(t.posted(ctx), t.End(ctx, l, desk.Ended{Outcome: "unknown", At: t.now}))
	}
	if err := t.begins(ctx, l); errors.Is(err, desk.ErrWithdrawn) {
		return nil
	} else if err != nil {
		return err
	}
	end := desk.Ended{Outcome: "sent", Code: 250, Reply: "250 2.0.0 queued", Server: "smtp.test:465", At: t.now}
	switch n := t.dice.IntN(6); {
	case t.kind:
	case n == 0:
		end.Outcome, end.Code, end.Reply, end.Next = "deferred", 451, "451 later", t.now.Add(5*time.Minute)
	case n == 1 && l.Customer:
		end.Outcome, end.Code, end.Reply = "unknown", 0, ""
	}
	if l.Purpose == "review" && end.Outcome == "sent" {
		t.reviews = append(t.reviews, l)
	}
	if l.Customer && end.Outcome != "deferred" {
		t.copies = append(t.copies, l)
	}
	t.last, t.end = &l, end
	return nil
}

// begins has the end of a letter on record with the beginning of the next one to a customer, as they leave one after the other.
func (t *teller) begins(ctx context.Context, l store.Letter) error {
	if t.leave && t.turns > 1 {
		os.Exit(0)
	}
	if last := t.last; last != nil && l.Customer {
		t.last, t.turns = nil, t.turns+1
		return t.Turn(ctx, *last, t.end, l, t.now)
	}
	if err := t.posted(ctx); err != nil {
		return err
	}
	return t.Begin(ctx, l, t.now)
}

// posted has the end of the last letter on record.
func (t *teller) posted(ctx context.Context) error {
	last := t.last
	if t.last, t.turns = nil, 0; last == nil {
		return nil
	}
	return t.End(ctx, *last, t.end)
}

// erase closes an answered ticket and forgets its customer. A ticket that may not be erased yet stays.
func (t *teller) erase() error {
	l := t.decided[t.erased]
	t.erased++
	m := mailparse.Parse(l.Bytes)
	if err := t.arrives(anna, "Re: "+m.Subject, "close", m.MessageID); err != nil {
		return err
	}
	_, err := t.Erase(context.Background(), l.Ticket, anna, t.now)
	if _, ok := errors.AsType[desk.Refusal](err); ok {
		return nil
	}
	return err
}

// copied takes a copy of the database while the desk works on.
func (t *teller) copied() error {
	done := make(chan error, 1)
	go func() {
		_, err := t.store.Backup(context.Background(), io.Discard)
		done <- err
	}()
	err := errors.Join(t.arrives(fmt.Sprintf("b%d@cliente.example", t.uid), "Durante la copia", "Buongiorno, una domanda.", ""), t.beat())
	return errors.Join(err, <-done)
}

// promises checks what every state of the story's database has to keep.
func promises(s *bolt.Store) error {
	ctx := context.Background()
	findings, err := s.Check(ctx, nil)
	if err != nil || len(findings) > 0 {
		return fmt.Errorf("check: %v, %w", findings, err)
	}
	out, err := s.Outbox(ctx, deskName, time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), 0)
	if err != nil {
		return err
	}
	waits := map[string]store.Letter{}
	for _, l := range out {
		waits[l.ID] = l
	}
	tickets, err := s.Find(ctx, store.Query{Desk: deskName})
	if err != nil {
		return err
	}
	own, err := s.Load(ctx, deskName, 0)
	if err != nil {
		return err
	}
	for _, t := range append(tickets, own) {
		if err := ended(t, waits); err != nil {
			return fmt.Errorf("ticket %d: %w", t.Number, err)
		}
		if t.Number == 0 || t.Customer == (ticket.Address{}) { // erased
			continue
		}
		for _, h := range []ticket.Hash{t.Raw, t.LastRaw} {
			if _, err := s.Raw(ctx, h); err != nil {
				return fmt.Errorf("ticket %d: %w", t.Number, err)
			}
		}
	}
	if len(waits) > 0 {
		return fmt.Errorf("letters wait that no ticket knows: %d", len(waits))
	}
	return nil
}

// ended says that every letter of a ticket waits in the outbox or has ended, never both, and takes those that wait off the list.
func ended(t ticket.Ticket, waits map[string]store.Letter) error {
	for _, p := range t.Posted {
		l, waiting := waits[p.ID]
		delete(waits, p.ID)
		switch p.State {
		case posted.Queued:
			if !waiting {
				return fmt.Errorf("letter %s is queued and not in the outbox", p.ID)
			}
		case posted.Sending:
			if !waiting || !l.Sending {
				return fmt.Errorf("letter %s is being sent, in the outbox %v, with its mark %v", p.ID, waiting, l.Sending)
			}
		default:
			if waiting {
				return fmt.Errorf("letter %s is %s and still in the outbox", p.ID, p.State)
			}
		}
	}
	return nil
}

// goOn works on a database that survived: a request comes, letters go. Then no letter to a customer is left behind, and every promise holds.
func goOn(dir string) error {
	s, err := bolt.Open(dir, bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	t := &teller{store: &loud{Store: s, quiet: true}, dice: rand.New(rand.NewPCG(1, 1)), now: time.Date(2027, 1, 11, 14, 0, 0, 0, time.UTC), uid: 1 << 20, kind: true}
	if t.Desk, err = hire(t.store); err == nil {
		err = errors.Join(t.arrives("neu@cliente.example", "Dopo", "Buongiorno, una domanda.", ""), t.beat(), promises(s), nobodyWaits(s))
	}
	return errors.Join(err, s.Close())
}

// nobodyWaits says that every decided letter has gone or has a person asked about it.
func nobodyWaits(s *bolt.Store) error {
	tickets, err := s.Find(context.Background(), store.Query{Desk: deskName})
	if err != nil {
		return err
	}
	for _, t := range tickets {
		for _, p := range t.Posted {
			if p.Customer && (p.State == posted.Queued || p.State == posted.Sending) {
				return fmt.Errorf("ticket %d: letter %s is %s and nobody sends it", t.Number, p.ID, p.State)
			}
		}
	}
	return nil
}
