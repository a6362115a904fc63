package cms

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// der wraps content in a tag with a definite length; open in one whose length is left open.
func der(tag byte, content ...string) string {
	all := strings.Join(content, "")
	if len(all) < 0x80 {
		return string([]byte{tag, byte(len(all))}) + all
	}
	return string([]byte{tag, 0x82, byte(len(all) >> 8), byte(len(all))}) + all
}

func open(tag byte, content ...string) string {
	return string([]byte{tag, 0x80}) + strings.Join(content, "") + "\x00\x00"
}

func signed(wrap func(byte, ...string) string, kind, content string) string {
	return wrap(0x30, der(6, kind), wrap(0xa0, wrap(0x30, der(2, "\x01"), wrap(0x31, wrap(0x30, der(6, "\x2a"))),
		wrap(0x30, der(6, data), wrap(0xa0, content)), der(0x31, "signers"))))
}

func TestSigned(t *testing.T) {
	long := strings.Repeat("long ", 100)
	whole, ber := signed(der, signedData, der(4, long)), signed(open, signedData, open(0x24, der(4, "one "), der(4, long)))
	for name, c := range map[string]struct {
		raw, want string
		whole, ok bool
	}{
		"der":                    {whole, long, true, true},
		"ber":                    {ber, "one " + long, true, true},
		"pieces, length":         {signed(der, signedData, der(0x24, der(4, "a"), der(0x24, der(4, "b")))), "ab", true, true},
		"enveloped":              {signed(der, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", der(4, "x")), "", false, false},
		"detached":               {der(0x30, der(6, signedData), der(0xa0, der(0x30, der(2, "\x01"), der(0x31), der(0x30, der(6, data)), der(0x31)))), "", false, false},
		"no bytes":               {"", "", false, false},
		"text":                   {"Content-Type: text/plain\r\n\r\nwords", "", false, false},
		"a length too big":       {"\x30\x85\x01\x01\x01\x01\x01", "", false, false},
		"nested too deep":        {signed(open, signedData, strings.Repeat("\x24\x80", 1000)), "", false, false},
		"cut off":                {whole[:strings.Index(whole, long)+100], long[:100], false, true},
		"cut off behind a piece": {ber[:strings.Index(ber, long)+len(long)], "one " + long, false, true},
		"cut off in a piece":     {ber[:strings.Index(ber, long)+100], "one " + long[:100], false, true},
		"cut off in the signers": {whole[:strings.Index(whole, "signers")], long, true, true},
	} {
		if got, all, ok := Signed([]byte(c.raw)); ok != c.ok || ok && (string(got) != c.want || all != c.whole) {
			t.Errorf("%s: %q, whole %t, %t", name, got, all, ok)
		}
	}
}

// Whatever the bytes, it ends, and gives no more than it was given (promise I8).
func TestSignedAnyBytes(t *testing.T) {
	whole := signed(open, signedData, open(0x24, der(4, "one "), der(4, "two")))
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(whole)
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			raw[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		raw = append(raw[:rapid.IntRange(0, len(raw)).Draw(t, "cut")], rapid.SliceOf(rapid.Byte()).Draw(t, "more")...)
		before := bytes.Clone(raw)
		if got, _, _ := Signed(raw); len(got) > len(raw) || !bytes.Equal(raw, before) {
			t.Fatalf("%d bytes of %d", len(got), len(raw))
		}
	})
}

// FuzzSigned: no bytes make the reader fail, and nothing comes out that did not go in.
func FuzzSigned(f *testing.F) {
	f.Add([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80\x04\x01x\x24\x03\x04\x01y\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if content, _, _ := Signed(raw); len(content) > len(raw) {
			t.Errorf("%d bytes of %d", len(content), len(raw))
		}
	})
}
