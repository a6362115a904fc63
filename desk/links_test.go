package desk_test

import (
	"html"
	"net/url"
	"regexp"
	"replyby/desk/arrival"
	"replyby/ticket/posted"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/desk"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// link is a mailto: link as a mail program opens it: to whom, and what stands there already (RFC 6068).
type link struct{ to, subject, body string }

var hrefs = regexp.MustCompile(`href="(mailto:[^"]*)"`)

// links are those of a mail's HTML, and the mail's text names the same words.
func (s *scenario) links(l store.Letter) []link {
	s.Helper()
	m := mailparse.Parse(l.Bytes)
	var all []link
	for _, href := range hrefs.FindAllStringSubmatch(htmlOf(l.Bytes), -1) {
		u, err := url.Parse(html.UnescapeString(href[1]))
		if err != nil {
			s.Fatal(err)
		}
		q, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, "+", "%2B")) // a plus is a plus in a mailto: link
		if err != nil {
			s.Fatal(err)
		}
		x := link{u.Opaque, q.Get("subject"), q.Get("body")}
		all = append(all, x)
		first, _, _ := strings.Cut(x.body, "\r\n")
		if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(strings.TrimSpace(first))).MatchString(m.Text) {
			s.Errorf("the text does not offer %q:\n%s", first, m.Text)
		}
	}
	return all
}

// htmlOf is the HTML part of a mail, decoded.
func htmlOf(raw []byte) string {
	_, part, found := strings.Cut(string(raw), "Content-Type: text/html")
	if !found {
		return ""
	}
	part, _, _ = strings.Cut(part, "\r\n--")
	return mailparse.Parse([]byte("MIME-Version: 1.0\r\nContent-Type: text/html" + part)).HTML
}

// follows lets anna use a link, as a mail program makes the mail: a new one, without a word about what it answers. What she adds stands
// behind what was prepared; some programs append the mail she looked at.
func (s *scenario) follows(x link, l store.Letter, adds string, quote bool) {
	s.Helper()
	text := strings.ReplaceAll(x.body, "\r\n", "\n") + adds
	if quote {
		text = s.answer(l, anna, text).text
	}
	s.arrives(mail{from: anna, to: x.to, subject: x.subject, text: text})
	s.post()
}

// effects is what each link says that it does.
func effects() map[string]func(s *scenario, before ticket.Ticket, mails int) bool {
	decided := func(s *scenario, before ticket.Ticket) bool { return s.ticket(before.Number).Decided > before.Decided }
	return map[string]func(s *scenario, before ticket.Ticket, mails int) bool{
		"ok": func(s *scenario, before ticket.Ticket, _ int) bool { return decided(s, before) },
		"eta": func(s *scenario, before ticket.Ticket, _ int) bool {
			o, ok := s.ticket(before.Number).Duty("eta")
			return decided(s, before) && ok && o.From.Equal(time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC))
		},
		"take": func(s *scenario, before ticket.Ticket, _ int) bool {
			return s.ticket(before.Number).Assignee == anna && !decided(s, before)
		},
		"note": func(s *scenario, before ticket.Ticket, _ int) bool {
			return s.count(int64(before.Number), kind.Noted) == 1 && !decided(s, before)
		},
		"help": func(s *scenario, before ticket.Ticket, mails int) bool {
			return s.only(mails, "merge") && !decided(s, before)
		},
		"status": func(s *scenario, before ticket.Ticket, mails int) bool {
			return s.only(mails, "(rb:") && !decided(s, before)
		},
		"undo": func(s *scenario, before ticket.Ticket, _ int) bool { return s.posted(before.Number, posted.Recalled) },
		"resend": func(s *scenario, before ticket.Ticket, _ int) bool {
			return len(s.ticket(before.Number).Posted) == len(before.Posted)+1
		},
		"leave": func(s *scenario, before ticket.Ticket, _ int) bool { return s.posted(before.Number, posted.Left) },
		"posted": func(s *scenario, before ticket.Ticket, _ int) bool {
			return s.count(int64(before.Number), kind.PostedDeclared) == 1
		},
		"close": func(s *scenario, before ticket.Ticket, _ int) bool {
			return s.ticket(before.Number).State == ticket.Closed
		},
	}
}

// only says that anna got one mail since, with some words in subject or text.
func (s *scenario) only(mails int, words string) bool {
	all := s.letters(anna)
	if len(all) != mails+1 {
		return false
	}
	m := mailparse.Parse(all[mails].Bytes)
	return strings.Contains(m.Subject+m.Text, words)
}

