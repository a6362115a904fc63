package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office/officetest"
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/store/bolt/harm"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// closed is a folder in which a message that was set aside has been adopted as MP-1, and that closed again.
func closed(t *testing.T) (dir string, now time.Time) {
	t.Helper()
	dir, now = stopped(t)
	o, _ := officetest.Open(t, dir)
	defer o.Close()
	d := o.Desk("moduli")
	list, err := d.SetAside(t.Context(), now.AddDate(0, 0, -1))
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	if _, err := d.Adopt(t.Context(), list[0].ID(), "anna@us.example", now); err != nil {
		t.Fatal(err)
	}
	asked, err := d.Outbox(t.Context(), now, 1)
	if err != nil || len(asked) != 1 {
		t.Fatalf("%d letters, %v", len(asked), err)
	}
	m := mailparse.Parse(asked[0].Bytes)
	raw := fmt.Sprintf("From: anna@us.example\r\nTo: moduli@us.example\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <1@us.example>\r\nIn-Reply-To: <%s>\r\n\r\nclose\r\n",
		m.Subject, now.Format(time.RFC1123Z), m.MessageID)
	in := desk.Incoming{UID: 2, Internal: now, Raw: []byte(raw), Prove: func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: "anna@us.example"} }}
	if err := d.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 2, Now: now, Mails: []desk.Incoming{in}}); err != nil {
		t.Fatal(err)
	}
	return dir, now
}

// erases runs the command in a folder, and returns what it printed.
func erases(t *testing.T, dir string, now time.Time, want int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	p := command.Program{Commands: []command.Command{Erase()}}
	e := &command.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Args: append([]string{"erase"}, args...), Dir: dir, Now: func() time.Time { return now }}
	if code := p.Run(context.Background(), e); code != want {
		t.Errorf("%q: exit %d, want %d: %s", args, code, want, &out)
	}
	return out.String()
}

// What belongs to a customer goes by his address: closed tickets, and mail that was set aside. An open ticket is told, and the rest goes all the
// same.
func TestEraseCustomer(t *testing.T) {
	dir, now := stopped(t)
	uid := uint32(1)
	receives := func(mails ...string) {
		t.Helper()
		o, _ := officetest.Open(t, dir)
		defer o.Close()
		for _, raw := range mails {
			uid++
			in := desk.Incoming{UID: uid, Internal: now, Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}
			in.Prove = func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: "anna@us.example"} }
			if err := o.Desk("moduli").Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: uid, Now: now, Mails: []desk.Incoming{in}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	const request = "From: Mario <mario@cliente.example>\nTo: moduli@us.example\nSubject: Carrello\nMessage-ID: <1@cliente.example>\n\nNon funziona.\n"
	receives(request, "From: mario@cliente.example\nTo: moduli@us.example\nSubject: Novita\nPrecedence: bulk\n\nSaluti.\n")
	if out := erases(t, dir, now, command.Usage, "-customer", "mario@cliente.example"); !strings.Contains(out, "nothing was done") {
		t.Errorf("%s", out)
	}
	erases(t, dir, now, command.Usage, "-yes", "-customer", "mario")
	erases(t, dir, now, command.Usage, "-yes", "-customer", "mario@cliente.example", "MP-1")
	out := erases(t, dir, now, command.Found, "-yes", "-customer", "Mario@cliente.example")
	if !strings.Contains(out, "MP-1 is still open") || !strings.Contains(out, "desk moduli: 1 records of its own file are erased, 1 mails") || !strings.Contains(out, "desk agenzia: 0 records") {
		t.Errorf("%s", out)
	}
	o, _ := officetest.Open(t, dir)
	asked, err := o.Desk("moduli").Outbox(t.Context(), now, 1)
	o.Close()
	if err != nil || len(asked) != 1 {
		t.Fatalf("%d letters, %v", len(asked), err)
	}
	m := mailparse.Parse(asked[0].Bytes)
	receives("From: anna@us.example\nTo: moduli@us.example\nSubject: Re: " + m.Subject + "\nDate: " + now.Format(time.RFC1123Z) + "\nMessage-ID: <2@us.example>\nIn-Reply-To: <" + m.MessageID + ">\n\nclose\n")
	if out := erases(t, dir, now, command.Good, "-yes", "-customer", "mario@cliente.example"); !strings.Contains(out, "MP-1 is erased: 2 messages") || strings.Contains(out, "still there") {
		t.Errorf("%s", out)
	}
}

