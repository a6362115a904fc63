// Package office runs desks: it opens the store, connects each desk with its mailbox and its SMTP server, and starts whatever runs for as long
// as serve does. Edges do not know the desk and the desk knows no edge; they meet here, in closures.
//
// It promises that Run returns when its context ends, or when the store says that nothing more can be trusted, and that no goroutine
// outlives it.
package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"replyby/classifier"
	"replyby/cmd/replyby/room"
	"replyby/desk"
	"replyby/imapwatch"
	"replyby/letter"
	"replyby/letter/text"
	"replyby/mailauth"
	"replyby/outbound"
	"replyby/store"
	"replyby/store/bolt"
)

// Plan is one desk as it was configured, in the words of the packages that do the work. Sent and Junk name folders of the
// mailbox that are watched for answers; any other folder is an inbox.
type Plan struct {
	Desk       desk.Config
	Classifier classifier.Config
	Mailbox    imapwatch.Config
	Sent, Junk string
	Sender     outbound.Config
	Trust      mailauth.Config
	Texts      map[string][]byte // replaced texts, "id.lang"
}

// Office is a store and the desks that work on it.
type Office struct {
	dir   string
	store *bolt.Store
	kept  store.Store // the same, as the desks see it
	desks []*worked
	log   *slog.Logger
	room  *room.Room // nil: nobody watches the space
	read  reading
	beat  string // cron's words for how often the metronome beats
	alive time.Time
	began time.Time // when Run did
	// starts is when it was opened to be run, zero where that is not said.
	starts time.Time
	sick   []string // what did not work at the last beat
	noted  string   // what the file that a monitor watches says
	// forsaken says which desks have open tickets and nobody who works them.
	forsaken []string
}

// worked is one desk with its edges.
type worked struct {
	plan    Plan
	desk    *desk.Desk
	watcher *imapwatch.Watcher
	sender  *outbound.Sender
	auth    *mailauth.Checker
	store   store.Store
	room    *room.Room
	audited audited
	unread  atomic.Pointer[string] // why letters of the outbox cannot be read
	harm    []string               // what the last beat knew to be harmed
	listed  time.Time              // when it was last looked whether all tickets are listed
	foreign string                 // and of another installation
	log     *slog.Logger
}

// Options of an office. Beat is how often the metronome beats; 0 means every minute. Room is the space of its disk; without it nobody
// watches that. Serving says that Run follows and a monitor may ask: that the office is starting is noted for it. Around, if not nil, puts
// something between the desks and the store: tests end the program there.
type Options struct {
	Beat    time.Duration
	Log     *slog.Logger
	Room    *room.Room
	Serving bool
	Around  func(store.Store) store.Store
}

// Open opens the store in dir and puts the desks together. It starts nothing.
func Open(dir string, plans []Plan, o Options) (*Office, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if o.Room != nil { // opening may write
		_, _, _ = o.Room.Look(time.Now()) // what forbids it forbids the opening too, which says so
	}
	f := &Office{dir: dir, log: o.Log, room: o.Room, beat: "* * * * *", alive: lastAlive(dir)}
	if o.Serving {
		f.starts = time.Now()
	}
	st, err := bolt.Open(dir, bolt.Options{Renewing: f.renewing()})
	if err != nil {
		f.noteStopped()
		return nil, err
	}
	f.noteStarting("")
	f.store, f.kept = st, st
	if o.Beat > 0 {
		f.beat = "@every " + o.Beat.String()
	}
	if o.Around != nil {
		f.kept = o.Around(st)
	}
	for _, p := range plans {
		w, err := f.employ(p)
		if err != nil {
			f.noteStopped()
			st.Close()
			return nil, fmt.Errorf("desk %s: %w", p.Desk.Name, err)
		}
		f.desks = append(f.desks, w)
	}
	return f, nil
}

// renewing says from tenth to tenth how far a desk's tickets are read anew, and which cannot be.
func (f *Office) renewing() func(done, total int, damage error) {
	log, said := f.log, -1
	return func(done, total int, damage error) {
		if damage != nil {
			log.Error("records of a ticket are damaged, it stays as it was; replyby verify says more", "error", damage)
			return
		}
		if tenth := 10 * done / max(total, 1); tenth != said {
			said = tenth
			log.Info("tickets are read anew from their records, after an update or since what lists them is harmed", "done", done, "of", total)
			f.noteStarting(fmt.Sprintf(": tickets are read anew from their records, %d of %d", done, total))
		}
	}
}

