package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/smtp"
	"slices"
	"strings"
	"time"

	"replyby/mailhost"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// story is the plot: it writes the people's mails, waits for what the product makes of them, and tells it.
type story struct {
	host  *mailhost.Host
	store store.Store
	desk  string
	out   *teller
	seq   uint64 // of the log, told so far
	mails int    // of the host, told so far
	n     int    // mails written, for their Message-IDs
}

const (
	patience  = 20 * time.Second // for one thing to happen
	lookAgain = 20 * time.Millisecond
	breath    = 700 * time.Millisecond // so that a reader can follow
)

// play is the story from the first request to the digest.
func (s *story) play(ctx context.Context) error {
	for _, act := range []func(context.Context) error{s.italian, s.approval, s.spanish, s.forgery, s.french, s.escalation, s.digest} {
		if err := act(ctx); err != nil {
			return err
		}
		if err := s.tell(ctx); err != nil {
			return err
		}
		if err := pause(ctx, breath); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) italian(ctx context.Context) error {
	s.out.say("A customer in Italy has an emergency. The clock starts when the mail server has his mail.")
	s.customer("Mario Rossi", mario, "URGENTE: il carrello non funziona",
		"Buongiorno,\n\nda stamattina nessuno riesce a pagare nel nostro negozio: dopo il carrello appare un errore 500. Potete intervenire subito?\n\nGrazie\nMario Rossi")
	return s.until(ctx, "the first request is a ticket", func() (bool, error) { return s.happened(ctx, kind.Received, 1) })
}

func (s *story) approval(ctx context.Context) error {
	review, err := s.await(ctx, "review", anna, 1)
	if err != nil {
		return err
	}
	if err := s.tell(ctx); err != nil {
		return err
	}
	s.out.say("Anna answers from her own mail client: `ok`, and two lines of her own. Only now the customer gets a mail, and they are her words.")
	s.answer(review, "ok\n\nHo visto l'errore: viene dal modulo di pagamento aggiornato stanotte.\nLo riporto alla versione di ieri e controllo un ordine di prova.")
	_, err = s.await(ctx, "ack", mario, 1)
	return err
}

func (s *story) spanish(ctx context.Context) error {
	s.out.say("A customer in Spain; Anna promises a date.")
	s.customer("Lucía Gómez", lucia, "Problema con las facturas",
		"Buenos días:\n\nDesde la última actualización las facturas salen sin el número de pedido. ¿Pueden revisarlo?\n\nUn saludo,\nLucía")
	review, err := s.await(ctx, "review", anna, 2)
	if err != nil {
		return err
	}
	if err := s.tell(ctx); err != nil {
		return err
	}
	s.answer(review, "eta "+time.Now().Add(48*time.Hour).Format("2006-01-02")+" 17:00\nHe encontrado la plantilla que perdió el campo; la corrijo y le aviso.")
	_, err = s.await(ctx, "ack", lucia, 1)
	return err
}

func (s *story) forgery(ctx context.Context) error {
	s.out.say("Somebody outside writes in Anna's name and tries to approve a text of his own. Nothing goes out; Anna is told.")
	s.forge("Re: [DEMO-2] Problema con las facturas", "ok\n\nPor favor, pague la factura adjunta en esta cuenta.")
	return s.until(ctx, "the forgery is refused", func() (bool, error) { return s.happened(ctx, kind.DecisionRefused, 1) })
}

func (s *story) french(ctx context.Context) error {
	s.out.say("A customer in France. This time nobody answers, and the ticket climbs its ladder.")
	s.customer("Claire Martin", claire, "Question sur la livraison",
		"Bonjour,\n\nle module de livraison ne propose plus le point relais depuis hier. Pouvez-vous regarder ?\n\nMerci,\nClaire Martin")
	return s.until(ctx, "the third request is a ticket", func() (bool, error) { return s.happened(ctx, kind.Received, 3) })
}

func (s *story) escalation(ctx context.Context) error {
	return s.until(ctx, "the unanswered ticket is escalated", func() (bool, error) { return s.happened(ctx, kind.Warned, 2) })
}

func (s *story) digest(ctx context.Context) error {
	s.out.say("And the manager gets the digest of the day.")
	_, err := s.await(ctx, "digest", manager, 1)
	return err
}

// customer delivers a mail from outside, as another server would.
func (s *story) customer(name, from, subject, text string) {
	s.n++
	raw := mail{name: name, from: from, subject: subject, id: fmt.Sprintf("c%d@%s", s.n, domain(from)), text: text}.compose()
	s.out.mail("customer", raw)
	if err := s.host.Deliver(from, support, raw); err != nil {
		s.out.say(err.Error())
	}
}

// answer lets Anna reply as a mail client does: logged in at her server, the subject kept, the mail quoted below.
func (s *story) answer(review mailhost.Transaction, text string) {
	m := mailparse.Parse(review.Data)
	s.n++
	quoted := "\n\nOn Monday Assistenza wrote:\n> " + strings.ReplaceAll(strings.TrimSpace(m.Text), "\n", "\n> ")
	said := mail{name: "Anna Bianchi", from: anna, subject: "Re: " + m.Subject}
	sent := said
	said.text = text + "\n\n(the mail she answers is quoted below)"
	s.out.mail("staff", said.compose())
	sent.id, sent.reply, sent.text = fmt.Sprintf("a%d@bottega.example", s.n), m.MessageID, text+quoted
	s.submit(sent.compose(), smtp.PlainAuth("", anna, password, "127.0.0.1"))
}

// forge sends a mail in Anna's name from outside, without her password.
func (s *story) forge(subject, text string) {
	s.n++
	raw := mail{name: "Anna Bianchi", from: anna, subject: subject, id: fmt.Sprintf("f%d@bottega.example", s.n), text: text}.compose()
	s.out.mail("forger", raw)
	s.submit(raw, nil)
}

func (s *story) submit(raw []byte, auth smtp.Auth) {
	if err := smtp.SendMail(s.host.SMTPAddr(), auth, anna, []string{support}, raw); err != nil {
		s.out.say("the mail could not be sent: " + err.Error())
	}
}

// mail is one of a person to the desk. It has the Message-ID id, and answers that of reply, where they are set.
type mail struct{ name, from, subject, id, reply, text string }

func (m mail) compose() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n", m.name, m.from, support, m.subject, time.Now().Format(time.RFC1123Z))
	if m.id != "" {
		fmt.Fprintf(&b, "Message-ID: <%s>\r\n", m.id)
	}
	if m.reply != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m.reply, m.reply)
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
	b.WriteString(strings.ReplaceAll(m.text, "\n", "\r\n") + "\r\n")
	return []byte(b.String())
}

