package ticket_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"replyby/ticket"
	"replyby/ticket/act"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
	"replyby/ticket/posted"
)

// minute is an instant that many minutes after an arbitrary one.
func minute(n int) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

// fold applies events one after the other, one minute apart, as records 1, 2, ….
func fold(t testing.TB, events ...ticket.Event) ticket.Ticket {
	t.Helper()
	var folded ticket.Ticket
	for _, r := range seal(t, events...) {
		var err error
		if folded, err = logbook.Apply(folded, r); err != nil {
			t.Fatal(err)
		}
	}
	return folded
}

func seal(t testing.TB, events ...ticket.Event) []logbook.Record {
	t.Helper()
	var records []logbook.Record
	var head logbook.Head
	for i, e := range events {
		e.Ticket = 1
		if e.At.IsZero() {
			e.At = minute(i)
		}
		r, err := logbook.Seal("support", head, e, []byte("0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		head = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
		records = append(records, r)
	}
	return records
}

// A log may come from a newer release or from a broken one: no body may stop the fold.
func TestNoBodyStopsTheFold(t *testing.T) {
	for _, k := range kinds() {
		for _, body := range []string{`{}`, `{"message":null,"letters":[{}],"delivery":{},"rung":{},"draft":null}`, `{"tokens":[{}],"obligations":[{"rungs":[{}]}]}`} {
			r := logbook.Record{Envelope: logbook.Envelope{Desk: "support", Seq: 9, Kind: k, Ticket: 1, At: minute(0)}, Body: json.RawMessage(body)}
			for _, from := range []ticket.Ticket{{}, busy(t)} {
				if _, err := logbook.Apply(from, r); err != nil {
					t.Errorf("%s with body %s: %v", k, body, err)
				}
			}
			r.Body = nil // erased
			if _, err := logbook.Apply(busy(t), r); err != nil {
				t.Errorf("%s erased: %v", k, err)
			}
		}
	}
}

// A snapshot goes through JSON, which keeps no bytes that are not UTF-8; the fold must not keep them either.
func TestFoldSurvivesJSON(t *testing.T) {
	folded := fold(t,
		ticket.Event{Kind: kind.Received, Body: ticket.Body{Message: &ticket.Message{From: ticket.Address{Addr: "a\xff@b.example"}, Text: "\xfe"}}},
		ticket.Event{Kind: kind.ReviewAsked, Body: ticket.Body{Tokens: []ticket.Token{{Draft: 1}}}},
		ticket.Event{Kind: kind.DecisionRefused, Actor: "m\xff\xfe@b.example"},
		ticket.Event{Kind: kind.Decided, Actor: "m\xff\xfe@b.example", Body: ticket.Body{Letters: []ticket.Letter{{ID: "l", Customer: true, Draft: 1}}}},
	)
	b, err := json.Marshal(folded)
	if err != nil {
		t.Fatal(err)
	}
	var back ticket.Ticket
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(folded, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("folded -, read back +\n%s", diff)
	}
}

func TestApplyRefusesABodyThatIsNotJSON(t *testing.T) {
	r := logbook.Record{Envelope: logbook.Envelope{Seq: 1, Kind: kind.Noted}, Body: json.RawMessage("{")}
	before := busy(t)
	after, err := logbook.Apply(before, r)
	if err == nil {
		t.Error("no error")
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("before -, after +\n%s", diff)
	}
}

// A letter in doubt meets its clock only by proof. The proof may come before the end of the attempt is known, and what a person
// decides about it, to leave it or to send another, proves nothing.
func TestOnlyProofSettlesDoubt(t *testing.T) {
	about := func(k kind.Kind, verb string) ticket.Event {
		return ticket.Event{Kind: k, At: minute(30), Body: ticket.Body{Verb: verb, Delivery: &ticket.Delivery{Letter: "reply"}}}
	}
	for _, c := range []struct {
		name   string
		events []ticket.Event
		state  posted.State
		met    bool
	}{
		{"doubt", []ticket.Event{about(kind.Unknown, "")}, posted.Unknown, false},
		{"proof after it", []ticket.Event{about(kind.Unknown, ""), about(kind.Settled, "")}, posted.Sent, true},
		{"proof before it", []ticket.Event{about(kind.Settled, ""), about(kind.Unknown, "")}, posted.Sent, true},
		{"proof before a deferral", []ticket.Event{about(kind.Settled, ""), about(kind.Held, "")}, posted.Sent, true},
		{"left", []ticket.Event{about(kind.Unknown, ""), about(kind.Settled, "leave")}, posted.Left, false},
		{"sent again", []ticket.Event{about(kind.Unknown, ""), about(kind.Settled, "resend")}, posted.Left, false},
	} {
		x := busy(t)
		for i, e := range append([]ticket.Event{about(kind.Sending, "")}, c.events...) {
			x = x.After(e, x.Version+uint64(i)+1)
		}
		p, _ := x.Letter("reply")
		ack, _ := x.Duty("ack")
		if p.State != c.state || ack.MetAt.IsZero() == c.met || p.AskAt.IsZero() == (c.state == posted.Unknown) {
			t.Errorf("%s: letter %q, asked at %s, acknowledged %s", c.name, p.State, p.AskAt, ack.MetAt)
		}
	}
}

// busy is a ticket with something in every list.
func busy(t testing.TB) ticket.Ticket { return fold(t, busyEvents()...) }

func busyEvents() []ticket.Event {
	return []ticket.Event{
		{Kind: kind.Received, Body: ticket.Body{Ref: "MB-1", Message: &ticket.Message{
			From: ticket.Address{Addr: "ann@customer.example"}, MessageID: "<1@customer.example>", ReceivedAt: minute(0)}}},
		{Kind: kind.Classified, Body: ticket.Body{Verdict: &ticket.Verdict{Language: "it"}, Obligations: []ticket.Obligation{owed("ack", 60), owed("fix", 600)}}},
		{Kind: kind.Drafted, Body: ticket.Body{Draft: &ticket.Draft{Version: 1, Template: "ack"}}},
		{Kind: kind.ReviewAsked, Body: ticket.Body{
			Letters: []ticket.Letter{{ID: "review", To: []string{"eva@desk.example"}}}, Tokens: []ticket.Token{{Hash: ticket.Sum([]byte("t")), Draft: 1, Purpose: "decide"}}}},
		{Kind: kind.Decided, Actor: "eva@desk.example", Body: ticket.Body{
			Letters: []ticket.Letter{{ID: "reply", MessageID: "<2@desk.example>", Customer: true, Draft: 1, Answers: []duty.Name{"ack"}}}}},
		{Kind: kind.AutoFiled, Body: ticket.Body{Message: &ticket.Message{Kind: "bounce"}}},
		{Kind: kind.DecisionRefused, Actor: "mallory@else.example", Body: ticket.Body{Reason: "no token"}},
		{Kind: kind.Linked, Body: ticket.Body{Link: 7}},
	}
}

// owed is an obligation with two steps, the second at its limit.
func owed(name duty.Name, limit int) ticket.Obligation {
	return ticket.Obligation{Name: name, From: minute(0), Target: minute(limit / 2), Limit: minute(limit), Rungs: []ticket.Rung{
		{Name: "50%", At: minute(limit / 2), To: []string{"assignee"}}, {Name: "limit", At: minute(limit), To: []string{"team"}},
	}}
}

// anyEvent draws an event of any kind, with a body that may or may not fit it.
func anyEvent() *rapid.Generator[ticket.Event] {
	name := rapid.SampledFrom([]string{"ack", "fix", "eta", "review", "reply", "unknown:reply", "50%", "limit"})
	return rapid.Custom(func(t *rapid.T) ticket.Event {
		at := minute(rapid.IntRange(0, 1000).Draw(t, "at"))
		e := ticket.Event{Kind: rapid.SampledFrom(kinds()).Draw(t, "kind"), Ticket: 1, Actor: rapid.String().Draw(t, "actor"), Cause: "tick", At: at}
		parts := rapid.SliceOfN(rapid.Bool(), 9, 9).Draw(t, "parts")
		for i, set := range []func(){
			func() {
				e.Body.Message = &ticket.Message{MessageID: rapid.String().Draw(t, "id"), ReceivedAt: at, Text: rapid.String().Draw(t, "text")}
			},
			func() {
				e.Body.Obligations = []ticket.Obligation{owed(duty.Name(name.Draw(t, "owed")), rapid.IntRange(0, 99).Draw(t, "limit"))}
			},
			func() {
				e.Body.Letters = []ticket.Letter{{ID: name.Draw(t, "letter"), Customer: rapid.Bool().Draw(t, "customer"), Draft: 1, Answers: []duty.Name{duty.Name(name.Draw(t, "answers"))}}}
			},
			func() { e.Body.Tokens = []ticket.Token{{Draft: rapid.IntRange(0, 3).Draw(t, "draft")}} },
			func() {
				e.Body.Delivery = &ticket.Delivery{Letter: name.Draw(t, "delivered"), Reply: "250", OnWire: rapid.String().Draw(t, "wire")}
			},
			func() {
				e.Body.Rung, e.Body.Obligation = &ticket.Rung{Name: name.Draw(t, "rung")}, duty.Name(name.Draw(t, "of"))
			},
			func() { e.Body.Draft = &ticket.Draft{Version: rapid.IntRange(0, 3).Draw(t, "version")} },
			func() { e.Body.Link, e.Body.Wake, e.Body.Person = 3, at, rapid.String().Draw(t, "person") },
			func() {
				e.Body.Verdict, e.Body.Verb = &ticket.Verdict{Language: "it"}, rapid.SampledFrom([]string{"", "leave"}).Draw(t, "verb")
			},
		} {
			if parts[i] {
				set()
			}
		}
		return e
	})
}

// Whatever happens, Apply gives the same ticket for the same records, leaves its input alone and counts every record.
func TestApplyLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var now ticket.Ticket
		for i, r := range seal(t, rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events")...) {
			before := deepCopy(t, now)
			next, err := logbook.Apply(now, r)
			if err != nil {
				rt.Fatal(err)
			}
			if !reflect.DeepEqual(deepCopy(t, now), before) {
				rt.Fatalf("record %d changed its input", i)
			}
			again, _ := logbook.Apply(now, r)
			if diff := cmp.Diff(next, again); diff != "" {
				rt.Fatalf("record %d folds in two ways\n%s", i, diff)
			}
			if next.Version != r.Seq || next.UpdatedAt != r.At {
				rt.Fatalf("record %d at %s: version %d at %s", r.Seq, r.At, next.Version, next.UpdatedAt)
			}
			if diff := cmp.Diff(next, deepCopy(t, next), cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("record %d does not survive JSON\n%s", i, diff)
			}
			now = next
		}
	})
}

