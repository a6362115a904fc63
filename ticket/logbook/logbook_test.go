package logbook_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// seal makes a log of events, one minute apart.
func seal(t testing.TB, events ...ticket.Event) []logbook.Record {
	t.Helper()
	var records []logbook.Record
	var head logbook.Head
	for i, e := range events {
		e.Ticket = 1
		if e.At.IsZero() {
			e.At = time.Date(2026, 3, 2, 9, i, 0, 0, time.UTC)
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

// verify walks a log and returns how many records of it hold.
func verify(records []logbook.Record) (good int, err error) {
	var head logbook.Head
	for _, r := range records {
		if head, err = logbook.Verify(head, r); err != nil {
			return good, err
		}
		good++
	}
	return good, nil
}

// Any change of one field of one record is seen at that record or at the one after it.
func TestVerifySeesEveryChange(t *testing.T) {
	changes := map[string]func(*logbook.Record){
		"kind":      func(r *logbook.Record) { r.Kind = kind.Closed },
		"ticket":    func(r *logbook.Record) { r.Ticket++ },
		"actor":     func(r *logbook.Record) { r.Actor += "x" },
		"cause":     func(r *logbook.Record) { r.Cause += "x" },
		"time":      func(r *logbook.Record) { r.At = r.At.Add(time.Microsecond) },
		"desk":      func(r *logbook.Record) { r.Desk = "other" },
		"sequence":  func(r *logbook.Record) { r.Seq++ },
		"body hash": func(r *logbook.Record) { r.BodyHash[0] ^= 1 },
		"prev":      func(r *logbook.Record) { r.Prev[31] ^= 1 },
		"salt":      func(r *logbook.Record) { r.Salt = []byte("other salt") },
		"body":      func(r *logbook.Record) { r.Body = json.RawMessage(`{"text":"another"}`) },
		"no body":   func(r *logbook.Record) { r.Body = json.RawMessage(`{}`) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			records := seal(t, noted("one"), noted("two"), noted("three"))
			change(&records[1])
			good, err := verify(records)
			if !errors.Is(err, logbook.ErrChain) || good < 1 || good > 2 {
				t.Errorf("%d records hold, %v", good, err)
			}
		})
	}
}

func TestVerifySeesWhatIsMissing(t *testing.T) {
	records := seal(t, noted("one"), noted("two"), noted("three"))
	for name, log := range map[string][]logbook.Record{
		"first": records[1:], "middle": {records[0], records[2]}, "twice": {records[0], records[0]}, "swapped": {records[1], records[0]},
	} {
		if _, err := verify(log); !errors.Is(err, logbook.ErrChain) {
			t.Errorf("%s: %v, want %v", name, err, logbook.ErrChain)
		}
	}
}

func noted(text string) ticket.Event {
	return ticket.Event{Kind: kind.Noted, Actor: "eva", Body: ticket.Body{Text: text}}
}

// anyEvent draws an event that says anything about anything: the log does not mind what it keeps.
func anyEvent() *rapid.Generator[ticket.Event] {
	return rapid.Custom(func(t *rapid.T) ticket.Event {
		word := func(label string) string { return rapid.String().Draw(t, label) }
		at := time.UnixMicro(rapid.Int64Range(1, 4102444800000000).Draw(t, "at")).UTC()
		e := ticket.Event{Kind: kind.Kind(word("kind")), Ticket: 1, Actor: word("actor"), Cause: word("cause"), At: at, Body: ticket.Body{Text: word("text"), Person: word("person")}}
		if rapid.Bool().Draw(t, "with a message") {
			e.Body.Message = &ticket.Message{Raw: ticket.Sum([]byte(word("raw"))), Subject: word("subject"), To: []ticket.Address{{Addr: word("to")}}, ReceivedAt: at}
		}
		if rapid.Bool().Draw(t, "with a letter") {
			e.Body.Letters = []ticket.Letter{{ID: word("letter"), To: []string{word("recipient")}, NotBefore: at}}
		}
		return e
	})
}

// Erasing drops salt and body; the chain runs over envelopes and still holds.
func TestErasedBodyStillVerifies(t *testing.T) {
	records := seal(t, noted("one"), noted("two"), noted("three"))
	records[1].Salt, records[1].Body = nil, nil
	if good, err := verify(records); err != nil {
		t.Errorf("%d records hold, %v", good, err)
	}
	e, err := records[1].Event()
	if err != nil || e.Kind != kind.Noted || e.Body.Text != "" {
		t.Errorf("erased event: %+v, %v", e, err)
	}
}

// What was sealed comes back: envelope, body, and a chain that holds, whatever the words.
func TestSealVerifyRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := rapid.SliceOfN(anyEvent(), 1, 10).Draw(rt, "events")
		records := seal(t, events...)
		if good, err := verify(records); err != nil {
			rt.Fatalf("%d records hold, %v", good, err)
		}
		for i, r := range records {
			got, err := r.Event()
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(events[i], got); diff != "" {
				rt.Fatalf("record %d: sealed -, read +\n%s", i, diff)
			}
		}
	})
}

