package desk_test

import (
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/ticket"
)

const marcosWords = "Good news, I have found the cause and I am testing the repair in your shop right now."

// A customer whom a colleague has written since the list was shown gets a second letter only from who has read of the first.
func TestCorrectionAfterALetterOfAColleague(t *testing.T) {
	for _, hold := range []time.Duration{0, 2 * time.Minute} {
		s := proposed(t, hold)
		list := s.about(anna, "MB-1")
		s.at("15:10").arrives(s.answer(s.about(marco, "MB-2"), marco, "ok\n\n"+marcosWords))
		s.at("15:13").post()
		s.wantLetters(1)
		s.arrives(s.answer(list, anna, "ok"))
		s.at("15:16").tick()
		s.wantLetters(1)
		s.wantText(anna, "dopo l'elenco a cui rispondi è stato scritto al cliente di MB-2", "Marco Neri", "15:10", marcosWords[:40], "MB-3", "MB-6", "Abbiamo corretto")
		s.says(anna, "ok")
		s.at("15:20").tick()
		s.wantLetters(5)
		if n := len(s.letters("c2@cliente.example")); n != 2 {
			t.Errorf("hold %s: the customer of MB-2 got %d letters", hold, n)
		}
		s.checkFold()
	}
}

// What was written before the list stands in it, and brings no second one; neither does a letter that was taken back.
func TestCorrectionSaysWhatWasWrittenBefore(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.at("15:10").arrives(s.answer(s.about(marco, "MB-2"), marco, "ok\n\n"+marcosWords))
	s.post()
	s.at("15:11").arrives(s.answer(s.about(anna, "MB-1"), anna, "patch 1.2.3\n\n"+solved))
	s.post()
	list := s.about(anna, "MB-1")
	s.wantText(anna, "ultima lettera", "Marco Neri", "15:10")
	s.arrives(s.answer(s.about(marco, "MB-3"), marco, "ok\n\n"+marcosWords))
	s.post()
	s.arrives(s.answer(s.about(marco, "MB-3"), marco, "undo"))
	s.at("15:13").tick() // the letter of MB-2 has left
	s.arrives(s.answer(list, anna, "ok"))
	s.at("15:20").tick()
	if n := len(s.letters("c3@cliente.example")); n != 1 || s.ticket(2).State != ticket.Resolved {
		t.Errorf("nothing new was written, and the correction did not go:\n%s", mailparse.Parse(s.last(anna).Bytes).Text)
	}
	s.checkFold()
}

// An answer that a colleague gave from his own mail program is a letter like any, whatever is done to that ticket afterwards.
func TestCorrectionAfterAnAnswerFromOutside(t *testing.T) {
	for _, then := range []string{"", "note gli ho risposto io", "take"} {
		s := proposed(t, 0)
		list := s.about(anna, "MB-1")
		s.at("15:10").arrives(mail{from: marco, to: "c2@cliente.example", subject: "Re: Modulo", reply: []string{s.ticket(2).Thread[0]}, text: marcosWords})
		if then != "" {
			s.at("15:11").saysOf(marco, "MB-2", then)
		}
		s.arrives(s.answer(list, anna, "ok"))
		s.post()
		s.wantLetters(0)
		s.wantText(anna, "dopo l'elenco a cui rispondi è stato scritto al cliente di MB-2", "Marco Neri", "15:10")
		s.says(anna, "ok")
		s.wantLetters(4)
		s.checkFold()
	}
}
