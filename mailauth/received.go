package mailauth

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// received is one Received line as far as trust needs it (RFC 5321, section 4.4).
type received struct {
	by   string // host that wrote the line
	with string // protocol in upper case
	// What the server saw of its peer, as opposed to what the peer called
	// itself: the confirmed name (empty if none) and the address.
	peerName string
	peer     netip.Addr
	login    string // authenticated sender, where the server writes it
}

// parseReceived reads a line's clauses. A clause that occurs twice is refused:
// the name a peer gives itself stands in the line too and might hold words.
func parseReceived(value string) (received, error) {
	tokens, ok := scan(value, ";")
	if !ok {
		return received{}, errors.New("unbalanced quotes or comments")
	}
	var r received
	seen := map[string]bool{}
	clause, fresh := "", false // fresh: the clause's value comes next
	for _, t := range tokens {
		if t.is(";") {
			break
		}
		word := strings.ToLower(t.text)
		switch {
		case t.kind == comment:
			r.remark(clause, t.text)
		case t.kind == atom && isClause(word):
			if seen[word] {
				return received{}, fmt.Errorf("two %q clauses", word)
			}
			seen[word], clause, fresh = true, word, true
		case fresh:
			r.set(clause, t.text)
			fresh = false
		}
	}
	return r, nil
}

func isClause(word string) bool {
	return slices.Contains([]string{"from", "by", "via", "with", "id", "for"}, word)
}

func (r *received) set(clause, text string) {
	switch clause {
	case "by":
		r.by = strings.ToLower(strings.TrimSuffix(text, "."))
	case "with":
		r.with = strings.ToUpper(text)
	}
}

// remark reads a comment. Behind "from" servers write what they saw:
// "name [address]" (Postfix, Sendmail), "[address]" or "address" (Exchange).
func (r *received) remark(clause, text string) {
	const sender = "authenticated sender:"
	if lower := strings.ToLower(text); strings.HasPrefix(lower, sender) {
		r.login = strings.TrimSpace(lower[len(sender):])
		return
	}
	if clause != "from" || r.peer.IsValid() {
		return
	}
	name, address, found := strings.Cut(text, "[")
	if !found {
		name, address = "", text
	}
	address, _, _ = strings.Cut(address, "]")
	r.peer, _ = netip.ParseAddr(strings.TrimPrefix(address, "IPv6:"))
	r.peer = r.peer.Unmap().WithZone("")
	if name = strings.TrimSpace(name); r.peer.IsValid() && name != "unknown" && !strings.Contains(text, "may be forged") {
		r.peerName = name
	}
}

// authenticated reports whether the client logged in (RFC 3848, RFC 6531 section 4.3).
func (r received) authenticated() bool {
	return slices.Contains([]string{"ESMTPA", "ESMTPSA", "LMTPA", "LMTPSA", "UTF8SMTPA", "UTF8SMTPSA", "UTF8LMTPA", "UTF8LMTPSA"}, r.with)
}

// internal reports whether the line was taken over from one of our own machines:
// its peer is own or the machine itself, or the protocol is LMTP, which does
// not cross networks (RFC 2033, section 5).
func (r received) internal(hosts []string) bool {
	if r.peer.IsValid() {
		return r.peer.IsLoopback() || own(hosts, r.peer.String()) || own(hosts, r.peerName)
	}
	return strings.HasPrefix(r.with, "LMTP")
}

// sameServer walks down the Received lines of our own hosts. The lowest of that
// unbroken run says how the mail came in; it counts only if that was a log-in.
// Below a line whose peer is not ours everything is the peer's word, so the
// run ends there.
func (c *Checker) sameServer(m mail) finding {
	if len(c.cfg.OwnHosts) == 0 {
		return finding{outcome: None, text: "no own hosts are configured"}
	}
	entry, err := c.entry(m.header.values("Received"))
	switch {
	case err != nil:
		return finding{outcome: Fail, text: err.Error()}
	case entry.by == "":
		return finding{outcome: None, text: c.foreignDoor(m.header.values("Received"))}
	}
	return entry.submission(m.from)
}

// foreignDoor says which server handed the mail over that no key names: one that is ours is to be named.
func (c *Checker) foreignDoor(lines []string) string {
	var first received
	if len(lines) > 0 {
		first, _ = parseReceived(lines[0]) // it was readable before
	}
	if first.by == "" {
		return "no Received line, or the first names no server"
	}
	return fmt.Sprintf("the first Received line is by %.80q, which own_hosts does not name", first.by)
}

// entry is the lowest line of the run, zero when there is none. Webmail over
// HTTP below a log-in belongs to that log-in.
func (c *Checker) entry(lines []string) (last received, err error) {
	for i, line := range lines {
		r, err := parseReceived(line)
		if err != nil {
			return last, fmt.Errorf("unreadable Received line %d: %w", i+1, err)
		}
		if !own(c.cfg.OwnHosts, r.by) || last.authenticated() && strings.HasPrefix(r.with, "HTTP") {
			break
		}
		last = r
		if !r.internal(c.cfg.OwnHosts) {
			break
		}
	}
	return last, nil
}

// submission judges the line through which a mail entered our hosts.
func (r received) submission(from string) finding {
	text := fmt.Sprintf("entered at %.80s with %.20q", r.by, r.with)
	if !r.authenticated() {
		return finding{outcome: Fail, domain: r.by, text: text + ", which is no log-in"}
	}
	local, _, _ := strings.Cut(strings.ToLower(from), "@")
	if r.login != "" && r.login != local && r.login != strings.ToLower(from) {
		return finding{outcome: Fail, domain: r.by, text: fmt.Sprintf("%s by %.80q, who is not the author", text, r.login)}
	}
	return finding{outcome: Pass, domain: r.by, text: text}
}