// A record just sealed folds as it does read back, whatever bytes are in it: `verify` folds what it reads.
func TestFollowIsApply(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }), rapid.Just("\ufffd"), rapid.Just(`\ufffd`))
	rapid.Check(t, func(rt *rapid.T) {
		var read, direct ticket.Ticket
		var head logbook.Head
		for _, e := range rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events") {
			e.Actor, e.Body.Text, e.Body.Person, e.Body.Reason = text.Draw(rt, "actor"), text.Draw(rt, "text"), text.Draw(rt, "person"), text.Draw(rt, "reason")
			e.Body.Told = map[string]time.Time{text.Draw(rt, "told"): e.At, text.Draw(rt, "told too"): e.At.Local()}
			if rapid.Bool().Draw(rt, "nothing said") {
				e.Body.Verdict = &ticket.Verdict{Fields: map[string]string{}, Flags: map[string]string{}, Reasons: []string{}}
			}
			if m := e.Body.Message; m != nil {
				m.From, m.Cc, m.Subject = ticket.Address{Addr: text.Draw(rt, "from")}, []ticket.Address{}, text.Draw(rt, "subject")
			}
			r, err := logbook.Seal("support", head, e, nil)
			if err != nil {
				rt.Fatal(err)
			}
			head = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
			read, _ = logbook.Apply(deepCopy(t, read), r)
			if direct, err = logbook.Follow(direct, e, r); err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(encode(t, read), encode(t, direct)); diff != "" {
				rt.Fatalf("%s read back -, direct +\n%s", e.Kind, diff)
			}
		}
	})
}

