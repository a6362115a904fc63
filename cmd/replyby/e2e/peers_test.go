package e2e_test

import (
	"bufio"
	"bytes"
	"fmt"
	"iter"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/mailhost"
	"replyby/mailhost/dovecot"
	"replyby/samples"
)

// contest is a mailbox with a backlog, and those who read it one after the other.
type contest struct {
	*house
	n int // mails in the backlog
}

// TestPeers takes in a backlog beside other programs, all from the same private Dovecot. It asserts nothing: the machine may be busy.
// Our own letters stay in the outbox, since no server takes them: what is measured is the way in.
func TestPeers(t *testing.T) {
	n := int(number(t, "REPLYBY_PEERS", 0))
	if n == 0 {
		t.Skip("a measurement: make bench-peers")
	}
	c := newContest(t, n, (*house).backlog)
	var took []time.Duration // the first is the socket's
	line := func(who string, d time.Duration) {
		took = append(took, d)
		fmt.Printf("%-44s %8.1f s %7.0f mails/s %6.1f %% of the socket's\n", who, d.Seconds(), float64(n)/d.Seconds(), 100*took[0].Seconds()/d.Seconds())
	}
	c.readBytes() // Dovecot makes its index
	line("a socket, bytes read and thrown away", c.timed(c.readBytes))
	ours, resident := c.ours()
	line("replyby: synced, read, classified, ticketed", ours)
	for _, p := range []struct {
		program, who string
		run          func()
		times        float64 // as many mails there are
	}{
		{"mbsync", "mbsync to a Maildir, synced", c.mbsync, 1},
		{"fetchmail", "fetchmail to a command (from a quarter)", c.fetchmail, 4},
		{"getmail", "getmail to a command (from a tenth)", c.getmail, 10},
	} {
		if _, err := exec.LookPath(p.program); err != nil {
			fmt.Printf("%-44s not installed\n", p.who)
			continue
		}
		d := time.Duration(float64(c.timed(p.run)) * p.times)
		line(p.who, d)
		fmt.Printf("%-44s %8.1f times as fast\n", "  replyby beside it", d.Seconds()/ours.Seconds())
	}
	fmt.Printf("replyby's peak of resident memory meanwhile: %.0f MB\n", resident)
}

// newContest fills a mailbox with n mails.
func newContest(t testing.TB, n int, mails func(h *house, n int) iter.Seq[[]byte]) *contest {
	s := dovecot.Start(t, accounts()...)
	h := &house{t: t, imap: s.IMAPAddr(), smtp: nobodyListens(t), accepted: func() []mailhost.Transaction { return nil }}
	h.furnish(agency())
	total := 0
	s.Fill(support, func(yield func([]byte) bool) {
		for mail := range mails(h, n) {
			if total += len(mail); !yield(mail) {
				return
			}
		}
	})
	fmt.Printf("%d mails of %d bytes in the mean\n", n, total/n)
	return &contest{h, n}
}