// A record survives the encoding it is exported in.
func TestRecordSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := seal(t, rapid.SliceOfN(anyEvent(), 1, 5).Draw(rt, "events")...)
		b, err := json.Marshal(records)
		if err != nil {
			rt.Fatal(err)
		}
		var back []logbook.Record
		if err := json.Unmarshal(b, &back); err != nil {
			rt.Fatal(err)
		}
		if _, err := verify(back); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestSealTruncatesToMicroseconds(t *testing.T) {
	rome := time.FixedZone("CET", 3600)
	r, err := logbook.Seal("support", logbook.Head{}, ticket.Event{Kind: kind.Noted, At: time.Date(2026, 3, 2, 10, 0, 0, 123456789, rome)}, nil)
	if want := time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC); err != nil || r.At != want {
		t.Errorf("at %s, %v, want %s", r.At, err, want)
	}
}

// A salt keeps a short body from being guessed from its hash after erasure.
func TestSaltHidesTheBody(t *testing.T) {
	hash := func(salt string) ticket.Hash {
		r, err := logbook.Seal("support", logbook.Head{}, noted("yes"), []byte(salt))
		if err != nil {
			t.Fatal(err)
		}
		return r.BodyHash
	}
	if hash("one salt") == hash("another") {
		t.Error("the hash of a body does not depend on its salt")
	}
}

// What is in the chain of a released log must hash to the same for ever.
func TestEnvelopeHashIsFixed(t *testing.T) {
	r := seal(t, noted("one"), noted("two"))[1]
	const want = "e6e96ed5865019ff82a82290698e3d6854407a252223eb11b97118c7acc8c628"
	if got := r.Hash().String(); got != want {
		t.Errorf("hash of a known envelope: %s, want %s: this breaks every log written so far", got, want)
	}
}

// The chain runs over the JSON of envelopes: whoever verifies an archive needs no more than a JSON library.
func TestHashIsOfTheJSON(t *testing.T) {
	word := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }), rapid.StringMatching(`[ -~]*`))
	rapid.Check(t, func(rt *rapid.T) {
		e := logbook.Envelope{
			Desk: word.Draw(rt, "desk"), Seq: rapid.Uint64().Draw(rt, "seq"), Kind: kind.Kind(word.Draw(rt, "kind")), Ticket: rapid.Uint64().Draw(rt, "ticket"),
			Actor: word.Draw(rt, "actor"), Cause: word.Draw(rt, "cause"),
			At:       time.UnixMicro(rapid.Int64Range(-62135596800000000, 253402300799999999).Draw(rt, "at")).UTC(),
			BodyHash: ticket.Sum([]byte(word.Draw(rt, "body"))), Prev: ticket.Sum([]byte(word.Draw(rt, "prev"))),
		}
		encoded, err := json.Marshal(e)
		if err != nil {
			rt.Fatal(err)
		}
		if want := ticket.Sum(encoded); e.Hash() != want {
			rt.Errorf("hash of %+v is not that of its JSON", e)
		}
	})
}