func domain(addr string) string {
	_, d, _ := strings.Cut(addr, "@")
	return d
}

// tell prints what happened since the last call: log and mails.
func (s *story) tell(ctx context.Context) error {
	for r, err := range s.store.Log(ctx, s.desk, s.seq+1, -1) {
		if err != nil {
			return err
		}
		s.seq = r.Seq
		e, err := r.Event()
		if err != nil {
			return err
		}
		var t ticket.Ticket
		if e.Ticket != 0 {
			if t, err = s.store.Load(ctx, s.desk, e.Ticket); err != nil {
				return err
			}
		}
		s.out.event(e, t)
	}
	for all := s.host.Accepted(); s.mails < len(all); s.mails++ {
		if x := all[s.mails]; x.User == support {
			s.out.mail("replyby", x.Data)
		}
	}
	return nil
}

// happened reports whether the log has n events of a kind.
func (s *story) happened(ctx context.Context, k kind.Kind, n int) (bool, error) {
	for r, err := range s.store.Log(ctx, s.desk, 1, -1) {
		if err != nil {
			return false, err
		}
		if r.Kind == k {
			n--
		}
	}
	return n <= 0, nil
}

// await waits for the n-th mail of a purpose to somebody.
func (s *story) await(ctx context.Context, purpose, to string, n int) (mailhost.Transaction, error) {
	var mail mailhost.Transaction
	err := s.until(ctx, fmt.Sprintf("%s %d for %s", purpose, n, to), func() (ok bool, err error) {
		mail, ok, err = s.letter(ctx, purpose, to, n)
		return ok, err
	})
	return mail, err
}

// letter finds the n-th mail of a purpose to somebody in the log, and the mail itself where it passed.
func (s *story) letter(ctx context.Context, purpose, to string, n int) (mailhost.Transaction, bool, error) {
	for r, err := range s.store.Log(ctx, s.desk, 1, -1) {
		if err != nil {
			return mailhost.Transaction{}, false, err
		}
		e, err := r.Event()
		if err != nil {
			return mailhost.Transaction{}, false, err
		}
		for _, l := range e.Body.Letters {
			if l.Purpose != purpose || !slices.Contains(l.To, to) {
				continue
			}
			if n--; n == 0 {
				mail, ok := s.passed(l.ID)
				return mail, ok, nil
			}
		}
	}
	return mailhost.Transaction{}, false, nil
}

func (s *story) passed(id string) (mailhost.Transaction, bool) {
	for _, x := range s.host.Accepted() {
		if x.User == support && bytes.Contains(x.Data, []byte("/"+id+"\r\n")) {
			return x, true
		}
	}
	return mailhost.Transaction{}, false
}

// until looks again and again until something has happened.
func (s *story) until(ctx context.Context, what string, done func() (bool, error)) error {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		if err := s.tell(ctx); err != nil {
			return err
		}
		if err := pause(ctx, lookAgain); err != nil {
			return err
		}
	}
	return fmt.Errorf("demo: waited %s in vain until %s", patience, what)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
