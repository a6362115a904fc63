package evidence

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/erasure"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	requestMail = "From: Mario Rossi <mario@cliente.example>\r\nSubject: URGENTE: carrello fermo\r\nMessage-ID: <m1@cliente.example>\r\n\r\nIl carrello non va.\r\n"
	okMail      = "From: Anna Verdi <anna@mb.example>\r\nSubject: Re: [MB-1] (rb:abc)\r\n\r\nok\r\n\r\nRinnovo subito il certificato.\r\n"
	letterMail  = "From: Assistenza MB <assistenza@mb.example>\r\nTo: mario@cliente.example\r\nSubject: Re: carrello fermo\r\n\r\nRinnovo subito il certificato.\r\nAnna Verdi\r\n"
	bounceMail  = "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\n\r\n550 5.2.2 mailbox full\r\n"
	awayMail    = "From: mario@cliente.example\r\nAuto-Submitted: auto-replied\r\nSubject: Fuori ufficio\r\n\r\nTorno lunedì.\r\n"
	noteMail    = "From: anna@mb.example\r\nSubject: Re: [MB-1] (rb:def)\r\n\r\nnote un segreto\r\n"
)

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-11-23 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func cause(mail string) string { return "raw:" + ticket.Sum([]byte(mail)).String() }

func message(mail, from, subject, clock string) *ticket.Message {
	return &ticket.Message{
		Raw: ticket.Sum([]byte(mail)), From: ticket.Address{Name: "Mario Rossi", Addr: from}, Subject: subject, Text: "Il carrello non va.",
		ReceivedAt: at(clock), ReceivedBy: "Received: from client by mx.mb.example",
	}
}

// events are a request with everything that can happen to it: answered, bounced, settled, noted, refused.
func events() []ticket.Event {
	l := ticket.Letter{
		ID: "l1", MessageID: "rb.l1@mb.example", Purpose: "ack", Customer: true, From: "assistenza@mb.example", To: []string{"mario@cliente.example"},
		Subject: "Re: carrello fermo", Hash: ticket.Sum([]byte(letterMail)), Draft: 1, By: "anna@mb.example", Answers: []duty.Name{"ack"},
		Text: "Rinnovo subito il certificato.\nAnna Verdi",
	}
	r := ticket.Letter{ID: "r1", MessageID: "rb.r1@mb.example", Purpose: "review", To: []string{"anna@mb.example"}, Subject: "[MB-1] Da approvare: carrello fermo (rb:***)", Hash: ticket.Sum([]byte("review")), Text: "Il carrello non va."}
	ack := ticket.Obligation{
		Name: "ack", From: at("14:10:00"), Target: at("17:00:00"), Limit: at("15:10:00").Add(24 * time.Hour), ActBy: at("15:10:00").Add(24 * time.Hour),
		Reading: "agency", Calendar: "service@48372eefa847", Count: "lun 23 nov 15:10-18:00 = 2 h 50 min; mar 24 nov 15:00-16:10 = 1 h 10 min",
	}
	d := func(reply, proof string, code int) *ticket.Delivery {
		return &ticket.Delivery{Letter: "l1", Reply: reply, Code: code, Server: "smtp.mb.example:465", Proof: proof, At: at("14:20:01")}
	}
	return []ticket.Event{
		{Kind: kind.Received, Actor: "customer", Cause: cause(requestMail), At: at("14:10:02"), Body: ticket.Body{Message: message(requestMail, "mario@cliente.example", "URGENTE: carrello fermo", "14:10:00"), Ref: "MB-1"}},
		{Kind: kind.Classified, Actor: "replyby", Cause: cause(requestMail), At: at("14:10:02"), Body: ticket.Body{Verdict: &ticket.Verdict{Urgency: "urgent", Language: "it", Reasons: []string{`"urgente" in the subject is the term of the contract`}}, Obligations: []ticket.Obligation{ack}}},
		{Kind: kind.ReviewAsked, Actor: "replyby", Cause: cause(requestMail), At: at("14:10:02"), Body: ticket.Body{Letters: []ticket.Letter{r}, Reason: "new"}},
		{Kind: kind.AutoFiled, Actor: "replyby", Cause: cause(awayMail), At: at("14:12:00"), Body: ticket.Body{Message: message(awayMail, "mario@cliente.example", "Fuori ufficio", "14:12:00"), Reason: "auto reply"}},
		{Kind: kind.Noted, Actor: "anna@mb.example", Cause: cause(noteMail), At: at("14:15:00"), Body: ticket.Body{Text: "un segreto"}},
		{Kind: kind.Decided, Actor: "anna@mb.example", Cause: cause(okMail), At: at("14:20:00"), Body: ticket.Body{Verb: "ok", Auth: "dkim pass, mb.example, aligned", Text: "Rinnovo subito il certificato.", Letters: []ticket.Letter{l}, Message: message(okMail, "anna@mb.example", "Re: [MB-1]", "14:20:00")}},
		{Kind: kind.Sending, Actor: "replyby", Cause: "letter:l1", At: at("14:20:01"), Body: ticket.Body{Delivery: &ticket.Delivery{Letter: "l1", Attempt: 1}}},
		{Kind: kind.Sent, Actor: "replyby", Cause: "letter:l1", At: at("14:20:01"), Body: ticket.Body{Delivery: d("250 2.0.0 queued as 4711", "", 250)}},
		{Kind: kind.Bounced, Actor: "replyby", Cause: cause(bounceMail), At: at("14:21:00"), Body: ticket.Body{Message: message(bounceMail, "MAILER-DAEMON@mx.example", "Undelivered", "14:21:00"), Delivery: d("550 5.2.2 mailbox full", "report", 0)}},
		{Kind: "seen_by_a_later_release", Actor: "replyby", At: at("14:22:00")},
	}
}

