package kill_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
)

// dialer dials as package net does and has a reaper look at what passes.
func dialer(r *reaper, point string, wrap func(net.Conn) net.Conn) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		r.at(point)
		return wrap(conn), nil
	}
}

// imapWire is the program's end of an IMAP connection.
type imapWire struct {
	net.Conn
	*reaper
	mu      sync.Mutex
	fetches bool // a mail was asked for and nothing of it has come
}

func (w *imapWire) Write(p []byte) (int, error) {
	has := func(words string) bool { return bytes.Contains(p, []byte(words)) }
	if has(" STORE ") {
		w.at("P8 mark before")
	}
	n, err := w.Conn.Write(p)
	switch {
	case has(" AUTHENTICATE "), has(" LOGIN "):
		w.at("P1 imap log-in sent")
	case has(" SELECT "):
		w.at("P2 folder asked for")
	case has("BODY.PEEK[]"):
		w.at("P3 mail asked for")
		w.mu.Lock()
		w.fetches = true
		w.mu.Unlock()
	case has(" STORE "):
		w.at("P8 mark after")
	}
	return n, err
}

func (w *imapWire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p[:min(len(p), 512)])
	w.mu.Lock()
	half := w.fetches && bytes.Contains(p[:n], []byte("BODY[]"))
	w.fetches = w.fetches && !half
	w.mu.Unlock()
	if half {
		w.at("P4 mail half read")
	}
	return n, err
}

// smtpWire is the program's end of an SMTP connection. It follows the talk by what the program writes.
type smtpWire struct {
	net.Conn
	*reaper
	customer bool // the letter is for a customer
	data     bool // DATA was said, and no dot yet
	dot      bool // the dot is out and nothing was read since
}

func (w *smtpWire) Write(p []byte) (int, error) {
	switch {
	case w.data && bytes.Equal(p, []byte(".\r\n")):
		return w.end(p)
	case w.data:
		return w.body(p)
	}
	n, err := w.Conn.Write(p)
	switch verb, rest, _ := strings.Cut(string(p), " "); strings.TrimSpace(verb) {
	case "EHLO":
		w.at("P17 smtp hello sent")
	case "AUTH":
		w.at("P17 smtp log-in sent")
	case "MAIL":
		w.customer = false
		w.at("P18 sender named")
	case "RCPT":
		w.customer = w.customer || strings.Contains(rest, customers)
		w.at("P18 recipient named")
	case "DATA":
		w.data = true
		if w.customer {
			w.at("P18 data asked for")
		}
	}
	return n, err
}

// body writes a letter, or a half of it.
func (w *smtpWire) body(p []byte) (int, error) {
	point := "P10 notice half out"
	if w.customer {
		point = "P19 letter half out"
	}
	n, err := w.Conn.Write(p[:len(p)/2])
	if err != nil {
		return n, err
	}
	w.at(point)
	m, err := w.Conn.Write(p[n:])
	return n + m, err
}

// end writes the final dot.
func (w *smtpWire) end(p []byte) (int, error) {
	if w.customer {
		w.at("P19 letter out, no dot")
	}
	n, err := w.Conn.Write(p)
	w.data, w.dot = false, true
	if w.customer {
		w.at("P20 dot out")
	} else {
		w.at("P10 notice dot out")
	}
	return n, err
}

func (w *smtpWire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if w.dot && w.customer {
		w.at("P21 answer read")
	}
	w.dot = false
	return n, err
}