// nobodyListens is an address where a connection is refused.
func nobodyListens(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// backlog is ordinary mail: of the collections, over and over, each time as a message of its own, else the
// requests of these tests.
func (h *house) backlog(n int) iter.Seq[[]byte] {
	var some [][]byte
	for _, raw := range samples.Ordinary(h.t) {
		some = append(some, ownID(raw))
	}
	if len(some) == 0 {
		for _, r := range requests(support) {
			some = append(some, ownID(h.compose(r.message)))
		}
	}
	return func(yield func([]byte) bool) {
		for i := range n {
			if !yield(append(fmt.Appendf(nil, "Message-ID: <backlog%d@cliente.test>\r\n", i), some[i%len(some)]...)) {
				return
			}
		}
	}
}

// ownID makes room for an id of its own.
func ownID(raw []byte) []byte {
	return bytes.ReplaceAll(raw, []byte("\nMessage-I"), []byte("\nX-Message-I"))
}

func (c *contest) timed(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// ours is the real program from its start to the commit of the last mail, and its peak of resident memory in MB.
func (c *contest) ours() (time.Duration, float64) {
	c.t.Helper()
	began := time.Now()
	s := c.launch()
	last := fmt.Sprintf("uid=%d\n", c.n)
	for !strings.Contains(s.log.String(), last) {
		if s.ended() || time.Since(began) > 10*time.Minute {
			c.t.Fatalf("serve did not take it all in:\n%s", &s.log)
		}
		time.Sleep(5 * time.Millisecond)
	}
	took := time.Since(began)
	resident := memory(c.t, s.cmd.Process.Pid, "VmHWM")
	fmt.Printf("resident now: heap and stacks %.0f MB, mapped files %.0f MB\n", memory(c.t, s.cmd.Process.Pid, "RssAnon"), memory(c.t, s.cmd.Process.Pid, "RssFile"))
	s.stop()
	used := s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime()
	fmt.Printf("processor time %.0f µs a mail\n", float64(used.Microseconds())/float64(c.n))
	return took, resident
}

// memory is a line of what the kernel says of a process, in MB.
func memory(t testing.TB, pid int, name string) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), name+":")
	kilobytes := 0.0
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes / 1024
}

// readBytes asks for every mail in one command and throws the answer away: what Dovecot and the socket can do.
func (c *contest) readBytes() {
	conn, err := net.Dial("tcp", c.imap)
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "a LOGIN %q %q\r\nb EXAMINE INBOX\r\nc UID FETCH 1:* (BODY.PEEK[])\r\n", support, password)
	for r := bufio.NewReaderSize(conn, 256<<10); ; {
		line, err := r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			c.t.Fatal(err)
		}
		if bytes.HasPrefix(line, []byte("c OK")) {
			return
		}
	}
}

// peer runs another program with a configuration of its own.
func (c *contest) peer(config string, program string, args ...string) {
	c.t.Helper()
	host, port := split(c.t, c.imap)
	dir := c.t.TempDir()
	fill := strings.NewReplacer("DIR", dir, "HOST", host, "PORT", port, "USER", support, "PASS", password, "SOME", fmt.Sprint(c.n/10)).Replace
	if err := os.WriteFile(filepath.Join(dir, "rc"), []byte(fill(config)), 0o600); err != nil {
		c.t.Fatal(err)
	}
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, "mail", sub), 0o700); err != nil {
			c.t.Fatal(err)
		}
	}
	for i := range args {
		args[i] = fill(args[i])
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "FETCHMAILHOME="+dir)
	const limited = 13 // fetchmail stopped where it was told to
	if said, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != limited {
		c.t.Errorf("%s: %v\n%s", program, err, said[max(0, len(said)-2000):])
	}
}

func (c *contest) mbsync() {
	c.peer(`IMAPAccount a
Host HOST
Port PORT
User USER
Pass "PASS"
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Path DIR/
Inbox DIR/mail

Channel c
Far :far:
Near :near:
Sync Pull
SyncState *
`, "mbsync", "-q", "-c", "DIR/rc", "c")
}

func (c *contest) fetchmail() {
	c.peer(`poll HOST protocol imap port PORT auth password username "USER" password "PASS" sslproto "" fetchall keep no rewrite mda "cat >/dev/null"
`, "fetchmail", "--silent", "--fetchlimit", fmt.Sprint(c.n/4), "--nosyslog", "-f", "DIR/rc")
}

func (c *contest) getmail() {
	c.peer(`[retriever]
type = SimpleIMAPRetriever
server = HOST
port = PORT
username = USER
password = PASS
mailboxes = ("INBOX",)
[destination]
type = MDA_external
path = /bin/cat
allow_root_commands = true
[options]
read_all = true
delete = false
verbose = 0
max_messages_per_session = SOME
`, "getmail", "--getmaildir", "DIR", "--rcfile", "DIR/rc")
}
