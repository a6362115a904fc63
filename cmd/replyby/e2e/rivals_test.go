package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// instance is the installation that wrote a mail.
func (m mail) instance() string {
	id, _, _ := strings.Cut(m.head.Get("X-Replyby-Letter"), "/")
	return id
}

// byInstance sorts the mails to somebody by who wrote them.
func (h *house) byInstance(to, words string) map[string][]mail {
	h.t.Helper()
	found := map[string][]mail{}
	for _, m := range h.mailsTo(to) {
		if strings.Contains(m.subject, words) {
			found[m.instance()] = append(found[m.instance()], m)
		}
	}
	return found
}

// I4, F22: two installations on two hosts work one mailbox. Each hears its own tokens only, the other's are no matter for a complaint;
// they notice each other before a customer has a letter twice, and tell staff.
func TestTwoInstallationsOnOneMailbox(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	twin := *h
	twin.furnish(agency())
	h.serve()
	s := twin.serve()
	r := requests(support)[0]
	h.outside(mario, support, h.compose(r.message))
	eventually(t, "both ask anna", func() bool { return len(h.byInstance(anna, "Da approvare")) == 2 })

	var reviews []mail
	for _, list := range h.byInstance(anna, "Da approvare") {
		reviews = append(reviews, list[0])
	}
	began := time.Now()
	h.reply(anna, reviews[0], "ok\n\nGuardo subito il carrello e vi scrivo entro stasera.")
	h.reply(anna, reviews[1], "ok\n\nGuardo subito il carrello e vi scrivo entro stasera.")
	eventually(t, "both have told the manager", func() bool { return len(h.byInstance(manager, "un'altra installazione")) == 2 })
	t.Logf("two installations on one mailbox told the manager %s after staff had answered both", time.Since(began).Round(time.Millisecond))

	states := []string{h.show("MB-1").letter().State, twin.show("MB-1").letter().State}
	slices.Sort(states)
	if sent := len(h.folder(mario, "INBOX")); sent > 1 || sent == 1 && !slices.Equal(states, []string{"queued", "sent"}) {
		t.Errorf("I4: mario has %d letters, states %v", sent, states)
	}
	for who, list := range h.byInstance(manager, "un'altra installazione") {
		if len(list) != 1 {
			t.Errorf("installation %s told the manager %d times", who, len(list))
		}
	}
	for _, x := range []*house{h, &twin} {
		if n := len(x.show("MB-1").Refusals); n != 0 {
			t.Errorf("%d refusals of answers to the other installation", n)
		}
	}

	s.stop()
	if out := h.good("claim"); !strings.HasPrefix(out, "agency: letters go again; seen was: ") {
		t.Errorf("claim says %q", out)
	}
	if out := h.good("claim"); out != "agency: no other installation was seen, nothing to do\n" {
		t.Errorf("a second claim says %q", out)
	}
	eventually(t, "what waited has gone", func() bool { return h.show("MB-1").letter().State == "sent" })
}
