package imapwatch

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// feed counts data in pieces and returns how far it got.
func feed(w *wire, data []byte, piece int) (int, error) {
	for at := 0; at < len(data); at += piece {
		if err := w.count(data[at:min(at+piece, len(data))]); err != nil {
			return at, err
		}
	}
	return len(data), nil
}

func TestWireLimits(t *testing.T) {
	line := bytes.Repeat([]byte("x"), maxLine)
	many := bytes.Repeat([]byte("{1}\r\nx"), maxLine/4)
	for _, tc := range []struct {
		name string
		data []byte
		ok   bool
	}{
		{"line without end", line[:maxLine], true},
		{"line without end, one more", append(line[:maxLine:maxLine], 'x'), false},
		{"literal over the limit", []byte("* 1 FETCH (BODY[] {1001}\r\n"), false},
		{"literal over all limits", []byte("* 1 FETCH (BODY[] {9223372036854775807}\r\n"), false},
		{"many literals in one response", many, false},
		{"largest literal", append([]byte("* 1 FETCH (BODY[] {1000}\r\n"), line[:1000]...), true},
		{"two responses", append(append(line[:maxLine-2:maxLine-2], "\r\n"...), "* OK\r\n"...), true},
	} {
		w := &wire{maxLiteral: 1000}
		if _, err := feed(w, tc.data, 4096); (err == nil) != tc.ok {
			t.Errorf("%s: got %v", tc.name, err)
		}
	}
}

// How the network cuts the stream into pieces changes nothing.
func FuzzWire(f *testing.F) {
	f.Add([]byte("* 1 FETCH (UID 1 BODY[] {5}\r\nab\r\n{ FLAGS ())\r\n* BYE [UNAVAILABLE] later\r\n"), 3)
	f.Add([]byte("* OK {3}\r\n{9}\r\n* bye x\r\n"), 1)
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		if piece < 1 {
			piece = 1
		}
		one, other := &wire{maxLiteral: 50}, &wire{maxLiteral: 50}
		_, errOne := feed(one, data, max(len(data), 1))
		_, errOther := feed(other, data, piece)
		if (errOne == nil) != (errOther == nil) {
			t.Fatalf("whole: %v, in pieces of %d: %v", errOne, piece, errOther)
		}
		if errOne == nil && (one.literal != other.literal || one.before != other.before || !bytes.Equal(one.line, other.line) || one.bye != other.bye) {
			t.Fatalf("whole: %+v, in pieces of %d: %+v", one, piece, other)
		}
	})
}

// No window of 15 minutes ever sees a fourth try.
func TestRefusalsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		var r refusals
		var tries []time.Time
		for range rapid.IntRange(1, 30).Draw(t, "tries") {
			now = now.Add(max(0, r.wait(now))).Add(time.Duration(rapid.IntRange(0, 1200).Draw(t, "pause")) * time.Second)
			tries = append(tries, now)
			r.add(now)
		}
		for i := triesAllowed; i < len(tries); i++ {
			if gap := tries[i].Sub(tries[i-triesAllowed]); gap < triesWindow {
				t.Fatalf("%d tries within %s", triesAllowed+1, gap)
			}
		}
	})
}

// Groups cover the entries in order, hold to the limits, and put nothing
// beside a mail that is under suspicion.
func TestGroupsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := New(Config{MaxSize: groupSize * 2}, nil, nil)
		s := &session{link: &link{cfg: w.cfg}, w: w, open: folder{name: "INBOX", validity: 1}}
		var entries []entry
		for i := range rapid.IntRange(1, 400).Draw(t, "mails") {
			entries = append(entries, entry{uid: uint32(i + 1), size: rapid.Int64Range(0, groupSize*3).Draw(t, "size")})
		}
		d := w.doubt(s.open)
		d.upTo, d.uid = uint32(rapid.IntRange(0, 50).Draw(t, "up to")), 3
		d.strikes = rapid.IntRange(0, 10).Draw(t, "strikes")
		for len(entries) > 0 {
			n, h := s.group(entries)
			if n < 1 || n > groupMails {
				t.Fatalf("group of %d", n)
			}
			sum := int64(0)
			for _, e := range entries[:n] {
				sum += e.size
				if (h == whole) == (e.size > w.cfg.MaxSize) && h < rescue {
					t.Fatalf("a mail of %d octets is read as %d", e.size, h)
				}
			}
			if n > 1 && (entries[0].uid <= d.upTo || h == whole && sum > groupSize) {
				t.Fatalf("%d mails of %d octets together, the first is uid %d", n, sum, entries[0].uid)
			}
			entries = entries[n:]
		}
	})
}
