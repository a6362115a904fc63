package ticket

import (
	"encoding/json"
	"fmt"
	"reflect"
	"replyby/ticket/posted"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"replyby/ticket/kind"
)

// minute is an instant that many minutes after an arbitrary one.
func minute(n int) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

// fold applies events one after the other, one minute apart, as records 1, 2, ….
func fold(t testing.TB, events ...Event) Ticket {
	t.Helper()
	var folded Ticket
	for _, r := range seal(t, events...) {
		var err error
		if folded, err = Apply(folded, r); err != nil {
			t.Fatal(err)
		}
	}
	return folded
}

func seal(t testing.TB, events ...Event) []Record {
	t.Helper()
	var records []Record
	var head Head
	for i, e := range events {
		e.Ticket = 1
		if e.At.IsZero() {
			e.At = minute(i)
		}
		r, err := Seal("support", head, e, []byte("0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		head = Head{Seq: r.Seq, Hash: r.Hash()}
		records = append(records, r)
	}
	return records
}

// A log may come from a newer release or from a broken one: no body may stop the fold.
func TestNoBodyStopsTheFold(t *testing.T) {
	for _, k := range kinds() {
		for _, body := range []string{`{}`, `{"message":null,"letters":[{}],"delivery":{},"rung":{},"draft":null}`, `{"tokens":[{}],"obligations":[{"rungs":[{}]}]}`} {
			r := Record{Envelope: Envelope{Desk: "support", Seq: 9, Kind: k, Ticket: 1, At: minute(0)}, Body: json.RawMessage(body)}
			for _, from := range []Ticket{{}, busy(t)} {
				if _, err := Apply(from, r); err != nil {
					t.Errorf("%s with body %s: %v", k, body, err)
				}
			}
			r.Body = nil // erased
			if _, err := Apply(busy(t), r); err != nil {
				t.Errorf("%s erased: %v", k, err)
			}
		}
	}
}

// A snapshot goes through JSON, which keeps no bytes that are not UTF-8; the fold must not keep them either.
func TestFoldSurvivesJSON(t *testing.T) {
	folded := fold(t,
		Event{Kind: kind.Received, Body: Body{Message: &Message{From: Address{Addr: "a\xff@b.example"}, Text: "\xfe"}}},
		Event{Kind: kind.ReviewAsked, Body: Body{Tokens: []Token{{Draft: 1}}}},
		Event{Kind: kind.DecisionRefused, Actor: "m\xff\xfe@b.example"},
		Event{Kind: kind.Decided, Actor: "m\xff\xfe@b.example", Body: Body{Letters: []Letter{{ID: "l", Customer: true, Draft: 1}}}},
	)
	b, err := json.Marshal(folded)
	if err != nil {
		t.Fatal(err)
	}
	var back Ticket
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(folded, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("folded -, read back +\n%s", diff)
	}
}

func TestApplyRefusesABodyThatIsNotJSON(t *testing.T) {
	r := Record{Envelope: Envelope{Seq: 1, Kind: kind.Noted}, Body: json.RawMessage("{")}
	before := busy(t)
	after, err := Apply(before, r)
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
	about := func(k kind.Kind, verb string) Event {
		return Event{Kind: k, At: minute(30), Body: Body{Verb: verb, Delivery: &Delivery{Letter: "reply"}}}
	}
	for _, c := range []struct {
		name   string
		events []Event
		state  posted.State
		met    bool
	}{
		{"doubt", []Event{about(kind.Unknown, "")}, posted.Unknown, false},
		{"proof after it", []Event{about(kind.Unknown, ""), about(kind.Settled, "")}, posted.Sent, true},
		{"proof before it", []Event{about(kind.Settled, ""), about(kind.Unknown, "")}, posted.Sent, true},
		{"proof before a deferral", []Event{about(kind.Settled, ""), about(kind.Held, "")}, posted.Sent, true},
		{"left", []Event{about(kind.Unknown, ""), about(kind.Settled, "leave")}, posted.Left, false},
		{"sent again", []Event{about(kind.Unknown, ""), about(kind.Settled, "resend")}, posted.Left, false},
	} {
		x := busy(t)
		for i, e := range append([]Event{about(kind.Sending, "")}, c.events...) {
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
func busy(t testing.TB) Ticket { return fold(t, busyEvents()...) }

func busyEvents() []Event {
	return []Event{
		{Kind: kind.Received, Body: Body{Ref: "MB-1", Message: &Message{
			From: Address{Addr: "ann@customer.example"}, MessageID: "<1@customer.example>", ReceivedAt: minute(0)}}},
		{Kind: kind.Classified, Body: Body{Verdict: &Verdict{Language: "it"}, Obligations: []Obligation{owed("ack", 60), owed("fix", 600)}}},
		{Kind: kind.Drafted, Body: Body{Draft: &Draft{Version: 1, Template: "ack"}}},
		{Kind: kind.ReviewAsked, Body: Body{
			Letters: []Letter{{ID: "review", To: []string{"eva@desk.example"}}}, Tokens: []Token{{Hash: Sum([]byte("t")), Draft: 1, Purpose: "decide"}}}},
		{Kind: kind.Decided, Actor: "eva@desk.example", Body: Body{
			Letters: []Letter{{ID: "reply", MessageID: "<2@desk.example>", Customer: true, Draft: 1, Answers: []string{"ack"}}}}},
		{Kind: kind.AutoFiled, Body: Body{Message: &Message{Kind: "bounce"}}},
		{Kind: kind.DecisionRefused, Actor: "mallory@else.example", Body: Body{Reason: "no token"}},
		{Kind: kind.Linked, Body: Body{Link: 7}},
	}
}

// owed is an obligation with two steps, the second at its limit.
func owed(name string, limit int) Obligation {
	return Obligation{Name: name, From: minute(0), Target: minute(limit / 2), Limit: minute(limit), Rungs: []Rung{
		{Name: "50%", At: minute(limit / 2), To: []string{"assignee"}}, {Name: "limit", At: minute(limit), To: []string{"team"}},
	}}
}

// anyEvent draws an event of any kind, with a body that may or may not fit it.
func anyEvent() *rapid.Generator[Event] {
	name := rapid.SampledFrom([]string{"ack", "fix", "eta", "review", "reply", "unknown:reply", "50%", "limit"})
	return rapid.Custom(func(t *rapid.T) Event {
		at := minute(rapid.IntRange(0, 1000).Draw(t, "at"))
		e := Event{Kind: rapid.SampledFrom(kinds()).Draw(t, "kind"), Ticket: 1, Actor: rapid.String().Draw(t, "actor"), Cause: "tick", At: at}
		parts := rapid.SliceOfN(rapid.Bool(), 9, 9).Draw(t, "parts")
		for i, set := range []func(){
			func() {
				e.Body.Message = &Message{MessageID: rapid.String().Draw(t, "id"), ReceivedAt: at, Text: rapid.String().Draw(t, "text")}
			},
			func() {
				e.Body.Obligations = []Obligation{owed(name.Draw(t, "owed"), rapid.IntRange(0, 99).Draw(t, "limit"))}
			},
			func() {
				e.Body.Letters = []Letter{{ID: name.Draw(t, "letter"), Customer: rapid.Bool().Draw(t, "customer"), Draft: 1, Answers: []string{name.Draw(t, "answers")}}}
			},
			func() { e.Body.Tokens = []Token{{Draft: rapid.IntRange(0, 3).Draw(t, "draft")}} },
			func() {
				e.Body.Delivery = &Delivery{Letter: name.Draw(t, "delivered"), Reply: "250", OnWire: rapid.String().Draw(t, "wire")}
			},
			func() { e.Body.Rung, e.Body.Obligation = &Rung{Name: name.Draw(t, "rung")}, name.Draw(t, "of") },
			func() { e.Body.Draft = &Draft{Version: rapid.IntRange(0, 3).Draw(t, "version")} },
			func() { e.Body.Link, e.Body.Wake, e.Body.Person = 3, at, rapid.String().Draw(t, "person") },
			func() {
				e.Body.Verdict, e.Body.Verb = &Verdict{Language: "it"}, rapid.SampledFrom([]string{"", "leave"}).Draw(t, "verb")
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
		var now Ticket
		for i, r := range seal(t, rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events")...) {
			before := deepCopy(t, now)
			next, err := Apply(now, r)
			if err != nil {
				rt.Fatal(err)
			}
			if !reflect.DeepEqual(deepCopy(t, now), before) {
				rt.Fatalf("record %d changed its input", i)
			}
			again, _ := Apply(now, r)
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
		var read, direct Ticket
		var head Head
		for _, e := range rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events") {
			e.Actor, e.Body.Text, e.Body.Person, e.Body.Reason = text.Draw(rt, "actor"), text.Draw(rt, "text"), text.Draw(rt, "person"), text.Draw(rt, "reason")
			e.Body.Told = map[string]time.Time{text.Draw(rt, "told"): e.At, text.Draw(rt, "told too"): e.At.Local()}
			if rapid.Bool().Draw(rt, "nothing said") {
				e.Body.Verdict = &Verdict{Fields: map[string]string{}, Flags: map[string]string{}, Reasons: []string{}}
			}
			if m := e.Body.Message; m != nil {
				m.From, m.Cc, m.Subject = Address{Addr: text.Draw(rt, "from")}, []Address{}, text.Draw(rt, "subject")
			}
			r, err := Seal("support", head, e, nil)
			if err != nil {
				rt.Fatal(err)
			}
			head = Head{Seq: r.Seq, Hash: r.Hash()}
			read, _ = Apply(deepCopy(t, read), r)
			if direct, err = Follow(direct, e, r); err != nil {
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
		var straight, resumed Ticket
		for _, r := range seal(t, rapid.SliceOfN(anyEvent(), 1, 20).Draw(rt, "events")...) {
			straight, _ = Apply(straight, r)
			resumed, _ = Apply(deepCopy(t, resumed), r)
		}
		if diff := cmp.Diff(straight, resumed, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("straight -, resumed +\n%s", diff)
		}
	})
}

// The desk folds an event before it seals it: the fold must not change what will be sealed.
func TestAfterLeavesTheEventAlone(t *testing.T) {
	e := Event{Kind: kind.Warned, Ticket: 1, At: minute(30), Body: Body{
		Obligations: []Obligation{owed("ack", 60)}, Obligation: "ack", Rung: &Rung{Name: "50%"},
	}}
	Ticket{}.After(e, 1)
	if diff := cmp.Diff([]Obligation{owed("ack", 60)}, e.Body.Obligations); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestUnknownKindOnlyMovesTheVersion(t *testing.T) {
	before := busy(t)
	r := Record{Envelope: Envelope{Desk: "support", Seq: before.Version + 5, Kind: "teleported", Ticket: 1, At: minute(99)}, Body: json.RawMessage(`{"text":"?","person":"x","wake":"2030-01-01T00:00:00Z"}`)}
	after, err := Apply(before, r)
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
	first := Event{Kind: kind.Retimed, Body: Body{Obligations: []Obligation{owed("ack", 60)}}}
	second := Event{Kind: kind.Retimed, Body: Body{Obligations: []Obligation{owed("ack", 120)}}}
	for _, c := range []struct {
		events []Event
		want   int
	}{{[]Event{first, second}, 120}, {[]Event{second, first}, 60}} {
		o, ok := fold(t, c.events...).Duty("ack")
		if !ok || o.Limit != minute(c.want) {
			t.Errorf("limit %s, want %s", o.Limit, minute(c.want))
		}
	}
}

func deepCopy(t testing.TB, from Ticket) (to Ticket) {
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
	t := Ticket{Number: 1, Duties: []Obligation{owed("ack", 60)}}
	fmt.Println(t.NextDue().Format(time.TimeOnly))
	// Output: 09:30:00
}

func TestWithLast(t *testing.T) {
	for _, c := range []struct {
		s    []int
		n    int
		more []int
		want []int
	}{
		{nil, 3, []int{1}, []int{1}}, {[]int{1, 2}, 3, []int{3}, []int{1, 2, 3}}, {[]int{1, 2, 3}, 3, []int{4}, []int{2, 3, 4}},
		{[]int{1, 2, 3}, 3, nil, []int{1, 2, 3}}, {[]int{1, 2, 3, 4}, 3, nil, []int{2, 3, 4}}, {[]int{1}, 3, []int{2, 3, 4, 5}, []int{3, 4, 5}},
	} {
		s := append(make([]int, 0, 9), c.s...)
		if got := withLast(s, c.n, c.more...); !cmp.Equal(got, c.want) {
			t.Errorf("the last %d of %v and %v: %v", c.n, c.s, c.more, got)
		}
		if behind := s[len(s):cap(s)]; slices.Max(behind) != 0 {
			t.Errorf("the room behind %v, which belongs to somebody else, holds %v", c.s, behind)
		}
	}
}
