package office_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch"
	"replyby/mailhost/dovecot"
	"replyby/store"
	"replyby/ticket/kind"
)

var (
	operations = flag.Int("operations", 500, "how many things a second client does to the mailbox")
	chaosSeed  = flag.Uint64("seed", uint64(time.Now().UnixNano())%1_000_000, "of what the second client does")
)

// watched is the folder that the desk reads, elsewhere the one that mail is moved to and from.
const watched, elsewhere = "Support", "Elsewhere"

// span is a stretch of time.
type span struct{ from, to time.Time }

// looks notes when the watcher looked at its folder from beginning to end: it opened the folder, and then had nothing left to do but to
// idle.
type looks struct {
	mu   sync.Mutex
	done []span
}

func (l *looks) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	return &looking{Conn: conn, looks: l}, err
}

// last is when the last look began, zero if there was none.
func (l *looks) last() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.done) == 0 {
		return time.Time{}
	}
	return l.done[len(l.done)-1].from
}

func (l *looks) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.done)
}

// saw says that one look lay within a stretch of time.
func (l *looks) saw(s span) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.done, func(x span) bool { return !x.from.Before(s.from) && !x.to.After(s.to) })
}

type looking struct {
	net.Conn
	*looks
	began time.Time
}

func (l *looking) Write(p []byte) (int, error) {
	switch {
	case bytes.Contains(p, []byte(" SELECT ")):
		l.began = time.Now()
	case bytes.Contains(p, []byte(" IDLE\r\n")) && !l.began.IsZero():
		l.mu.Lock()
		l.done = append(l.done, span{l.began, time.Now()})
		l.mu.Unlock()
		l.began = time.Time{}
	}
	return l.Conn.Write(p)
}

// thing is a mail of the test and where it is.
type thing struct {
	n     int
	spans []span // in the watched folder; the last one may not be over
}

// vandal is a second client of the mailbox. It knows what lies where, by UID.
type vandal struct {
	t       *testing.T
	addr    string
	c       *imapclient.Client
	dice    *rand.Rand
	open    string
	folders map[string]map[imap.UID]*thing
	things  []*thing
	did     map[string]int
	aside   int // folders put aside so far
	pace    *time.Ticker
}

// must ends the test where the server refuses.
func (v *vandal) must(what string, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatalf("%s: %v", what, err)
	}
	v.did[what]++
}

// mustOrVain is must for what may come to nothing: the mail was told to go, and nothing is expected of it any more.
func (v *vandal) mustOrVain(what string, err error) {
	v.t.Helper()
	if !v.inVain(err) {
		v.must(what, err)
	}
}

// inVain says that the server has not understood yet that a folder which was deleted is there again. Then nothing happened.
func (v *vandal) inVain(err error) bool {
	refused := new(imap.Error)
	if !errors.As(err, &refused) || !strings.Contains(refused.Text, "Mailbox was deleted under us") {
		return false
	}
	v.did["in vain"]++
	return true
}

// in opens a folder.
func (v *vandal) in(folder string) {
	v.t.Helper()
	if v.open == folder {
		return
	}
	_, err := v.c.Select(folder, nil).Wait()
	if v.inVain(err) { // Dovecot speaks of the folder that was open before
		v.c = client(v.t, v.addr)
		_, err = v.c.Select(folder, nil).Wait()
	}
	if err != nil {
		v.t.Fatalf("open %s: %v", folder, err)
	}
	v.open = folder
}

// any picks a mail of a folder.
func (v *vandal) any(folder string) (imap.UID, bool) {
	var uids []imap.UID
	for uid := range v.folders[folder] {
		uids = append(uids, uid)
	}
	if len(uids) == 0 {
		return 0, false
	}
	slices.Sort(uids)
	return uids[v.dice.IntN(len(uids))], true
}

// came and goes keep the times of what lies in the watched folder: a mail is there from after the server said so until before it is
// told to take it away.
func (x *thing) came() { x.spans = append(x.spans, span{from: time.Now()}) }

func (x *thing) goes() { x.spans[len(x.spans)-1].to = time.Now() }

