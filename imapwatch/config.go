package imapwatch

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"regexp"
	"slices"
	"time"

	"replyby/imapwatch/link"
)

const (
	defaultPoll    = time.Minute
	longestPoll    = 4 * time.Minute // also the longest IDLE: half-open connections show no earlier
	shortestPoll   = 100 * time.Millisecond
	defaultMaxSize = 50 << 20
	dialTime       = 30 * time.Second
)

// Config says which mailbox to watch, and how.
type Config struct {
	// Addr is host:port of the server.
	Addr string
	// TLS is "implicit" (from the first byte, the default), "starttls"
	// (required, never optional) or "none", allowed on loopback only.
	TLS string
	// TLSConfig may name certificate authorities; nil means those of the
	// system. The server name is taken from Addr.
	TLSConfig *tls.Config
	// Username is the login name.
	Username string
	// Auth is "password" (the default) or "xoauth2".
	Auth string
	// Secret gives the password or bearer token. It is called before each
	// connect and again after a refused login.
	Secret func(context.Context) (string, error)
	// Folders are watched: the first through IDLE, the others by polling.
	// INBOX alone if empty.
	Folders []string
	// Poll is how often every folder is looked at besides IDLE: 1 minute if
	// 0, at most 4 minutes, so that a dead connection is noticed within 5.
	Poll time.Duration
	// MaxSize is the size in octets above which only the header of a mail is
	// read; 50 MiB if 0.
	MaxSize int64
	// Since says what is handed over at first contact with a folder: "now"
	// (the default, only later mail), "all", or a day such as "2026-11-20" or
	// an instant in RFC 3339, compared with INTERNALDATE.
	Since string
	// Began, where it is set and Since is "now", says since when the reader wants
	// the mail of a folder at first contact with it: it may have waited for that,
	// for want of a password or of room. Zero is from that contact on.
	Began func(ctx context.Context, folder string) (time.Time, error)
	// Mark is what shows on the server that a mail of the first folder was
	// taken in.
	Mark Mark
	// Dial replaces the network dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Mark is a hint for people who look into the mailbox, set after a batch was received, again
// at each look at the folder while the server refuses, and never relied on. The zero Mark leaves the mail untouched.
type Mark struct {
	// Keyword is added to the mail's flags, such as "$Replyby".
	Keyword string
	// MoveTo is the folder the mail is moved to. It wins over Keyword.
	MoveTo string
}

func (c Config) withDefaults() Config {
	c.TLS = cmp.Or(c.TLS, "implicit")
	c.Auth = cmp.Or(c.Auth, "password")
	c.Poll = cmp.Or(c.Poll, defaultPoll)
	c.MaxSize = cmp.Or(c.MaxSize, defaultMaxSize)
	if c.Poll > 0 { // Check refuses less
		c.Poll = min(max(c.Poll, shortestPoll), longestPoll)
	}
	if len(c.Folders) == 0 {
		c.Folders = []string{"INBOX"}
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: dialTime}).DialContext
	}
	return c
}

// Check returns an error wrapping ErrConfig for what no waiting will cure. Run
// and Probe call it; it touches nothing.
func (c Config) Check() error {
	c = c.withDefaults()
	host, _, err := net.SplitHostPort(c.Addr)
	switch {
	case err != nil:
		return fmt.Errorf("%w: address %q: want host:port", ErrConfig, c.Addr)
	case c.TLS != "implicit" && c.TLS != "starttls" && c.TLS != "none":
		return fmt.Errorf("%w: tls %q: want implicit, starttls or none", ErrConfig, c.TLS)
	case c.TLS == "none" && !loopback(host):
		return fmt.Errorf("%w: tls none for %s: allowed on loopback only, use implicit or starttls", ErrConfig, host)
	case c.Auth != "password" && c.Auth != "xoauth2":
		return fmt.Errorf("%w: auth %q: want password or xoauth2", ErrConfig, c.Auth)
	case c.Username == "":
		return fmt.Errorf("%w: no user name", ErrConfig)
	case c.Secret == nil:
		return fmt.Errorf("%w: no secret for %s", ErrConfig, c.Username)
	case c.MaxSize < 0 || c.Poll < 0:
		return fmt.Errorf("%w: negative size or poll", ErrConfig)
	}
	if _, _, err = c.since(); err != nil {
		return err
	}
	return c.checkFolders()
}

func (c Config) checkFolders() error {
	if slices.Contains(c.Folders, c.Mark.MoveTo) {
		return fmt.Errorf("%w: mail cannot be moved to %q, which is watched", ErrConfig, c.Mark.MoveTo)
	}
	if once := slices.Compact(slices.Sorted(slices.Values(c.Folders))); len(once) < len(c.Folders) {
		return fmt.Errorf("%w: a folder is watched twice in %q", ErrConfig, c.Folders)
	}
	if k := c.Mark.Keyword; k != "" && !keywordForm.MatchString(k) {
		return fmt.Errorf("%w: %q is no keyword: want letters, digits and signs such as $, and no flag of the system's own such as \\Deleted", ErrConfig, k)
	}
	return nil
}

// keywordForm is a flag that is no system flag (RFC 9051, 9: flag-keyword). \Deleted would have others expunge the mail, \Seen hide it.
var keywordForm = regexp.MustCompile(`^[!#$&'+,\-./0-9:;<=>?@A-Z\[^_\x60a-z|}~]+$`)

// since reads Since: later is true for "now", else mails older than from are
// left out.
func (c Config) since() (later bool, from time.Time, err error) {
	switch c.Since {
	case "", "now":
		return true, time.Time{}, nil
	case "all":
		return false, time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if from, err = time.Parse(layout, c.Since); err == nil {
			return false, from, nil
		}
	}
	return false, time.Time{}, fmt.Errorf("%w: since %q: want now, all, a day (2006-01-02) or an instant (RFC 3339)", ErrConfig, c.Since)
}

// loopback reports whether host is this machine by its very name or number.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// connect opens a link; contact, if not nil, is told of every completed exchange.
func (c Config) connect(ctx context.Context, contact func(time.Time)) (*link.Link, error) {
	return link.Connect(ctx, link.Config{
		Addr: c.Addr, TLS: c.TLS, TLSConfig: c.TLSConfig, Username: c.Username, Auth: c.Auth,
		MaxBody: c.MaxSize, Dial: c.Dial, Contact: contact,
	})
}
