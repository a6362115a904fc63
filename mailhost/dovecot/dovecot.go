// Package dovecot starts a private Dovecot for a test: real IMAP on a free
// loopback port, Maildir in a folder of its own, and the SMTP hop of mailhost
// in front, which delivers through LMTP as providers do.
//
// It promises to touch no other Dovecot: the configuration, the sockets and
// the mail are below one temporary folder, and only the process it started is
// ever ended, by its id. It works for root, who gives the mail to nobody, and
// for an ordinary user. XOAUTH2 is for mailhost alone.
package dovecot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"replyby/mailhost"
)

const (
	startTime = 20 * time.Second // until Dovecot greets
	lookAgain = 20 * time.Millisecond
)

// Server is one running Dovecot with its SMTP hop.
type Server struct {
	t    testing.TB
	dir  string
	port string
	hop  *mailhost.Hop
	cmd  *exec.Cmd
	done chan error
}

// Start runs Dovecot with one mailbox for each account until the test ends.
// Without Dovecot the test is skipped, or fails where the variable CI is true.
func Start(t testing.TB, accounts ...mailhost.Account) *Server {
	t.Helper()
	if program() == "" {
		const missing = "dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	s := &Server{t: t, dir: folder(t), port: freePort(t)}
	s.write("users", users(s.dir, accounts))
	s.write("dovecot.conf", s.config())
	s.Resume()
	t.Cleanup(s.Stop)
	s.startHop(accounts)
	return s
}

// IMAPAddr is the host:port of IMAP. It stays through Stop and Resume.
func (s *Server) IMAPAddr() string { return net.JoinHostPort("127.0.0.1", s.port) }

// SMTPAddr is the host:port of the hop.
func (s *Server) SMTPAddr() string { return s.hop.Addr() }

// Accepted lists what the hop has accepted, oldest first.
func (s *Server) Accepted() []mailhost.Transaction { return s.hop.Accepted() }

// Deliver puts mail into the inbox of to through LMTP, and fails the test
// where Dovecot does not take it.
func (s *Server) Deliver(from, to string, mail []byte) {
	s.t.Helper()
	if err := s.lmtp(from, to, mail); err != nil {
		s.t.Fatal(err)
	}
}

// Fill puts mails into the inbox of an account behind Dovecot's back, in their order: a backlog, made quickly. The account must be empty.
func (s *Server) Fill(address string, mails iter.Seq[[]byte]) {
	s.t.Helper()
	dir := filepath.Join(s.home(address), "Maildir")
	n := 0
	for mail := range mails {
		n++
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%dP1.backlog:2,", time.Now().Unix(), n))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, mail, 0o644)); err != nil {
			s.t.Fatal(err)
		}
	}
	uid, gid := owner()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error { return errors.Join(err, os.Chown(path, uid, gid)) })
	if err != nil {
		s.t.Fatal(err)
	}
}

// ResetUIDValidity makes Dovecot forget the UIDs of an account's inbox: all
// its mail comes back under new ones and a new UIDVALIDITY.
func (s *Server) ResetUIDValidity(address string) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.home(address), "Maildir", "dovecot*"))
	if err != nil || len(files) == 0 {
		s.t.Fatalf("forget the uids of %s: found %d files, %v", address, len(files), err)
	}
	for _, name := range files {
		if strings.Contains(filepath.Base(name), "uidvalidity") {
			continue // it keeps the new number apart from the old one
		}
		if err := os.Remove(name); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Stop ends Dovecot; its mail stays. Stopping twice is fine.
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it fails only where the process has ended
	select {
	case <-s.done:
	case <-time.After(startTime):
		_ = s.cmd.Process.Kill()
		<-s.done
	}
	s.cmd = nil
}

// Resume starts Dovecot again on the same port with the same mail.
func (s *Server) Resume() {
	s.t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(program(), "-F", "-c", filepath.Join(s.dir, "dovecot.conf"))
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("start dovecot: %v", err)
	}
	s.cmd, s.done = cmd, make(chan error, 1)
	go func(done chan<- error) { done <- cmd.Wait() }(s.done)
	if err := s.awaitGreeting(); err != nil {
		s.Stop()
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		s.t.Fatalf("start dovecot: %v\n%s%s", err, said.Bytes(), log)
	}
}

// awaitGreeting returns once IMAP answers. A process outside offers nothing to
// wait on, so it is asked again and again.
func (s *Server) awaitGreeting() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		if conn, err := net.Dial("tcp", s.IMAPAddr()); err == nil {
			_ = conn.SetReadDeadline(time.Now().Add(startTime))
			_, err = conn.Read(make([]byte, 1))
			conn.Close()
			if err == nil {
				return nil
			}
		}
		select {
		case <-again.C:
		case err := <-s.done:
			s.done <- err
			return fmt.Errorf("it ended by itself: %w", err)
		case <-ctx.Done():
			return errors.New("it does not greet")
		}
	}
}

func (s *Server) startHop(accounts []mailhost.Account) {
	hop, err := mailhost.NewHop(mailhost.HopConfig{Accounts: accounts, Deliver: s.lmtp})
	if err != nil {
		s.t.Fatal(err)
	}
	s.hop = hop
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- hop.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
}

// lmtp delivers one mail to one recipient (RFC 2033).
func (s *Server) lmtp(from, to string, mail []byte) error {
	conn, err := net.Dial("unix", filepath.Join(s.dir, "run", "lmtp"))
	if err != nil {
		return fmt.Errorf("reach dovecot's lmtp: %w", err)
	}
	client := smtp.NewClientLMTP(conn)
	defer client.Close()
	if err := client.SendMail(from, []string{to}, bytes.NewReader(mail)); err != nil {
		return fmt.Errorf("deliver to %s: %w", to, err)
	}
	return nil
}

func (s *Server) write(name, content string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// program finds Dovecot, also where sbin is not in the path.
func program() string {
	for _, name := range []string{"dovecot", "/usr/sbin/dovecot"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// folder makes a short-named folder that Dovecot's other users can enter: the
// folders of testing.TB are closed to them, and too long for a socket's name.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