func (v *vandal) allGo() {
	for _, x := range v.folders[watched] {
		x.goes()
	}
}

// deliver puts a new mail into the watched folder.
func (v *vandal) deliver() {
	x := &thing{n: len(v.things)}
	text := fmt.Sprintf("From: Mario <mario@cliente.test>\r\nSubject: request %d\r\n\r\nThe shop does not take payment number %[1]d.\r\n%s", x.n,
		strings.Repeat("and more\r\n", v.dice.IntN(800)))
	put := v.c.Append(watched, int64(len(text)), nil)
	_, err := put.Write([]byte(text))
	if err == nil {
		err = put.Close()
	}
	data, werr := put.Wait()
	if v.inVain(werr) {
		if err != nil { // refused before it was written, and the library can begin no other command then
			v.c, v.open = client(v.t, v.addr), ""
		}
		return
	}
	v.must("deliver", werr)
	v.must("write", err)
	v.things = append(v.things, x)
	v.folders[watched][data.UID] = x
	x.came()
}

// flag changes a flag that means nothing to us.
func (v *vandal) flag() {
	uid, ok := v.any(watched)
	if !ok {
		return
	}
	v.in(watched)
	flags := []imap.Flag{imap.FlagSeen, imap.FlagFlagged, imap.FlagAnswered, "$Other"}
	op := []imap.StoreFlagsOp{imap.StoreFlagsAdd, imap.StoreFlagsDel}[v.dice.IntN(2)]
	v.mustOrVain("flag", v.c.Store(imap.UIDSetNum(uid), &imap.StoreFlags{Op: op, Flags: flags[v.dice.IntN(4):]}, nil).Close())
}

// expunge throws a mail away for good.
func (v *vandal) expunge() {
	uid, ok := v.any(watched)
	if !ok {
		return
	}
	v.in(watched)
	v.folders[watched][uid].goes()
	delete(v.folders[watched], uid)
	set := imap.UIDSetNum(uid)
	v.mustOrVain("mark deleted", v.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close())
	v.mustOrVain("expunge", v.c.UIDExpunge(set).Close())
}

// move takes a mail out of the watched folder, or puts it back.
func (v *vandal) move(from, to string) {
	uid, ok := v.any(from)
	if !ok {
		return
	}
	v.in(from)
	x := v.folders[from][uid]
	if from == watched {
		x.goes()
	}
	data, err := v.c.Move(imap.UIDSetNum(uid), to).Wait()
	if v.inVain(err) {
		if from == watched {
			x.came()
		}
		return
	}
	v.must("move", err)
	delete(v.folders[from], uid)
	got, ok := data.DestUIDs.(imap.UIDSet)
	uids, all := got.Nums()
	if !ok || !all || len(uids) != 1 {
		v.t.Fatalf("move of one mail gave %v", data.DestUIDs)
	}
	v.folders[to][uids[0]] = x
	if to == watched {
		x.came()
	}
}

// replace gives the watched folder a new UIDVALIDITY: it is deleted with all that is in it, or put aside under another name, and made
// anew; or it comes back as it was.
func (v *vandal) replace() {
	v.in("INBOX")
	v.allGo()
	switch v.dice.IntN(3) {
	case 0:
		v.must("delete folder", v.c.Delete(watched).Wait())
		v.again()
		return
	case 1:
		v.aside++
		v.must("rename folder", v.c.Rename(watched, fmt.Sprintf("Aside %d", v.aside), nil).Wait())
		v.again()
		return
	}
	v.must("rename folder", v.c.Rename(watched, "Away", nil).Wait())
	v.must("rename folder", v.c.Rename("Away", watched, nil).Wait())
	for _, x := range v.folders[watched] {
		x.came()
	}
}

// again makes the watched folder anew, with nothing in it. Where the watcher was about to open the old one, Dovecot may have left its directory
// behind, and says that the folder is there.
func (v *vandal) again() {
	refused := new(imap.Error)
	err := v.c.Create(watched, nil).Wait()
	if errors.As(err, &refused) && refused.Code == imap.ResponseCodeAlreadyExists {
		v.did["there already"]++
		err = nil
	}
	v.must("create folder", err)
	clear(v.folders[watched])
}