// requests is a folder with three requests of one customer, of which the first is closed, or all are.
func requests(t *testing.T, whole bool) (dir string, now time.Time) {
	t.Helper()
	dir, now = stopped(t)
	o, _ := officetest.Open(t, dir)
	defer o.Close()
	d, uid := o.Desk("moduli"), uint32(10)
	receives := func(raw string) {
		uid++
		in := desk.Incoming{UID: uid, Internal: now, Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}
		in.Prove = func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: "anna@us.example"} }
		if err := d.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: uid, Now: now, Mails: []desk.Incoming{in}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		receives(fmt.Sprintf("From: Mario <mario@cliente.example>\nTo: moduli@us.example\nSubject: Carrello %d\nMessage-ID: <%d@cliente.example>\n\nNon funziona.\n", i, i))
	}
	asked, err := d.Outbox(t.Context(), now, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range asked {
		m := mailparse.Parse(l.Bytes)
		if l.Purpose != "review" || !whole && l.Ticket != 1 {
			continue
		}
		receives(fmt.Sprintf("From: anna@us.example\nTo: moduli@us.example\nSubject: Re: %s\nDate: %s\nMessage-ID: <a%d@us.example>\nIn-Reply-To: <%s>\n\nclose\n", m.Subject, now.Format(time.RFC1123Z), i, m.MessageID))
	}
	return dir, now
}

// So does the later ticket of the same customer whose staff read of it while it was open. With the customer both go.
func TestEraseShownWith(t *testing.T) {
	dir, now := requests(t, true)
	if out := erases(t, dir, now, command.Good, "-yes", "-customer", "mario@cliente.example"); strings.Contains(out, "still there") {
		t.Errorf("%s", out)
	}
	dir, now = requests(t, false)
	out := erases(t, dir, now, command.Good, "-yes", "MP-1")
	for _, later := range []string{"MP-2", "MP-3"} {
		if !strings.Contains(out, "still there: its subject as it was shown with "+later+", of the same customer") {
			t.Errorf("%s", out)
		}
	}
}

// harmAll harms all there is of a ticket.
func harmAll(t *testing.T, dir string, number uint64) {
	t.Helper()
	o, data := officetest.Open(t, dir)
	o.Close()
	if err := errors.Join(harm.Ticket(data, "moduli", number), harm.Records(data, "moduli", number)); err != nil {
		t.Fatal(err)
	}
}

// I7: a ticket that cannot be read keeps no other from being erased. What stays because of it is said: the ticket, and what its desk keeps of the customer
// beside his tickets, since nobody knows which mail belongs to it.
func TestEraseBesideUnread(t *testing.T) {
	dir, now := requests(t, true)
	harmAll(t, dir, 2)
	out := erases(t, dir, now, command.Found, "-yes", "-customer", "mario@cliente.example")
	for _, want := range []string{"MP-1 is erased", "MP-2 cannot be read and stays as it is", "MP-3 is erased", "what desk moduli keeps of him beside his tickets stays", "what desk agenzia keeps of him beside his tickets stays"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said: %s", want, out)
		}
	}
	dir, now = requests(t, true)
	harmAll(t, dir, 3)
	out = erases(t, dir, now, command.Good, "-yes", "MP-1")
	for _, want := range []string{"MP-1 is erased", "still there: its subject as it was shown with MP-2", "perhaps still there: its subject, in MP-3, which cannot be read"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said: %s", want, out)
		}
	}
}

// What an erasure does not reach is said: the desk's own log still has the message that the ticket was adopted from.
func TestEraseAdopted(t *testing.T) {
	dir, now := closed(t)
	out := erases(t, dir, now, command.Good, "-yes", "MP-1")
	if !strings.Contains(out, "MP-1 is erased") || !strings.Contains(out, "still there: sender, subject and text of the message it was adopted from") {
		t.Errorf("%s", out)
	}
}

// spoken is a store with a log of these events.
type spoken struct {
	store.Store
	events []ticket.Event
}

func (s spoken) Log(context.Context, string, uint64, int64) iter.Seq2[logbook.Record, error] {
	return func(yield func(logbook.Record, error) bool) {
		for _, e := range s.events {
			if r, err := logbook.Seal("a", logbook.Head{}, e, nil); !yield(r, err) {
				return
			}
		}
	}
}

// Other tickets that show a ticket's customer or words are named, each once; one that is only linked shows nothing.
func TestElsewhere(t *testing.T) {
	by := func(k kind.Kind, to uint64) ticket.Event { return ticket.Event{Kind: k, Body: ticket.Body{Link: to}} }
	log := []ticket.Event{by(kind.Received, 0), by(kind.Linked, 3), by(kind.Decided, 0), by(kind.Decided, 7), by(kind.Decided, 7), by(kind.Merged, 2)}
	log = append(log, ticket.Event{Kind: kind.Linked, Body: ticket.Body{Reason: "the same mail came to the desk moduli and is MP-4 there"}})
	said, err := elsewhere(t.Context(), spoken{events: log}, ticket.Ticket{Ref: "MB-1"})
	if err != nil || len(said) != 3 || !slices.ContainsFunc(said, has("MP-4")) || !slices.ContainsFunc(said, has("MB-2")) || !slices.ContainsFunc(said, has("MB-7")) {
		t.Errorf("%q, %v", said, err)
	}
}

func has(word string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, word) }
}
