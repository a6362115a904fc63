// Package demo plays the product's story on one machine: a mail host of its own on loopback, a desk with windows of minutes,
// customers, a staff member, a manager and a forger. Nothing in it is pretended: the mails pass through IMAP and SMTP, the ticket
// is kept in a store, the clocks run.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"time"

	"replyby/classifier"
	"replyby/cmd/replyby/office"
	"replyby/desk"
	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/mailhost"
	"replyby/outbound"
	"replyby/sla"
)

// Options of a demo. Dir is an empty folder for its store. Once ends with the story; JSON prints an object for each step.
type Options struct {
	Out  io.Writer
	Dir  string
	Once bool
	JSON bool
}

// The people of the story.
const (
	support  = "assistenza@bottega.example"
	anna     = "anna@bottega.example"
	manager  = "direzione@bottega.example"
	mario    = "mario@negozio.example"
	lucia    = "lucia@tienda.example"
	claire   = "claire@boutique.example"
	password = "demo"
	hostName = "mail.bottega.example"
)

// Run plays the story. Without Once it then waits for ctx to end.
func Run(ctx context.Context, o Options) error {
	host, err := mailhost.New(mailhost.Config{Name: hostName, Accounts: accounts()})
	if err != nil {
		return err
	}
	plan, err := plan(host, time.Now())
	if err != nil {
		return err
	}
	work, err := office.Open(o.Dir, []office.Plan{plan}, office.Options{Beat: time.Second, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer work.Close()
	s := &story{host: host, store: work.Store(), desk: plan.Desk.Name, out: newTeller(o, plan.Desk.Zone)}
	err = work.Run(ctx, host.Run, func(ctx context.Context) error {
		if err := s.play(ctx); err != nil {
			return err
		}
		if o.Once {
			return errPlayed
		}
		s.out.invite(host)
		<-ctx.Done()
		return nil
	})
	if errors.Is(err, errPlayed) {
		return nil
	}
	return err
}

// errPlayed ends a demo that was to be played once.
var errPlayed = errors.New("demo: played")

func accounts() []mailhost.Account {
	var all []mailhost.Account
	for _, a := range []string{support, anna, manager, mario, lucia, claire} {
		all = append(all, mailhost.Account{Address: a, Password: password})
	}
	return all
}

// digestAfter is when the digest of the demo comes, from its start.
const digestAfter = 24 * time.Second

// plan is a desk as a configuration would make it, but with windows of minutes and open at all hours, so that the story is the same
// on a Sunday night.
func plan(host *mailhost.Host, now time.Time) (office.Plan, error) {
	cal, err := sla.NewCalendar(sla.Spec{Name: "always", Timezone: "Europe/Rome", Open: []string{"mon-sun 00:00-24:00"}})
	if err != nil {
		return office.Plan{}, err
	}
	imap, err := connection(host.IMAPAddr())
	if err != nil {
		return office.Plan{}, err
	}
	smtp, err := connection(host.SMTPAddr())
	if err != nil {
		return office.Plan{}, err
	}
	secret := func(context.Context) (string, error) { return password, nil }
	return office.Plan{
		Desk: desk.Config{
			Name: "bottega", Prefix: "DEMO", Address: support, Team: "Bottega Web", Hours: "0-24", Zone: cal.Zone(),
			Languages: []string{"it", "es", "fr", "en"}, Policy: minutes(cal), Service: cal,
			Staff:    []desk.Person{{Name: "Anna Bianchi", Addresses: []string{anna}, Language: "en"}},
			Managers: []string{manager}, DigestAt: now.Add(digestAfter).In(cal.Zone()).Format("15:04:05"),
			OwnHosts: []string{hostName}, ProveByCopy: true,
		},
		Classifier: classifier.Config{Own: []string{support}, Languages: []string{"it", "es", "fr", "en"}},
		Mailbox: imapwatch.Config{
			Addr: imap.addr, TLS: "none", Username: support, Secret: secret, Folders: []string{"INBOX"}, Since: "all",
			Mark: imapwatch.Mark{Keyword: "$Replyby"},
		},
		Sender: outbound.Config{Host: smtp.host, Port: smtp.port, TLS: "none", User: support, Secret: secret, Hello: hostName},
		Trust:  mailauth.Config{Methods: []mailauth.Method{mailauth.SameServer}, OwnHosts: []string{hostName}},
	}, nil
}

// minutes is the agency's promise with minutes for hours, and warnings early enough to be seen.
func minutes(cal *sla.Calendar) *sla.Policy {
	p := sla.Agency(cal)
	p.Name = "demo"
	p.Ack = sla.Clock{
		Target: sla.Term{Amount: 1, Unit: "min", Reading: "elapsed_working"},
		Limit:  sla.Term{Amount: 2, Unit: "min", Reading: "elapsed_working"},
	}
	p.NextReply = sla.Clock{Target: p.Ack.Target}
	p.Near = time.Second
	p.Ladder = []sla.Step{
		{At: "15%", To: []string{"assignee"}}, {At: "25%", To: []string{"team", "managers"}}, {At: "limit", To: []string{"team", "managers"}},
	}
	return &p
}

type hostPort struct {
	addr, host string
	port       int
}

func connection(addr string) (hostPort, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return hostPort{}, fmt.Errorf("demo: address %q: %w", addr, err)
	}
	n, err := strconv.Atoi(port)
	return hostPort{addr, host, n}, err
}
