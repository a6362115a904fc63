package ticket_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// secretive is the log of a ticket in which everything that comes from the customer says "secret".
func secretive(t *testing.T) []logbook.Record {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	who := ticket.Address{Name: "Secret Person", Addr: "secret@customer.example"}
	l := ticket.Letter{
		ID: "l1", MessageID: "rb.l1@desk.example", Customer: true, From: "desk@desk.example", To: []string{who.Addr}, Subject: "Re: secret",
		Text: "dear secret", By: "anna@desk.example", Answers: []duty.Name{"ack"}, Hash: ticket.Sum([]byte("letter")),
	}
	m := ticket.Message{Raw: ticket.Sum([]byte("raw")), MessageID: "secret.1@customer.example", From: who, Cc: []ticket.Address{who}, Subject: "secret", Text: "my secret", ReceivedAt: at, ReceivedBy: "Received: from secret.example"}
	var log []logbook.Record
	var head logbook.Head
	for _, e := range []ticket.Event{
		{Kind: kind.Received, Actor: "customer", Body: ticket.Body{Message: &m, Ref: "MB-1"}},
		{Kind: kind.Classified, Body: ticket.Body{Verdict: &ticket.Verdict{Urgency: "urgent", Language: "it", Fields: map[string]string{"shop": "secret.example"}, Reasons: []string{"says secret"}},
			Obligations: []ticket.Obligation{{Name: "ack", From: at, Limit: at.Add(time.Hour)}}}},
		{Kind: kind.Drafted, Body: ticket.Body{Draft: &ticket.Draft{Version: 1, Template: "ack", Personal: "secret", To: []ticket.Address{who}, Text: "secret", Values: map[string]string{"name": "secret"}}}},
		{Kind: kind.AutoFiled, Body: ticket.Body{Message: &m, Reason: "secret out of office"}},
		{Kind: kind.DecisionRefused, Actor: "anna@desk.example", Body: ticket.Body{Message: &m, Reason: "secret: no token"}},
		{Kind: kind.Decided, Actor: "anna@desk.example", Body: ticket.Body{Letters: []ticket.Letter{l}, Text: "secret"}},
		{Kind: kind.Sent, Body: ticket.Body{Delivery: &ticket.Delivery{Letter: "l1", At: at, Reply: "250 <secret@customer.example> ok", Server: "smtp.desk.example", Proof: "copy for secret"}}},
		{Kind: kind.Closed, Actor: "anna@desk.example"},
	} {
		e.Ticket, e.At = 1, at.Add(time.Duration(len(log))*time.Minute)
		r, err := logbook.Seal("desk", head, e, []byte("salt"))
		if err != nil {
			t.Fatal(err)
		}
		log, head = append(log, r), logbook.Head{Seq: r.Seq, Hash: r.Hash()}
	}
	return log
}

func foldOf(t *testing.T, log []logbook.Record) (x ticket.Ticket) {
	t.Helper()
	for _, r := range log {
		var err error
		if x, err = logbook.Apply(x, r); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// The fold after an erasure is the same with and without the bodies before it, and nothing in it is secret.
func TestErasedFold(t *testing.T) {
	log := secretive(t)
	was := foldOf(t, log)
	left := erasure.Remains(was)
	last := log[len(log)-1]
	r, err := logbook.Seal("desk", logbook.Head{Seq: last.Seq, Hash: last.Hash()}, ticket.Event{Kind: kind.Erased, Ticket: 1, Actor: "command line", At: was.UpdatedAt.Add(time.Hour), Body: ticket.Body{Left: &left}}, []byte("salt"))
	if err != nil {
		t.Fatal(err)
	}
	log = append(log, r)
	want := foldOf(t, log)
	var head logbook.Head
	for i := range log {
		if i < len(log)-1 {
			log[i].Salt, log[i].Body = nil, nil
		}
		if head, err = logbook.Verify(head, log[i]); err != nil {
			t.Fatal(err)
		}
	}
	got := foldOf(t, log)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with bodies -, without +\n%s", diff)
	}
	all, err := json.Marshal(struct {
		T   ticket.Ticket
		Log []logbook.Record
	}{got, log})
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.Index(strings.ToLower(string(all)), "secret"); i >= 0 {
		t.Errorf("the secret is still there: …%s", all[max(0, i-60):min(len(all), i+60)])
	}
	ack, _ := got.Duty("ack")
	if got.Ref != "MB-1" || got.State != ticket.Closed || got.ReceivedAt != was.ReceivedAt || ack.MetBy != "l1" || got.Verdict.Urgency != "urgent" || len(got.Posted) != 1 {
		t.Errorf("too little is left: %+v", got)
	}
}
