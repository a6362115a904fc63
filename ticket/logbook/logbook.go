// Package logbook is the log of a desk: each event sealed into a record that has its number and names the one before by its hash, so that
// anybody can check that none was changed or removed, and still can when what a customer wrote is erased.
//
// It promises that [Seal] and [Verify] agree, and that [Apply] gives the same ticket for the same records in every release. It refuses to
// know what an event means, which is the fold's affair, and how a record is stored.
package logbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// ErrChain says that a record does not follow the one before it or does not match its own hashes.
var ErrChain = errors.New("logbook: chain broken")

// Envelope is the part of a record that is hashed into the chain and that outlives the erasure of its body.
type Envelope struct {
	Desk     string      `json:"desk"`
	Seq      uint64      `json:"seq"`
	Kind     kind.Kind   `json:"kind"`
	Ticket   uint64      `json:"ticket"`
	Actor    string      `json:"actor"`
	Cause    string      `json:"cause"`
	At       time.Time   `json:"at"`
	BodyHash ticket.Hash `json:"body_hash"` // SHA-256 of salt and body
	Prev     ticket.Hash `json:"prev"`      // Hash of the envelope before; zero for the first
}

// Record is an event with its place in the log of a desk. Salt and Body are nil after an erasure.
type Record struct {
	Envelope
	Salt []byte          `json:"salt,omitempty"`
	Body json.RawMessage `json:"body,omitempty"`
}

// Head is the end of a desk's log: the last sequence number and the hash of its envelope.
type Head struct {
	Seq  uint64      `json:"seq"`
	Hash ticket.Hash `json:"hash"`
}

// Hash returns the digest by which the next record names this one: that of its JSON, as encoding/json writes it.
func (e Envelope) Hash() ticket.Hash {
	b := make([]byte, 0, 512)
	b = appendWord(append(b, `{"desk":`...), e.Desk)
	b = strconv.AppendUint(append(b, `,"seq":`...), e.Seq, 10)
	b = appendWord(append(b, `,"kind":`...), string(e.Kind))
	b = strconv.AppendUint(append(b, `,"ticket":`...), e.Ticket, 10)
	b = appendWord(append(b, `,"actor":`...), e.Actor)
	b = appendWord(append(b, `,"cause":`...), e.Cause)
	b = e.At.AppendFormat(append(b, `,"at":"`...), time.RFC3339Nano)
	b = hex.AppendEncode(append(b, `","body_hash":"`...), e.BodyHash[:])
	b = hex.AppendEncode(append(b, `","prev":"`...), e.Prev[:])
	return ticket.Sum(append(b, `"}`...))
}

// appendWord writes a string as encoding/json does, which alone knows what to escape and how.
func appendWord(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			word, err := json.Marshal(s)
			if err != nil { // a string always encodes
				panic(fmt.Sprintf("logbook: encode envelope: %v", err))
			}
			return append(b, word...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// Seal gives e the place after head. Salt should be 16 random bytes: without it a short body could be guessed from its
// hash after it was erased.
func Seal(desk string, head Head, e ticket.Event, salt []byte) (Record, error) {
	body, err := json.Marshal(e.Body)
	if err != nil {
		return Record{}, fmt.Errorf("logbook: encode body of %s: %w", e.Kind, err)
	}
	return Record{
		Envelope: Envelope{
			Desk: desk, Seq: head.Seq + 1, Kind: e.Kind, Ticket: e.Ticket, Actor: e.Actor, Cause: e.Cause,
			At: e.At.UTC().Truncate(time.Microsecond), BodyHash: bodyHash(salt, body), Prev: head.Hash,
		},
		Salt: salt, Body: body,
	}, nil
}

// Verify says whether r may follow head: number, hash of the one before, and, unless it was erased, its body.
func Verify(head Head, r Record) (Head, error) {
	switch {
	case r.Seq != head.Seq+1:
		return head, fmt.Errorf("%w: desk %s: record %d follows %d", ErrChain, r.Desk, r.Seq, head.Seq)
	case r.Prev != head.Hash:
		return head, fmt.Errorf("%w: desk %s: record %d names another predecessor", ErrChain, r.Desk, r.Seq)
	case r.Body != nil && bodyHash(r.Salt, r.Body) != r.BodyHash:
		return head, fmt.Errorf("%w: desk %s: body of record %d was changed", ErrChain, r.Desk, r.Seq)
	}
	return Head{Seq: r.Seq, Hash: r.Envelope.Hash()}, nil
}

// Event returns what the record says. The body of an erased record is empty.
func (r Record) Event() (ticket.Event, error) {
	e := ticket.Event{Kind: r.Kind, Ticket: r.Ticket, Actor: r.Actor, Cause: r.Cause, At: r.At}
	if r.Body == nil {
		return e, nil
	}
	if err := json.Unmarshal(r.Body, &e.Body); err != nil {
		return e, fmt.Errorf("logbook: decode body of record %d of desk %s: %w", r.Seq, r.Desk, err)
	}
	return e, nil
}

func bodyHash(salt, body []byte) ticket.Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return ticket.Hash(h.Sum(nil))
}

// Apply folds one record into t and returns the new ticket; t is not changed. The error says that the record's body
// could not be read; an unknown kind is no error and only moves the version.
func Apply(t ticket.Ticket, r Record) (ticket.Ticket, error) {
	e, err := r.Event()
	if err != nil {
		return t, err
	}
	t.Desk = r.Desk
	return t.After(e, r.Seq), nil
}

// Follow is [Apply] for a record that was just sealed from e. The record is read back only where JSON could not say what e says: it
// writes a byte that is not UTF-8 as the escape \ufffd, and nothing else so.
func Follow(t ticket.Ticket, e ticket.Event, r Record) (ticket.Ticket, error) {
	if bytes.Contains(r.Body, []byte(`\ufffd`)) {
		return Apply(t, r)
	}
	e.At, t.Desk = r.At, r.Desk
	return t.After(e, r.Seq), nil
}
