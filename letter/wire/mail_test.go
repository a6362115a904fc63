package wire

import (
	"bytes"
	"strings"
	"testing"
)

// A mail is attached as a mail only where no byte of it has to be changed; any other file of that type is carried in base64.
func TestMailAsFile(t *testing.T) {
	for _, c := range []struct {
		name, data string
		mail       bool
	}{
		{"empty", "", false},
		{"lines without CR", "From: a@b.example\n\ntext\n", false},
		{"a CR alone", "From: a@b.example\r\n\r\none\rtwo\r\n", false},
		{"eight bits", "From: a@b.example\r\n\r\nperch\xc3\xa9\r\n", false},
		{"NUL", "From: a@b.example\r\n\r\n\x00\r\n", false},
		{"no end of line", "From: a@b.example\r\n\r\ntext", false},
		{"a long line", "From: a@b.example\r\n\r\n" + strings.Repeat("x", 999) + "\r\n", false},
		{"the boundary inside", "From: a@b.example\r\n\r\n--b1\r\n--b1--\r\n", true},
		{"plain", "From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n", true},
	} {
		m := Message{Header: []Field{{"From", []string{"x@y.example"}}}, Text: "see\n", HTML: "<p>see</p>", Boundary: "b1", Files: []File{{Name: "m.eml", Type: "message/rfc822", Data: []byte(c.data)}}}
		b, err := m.Bytes()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		asMail := bytes.Contains(b, []byte("Content-Type: message/rfc822")) && bytes.Contains(b, []byte("Content-Transfer-Encoding: 7bit\r\n")) && bytes.Contains(b, []byte(c.data))
		if asMail != c.mail || !c.mail && bytes.Contains(b, []byte("message/rfc822")) {
			t.Errorf("%s: as a mail %t, want %t\n%s", c.name, asMail, c.mail, b)
		}
		if strings.Contains(c.data, "--b1") && bytes.Contains(b, []byte("boundary=b1\r\n")) {
			t.Error("the boundary occurs in the mail inside")
		}
	}
}