// employ puts one desk together.
func (f *Office) employ(p Plan) (*worked, error) {
	judge, err := classifier.New(p.Classifier)
	if err != nil {
		return nil, err
	}
	pen, err := letter.New(letter.Desk{
		Name: cmp.Or(p.Desk.Team, p.Desk.Name), Prefix: p.Desk.Prefix, Address: p.Desk.Address, Team: p.Desk.Team, Hours: p.Desk.Hours, Zone: p.Desk.Zone, Instance: f.store.ID(),
	})
	if err != nil {
		return nil, err
	}
	texts, err := text.New(p.Texts)
	if err != nil {
		return nil, err
	}
	auth, err := mailauth.New(p.Trust)
	if err != nil {
		return nil, err
	}
	log := f.log.With("desk", p.Desk.Name)
	w := &worked{plan: p, store: f.kept, room: f.room, auth: auth, log: log, desk: desk.New(p.Desk, f.kept, desk.Tools{
		Judge: judge, Letter: pen, Texts: texts, Prove: proof(auth), Parallel: f.read.parallel, Exclusive: f.read.exclusive,
	})}
	if w.sender, err = outbound.New(p.Sender, outbox{w}, log); err != nil {
		return nil, err
	}
	p.Mailbox.Began = inbox{w}.began
	w.watcher = imapwatch.New(p.Mailbox, inbox{w}, log)
	return w, p.Mailbox.Check()
}

// Desk returns the desk of that name, nil if there is none.
func (f *Office) Desk(name string) *desk.Desk {
	for _, w := range f.desks {
		if w.plan.Desk.Name == name {
			return w.desk
		}
	}
	return nil
}

// Store is what the commands of a running office read.
func (f *Office) Store() store.Store { return f.store }

// Close releases the store. Call it after Run has returned.
func (f *Office) Close() error { return f.store.Close() }