func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A snapshot taken anywhere leads to the same end: the engines fold onto what they stored.
func TestFoldFromASnapshot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var straight, resumed ticket.Ticket
		for _, r := range seal(t, rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events")...) {
			straight, _ = logbook.Apply(straight, r)
			resumed, _ = logbook.Apply(deepCopy(t, resumed), r)
		}
		if diff := cmp.Diff(straight, resumed, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("straight -, resumed +\n%s", diff)
		}
	})
}

// The desk folds an event before it seals it: the fold must not change what will be sealed.
func TestAfterLeavesTheEventAlone(t *testing.T) {
	e := ticket.Event{Kind: kind.Warned, Ticket: 1, At: minute(30), Body: ticket.Body{
		Obligations: []ticket.Obligation{owed("ack", 60)}, Obligation: "ack", Rung: &ticket.Rung{Name: "50%"},
	}}
	ticket.Ticket{}.After(e, 1)
	if diff := cmp.Diff([]ticket.Obligation{owed("ack", 60)}, e.Body.Obligations); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestUnknownKindOnlyMovesTheVersion(t *testing.T) {
	before := busy(t)
	r := logbook.Record{Envelope: logbook.Envelope{Desk: "support", Seq: before.Version + 5, Kind: "teleported", Ticket: 1, At: minute(99)}, Body: json.RawMessage(`{"text":"?","person":"x","wake":"2030-01-01T00:00:00Z"}`)}
	after, err := logbook.Apply(before, r)
	if err != nil {
		t.Fatal(err)
	}
	before.Version, before.UpdatedAt = r.Seq, r.At
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// The order of events is part of their meaning: the last word on an obligation counts.
func TestOrderMatters(t *testing.T) {
	first := ticket.Event{Kind: kind.Retimed, Body: ticket.Body{Obligations: []ticket.Obligation{owed("ack", 60)}}}
	second := ticket.Event{Kind: kind.Retimed, Body: ticket.Body{Obligations: []ticket.Obligation{owed("ack", 120)}}}
	for _, c := range []struct {
		events []ticket.Event
		want   int
	}{{[]ticket.Event{first, second}, 120}, {[]ticket.Event{second, first}, 60}} {
		o, ok := fold(t, c.events...).Duty("ack")
		if !ok || o.Limit != minute(c.want) {
			t.Errorf("limit %s, want %s", o.Limit, minute(c.want))
		}
	}
}

func deepCopy(t testing.TB, from ticket.Ticket) (to ticket.Ticket) {
	t.Helper()
	b, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &to); err != nil {
		t.Fatal(err)
	}
	return to
}

func ExampleTicket_NextDue() {
	t := ticket.Ticket{Number: 1, Duties: []ticket.Obligation{owed("ack", 60)}}
	fmt.Println(t.NextDue().Format(time.TimeOnly))
	// Output: 09:30:00
}

// What a person did last is what a person did: not what follows by itself, when a letter of his arrives too, and not a mail taken in late.
func TestLastAct(t *testing.T) {
	const anna = "anna@desk.example"
	var now ticket.Ticket
	for i, c := range []struct {
		kind  kind.Kind
		actor string
		body  ticket.Body
		want  act.Act
	}{
		{kind.Received, act.Customer, ticket.Body{Message: &ticket.Message{ReceivedAt: minute(-5)}}, act.Act{Kind: kind.Received, By: act.Customer, At: minute(-5)}},
		{kind.Assigned, act.Program, ticket.Body{Person: anna}, act.Act{Kind: kind.Received, By: act.Customer, At: minute(-5)}},
		{kind.Decided, anna, ticket.Body{}, act.Act{Kind: kind.Decided, By: anna, At: minute(2)}},
		{kind.Promised, anna, ticket.Body{Delivery: &ticket.Delivery{Letter: "l"}}, act.Act{Kind: kind.Decided, By: anna, At: minute(2)}},
		{kind.Received, act.Customer, ticket.Body{Message: &ticket.Message{ReceivedAt: minute(1)}}, act.Act{Kind: kind.Decided, By: anna, At: minute(2)}},
		{kind.Received, act.Customer, ticket.Body{Message: &ticket.Message{ReceivedAt: minute(99)}}, act.Act{Kind: kind.Received, By: act.Customer, At: minute(5)}}, // by a clock that is wrong
		{kind.Noted, anna, ticket.Body{Text: "called"}, act.Act{Kind: kind.Noted, By: anna, At: minute(6)}},
	} {
		now = now.After(ticket.Event{Kind: c.kind, Ticket: 1, Actor: c.actor, At: minute(i), Body: c.body}, uint64(i+1))
		if now.Last != c.want {
			t.Errorf("after %s: %+v, want %+v", c.kind, now.Last, c.want)
		}
	}
}
