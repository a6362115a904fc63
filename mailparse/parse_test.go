package mailparse

import "testing"

func TestParseOrdinary(t *testing.T) {
	m := Parse([]byte("From: =?utf-8?q?Zo=C3=AB?= <Zoe@EXAMPLE.org>\r\nSubject: Hi\r\nMessage-ID: <a@b>\r\n" +
		"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>hello\r\n--x--\r\n"))
	if len(m.From) != 1 || m.From[0] != (Address{Name: "Zoë", Addr: "Zoe@example.org"}) || m.Text != "hello" || m.MessageID != "a@b" {
		t.Errorf("got %+v", m)
	}
	if len(m.Problems) > 0 {
		t.Errorf("problems %v", m.Problems)
	}
}
