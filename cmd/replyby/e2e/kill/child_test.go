package kill_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/cmd/replyby/office"
	"replyby/desk"
	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/outbound"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

var (
	kills = flag.Int("kills", map[bool]int{false: 500, true: 60}[raced], "how often the program is killed")
	seed  = flag.Uint64("kill.seed", 0, "order of kills; 0 takes one from the clock")
)

const ordersVar = "REPLYBY_KILL_ORDERS"

// orders are what the parent tells the child: where to work, and where to die.
type orders struct {
	Dir, IMAP, SMTP string
	Point           string
	Hit             int64
	Digest          bool // it is time for the digest
}

// TestMain makes this binary its own victim.
func TestMain(m *testing.M) {
	if text := os.Getenv(ordersVar); text != "" {
		if err := obey(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// obey works the desk until SIGTERM, or death.
func obey(text string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	fmt.Println("listening") // to signals
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	r := &reaper{point: o.Point}
	r.left.Store(o.Hit)
	p, err := plan(o, r)
	if err != nil {
		return err
	}
	work, err := office.Open(o.Dir, []office.Plan{p}, office.Options{
		Beat: time.Second, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Around: func(s store.Store) store.Store { return watched{s, r, &sync.Map{}} },
	})
	if err != nil {
		return err
	}
	defer work.Close()
	if o.Digest {
		if err := bringForward(ctx, work.Store()); err != nil {
			return err
		}
	}
	return work.Run(ctx)
}

// bringForward makes the digest due now.
func bringForward(ctx context.Context, s store.Store) error {
	own, err := s.Load(ctx, deskName, 0)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	return s.Commit(ctx, store.Change{Desk: deskName, Expect: own.Version, Events: []ticket.Event{
		{Kind: kind.Started, Actor: "replyby", Cause: "test", At: now, Body: ticket.Body{Wake: now}},
	}})
}

// plan is a desk with windows of seconds, open at all hours.
func plan(o orders, r *reaper) (office.Plan, error) {
	cal, err := sla.NewCalendar(sla.Spec{Name: "always", Timezone: "Europe/Rome", Open: []string{"24x7"}})
	if err != nil {
		return office.Plan{}, err
	}
	host, port, err := net.SplitHostPort(o.SMTP)
	if err != nil {
		return office.Plan{}, err
	}
	smtpPort, err := strconv.Atoi(port)
	if err != nil {
		return office.Plan{}, err
	}
	secret := func(context.Context) (string, error) { return password, nil }
	return office.Plan{
		Desk: desk.Config{
			Name: deskName, Prefix: "MB", Address: support, Team: "Bottega Web", Hours: "0-24", Zone: cal.Zone(),
			Languages: []string{"it", "es", "fr", "en"}, Policy: seconds(cal), Service: cal, FromStart: true,
			Staff:    []desk.Person{{Name: annaName, Addresses: []string{anna}, Language: "it"}},
			Managers: []string{manager}, DigestAt: "14:00", OwnHosts: []string{hostName}, ProveByCopy: true,
		},
		Classifier: classifier.Config{Own: []string{support}, Languages: []string{"it", "es", "fr", "en"}},
		Mailbox: imapwatch.Config{
			Addr: o.IMAP, TLS: "none", Username: support, Secret: secret, Folders: []string{"INBOX"}, Since: "all",
			Mark: imapwatch.Mark{Keyword: "$Replyby"},
			Dial: dialer(r, "P1 imap dialled", func(c net.Conn) net.Conn { return &imapWire{Conn: c, reaper: r} }),
		},
		Sender: outbound.Config{
			Host: host, Port: smtpPort, TLS: "none", User: support, Secret: secret, Hello: hostName,
			Dial: dialer(r, "P17 smtp dialled", func(c net.Conn) net.Conn { return &smtpWire{Conn: c, reaper: r} }),
		},
		Trust: mailauth.Config{Methods: []mailauth.Method{mailauth.SameServer}, OwnHosts: []string{hostName}},
	}, nil
}

// seconds is the agency's promise with seconds for hours, so that the ladder is climbed while the program is killed.
func seconds(cal *sla.Calendar) *sla.Policy {
	p := sla.Agency(cal)
	p.Ack = sla.Clock{
		Target: sla.Term{Amount: 2, Unit: "s", Reading: "elapsed_working"},
		Limit:  sla.Term{Amount: 4, Unit: "s", Reading: "elapsed_working"},
	}
	p.NextReply = sla.Clock{Target: p.Ack.Target}
	p.Near = time.Millisecond
	p.Ladder = []sla.Step{{At: "5%", To: []string{"team"}}, {At: "50%", To: []string{"team", "managers"}}, {At: "limit", To: []string{"managers"}}}
	return &p
}
