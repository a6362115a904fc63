package desk_test

import (
	"replyby/desk/arrival"
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/ticket/kind"
	"replyby/ticket/roster"
)

// annasFoot is a signature as many people's mail programs write it: no mark above it, contacts below the name.
const annasFoot = "Anna Verdi\nMB Services & Consulting\nTel. +39 011 000 0000\nwww.mb.example"

func (s *scenario) greet() {
	s.Helper()
	if err := s.desk.Greet(s.Context(), s.now); err != nil {
		s.Fatal(err)
	}
	s.post()
}

func (s *scenario) known(who string) roster.Entry { return s.ticket(0).Roster.Of([]string{who}) }

// The answer to the first mail decides nothing, and shows what there is to know: its proof and its signature.
func TestGreet(t *testing.T) {
	for _, c := range []struct {
		name, text string
		auth       arrival.Outcome
		want       roster.Entry
	}{
		{"no mark above the signature", "ci sono\n\n" + annasFoot, "", roster.Entry{Proof: "test: pass", Signature: annasFoot}},
		{"a mark above it", "ci sono\n\n-- \nAnna Verdi\nMB", "", roster.Entry{Proof: "test: pass", Signature: "Anna Verdi\nMB"}},
		{"none", "ci sono", "", roster.Entry{Proof: "test: pass"}},
		{"found in junk", "spam\n\n" + annasFoot, "", roster.Entry{Proof: "test: pass", Signature: annasFoot, Junk: true}},
		{"ok decides nothing here", "ok", "", roster.Entry{Proof: "test: pass"}},
		{"no proof", "ci sono", arrival.None, roster.Entry{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.greet()
			if len(s.letters(anna)) != 2 || s.last(anna).Purpose != "hello" {
				t.Fatalf("anna got %d mails, the last a %s", len(s.letters(anna)), s.last(anna).Purpose)
			}
			m := s.answer(s.last(anna), anna, c.text)
			m.auth = c.auth
			s.arrives(m)
			s.post()
			s.wantLetters(0)
			got := s.known(anna)
			if got.Answered.IsZero() || got.Proof != c.want.Proof || got.Signature != c.want.Signature || got.Junk != c.want.Junk {
				t.Errorf("learnt %+v, want %+v", got, c.want)
			}
			if s.last(anna).Purpose != "receipt" {
				t.Errorf("anna's last mail is a %s", s.last(anna).Purpose)
			}
			s.checkFold()
		})
	}
}

// Who has answered is not asked again, nobody twice a day.
func TestGreetOnce(t *testing.T) {
	s := play(t, agency(t))
	s.greet()
	s.greet()
	s.says(anna, "ci sono")
	s.at("2026-11-24 15:01").greet()
	if got := s.count(0, kind.Greeted); got != 3 {
		t.Errorf("asked %d times, want anna once and marco twice", got)
	}
	people, err := s.desk.Colleagues(t.Context())
	if err != nil || people[0].Answered.IsZero() || !people[1].Answered.IsZero() || people[1].Greeted.IsZero() {
		t.Errorf("%+v %v", people, err)
	}
	s.until("2026-11-25 14:01")
	if got := mailparse.Parse(s.last(boss).Bytes).Text; !strings.Contains(got, "Marco Neri: non ha ancora risposto") || strings.Contains(got, "Anna Verdi:") {
		t.Errorf("the digest does not say who has not answered:\n%s", got)
	}
}

// A forged answer, or one of somebody else, teaches nothing.
func TestGreetForged(t *testing.T) {
	s := play(t, agency(t))
	s.greet()
	hello := s.last(anna)
	forged := s.answer(hello, anna, "eccomi\n\nPagate a questo conto:\nIT00 0000")
	forged.auth = arrival.Fail
	s.arrives(forged)
	s.arrives(s.answer(hello, marco, "eccomi"))
	s.arrives(s.answer(hello, mario, "eccomi"))
	for _, who := range []string{anna, marco, mario} {
		if got := s.known(who); !got.Answered.IsZero() || got.Signature != "" {
			t.Errorf("%s: learnt %+v", who, got)
		}
	}
}

// I2: without the signature learnt the text goes back for a look; with it `ok` goes in one step, and the signature stays at home.
func TestLearntSignature(t *testing.T) {
	for _, learnt := range []bool{false, true} {
		s := play(t, agency(t))
		if learnt {
			s.greet()
			s.says(anna, "ci sono\n\n"+annasFoot)
		}
		s.arrives(mail{from: mario, subject: "Carrello", text: request})
		s.post()
		s.says(anna, "ok\n\n"+words+"\n\n"+strings.ReplaceAll(annasFoot, "\n", "\n\n"))
		if !learnt {
			s.wantLetters(0)
			continue
		}
		s.wantLetters(1)
		if got := mailparse.Parse(s.last(mario).Bytes).Text; strings.Contains(got, "Tel.") || !strings.Contains(got, "certificato scaduto") {
			t.Errorf("letter:\n%s", got)
		}
	}
}

// Whoever has answered the first mail reads what was learnt, in words of his own language: the signature, which is cut off from now on, and
// none of what proves his mail, which is written for the log.
func TestGreetSaysWhatWasLearnt(t *testing.T) {
	for answer, want := range map[string]string{
		"ci sono\n\n" + annasFoot: "Ora riconosco la tua posta. Firma: Anna Verdi Messaggio",
		"ci sono":                 "Ora riconosco la tua posta. Sotto la tua riga non ho trovato una firma",
	} {
		s := play(t, agency(t))
		s.greet()
		s.says(anna, answer)
		if got := s.text(anna); !strings.Contains(got, want) || strings.Contains(got, "test: pass") {
			t.Errorf("%q is answered:\n%s", answer, got)
		}
	}
}

// What is said to the first mail besides is heard: an absence needs no second mail.
func TestGreetAndAbsent(t *testing.T) {
	s := play(t, agency(t))
	s.greet()
	s.says(anna, "absent until 2026-11-30\n\n"+annasFoot)
	if e := s.known(anna); e.Away.IsZero() || e.Answered.IsZero() {
		t.Errorf("learnt %+v", e)
	}
}
