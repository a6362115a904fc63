package e2e_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The time from a mail's acceptance by the hop to its committed ticket, with Dovecot announcing it through IDLE. It asserts nothing:
// Dovecot 2.3 itself waits half a second before it tells of new mail.
func TestLatency(t *testing.T) {
	n := int(number(t, "REPLYBY_LATENCY", 0))
	if n == 0 {
		t.Skip("a measurement: set REPLYBY_LATENCY=200")
	}
	h := newHouse(t, nil, agency())
	h.serve()
	at := make([]time.Time, n)
	for i := range n {
		r := requests(support)[i%4].message
		r.subject = fmt.Sprintf("%s %d", r.subject, i)
		at[i] = h.outside(r.from, support, h.compose(r))
		eventually(t, "staff are asked", func() bool { return h.count(anna) > i })
	}
	var took []time.Duration
	for i := range n {
		took = append(took, h.show(fmt.Sprintf("MB-%d", i+1)).IntakeAt.Sub(at[i]))
	}
	slices.Sort(took)
	fmt.Printf("latency: delivery to ticket, %d deliveries: median %s, 99 of 100 within %s, worst %s\n", n,
		took[n/2].Round(time.Millisecond), took[n*99/100].Round(time.Millisecond), took[n-1].Round(time.Millisecond))
}

// count counts the mails of ours to somebody without reading them.
func (h *house) count(to string) int {
	n := 0
	for _, x := range h.accepted() {
		if h.ours(x.User) && slices.Contains(x.To, to) {
			n++
		}
	}
	return n
}
