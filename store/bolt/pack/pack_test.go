package pack

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Whatever bytes a row has, decoding ends with a value or an error.
func FuzzUnpack(f *testing.F) {
	f.Add(Record(logbook.Record{Envelope: logbook.Envelope{Kind: kind.Noted, Actor: "eva", At: epoch}, Salt: []byte("salt"), Body: []byte("{}")}))
	f.Add(Counts(map[string]int64{"received": 3, "\xff": -1}))
	f.Add(Head(store.Head{Next: 7}))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := ReadRecord("support", 1, b); err == nil {
			again, err := ReadRecord("support", 1, Record(r))
			if diff := cmp.Diff(r, again, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		}
		if counts, err := ReadCounts(b); err == nil {
			again, err := ReadCounts(Counts(counts))
			if diff := cmp.Diff(counts, again); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		}
		if w, at, err := ReadWaiting("support", 1, b); err == nil {
			is, err := WaitsAt(b, at)
			if at != "" && at == strings.ToLower(at) && (!is || err != nil) {
				t.Errorf("%+v is not at %q, %v", w, at, err)
			}
		}
		ReadHead(b)
		ReadCursor("INBOX", b)
	})
}

// The list of open tickets tells of each what it told before, and of those that older releases wrote what they knew.
func TestOpenRows(t *testing.T) {
	at := epoch.Add(time.Hour)
	tk := ticket.Ticket{Assignee: "eva", Duties: []ticket.Obligation{{Name: "ack", Target: at, Limit: at}}, Customer: ticket.Address{Addr: "Ann@Shop.Customer.example"}}
	now := Waiting(tk)
	tk.Duties = nil
	for row, want := range map[string]struct {
		at     time.Time
		domain string
	}{
		now: {at, "shop.customer.example"}, Waiting(tk): {time.Time{}, "shop.customer.example"},
		now[:len(now)-len("_shop.customer.example")]: {at, ""}, "\x03eva": {},
	} {
		w, domain, err := ReadWaiting("support", 7, []byte(row))
		if err != nil || w != (store.Waiting{Desk: "support", Ticket: 7, Assignee: "eva", At: want.at}) || domain != want.domain {
			t.Errorf("%q: %+v, %q, %v", row, w, domain, err)
		}
		is, err := WaitsAt([]byte(row), "customer.EXAMPLE")
		if err != nil || is != (want.domain != "") {
			t.Errorf("%q is there: %v, %v", row, is, err)
		}
	}
}

// A record comes back byte for byte, the erased one without a body and not with an empty one.
func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := func(what string) string { return string(rapid.SliceOf(rapid.Byte()).Draw(rt, what)) }
		r := logbook.Record{Envelope: logbook.Envelope{
			Desk: word("desk"), Seq: rapid.Uint64().Draw(rt, "seq"), Kind: kind.Kind(word("kind")), Ticket: rapid.Uint64().Draw(rt, "ticket"),
			Actor: word("actor"), Cause: word("cause"), At: epoch.AddDate(0, 0, rapid.IntRange(-700_000, 2_900_000).Draw(rt, "day")),
			BodyHash: ticket.Sum([]byte(word("body hash"))), Prev: ticket.Sum([]byte(word("prev"))),
		}}
		if rapid.Bool().Draw(rt, "kept") {
			r.Salt, r.Body = []byte(word("salt")), []byte(word("body"))
		}
		got, err := ReadRecord(r.Desk, r.Seq, Record(r))
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			rt.Fatal(diff)
		}
	})
}