// story is a case whose records stand in a desk's log between those of others.
func story(t testing.TB, language string) Case {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	c := Case{Address: "assistenza@mb.example", Language: language, Zone: zone, Bytes: map[ticket.Hash][]byte{}}
	for _, mail := range []string{requestMail, okMail, letterMail, bounceMail, awayMail, noteMail} {
		c.Bytes[ticket.Sum([]byte(mail))] = []byte(mail)
	}
	var head logbook.Head
	seal := func(e ticket.Event) logbook.Record {
		r, err := logbook.Seal("assistenza", head, e, fmt.Appendf(nil, "salt of record %d", head.Seq+1))
		if err != nil {
			t.Fatal(err)
		}
		head = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
		c.Chain = append(c.Chain, r.Envelope)
		return r
	}
	for i, e := range events() {
		if i%3 == 0 && i > 0 {
			seal(ticket.Event{Kind: kind.Received, Ticket: 2, Actor: "customer", At: e.At, Body: ticket.Body{Text: "of another ticket"}})
		}
		e.Ticket = 1
		r := seal(e)
		c.Records = append(c.Records, r)
		if c.Ticket, err = logbook.Apply(c.Ticket, r); err != nil {
			t.Fatal(err)
		}
	}
	seal(ticket.Event{Kind: kind.DigestSent, Actor: "replyby", At: at("15:00:00")})
	c.Head = head
	return c
}

func archive(t testing.TB, c Case) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verify(b []byte) []Finding {
	_, found := Verify(bytes.NewReader(b), int64(len(b)))
	return found
}

