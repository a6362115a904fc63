package outbound

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"replyby/store"
)

// batch is how many letters are taken from the outbox at a time.
const batch = 50

// Sender empties one outbox through one server. Create it with New.
type Sender struct {
	cfg    Config
	outbox Outbox
	log    *slog.Logger
	wake   chan struct{}

	mu     sync.Mutex
	status Status
	// The rest belongs to the goroutine in Run.
	failures int            // to connect, in a row
	refused  logins         // recently
	shown    string         // the password or token of the last log-in
	renew    time.Time      // a refused one is to be asked for again then; zero if none was refused
	deferred map[string]int // attempts at letters that nobody else counts, by id
}

// Status is what the sender knows about its connection.
type Status struct {
	Trouble  string    // why there is no connection now; empty if all is well
	NextTry  time.Time // nothing is tried before
	LastSent time.Time // last acceptance by the server
	Ended    int       // letters that ended since the start, in any way
}

// New checks the configuration; it opens nothing. log may not be nil.
func New(cfg Config, outbox Outbox, log *slog.Logger) (*Sender, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	return &Sender{cfg: cfg, outbox: outbox, log: log, wake: make(chan struct{}, 1), deferred: map[string]int{}}, nil
}

// Wake makes Run look into the outbox at once. It never blocks.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Status may be called at any time.
func (s *Sender) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Run sends until ctx ends; then it takes no further letter, gives the one in
// flight its grace, and returns nil. Any other return is an error of the outbox.
// Call it once.
func (s *Sender) Run(ctx context.Context) error {
	poll := time.NewTicker(s.cfg.Poll)
	defer poll.Stop()
	for {
		s.lookAgain(ctx)
		if err := s.drain(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-poll.C:
		}
	}
}

// drain empties the outbox once, over one connection while it lasts.
func (s *Sender) drain(ctx context.Context) (err error) {
	p := &pass{Sender: s, ended: map[string]time.Time{}}
	defer p.leave()
	defer func() { err = cmp.Or(err, p.record(ctx)) }()
	for more := true; more && s.ready(ctx); {
		if err := p.record(ctx); err != nil {
			return err
		}
		p.asked = now()
		letters, err := s.outbox.Next(ctx, p.asked, batch)
		if err != nil {
			return unlessDone(ctx, fmt.Errorf("outbound: read the outbox: %w", err))
		}
		more = false
		for _, l := range letters {
			if !s.ready(ctx) {
				return nil
			}
			ended, err := p.letter(ctx, l)
			if err != nil {
				return unlessDone(ctx, err)
			}
			more = more || ended
		}
	}
	return nil
}

// ready reports whether another letter may start.
func (s *Sender) ready(ctx context.Context) bool {
	return ctx.Err() == nil && !time.Now().Before(s.Status().NextTry)
}

// unlessDone drops errors that only say that we were told to stop.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// pass is one run through the outbox.
type pass struct {
	*Sender
	session *session
	asked   time.Time            // as of when the outbox was last read
	ended   map[string]time.Time // letters attempted in this pass: ended for good (zero), or deferred until then
	last    *Ended               // the last attempt, not recorded yet: its record may share a commit with the next beginning
}

func (p *pass) leave() {
	if p.session != nil {
		p.session.quit()
	}
}

// letter makes one attempt to send a letter. It reports false when it made none:
// the letter was withdrawn, or there is no connection.
func (p *pass) letter(ctx context.Context, l store.Letter) (bool, error) {
	if until, ended := p.ended[l.ID]; ended && (until.IsZero() || until.After(p.asked)) {
		return false, fmt.Errorf("outbound: letter %s ended and is in the outbox again", l.ID)
	}
	e, r := p.prepare(l)
	if r.Outcome == "" {
		if begun, err := p.begin(ctx, l); err != nil || !begun {
			return false, err
		}
		r = p.send(ctx, e)
	} else if err := p.record(ctx); err != nil {
		return false, err
	}
	p.end(l, r)
	return true, nil
}

// begin makes sure that there is a connection, that the end of the attempt before is recorded and, for a letter to a customer, that the
// beginning of this one is. It reports false when the letter is not to be sent now.
func (p *pass) begin(ctx context.Context, l store.Letter) (bool, error) {
	if p.session == nil || p.session.broken || !l.Customer { // nothing slow may happen while an end is unrecorded
		if err := p.record(ctx); err != nil {
			return false, err
		}
	}
	if !p.connected(ctx) {
		return false, nil
	}
	if !l.Customer {
		return true, nil
	}
	err := p.start(ctx, l)
	if errors.Is(err, ErrWithdrawn) {
		p.log.Info("letter withdrawn", "letter", l.ID)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("outbound: record that letter %s starts: %w", l.ID, err)
	}
	return true, nil
}

// start records that an attempt starts, in one step with the end of the one before where that is to be recorded yet.
func (p *pass) start(ctx context.Context, l store.Letter) error {
	if p.last == nil {
		return p.outbox.Begin(ctx, l, now())
	}
	last := *p.last
	err := p.outbox.Turn(context.WithoutCancel(ctx), last, l, now())
	p.last = nil
	return err
}