func (s *scenario) posted(n uint64, state posted.State) bool {
	return slices.ContainsFunc(s.ticket(n).Posted, func(p ticket.Posted) bool { return p.Customer && p.State == state })
}

// mailsWithLinks bring about each kind of mail that offers answers, as the latest one to anna.
func mailsWithLinks() map[string]func(s *scenario) {
	carrello := func(s *scenario) {
		s.arrives(mail{from: mario, subject: "Carrello", text: request})
		s.post()
	}
	says := func(text string) func(s *scenario) {
		return func(s *scenario) {
			carrello(s)
			s.says(anna, text)
		}
	}
	return map[string]func(s *scenario){
		"request": carrello,
		"again": func(s *scenario) {
			carrello(s)
			s.arrives(mail{from: mario, subject: "Re: Carrello", text: "Ancora niente.", reply: []string{"m1@client.example"}})
			s.post()
		},
		"words":   says(words),
		"doubt":   says("okk"),
		"refused": says("normal"),
		"status":  says("status"),
		"help":    says("help"),
		"receipt": says("take"),
		"warning": func(s *scenario) { carrello(s); s.until("17:00") },
		"decided": func(s *scenario) { s.cfg.Hold = 10 * time.Minute; s.restart(); says("ok\n\n" + words)(s) },
		"handed":  func(s *scenario) { carrello(s); s.says(marco, "assign anna") },
		"confirm": func(s *scenario) {
			carrello(s)
			m := s.answer(s.last(anna), anna, "ok\n\n"+words)
			m.auth = arrival.None
			s.arrives(m)
			s.post()
		},
		"fix":      says("patch 2.1: MB-1\nfield product: Spedizioni\n\n" + words),
		"in doubt": lostEnd,
		"closure": func(s *scenario) {
			s.contracts(mario+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
			s.at("2026-12-10 09:00").tick()
		},
		"portal": func(s *scenario) {
			s.judge.Sources, s.judge.AuthservID = []classifier.Source{portal()}, "mx.seller.example"
			s.restart()
			s.notice("8841", "pass", "Buongiorno, la pagina mostra un errore.")
			s.post()
		},
	}
}

// numbered is the ticket that a mail is about.
func numbered(l store.Letter) uint64 {
	n, _ := strconv.ParseUint(regexp.MustCompile(`\[M[BP]-(\d+)\]`).FindStringSubmatch(l.Subject)[1], 10, 64)
	return n
}

// lostEnd loses the end of a letter, about which anna is asked.
func lostEnd(s *scenario) {
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	s.says(anna, "ok\n\n"+words)
	s.until("15:20")
}

// Every link in every kind of mail, in four languages, does what it says when it is used as mail programs use it.
func TestLinksDoWhatTheySay(t *testing.T) {
	t.Parallel() // a long one
	seen := map[string]int{}
	for _, language := range []string{"it", "es", "fr", "en"} {
		for name, bring := range mailsWithLinks() {
			fresh := func(t *testing.T) (*scenario, store.Letter, []link) {
				cfg := agency(t)
				if name == "closure" || name == "portal" {
					cfg = shuts(t)
				}
				cfg.Staff[0].Language = language
				s := play(t, cfg)
				bring(s)
				l := s.last(anna)
				return s, l, s.links(l)
			}
			t.Run(language+" "+name, func(t *testing.T) {
				_, _, all := fresh(t)
				for i := range all {
					for _, quote := range []bool{true, false}[:1+i%2] {
						s, l, links := fresh(t)
						word, _, _ := strings.Cut(strings.TrimSpace(links[i].body), " ")
						adds := map[string]string{"note": "richiamare lunedì", "posted": words}[word]
						before, mails := s.ticket(numbered(l)), len(s.letters(anna))
						s.follows(links[i], l, adds, quote)
						if does := effects()[word]; does == nil || !does(s, before, mails) {
							t.Errorf("%q (quoted %v) does not do what it says; anna reads:\n%s", links[i].body, quote, mailparse.Parse(s.last(anna).Bytes).Text)
						}
						seen[word]++
					}
				}
			})
		}
	}
	t.Logf("links used: %v", seen)
	for word := range effects() {
		if seen[word] == 0 && word != "status" {
			t.Errorf("no mail offered %q", word)
		}
	}
}
