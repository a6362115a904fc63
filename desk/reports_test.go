package desk_test

import (
	"testing"

	"replyby/mailparse"
	"replyby/ticket/kind"
)

// A person who sends along what a machine wrote is a person and gets his ticket, or his clock (RFC 6522: a report is a multipart/report).
func TestMachinePartsSentAlongByAPerson(t *testing.T) {
	says := "Content-Type: text/plain; charset=utf-8\r\n\r\nBuongiorno, da stamattina le conferme d'ordine del negozio tornano indietro, vedete l'allegato. Potete sistemare?"
	for name, part := range map[string]string{
		"delivery status": "Content-Type: message/delivery-status; name=\"details.txt\"\r\nContent-Disposition: attachment; filename=\"details.txt\"\r\n\r\n" +
			"Reporting-MTA: dns; mx.host.example\r\n\r\nFinal-Recipient: rfc822; luca@altro.example\r\nAction: failed\r\nStatus: 5.7.1\r\n",
		"read receipt": "Content-Type: message/disposition-notification; name=\"ricevuta.txt\"\r\nContent-Disposition: attachment; filename=\"ricevuta.txt\"\r\n\r\n" +
			"Final-Recipient: rfc822; luca@altro.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
		"calendar file": "Content-Type: text/calendar; name=\"risposta.ics\"\r\nContent-Disposition: attachment; filename=\"risposta.ics\"\r\n\r\n" +
			"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE: conferme d'ordine", kind: "multipart/mixed", parts: []string{says, part}})
			s.post()
			if got := s.events(1); len(got) == 0 {
				t.Errorf("no ticket, no clock, %d mails to staff; the desk's own file: %v", len(s.sent), s.ticket(0).Filed)
			}
		})
		t.Run(name+", in answer to our letter", func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			s.says(anna, "ok\n\n"+words)
			m := s.answer(s.last(mario), "Mario Rossi <"+mario+">", "")
			m.kind, m.parts = "multipart/mixed", []string{says, part}
			s.arrives(m)
			s.post()
			if next, ok := s.ticket(1).Duty("next_reply"); !ok || !next.Running() {
				t.Errorf("the customer wrote again, and no clock runs: %v", s.events(1))
			}
		})
	}
}

// A bounce is proven by our Message-ID in the headers it returns not by what the mail itself answers.
func TestCustomersAnswerIsNoBounceOfOurLetter(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	m := s.answer(s.last(mario), "Mario Rossi <"+mario+">", "")
	m.kind, m.parts = "multipart/mixed", []string{
		"Content-Type: text/plain; charset=utf-8\r\n\r\nGrazie. Allego il rapporto che riceviamo per un altro indirizzo.",
		"Content-Type: message/delivery-status\r\nContent-Disposition: attachment; filename=\"details.txt\"\r\n\r\nReporting-MTA: dns; mx.host.example\r\n\r\n" +
			"Final-Recipient: rfc822; luca@altro.example\r\nAction: failed\r\nStatus: 5.7.1\r\n"}
	s.arrives(m)
	s.post()
	ack, _ := s.ticket(1).Duty("ack")
	if s.count(1, kind.Bounced) != 0 || ack.Running() {
		t.Errorf("a letter that the customer has answered is taken for returned: %v; staff read %q", s.events(1), mailparse.Parse(s.last(anna).Bytes).Subject)
	}
}
