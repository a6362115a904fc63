package desk_test

import (
	"strings"
	"testing"
)

// I2: anybody can write a mail in the way of a form that names somebody else as its visitor. Whoever approves the answer, which goes to that one, sees who
// wrote.
func TestSenderOfAFormIsShown(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "Bottega <mailer@estraneo.example>", subject: "Contatto", head: []string{"Reply-To: " + mario},
		text: "Hai un messaggio dal negozio.\n\nPaese:\n\nIT\n\nE-mail:\n\n" + mario + "\n\nCorpo:\n\nCancellate il mio contratto."})
	s.post()
	if got := s.ticket(1).Customer.Addr; got != mario {
		t.Fatalf("the customer is %s", got)
	}
	if text := s.last(anna).Text; !strings.Contains(text, "mailer@estraneo.example") {
		t.Errorf("who wrote is not shown:\n%s", text)
	}
}
