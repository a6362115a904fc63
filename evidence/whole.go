package evidence

import (
	"slices"
	"strconv"
	"strings"

	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Chained reports whether the archive has the envelopes of the desk's log up to Head. Without them the records hang together where they are
// neighbours, and nothing shows that they are those of the log that ends there.
func (m Manifest) Chained() bool {
	return slices.ContainsFunc(m.Files, func(f File) bool { return f.Role == "chain" })
}

// whole checks that the log tells the ticket that the manifest names from its first record on, and that no record has lost its words but
// for what is internal and what an erasure took.
func (v *verifier) whole() {
	var t ticket.Ticket
	erased := uint64(0) // the last record that took the words of those before
	for _, r := range v.records {
		next, err := logbook.Apply(t, r)
		if err != nil {
			return // it is found where the names are read
		}
		if t = next; r.Kind == kind.Erased && r.Body != nil {
			erased = r.Seq
		}
	}
	if len(v.records) > 0 && (t.Ref == "" || !t.CreatedAt.Equal(v.records[0].At)) {
		v.report(nameLog, "it does not begin with the record that opened the ticket")
	}
	if t.Ref != v.manifest.Ticket {
		v.report(nameManifest, "it is about %q, the log about %q", v.manifest.Ticket, t.Ref)
	}
	for _, r := range v.records {
		if r.Body == nil && r.Seq > erased && !mayBeInternal(r.Kind) {
			v.report(nameLog, "record %d has lost its words, and no erasure says so", r.Seq)
		}
	}
}

// named checks both ways: every message, letter and review is one that a record names, in that role, and every one named is there or known
// to be missing.
func (v *verifier) named() {
	roles := v.roles()
	there := map[ticket.Hash]bool{}
	for _, f := range v.manifest.Files {
		switch {
		case !f.inPlace():
			v.report(f.Path, "no %q has its place there", f.Role)
		case !strings.Contains(f.Path, "/"):
		case there[f.SHA256]:
			v.report(f.Path, "it is there twice")
		case !slices.Contains(roles[f.SHA256], f.Role):
			v.report(f.Path, "no record of the log names it as %s", f.Role)
		}
		there[f.SHA256] = true
	}
	for h, of := range roles {
		if shown := slices.ContainsFunc(of, func(role string) bool { return role != "" }); shown && !there[h] && !slices.Contains(v.manifest.Missing, h) {
			v.report(nameLog, "it names %s, which is neither there nor listed as missing", h)
		}
	}
}

// roles are the messages, letters and reviews that the records name, and as what.
func (v *verifier) roles() map[ticket.Hash][]string {
	roles := map[ticket.Hash][]string{}
	for _, r := range v.records {
		e, err := r.Event()
		if err != nil {
			v.report(nameLog, "%v", err)
			continue
		}
		for _, h := range logbook.Kept(e) {
			roles[h] = append(roles[h], roleOf(e, h))
		}
		for _, l := range e.Body.Letters {
			if l.Purpose == "review" {
				h := ticket.Sum(review(l))
				roles[h] = append(roles[h], "review")
			}
		}
	}
	return roles
}

// inPlace reports whether a file stands under the name that one of its role gets.
func (f File) inPlace() bool {
	number, folder := strings.CutPrefix(f.Path, f.Role+"/")
	ending := ".eml"
	switch f.Role {
	case "readme":
		return f.Path == nameReadme
	case "timeline":
		return f.Path == nameText || f.Path == nameHTML
	case "log":
		return f.Path == nameLog
	case "chain":
		return f.Path == nameChain
	case "review":
		ending = ".txt"
	}
	number, ends := strings.CutSuffix(number, ending)
	n, err := strconv.Atoi(number)
	return f.Role != "" && folder && ends && err == nil && n > 0
}
