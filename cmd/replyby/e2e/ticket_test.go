package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// brief is what `tickets -json` prints.
type brief struct {
	Ref, Desk, State, Urgent, Language, Customer, Subject string
	Number                                                uint64
	ReceivedAt                                            time.Time `json:"received_at"`
	ReceivedBy                                            string    `json:"received_by"`
	Obligation                                            string
	Target, Limit                                         time.Time
	ActBy                                                 time.Time `json:"act_by"`
	AckAt                                                 time.Time `json:"ack_at"`
}

// shown is what `show -json` prints: the ticket, then its events.
type shown struct {
	Ref      string
	State    string
	Subject  string
	IntakeAt time.Time `json:"intake_at"`
	Received time.Time `json:"received_at"`
	Customer struct{ Addr string }
	Duties   []struct {
		Name          string
		Target, Limit time.Time
		ActBy         time.Time `json:"act_by"`
		MetAt         time.Time `json:"met_at"`
		MetBy         string    `json:"met_by"`
	}
	Posted   []posted
	Thread   []string
	Links    []uint64
	Draft    struct{ Version int }
	Filed    []struct{ Kind, From, Reason string }
	Refusals []struct{ From, Reason string }

	events []event
}

// posted is a letter and what became of it.
type posted struct {
	ID        string
	MessageID string `json:"message_id"`
	Customer  bool
	To        []string
	By        string
	State     string
	Reply     string
	Proof     string
	AskAt     time.Time `json:"ask_at"`
}

// letter returns the last letter to the customer.
func (s shown) letter() posted {
	for _, p := range slices.Backward(s.Posted) {
		if p.Customer {
			return p
		}
	}
	return posted{}
}

// event is one record of the ticket's log.
type event struct {
	Kind  string
	Actor string
	At    time.Time
	Body  json.RawMessage
}

func (h *house) tickets(args ...string) []brief {
	h.t.Helper()
	return objects[brief](h.t, h.ask("tickets", append([]string{"-json", "-all"}, args...)...))
}

func (h *house) show(ref string) shown {
	h.t.Helper()
	first, rest, _ := strings.Cut(h.ask("show", ref, "-json"), "\n")
	s := objects[shown](h.t, first)[0]
	s.events = objects[event](h.t, rest)
	return s
}

// awaitTicket waits until a ticket is there and so.
func (h *house) awaitTicket(ref, what string, so func(shown) bool) shown {
	h.t.Helper()
	var s shown
	eventually(h.t, fmt.Sprintf("ticket %s %s", ref, what), func() bool {
		if !slices.ContainsFunc(h.tickets(), func(b brief) bool { return b.Ref == ref }) {
			return false
		}
		s = h.show(ref)
		return so(s)
	})
	return s
}

func (s shown) count(kind string) int {
	n := 0
	for _, e := range s.events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// last returns the body of the last event of a kind.
func (s shown) last(t testing.TB, kind string) string {
	t.Helper()
	for _, e := range slices.Backward(s.events) {
		if e.Kind == kind {
			return string(e.Body)
		}
	}
	t.Fatalf("ticket %s has no event %q: %v", s.Ref, kind, s.events)
	return ""
}

// ack returns the clock of the acknowledgement.
func (s shown) ack(t testing.TB) (target, limit, actBy, metAt time.Time) {
	t.Helper()
	for _, d := range s.Duties {
		if d.Name == "ack" {
			return d.Target, d.Limit, d.ActBy, d.MetAt
		}
	}
	t.Fatalf("ticket %s owes no acknowledgement", s.Ref)
	return
}