// The same case makes the same bytes, with the envelopes of the log and without them, and they verify.
func TestDeterministic(t *testing.T) {
	for _, language := range words.Languages() {
		whole := story(t, language)
		alone := whole
		alone.Chain = nil
		for _, c := range []Case{whole, alone} {
			b := archive(t, c)
			if !bytes.Equal(b, archive(t, c)) {
				t.Errorf("%s: two archives of one ticket differ", language)
			}
			if found := verify(b); len(found) > 0 {
				t.Errorf("%s: %v", language, found)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	for _, language := range words.Languages() {
		files := unzip(t, archive(t, story(t, language)))
		for _, name := range []string{nameText, nameHTML, nameReadme, nameManifest} {
			if name != nameText && name != nameReadme && language != "it" {
				continue
			}
			golden := filepath.Join("testdata", language, name)
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, files[name], 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(files[name])); diff != "" {
				t.Errorf("%s: want -, got +\n%s", golden, diff)
			}
		}
	}
}

// What is internal stays inside: no word of a note, no mail of staff that sent nothing.
func TestInternalIsLeftOut(t *testing.T) {
	for name, data := range unzip(t, archive(t, story(t, "it"))) {
		if strings.Contains(string(data), "segreto") || strings.Contains(string(data), "of another ticket") {
			t.Errorf("%s tells what is internal", name)
		}
	}
}

// A message that nobody has any more is listed; the rest is as good as before.
func TestMissingBytes(t *testing.T) {
	c := story(t, "en")
	delete(c.Bytes, ticket.Sum([]byte(bounceMail)))
	b := archive(t, c)
	m, found := Verify(bytes.NewReader(b), int64(len(b)))
	if len(found) > 0 || len(m.Missing) != 1 || m.Missing[0] != ticket.Sum([]byte(bounceMail)) {
		t.Errorf("missing %v, findings %v", m.Missing, found)
	}
}

// An erased ticket still has evidence: instants, deadlines, hashes.
func TestErased(t *testing.T) {
	c := story(t, "en")
	c.Bytes = nil
	left := erasure.Remains(c.Ticket)
	r, err := logbook.Seal("assistenza", c.Head, ticket.Event{Kind: kind.Erased, Ticket: 1, Actor: "anna@mb.example", At: at("16:00:00"), Body: ticket.Body{Left: &left}}, []byte("salt"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Records {
		c.Records[i].Salt, c.Records[i].Body = nil, nil
	}
	c.Records, c.Chain, c.Head = append(c.Records, r), append(c.Chain, r.Envelope), logbook.Head{Seq: r.Seq, Hash: r.Hash()}
	if c.Ticket, err = logbook.Apply(c.Ticket, r); err != nil {
		t.Fatal(err)
	}
	b := archive(t, c)
	if found := verify(b); len(found) > 0 {
		t.Error(found)
	}
	text := string(unzip(t, b)[nameText])
	if strings.Contains(text, "mario") || !strings.Contains(text, "The personal data of this ticket were erased") || !strings.Contains(text, "250") && !strings.Contains(text, "Limit") {
		t.Errorf("timeline:\n%s", text)
	}
}

// Every word the pages ask for is in the catalogue, for every kind of event, state and role there is.
func TestWordsAreComplete(t *testing.T) {
	book, err := words.Parse(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("timeline.go")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(`(?:Say\(|fact\()"([a-z._]+)"`).FindAllSubmatch(source, -1)
	if len(wanted) < 30 {
		t.Fatalf("only %d words found in the source", len(wanted))
	}
	v := book.In("en")
	for _, m := range wanted {
		key := string(m[1])
		if !v.Has(key) && !v.Has("fact."+key) && !strings.HasSuffix(key, ".") {
			t.Errorf("no words for %q", key)
		}
	}
	declared, err := os.ReadFile("../ticket/kind/kind.go")
	if err != nil {
		t.Fatal(err)
	}
	desks := []string{"started", "digest_sent", "outage", "closure_announced", "contracts_loaded", "summarised", "absent", "greeted", "introduced"}
	for _, m := range regexp.MustCompile(`Kind = "([a-z_]+)"`).FindAllSubmatch(declared, -1) {
		if k := string(m[1]); !slices.Contains(desks, k) && !v.Has("kind."+k) {
			t.Errorf("no words for events of kind %q", k)
		}
	}
	for _, f := range unzipped(t, archive(t, story(t, "en"))) {
		role, _, _ := strings.Cut(f.Path, "/")
		if role != f.Path && !v.Has("role."+role) {
			t.Errorf("no words for files of role %q", role)
		}
	}
}
