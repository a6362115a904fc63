package imapwatch_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch"
	"replyby/mailhost/dovecot"
)

// counting is an Inbox that only counts, so that the watcher alone is measured.
type counting struct {
	left int
	done chan struct{}
}

func (c *counting) Cursor(context.Context, string) (imapwatch.Cursor, error) {
	return imapwatch.Cursor{}, nil
}

func (c *counting) Prepare(_ context.Context, b imapwatch.Batch) (receive func() error, err error) {
	return func() error {
		c.left -= len(b.Mails)
		if c.left == 0 {
			close(c.done)
		}
		return nil
	}, nil
}

// BenchmarkBacklog reads a backlog of b.N mails of 9 KB from Dovecot.
func BenchmarkBacklog(b *testing.B) {
	s := dovecot.Start(b, desk)
	mail := append(letter("bench"), bytes.Repeat([]byte("0123456789abcdef0123456789abcdef\r\n"), 265)...)
	c, err := imapclient.DialInsecure(s.IMAPAddr(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk.Address, desk.Password).Wait(); err != nil {
		b.Fatal(err)
	}
	for range b.N {
		put := c.Append("INBOX", int64(len(mail)), nil)
		if _, err := put.Write(mail); err != nil {
			b.Fatal(err)
		}
		if err := put.Close(); err != nil {
			b.Fatal(err)
		}
		if _, err := put.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	cfg, in := realConfig(s), &counting{left: b.N, done: make(chan struct{})}
	cfg.Since = "all"
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	b.SetBytes(int64(len(mail)))
	b.ResetTimer()
	go func() { done <- imapwatch.New(cfg, in, nil).Run(ctx) }()
	<-in.done
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	cancel()
	<-done
}
