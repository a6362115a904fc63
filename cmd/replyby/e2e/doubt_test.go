package e2e_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"replyby/mailhost"
)

// atStage makes a fault that does something at one stage of the first letter of ours to a customer.
func atStage(stage mailhost.Stage, customer string, do func() error) fault {
	done := false
	return func(at mailhost.Stage, x mailhost.Transaction) error {
		if done || at != stage || x.User == "" || !slices.Contains(x.To, customer) {
			return nil
		}
		done = true // one session sends at a time, so nobody else is here
		return do()
	}
}

func drop() error { return mailhost.ErrDrop }

// I4: the connection breaks behind the final dot though the server has taken the letter. Nobody can say so, until the copy that came
// to the support address proves it: before the break is noticed or after, the letter is sent, once, and nobody is asked.
func TestCopySettlesDoubt(t *testing.T) {
	t.Parallel()
	for name, early := range map[string]bool{"copy after the break": false, "copy before the break": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied := make(chan struct{})
			h := newHouse(t, atStage(mailhost.StageReply, mario, func() error {
				if early {
					<-copied
				}
				return mailhost.ErrDrop
			}), agency())
			h.serve()
			review := h.open(requests(support)[0], "MB-1")
			h.reply(anna, review, "ok\n\nLo guardo subito.")
			if early {
				h.awaitTicket("MB-1", "has the copy", func(s shown) bool { return s.count("settled") > 0 })
				close(copied)
			}
			s := h.awaitTicket("MB-1", "knows both the break and the copy", func(s shown) bool {
				return s.count("settled") > 0 && s.count("unknown") > 0
			})
			if _, _, _, met := s.ack(t); s.letter().State != "sent" || !s.letter().AskAt.IsZero() || met.IsZero() {
				t.Errorf("the copy is there, yet the letter is %q, somebody is asked at %s, acknowledged %s: %v", s.letter().State, s.letter().AskAt, met, kinds(s))
			}
			h.onlyOnce(mario)
		})
	}
}

// I4, I10: where nothing proves a letter in doubt it is not sent again by itself, and the clock runs on. A person decides: the same
// letter goes again, and the clock stops when the server takes that one.
func TestPersonSettlesDoubt(t *testing.T) {
	t.Parallel()
	held, release := make(chan struct{}), make(chan struct{})
	first := atStage(mailhost.StageDot, mario, drop)
	tries := 0
	h := newHouse(t, func(at mailhost.Stage, x mailhost.Transaction) error {
		if at == mailhost.StageDot && slices.Contains(x.To, mario) {
			if tries++; tries == 2 {
				close(held)
				<-release
			}
		}
		return first(at, x)
	}, agency())
	h.serve()
	review := h.open(requests(support)[0], "MB-1")
	h.reply(anna, review, "ok\n\nLo guardo subito.")
	s := h.awaitTicket("MB-1", "is in doubt", func(s shown) bool { return s.letter().State == "unknown" })
	if _, _, _, met := s.ack(t); !met.IsZero() || s.letter().AskAt.IsZero() {
		t.Errorf("in doubt: acknowledged %s, a person is asked at %s; want no and yes", met, s.letter().AskAt)
	}
	h.reply(anna, h.awaitMail(anna, "[MB-1]", 2), "resend")
	<-held
	if _, _, _, met := h.show("MB-1").ack(t); !met.IsZero() {
		t.Errorf("acknowledged %s, before the server took anything", met)
	}
	close(release)
	s = h.awaitTicket("MB-1", "is acknowledged", func(s shown) bool { _, _, _, met := s.ack(t); return !met.IsZero() })
	if s.letter().State != "sent" || s.Posted[0].MessageID != s.letter().MessageID {
		t.Errorf("posted: %+v; want the second one sent under the Message-ID of the first", s.Posted)
	}
	h.onlyOnce(mario)
}

// I4, I6: killed behind the final dot, before and after the server takes the letter. What was going on is doubt after the restart; the
// copy settles it where there is one, and nothing is ever sent again by itself.
func TestKillBehindTheDot(t *testing.T) {
	for stage, want := range map[mailhost.Stage]string{mailhost.StageDot: "unknown", mailhost.StageReply: "sent"} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			held, release := make(chan struct{}), make(chan struct{})
			hold := atStage(stage, mario, func() error {
				close(held)
				<-release
				return mailhost.ErrDrop
			})
			var tries atomic.Int64
			h := newHouse(t, func(at mailhost.Stage, x mailhost.Transaction) error {
				if at == mailhost.StageRcpt && x.User == support && x.To[len(x.To)-1] == mario {
					tries.Add(1)
				}
				return hold(at, x)
			}, agency())
			s := h.serve()
			h.reply(anna, h.open(requests(support)[0], "MB-1"), "ok\n\nLo guardo subito.")
			<-held
			s.kill()
			close(release)
			h.serve()
			x := h.awaitTicket("MB-1", "is "+want, func(s shown) bool { return s.letter().State == want })
			h.reply(anna, h.open(requests(support)[1], "MB-2"), "ok\n\nLo miro ahora mismo.")
			h.awaitMail(lucia, "[MB-2]", 1) // whatever waited in the outbox has had its turn
			if n := tries.Load(); n != 1 || x.letter().AskAt.IsZero() != (want == "sent") {
				t.Errorf("the letter was offered %d times, and a person is asked at %s", n, x.letter().AskAt)
			}
		})
	}
}

// I8: a server that has taken a letter and then says that it could not, for now, does not get it again when the copy has come, and
// stops nothing.
func TestCopyBeatsDeferral(t *testing.T) {
	t.Parallel()
	copied := make(chan struct{})
	h := newHouse(t, atStage(mailhost.StageReply, mario, func() error {
		<-copied
		return mailhost.Refusal{Code: 451, Text: "4.3.0 try again later"}
	}), agency())
	s := h.serve()
	h.reply(anna, h.open(requests(support)[0], "MB-1"), "ok\n\nLo guardo subito.")
	h.awaitTicket("MB-1", "has the copy", func(s shown) bool { return s.count("settled") > 0 })
	close(copied)
	h.open(requests(support)[1], "MB-2")
	if x := h.show("MB-1"); s.ended() || x.letter().State != "sent" {
		t.Errorf("serve ended: %t; the letter is %q: %v", s.ended(), x.letter().State, kinds(x))
	}
	h.onlyOnce(mario)
}
