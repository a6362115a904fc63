package outbound

import (
	"fmt"
	"strings"
	"time"
)

// answer of the server to one command.
type answer struct {
	code int
	text string
}

func (a answer) ok() bool { return a.code/100 == 2 }

// about names the recipient behind the server's words, which often do not: of several, people must know which address to mend.
func (a answer) about(to string) answer {
	if !strings.Contains(a.text, to) {
		a.text += " (" + to + ")"
	}
	return a
}

// deliver tries one transaction and says how it ended. The session is usable
// afterwards unless it is broken.
func (s *session) deliver(e envelope) Result {
	s.used = true
	if r := s.unfit(e); r.Outcome != "" {
		return r
	}
	a, err := s.command(commandTime, "MAIL FROM:<"+e.from+">"+s.parameters(e))
	if err != nil || !a.ok() {
		return s.stopped("mail", a, err)
	}
	for _, to := range e.to {
		a, err := s.command(commandTime, "RCPT TO:<"+to+">")
		if err != nil || !a.ok() {
			return s.stopped("rcpt", a.about(to), err)
		}
	}
	a, err = s.command(dataTime, "DATA")
	if err != nil || a.code != 354 {
		s.broken = s.broken || a.ok() || a.code/100 == 3 // it may be waiting for a body
		return s.stopped("data", a, err)
	}
	return s.data(e)
}

// unfit refuses what the server said it cannot take; nothing is sent.
func (s *session) unfit(e envelope) Result {
	size := 0
	if ok, limit := s.client.Extension("SIZE"); ok {
		_, _ = fmt.Sscan(limit, &size) // no number means no limit (RFC 1870, section 3)
	}
	switch {
	case size > 0 && len(e.bytes) > size:
		return s.result(Refused, "message", answer{text: fmt.Sprintf("letter of %d bytes, the server takes %d", len(e.bytes), size)})
	case e.utf8 && !s.offers("SMTPUTF8"):
		return s.result(Refused, "message", answer{text: "an address or field is not ASCII and the server has no SMTPUTF8"})
	case e.eight && !s.offers("8BITMIME"):
		return s.result(Refused, "message", answer{text: "letter holds 8-bit text and the server has no 8BITMIME"})
	}
	return Result{}
}

func (s *session) parameters(e envelope) string {
	p := ""
	if s.offers("SIZE") {
		p += fmt.Sprintf(" SIZE=%d", len(e.bytes))
	}
	if e.eight {
		p += " BODY=8BITMIME"
	}
	if e.utf8 {
		p += " SMTPUTF8"
	}
	return p
}

// stopped is the result of a transaction that ended before the body: the server
// has nothing. RSET cleans up where the connection still stands.
func (s *session) stopped(stage string, a answer, err error) Result {
	if err != nil {
		return s.result(Deferred, stage, answer{text: err.Error()})
	}
	outcome := Deferred
	if a.code/100 == 5 {
		outcome = Refused
	}
	switch {
	case s.broken, a.code/100 != 4 && a.code/100 != 5, a.code == 421:
		s.broken = true
	default:
		if b, err := s.command(commandTime, "RSET"); err != nil || !b.ok() {
			s.broken = true
		}
	}
	return s.result(outcome, stage, a)
}

// data sends the body and the final dot, in separate writes: as long as the
// dot is not under way the server cannot have accepted anything. After an error
// the session is broken and only the socket is closed.
func (s *session) data(e envelope) Result {
	s.broken = true
	if err := s.body(appendStuffed(make([]byte, 0, len(e.bytes)+len(e.bytes)/64+2), e.bytes)); err != nil {
		return s.result(Deferred, "body", answer{text: err.Error()})
	}
	if s.client.Text.R.Buffered() > 0 {
		return s.result(Deferred, "body", answer{text: errTalkative.Error()})
	}
	s.guard.allow(dotTime)
	err := s.client.Text.PrintfLine(".")
	if err != nil {
		return s.result(Unknown, "dot", answer{text: err.Error()})
	}
	a, err := s.answer()
	if err != nil {
		return s.result(Unknown, "dot", answer{text: err.Error()})
	}
	s.broken = a.code == 421 || a.code/100 < 2 || a.code/100 == 3
	return s.result(afterDot(a.code), "dot", a)
}

func afterDot(code int) Outcome {
	switch code / 100 {
	case 2:
		return Sent
	case 4:
		return Deferred
	case 5:
		return Refused
	}
	return Unknown
}

func (s *session) body(b []byte) error {
	const block = 64 << 10
	for len(b) > 0 {
		n := min(block, len(b))
		s.guard.allow(blockTime)
		if _, err := s.client.Text.W.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	s.guard.allow(blockTime)
	return s.client.Text.W.Flush()
}

func (s *session) result(o Outcome, stage string, a answer) Result {
	return Result{Outcome: o, Stage: stage, Code: a.code, Reply: clean(a.text), Server: s.server, At: now()}
}

// clean makes a server's words one printable line of at most 500 bytes.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, strings.ReplaceAll(s, "\r", ""))
	return s[:min(len(s), 500)]
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
