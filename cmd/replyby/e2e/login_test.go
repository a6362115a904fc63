package e2e_test

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"replyby/mailhost"
)

// counted is another address for a server, at which connections are counted.
func counted(t testing.TB, server string) (addr string, n *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n = new(atomic.Int64)
	background(t, func(ctx context.Context) error {
		defer context.AfterFunc(ctx, func() { l.Close() })()
		for {
			client, err := l.Accept()
			if err != nil {
				return nil
			}
			n.Add(1)
			go pass(ctx, client, server)
		}
	})
	return l.Addr().String(), n
}

// pass carries bytes both ways until one side ends.
func pass(ctx context.Context, client net.Conn, addr string) {
	defer client.Close()
	server, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer server.Close()
	defer context.AfterFunc(ctx, func() { client.Close() })()
	go func() {
		_, _ = io.Copy(server, client)
		server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// A wrong password for the mailbox is named, tried at most three times, and hurts nobody else; with the right one all that came
// meanwhile is taken in.
func TestWrongPasswordForIMAP(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil)
	addr, tries := counted(t, h.imap)
	wrong := care(`imap.password_file = "wrong"`)
	wrong.imap = addr
	h.furnish(wrong, agency())
	h.write("wrong", "not the password\n")
	s := h.launch()
	eventually(t, "the refused log-in is named", func() bool { return s.log.count("login refused") > 0 })
	h.outside(claire, modules, h.compose(requests(modules)[2].message))
	h.open(requests(support)[0], "MB-1") // the other desk works
	if n := tries.Load(); n < 1 || n > 3 || s.ended() {
		t.Errorf("%d tries with the wrong password, serve ended: %t; want at most 3 and no", n, s.ended())
	}
	if !strings.Contains(s.log.String(), "imap login refused: as "+modules) || s.log.count("not the password") > 0 {
		t.Errorf("the log does not name the refused account, or names its password")
	}
	s.stop()
	h.write("wrong", password+"\n")
	h.serve()
	h.awaitTicket("MP-1", "is there", func(shown) bool { return true })
}

// A wrong password for sending holds mail back, loses nothing, and is read anew at each of at most three tries: nobody need restart.
func TestWrongPasswordForSMTP(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil)
	addr, tries := counted(t, h.smtp)
	d := agency(`smtp.password_file = "wrong"`)
	d.smtp = addr
	h.furnish(d)
	h.write("wrong", "not the password\n")
	s := h.serve()
	r := requests(support)[0]
	h.outside(r.from, support, h.compose(r.message))
	h.awaitTicket("MB-1", "is there", func(shown) bool { return true })
	eventually(t, "the refused log-in is named", func() bool { return s.log.count("no connection to send letters") > 0 })
	if n := len(h.mailsTo(anna)); n > 0 || !strings.Contains(s.log.String(), support) {
		t.Errorf("%d mails went out with a wrong password, or the log does not say whose it is", n)
	}
	h.write("wrong", password+"\n")
	h.awaitMail(anna, "[MB-1]", 1)
	if n := tries.Load(); n > 3 || s.log.count("not the password") > 0 {
		t.Errorf("%d connections, want at most 3; the log names the password %d times", n, s.log.count("not the password"))
	}
}

// OAuth 2.0: a token that has expired is fetched anew by its command, for IMAP and for SMTP, and the story goes on.
func TestExpiredToken(t *testing.T) {
	t.Parallel()
	people := accounts()
	people[0] = mailhost.Account{Address: support, Token: "fresh"} // no password opens it
	host, err := mailhost.New(mailhost.Config{Name: hopName, Accounts: people})
	if err != nil {
		t.Fatal(err)
	}
	background(t, host.Run)
	h := &house{t: t, imap: host.IMAPAddr(), smtp: host.SMTPAddr(), accepted: host.Accepted}
	h.furnish(agency(`imap.auth = "xoauth2"`, `imap.token_command = ["sh", "token.sh", "imap"]`,
		`smtp.auth = "xoauth2"`, `smtp.token_command = ["sh", "token.sh", "smtp"]`))
	h.write("token.sh", "if [ -e asked.$1 ]; then echo fresh; else echo expired; fi\necho x >> asked.$1\n")
	s := h.serve()
	h.reply(anna, h.open(requests(support)[1], "MB-1"), "ok\n\nLo miro ahora mismo.")
	h.checkLetter(lucia, h.requestID("MB-1"), "Lo miro ahora mismo.")
	for _, way := range []string{"imap", "smtp"} {
		asked, err := os.ReadFile(filepath.Join(h.dir, "asked."+way))
		if n := strings.Count(string(asked), "x"); n < 2 || err != nil {
			t.Errorf("%s: the token was asked for %d times, want again after the refusal (%v)", way, n, err)
		}
	}
	if s.log.count("no connection to send letters") > 0 {
		t.Errorf("the token for sending was not fetched anew at once")
	}
	if s.log.count("login refused") == 0 || s.log.count("fresh") > 0 {
		t.Errorf("the refusal is not in the log, or the token is")
	}
}