// prepare ends letters that must not be offered.
func (p *pass) prepare(l store.Letter) (envelope, Result) {
	here := &session{server: p.cfg.address()}
	if l.Customer && l.Sending {
		return envelope{}, here.result(Unknown, "restart", answer{text: "an earlier run began to send it and did not say how that ended"})
	}
	e, err := newEnvelope(p.cfg.Sender, l)
	if err != nil {
		return e, here.result(Refused, "message", answer{text: err.Error()})
	}
	return e, Result{}
}

// connected makes sure of a usable session, or notes why there is none.
func (p *pass) connected(ctx context.Context) bool {
	if p.session != nil && !p.session.broken {
		return true
	}
	if p.session != nil {
		p.session.close()
		p.session = nil
	}
	var err error
	if p.session, err = p.connect(ctx); err != nil {
		p.session = nil
		if ctx.Err() == nil {
			p.trouble(err)
		}
		return false
	}
	p.calm()
	return true
}

// send tries a letter. A reused connection that turns out to be dead before
// anything was said about the letter is replaced once.
func (p *pass) send(ctx context.Context, e envelope) Result {
	reused := p.session.used
	r := p.transaction(ctx, e)
	if reused && p.session.broken && r.Stage == "mail" && r.Outcome == Deferred && p.connected(ctx) {
		r = p.transaction(ctx, e)
	}
	return r
}

func (p *pass) transaction(ctx context.Context, e envelope) Result {
	defer p.session.guard.endsWith(ctx, p.cfg.Grace)()
	r := p.session.deliver(e)
	if p.session.broken {
		p.session.close()
	}
	return r
}

// end notes a result, to be recorded before anything that takes its time.
func (p *pass) end(l store.Letter, r Result) {
	r.Attempt = max(l.Attempt, p.deferred[l.ID]) + 1
	delete(p.deferred, l.ID)
	if r.Outcome == Deferred {
		r.NotBefore = r.At.Add(backoff(l.Customer, r.Attempt))
		if !l.Customer {
			p.deferred[l.ID] = r.Attempt
		}
	}
	p.note(l, r)
	p.ended[l.ID], p.last = r.NotBefore, &Ended{l, r}
}

// record puts the last result on record, also while shutting down.
func (p *pass) record(ctx context.Context) error {
	if p.last == nil {
		return nil
	}
	last := *p.last
	p.last = nil
	if err := p.outbox.End(context.WithoutCancel(ctx), last.Letter, last.Result); err != nil {
		return fmt.Errorf("outbound: record that letter %s was %s: %w", last.Letter.ID, last.Result.Outcome, err)
	}
	return nil
}

func (s *Sender) note(l store.Letter, r Result) {
	level := slog.LevelInfo
	if r.Outcome != Sent {
		level = slog.LevelWarn
	}
	s.log.Log(context.Background(), level, "letter "+string(r.Outcome),
		"letter", l.ID, "customer", l.Customer, "attempt", r.Attempt, "stage", r.Stage, "code", r.Code, "reply", r.Reply)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Ended++
	if r.Outcome == Sent {
		s.status.LastSent = r.At
	}
}

// connect opens a session. A refused token is fetched anew and tried once more;
// refused log-ins are counted and stop before the server locks us out.
func (s *Sender) connect(ctx context.Context) (*session, error) {
	for again := s.cfg.Auth == "xoauth2"; ; again = false {
		if at := s.refused.after(); time.Now().Before(at) {
			return nil, fmt.Errorf("%w: next one at %s; check user and password", ErrLoginLater, at.UTC().Format(time.TimeOnly))
		}
		secret, err := s.cfg.secret(ctx)
		if err != nil {
			return nil, err
		}
		s.shown = secret
		session, err := s.cfg.connect(ctx, secret)
		if !errors.Is(err, ErrLogin) {
			return session, err
		}
		s.refused = s.refused.add(time.Now())
		if !again {
			return nil, err
		}
	}
}

// trouble notes why there is no connection and when to try again. The same password is not tried so often that there is no try left for another.
func (s *Sender) trouble(err error) {
	s.failures++
	next := now().Add(spread(reconnectAfter(s.failures)))
	hint := []any{}
	if s.renew = (time.Time{}); errors.Is(err, ErrLogin) || errors.Is(err, ErrLoginLater) {
		s.renew = now().Add(lookAgainAfter)
		next = now().Add(spread(samePassword))
		hint = []any{"hint", "another password or token is tried within a minute"}
	}
	if later := s.refused.after(); later.After(next) {
		next = later
	}
	s.log.Warn("no connection to send letters", append([]any{"error", clean(err.Error()), "next_try", next}, hint...)...)
	s.tryAt(clean(err.Error()), next)
}

// lookAgain looks whether there is another password or token in place of one that was refused: that is tried as soon as a try is allowed.
func (s *Sender) lookAgain(ctx context.Context) {
	if s.renew.IsZero() || now().Before(s.renew) {
		return
	}
	s.renew = now().Add(lookAgainAfter)
	if fresh, err := s.cfg.secret(ctx); err == nil && fresh != s.shown {
		s.tryAt(s.Status().Trouble, s.refused.after())
	}
}

func (s *Sender) tryAt(trouble string, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Trouble, s.status.NextTry = trouble, next
}

func (s *Sender) calm() {
	s.failures, s.refused, s.renew = 0, nil, time.Time{}
	s.tryAt("", time.Time{})
}