// Run works until ctx ends or a part fails for good; then it stops the others, lets the letter in flight end, and returns.
// Whatever works as long as serve does starts in this function. More are further parts, such as the socket for commands.
func (f *Office) Run(ctx context.Context, more ...func(context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	f.began = time.Now()
	defer f.noteStopped()
	if err := f.prepare(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory() // a start looks at every open ticket, which nothing after it does
	parts := append([]func(context.Context) error{f.metronome}, more...)
	for _, w := range f.desks {
		parts = append(parts, w.watcher.Run, w.sender.Run, w.audit)
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() {
			err := part(ctx)
			stop(err)
			ended <- err
		}()
	}
	var errs []error
	for range parts {
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// prepare does what has to be done once at every start.
func (f *Office) prepare(ctx context.Context) error {
	if err := f.reckon(ctx, f.began); err != nil {
		return err
	}
	for _, w := range f.desks {
		if err := w.begin(ctx, time.Now()); err != nil {
			return err
		}
	}
	return f.forsake(ctx)
}

// begin does what a desk has to do once at every start. A ticket that cannot be read stays as it was.
func (w *worked) begin(ctx context.Context, now time.Time) error {
	own, err := w.desk.Own(ctx)
	if err != nil {
		return fmt.Errorf("desk %s: %w", w.plan.Desk.Name, err)
	}
	if own.Version == 0 {
		w.log.Warn("the desk begins: the database knows nothing of it, and no ticket from before has a clock here", "hint",
			"right for a new one; else data_dir or the desk's name is not what it was: stop serve and set it back")
	}
	if err := w.desk.NoteContracts(ctx, now); err != nil {
		return err
	}
	for _, do := range []func(context.Context, time.Time) error{w.desk.Retime, w.desk.Reassign} {
		if err := w.spared(do(ctx, now)); err != nil {
			return err
		}
	}
	return nil
}

// spared is the errors that end the office. That something cannot be read is for the log, and for whoever monitors: the desk has done all else.
// Without its own file it does nothing, see docs/decisions/0032.
func (w *worked) spared(err error) error {
	if !store.Harmed(err) || errors.Is(err, desk.ErrOwnFile) {
		return err
	}
	w.log.Error("what cannot be read stays as it was, everything else goes on", "error", err, "hint", "replyby verify says more")
	return nil
}

// metronome beats at once and then regularly. It is no schedule: what is due stands in the store.
func (f *Office) metronome(ctx context.Context) error {
	fatal := make(chan error, 1)
	beat := func() {
		if err := f.tick(ctx, time.Now()); err != nil && ctx.Err() == nil {
			select {
			case fatal <- err:
			default:
			}
		}
	}
	beat()
	if err := f.firstLooks(ctx); err != nil {
		return err
	}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	if _, err := c.AddFunc(f.beat, beat); err != nil {
		return fmt.Errorf("set the metronome to %q: %w", f.beat, err)
	}
	c.Start()
	defer func() { <-c.Stop().Done() }()
	select {
	case <-ctx.Done():
		return nil
	case err := <-fatal:
		return err
	}
}

// tick lets every desk take the steps that time demands, and notes that the program lives.
func (f *Office) tick(ctx context.Context, now time.Time) error {
	now = now.Round(0) // of the wall alone: the clock that runs on would hide that the other was set
	if !honest(now) {
		f.log.Error("the clock of this machine is wrong: nothing is sent and no step is taken", "clock", now, "hint", "set it by the network")
		return nil
	}
	if by := now.Sub(f.alive).Round(time.Second); !f.alive.IsZero() && by.Abs() > strange {
		f.log.Warn("time does not follow the last beat: stopped, asleep, or the clock was set", "last", f.alive, "clock", now, "by", by)
	}
	low, since := f.space(now)
	var err error
	sick := slices.Clone(f.forsaken)
	for _, w := range f.desks {
		h := w.health()
		h.Unread = f.unread(w.watcher.Status())
		h.Missing = w.missing(now)
		if h.Harmed, err = f.harmed(ctx, w, now); err != nil {
			return err
		}
		if low != "" {
			h.ReadTrouble, h.ReadSince, h.ReadWhat = low, since, "disk"
		}
		sick = append(sick, symptoms(w.plan.Desk.Name, h)...)
		if f.notYet(w) {
			sick = append(sick, w.plan.Desk.Name+": "+NotYet)
		}
		if said := w.unread.Load(); said != nil && *said != "" {
			sick = append(sick, symptom(w.plan.Desk.Name, "cannot send", *said))
		}
		err = w.desk.Tick(ctx, desk.Moment{Now: now, Alive: f.alive, Health: h})
		if store.Harmed(err) {
			sick = append(sick, symptom(w.plan.Desk.Name, "cannot read the database", err.Error()))
		}
		if err := w.spared(err); err != nil {
			return err
		}
		sick = append(sick, w.rival(ctx)...)
		w.sender.Wake()
	}
	f.alive, f.sick = now, sick
	return f.noteAlive(now, sick)
}

// space looks whether the disk runs full.
func (f *Office) space(now time.Time) (low string, since time.Time) {
	if f.room == nil {
		return "", since
	}
	low, since, err := f.room.Look(now)
	if low != "" {
		f.log.Error("no mail is taken in until there is space again", "why", low)
	}
	if err != nil {
		f.log.Warn("the reserve of space is not as it should be", "error", err)
	}
	return low, since
}

// patience is how long the first look at a mailbox may take before a digest goes without it.
const patience = 10 * time.Minute

// unread reports whether a mailbox has not been looked at since the start, and nothing says why.
func (f *Office) unread(in imapwatch.Status) bool {
	return !in.Connected && in.LastError == "" && time.Since(f.began) < patience
}

func (w *worked) health() desk.Health {
	in, out := w.watcher.Status(), w.sender.Status()
	h := desk.Health{LastRead: in.LastContact, ReadTrouble: in.LastError, ReadSince: in.Since, SendTrouble: out.Trouble, LastSent: out.LastSent}
	for _, folder := range in.Folders {
		if folder.Error != "" {
			h.FolderTrouble = append(h.FolderTrouble, folder.Error)
		}
	}
	return h
}

// honest reports whether a clock can be right: this program did not exist before. With a dead clock every deadline would look far
// away, and mail would carry a date of long ago.
func honest(now time.Time) bool {
	return now.After(time.Date(2026, time.November, 20, 0, 0, 0, 0, time.UTC))
}

// strange is more than two beats may be apart without a word.
const strange = 2 * time.Minute