// act does one thing.
func (v *vandal) act() {
	switch n := v.dice.IntN(100); {
	case n < 40:
		v.deliver()
	case n < 60:
		v.flag()
	case n < 70:
		v.expunge()
	case n < 85:
		v.move(watched, elsewhere)
	default:
		v.move(elsewhere, watched)
	}
}

// I1, F14: a second client delivers, flags, moves, expunges, renames and deletes at random in the folder of a real Dovecot that a desk
// reads. Every mail that lay there through one look of the watcher is one ticket; no mail is two.
func TestChaosOfASecondClient(t *testing.T) {
	t.Logf("-seed=%d", *chaosSeed)
	s := dovecot.Start(t, support)
	v := &vandal{
		t: t, addr: s.IMAPAddr(), dice: rand.New(rand.NewPCG(*chaosSeed, 1)), did: map[string]int{}, pace: time.NewTicker(12 * time.Millisecond), folders: map[string]map[imap.UID]*thing{watched: {}, elsewhere: {}},
	}
	defer v.pace.Stop()
	v.c = client(t, v.addr)
	for _, name := range []string{watched, elsewhere} {
		v.must("create folder", v.c.Create(name, nil).Wait())
	}
	seen := &looks{}
	o, end := run(t, t.Context(), memory(t), rarely, plan(t, func(c *imapwatch.Config) {
		c.Addr, c.Dial, c.Folders, c.Poll = s.IMAPAddr(), seen.dial, []string{watched}, 200*time.Millisecond
		c.Mark = imapwatch.Mark{Keyword: "$Replyby"}
	}))
	defer end()
	// Each replacement costs the watcher its connection; in a long run it may come back soon because it has worked for long.
	stretch := min(max(150, *operations/10), 1000)
	for n := range *operations {
		<-v.pace.C
		if n%stretch == stretch-1 {
			v.replace()
		} else {
			v.act()
		}
		if n%stretch == stretch/2 { // in the middle of it the watcher is there again
			v.await(seen)
		}
	}
	v.await(seen)
	v.allGo()
	v.check(o.Store(), seen)
}

// client logs in as a second client of the mailbox.
func client(t *testing.T, addr string) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(support.Address, support.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

// await waits until a look of the watcher has begun and ended.
func (v *vandal) await(l *looks) {
	v.t.Helper()
	const patience = 2 * time.Minute
	began := time.Now()
	for again := time.NewTicker(5 * time.Millisecond); !l.last().After(began); <-again.C {
		if time.Since(began) > patience {
			v.t.Fatalf("the watcher did not look at its folder for %s", patience)
		}
	}
}

// check wants a ticket for every mail that a look has found in place, and never two of one.
func (v *vandal) check(s store.Store, l *looks) {
	v.t.Helper()
	tickets := map[string]int{}
	for r, err := range s.Log(v.t.Context(), "agency", 1, -1) {
		if err != nil {
			v.t.Fatal(err)
		}
		if r.Kind != kind.Received {
			continue
		}
		e, err := r.Event()
		if err != nil {
			v.t.Fatal(err)
		}
		tickets[e.Body.Message.Subject]++
	}
	stayed, lost, doubled := 0, 0, 0
	for _, x := range v.things {
		n := tickets[fmt.Sprintf("request %d", x.n)]
		if slices.ContainsFunc(x.spans, l.saw) {
			if stayed++; n == 0 {
				lost++
				v.t.Errorf("request %d lay in the folder through a look and is no ticket", x.n)
			}
		}
		if n > 1 {
			doubled++
			v.t.Errorf("request %d is %d tickets", x.n, n)
		}
	}
	v.t.Logf("%d operations %v, %d looks; %d mails, %d there for a look, %d tickets: %d lost, %d doubled",
		*operations, v.did, l.count(), len(v.things), stayed, len(tickets), lost, doubled)
	if stayed < len(v.things)/10 {
		v.t.Errorf("only %d of %d mails stayed for a look", stayed, len(v.things))
	}
}
