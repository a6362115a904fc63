package desk_test

import (
	"replyby/desk/arrival"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// rivals are two installations that work one mailbox: whatever arrives, arrives at both.
type rivals struct{ a, b *scenario }

func compete(t *testing.T) rivals {
	r := rivals{play(t, agency(t)), play(t, agency(t))}
	r.a.tick()
	r.b.tick()
	r.arrives(mail{from: mario, subject: "Carrello", text: request})
	r.a.post()
	r.b.post()
	return r
}

func (r rivals) arrives(m mail) {
	r.a.Helper()
	raw := r.a.raw(m)
	r.a.delivers(raw, m.auth)
	r.b.delivers(raw, m.auth)
}

// notices counts the alarms that somebody got.
func (s *scenario) notices(to string) (n int) {
	for _, l := range s.letters(to) {
		if l.Purpose == "notice" {
			n++
		}
	}
	return n
}

// I4, F22: staff answer the mails of both. The word to the other one is refused without a mail, both stop sending and say so once, and
// the customer has no letter twice. When a person says whose mailbox it is, what waited there goes.
func TestTwoInstallations(t *testing.T) {
	r := compete(t)
	toA, toB := r.a.answer(r.a.last(anna), anna, "ok\n\n"+words), r.b.answer(r.b.last(anna), anna, "ok\n\n"+words)
	r.arrives(toA)
	r.a.post() // at once: the other one cannot know yet
	r.arrives(toB)
	for _, s := range []*scenario{r.a, r.b} {
		before := len(s.letters(marco))
		s.tick()
		s.tick()
		if got := len(s.letters(marco)) - before; got != 1 || s.notices(anna) != 1 || s.notices(boss) != 1 {
			t.Errorf("marco was told %d times, anna %d, the manager %d", got, s.notices(anna), s.notices(boss))
		}
		if s.count(-1, kind.DecisionRefused) != 0 {
			t.Error("the answer to the other installation was refused aloud")
		}
		if text := mailparse.Parse(s.last(boss).Bytes).Text; !strings.Contains(text, "claim") {
			t.Errorf("the notice does not say what to do:\n%s", text)
		}
	}
	r.a.wantLetters(1)
	r.b.wantLetters(0)
	if got := r.b.ticket(1).Posted; len(got) == 0 || got[0].State != posted.Queued {
		t.Errorf("the letter that waits: %+v", got)
	}
	r.b.restart() // it is no matter of memory
	r.b.post()
	r.b.wantLetters(0)

	r.b.now = r.b.now.Add(time.Hour)
	for i, want := range []bool{true, false} {
		if seen, err := r.b.desk.Claim(t.Context(), "command line", r.b.now); err != nil || (seen != "") != want {
			t.Errorf("claim %d: %q %v", i+1, seen, err)
		}
	}
	r.b.post()
	r.b.wantLetters(1)
	r.arrives(r.a.answer(r.a.letters(marco)[0], marco, "note\n\nancora qui"))
	r.b.post()
	if r.b.notices(boss) != 2 {
		t.Errorf("the manager has %d notices after the other one showed again", r.b.notices(boss))
	}
	r.b.checkFold()
}

// A letter of another installation is an alarm where it shows that somebody of ours sent it, and at no other time: anybody can write
// the field that marks our letters.
func TestForeignLetters(t *testing.T) {
	for _, c := range []struct {
		name   string
		role   arrival.Role
		change func(m *mail)
		age    time.Duration
		alarm  bool
	}{
		{"copy in the inbox", arrival.Inbox, func(*mail) {}, 0, true},
		{"copy in the folder of sent mail", arrival.Sent, func(m *mail) { m.auth, m.reply = arrival.Fail, nil }, 0, true},
		{"nothing proves anything here, but it is in the conversation", arrival.Inbox, func(m *mail) { m.auth = arrival.None }, 0, true},
		{"nothing proves it", arrival.Inbox, func(m *mail) { m.auth, m.reply = arrival.None, nil }, 0, false},
		{"forged", arrival.Inbox, func(m *mail) { m.auth = arrival.Fail }, 0, false},
		{"of another address", arrival.Inbox, func(m *mail) { m.from = "eve@evil.example" }, 0, false},
		{"older than the desk", arrival.Sent, func(*mail) {}, 24 * time.Hour, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := compete(t).b
			s.now = s.now.Add(time.Minute)
			m := mail{from: s.cfg.Address, to: mario, subject: "[MB-1] Carrello", text: words, reply: []string{"m1@client.example"},
				head: []string{"X-Replyby-Letter: 0123456789abcdef/abcdefghijklmnopqrstuvwxyz"}}
			c.change(&m)
			raw := s.raw(m)
			s.uid++
			in := desk.Incoming{UID: s.uid, Internal: s.now.Add(-c.age), Raw: raw, Prove: func() desk.Auth {
				outcome := m.auth
				if outcome == "" {
					outcome = arrival.Pass
				}
				return desk.Auth{Outcome: outcome, From: m.from}
			}}
			if err := s.desk.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: c.role, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now}); err != nil {
				t.Fatal(err)
			}
			s.says(anna, "ok\n\n"+words)
			s.tick()
			s.wantLetters(map[bool]int{true: 0, false: 1}[c.alarm])
			if got := s.notices(boss); got != map[bool]int{true: 1, false: 0}[c.alarm] {
				t.Errorf("the manager has %d notices", got)
			}
		})
	}
}

// A letter with the mark of this very database that its log never wrote comes from a copy of it at work elsewhere.
func TestCopyOfThisDatabase(t *testing.T) {
	for _, c := range []struct {
		name  string
		auth  arrival.Outcome
		from  string
		alarm int
	}{{"proven", arrival.Pass, support, 1}, {"forged", arrival.Fail, support, 0}, {"of another desk on the same server", arrival.Pass, "moduli@mb.example", 0}} {
		t.Run(c.name, func(t *testing.T) {
			s := compete(t).a
			s.arrives(mail{from: c.from, to: mario, subject: "[MB-1] Carrello", text: words, auth: c.auth, head: []string{"X-Replyby-Letter: " + s.store.ID() + "/abcdefghijklmnopqrstuvwxyz"}})
			s.tick()
			if got := s.notices(boss); got != c.alarm {
				t.Errorf("the manager has %d notices, want %d", got, c.alarm)
			}
		})
	}
}
