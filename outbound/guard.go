package outbound

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// maxAnswer bounds what a server may send to one command.
const maxAnswer = 64 << 10

var errTalkative = errors.New("the server sends more than an answer")

// guard is a connection on which every command has its own deadline and a
// bounded answer. The deadline covers the whole command, so a server that drips
// bytes gains nothing.
type guard struct {
	net.Conn
	mu     sync.Mutex
	end    time.Time // no deadline goes beyond it; zero means no bound
	budget int       // bytes the server may still send
	// single makes reads take one byte. During STARTTLS what an attacker put
	// behind the answer then stays in the socket and breaks the handshake,
	// where a buffer would have swallowed it (RFC 3207, section 6). Only the
	// goroutine that reads sets it.
	single bool
}

// allow opens the next command: it has d to finish.
func (g *guard) allow(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	deadline := time.Now().Add(d)
	if !g.end.IsZero() && g.end.Before(deadline) {
		deadline = g.end
	}
	g.budget = maxAnswer
	_ = g.SetDeadline(deadline) // fails only on a closed connection, as the next read will
}

// bound lets nothing on this connection last longer than d from now.
func (g *guard) bound(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.end = time.Now().Add(d)
	_ = g.SetDeadline(g.end)
}

func (g *guard) Read(p []byte) (int, error) {
	g.mu.Lock()
	limit := len(p)
	if g.single {
		limit = min(limit, 1)
	}
	limit = min(limit, g.budget)
	g.mu.Unlock()
	if limit == 0 && len(p) > 0 {
		return 0, errTalkative
	}
	n, err := g.Conn.Read(p[:limit])
	g.mu.Lock()
	g.budget -= n
	g.mu.Unlock()
	return n, err
}

// endsWith bounds the connection once ctx ends. The caller calls stop when the
// work that ctx governs is over.
func (g *guard) endsWith(ctx context.Context, grace time.Duration) (stop func() bool) {
	return context.AfterFunc(ctx, func() { g.bound(grace) })
}
