package link

import (
	"bytes"
	"testing"
)

// feed counts data in pieces.
func feed(w *wire, data []byte, piece int) error {
	for at := 0; at < len(data); at += piece {
		if err := w.count(data[at:min(at+piece, len(data))]); err != nil {
			return err
		}
	}
	return nil
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
		{"deepest", append(bytes.Repeat([]byte("("), maxNest), bytes.Repeat([]byte(")"), maxNest)...), true},
		{"too deep", bytes.Repeat([]byte("("), maxNest+1), false},
		{"too deep after a literal", append([]byte("* 1 FETCH (BODY[] {1}\r\nx"), bytes.Repeat([]byte("("), maxNest)...), false},
		{"two responses", append(append(line[:maxLine-2:maxLine-2], "\r\n"...), "* OK\r\n"...), true},
	} {
		w := &wire{maxLiteral: 1000}
		if err := feed(w, tc.data, 4096); (err == nil) != tc.ok {
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
		errOne := feed(one, data, max(len(data), 1))
		errOther := feed(other, data, piece)
		if (errOne == nil) != (errOther == nil) {
			t.Fatalf("whole: %v, in pieces of %d: %v", errOne, piece, errOther)
		}
		if errOne == nil && (one.literal != other.literal || one.before != other.before || one.nest != other.nest || !bytes.Equal(one.line, other.line) || one.bye != other.bye) {
			t.Fatalf("whole: %+v, in pieces of %d: %+v", one, piece, other)
		}
	})
}
