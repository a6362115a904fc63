package ticket

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"replyby/ticket/kind"
	"replyby/ticket/note"
	"replyby/ticket/posted"
	"replyby/ticket/roster"
)

// FoldVersion is the version of the fold. It must be raised with every change that makes a different ticket of the same records, or makes it
// due or open at a different time, and where an engine keeps something else of it in an index: it recomputes what it stored under another version.
// See docs/decisions/0029.
const FoldVersion = 8

// Bounds of what a snapshot carries; the log keeps everything.
const (
	keepTokens   = 200
	keepSpent    = 50 // spent tokens, kept only to tell a person why his is refused
	keepFiled    = 200
	keepRefusals = 50
	keepNotes    = 5
	keepThread   = 200
	excerptRunes = 4000
)

// moves is the state table: what an event of a kind makes of a state. A kind not listed leaves the state alone. The moves that depend
// on more than the kind are those of [Ticket.stand] and [Ticket.disown], and that an acknowledgement makes new open.
func moves(k kind.Kind) map[State]State {
	switch k {
	case kind.Received:
		return map[State]State{"": New, Waiting: Open, Resolved: Open}
	case kind.Adopted, kind.Opened:
		return map[State]State{"": New}
	case kind.AnsweredOutside, kind.PostedDeclared:
		return map[State]State{New: Open}
	case kind.Waiting:
		return map[State]State{New: Waiting, Open: Waiting}
	case kind.Resolved:
		return map[State]State{New: Resolved, Open: Resolved, Waiting: Resolved}
	case kind.Refused, kind.Refunded, kind.Merged, kind.Closed:
		return map[State]State{New: Closed, Open: Closed, Waiting: Closed, Resolved: Closed, Closed: Closed}
	case kind.Reopened:
		return map[State]State{Waiting: Open, Resolved: Open, Closed: Open}
	}
	return nil
}

// After returns what t becomes when e is the record with that sequence number; t is not changed.
func (t Ticket) After(e Event, seq uint64) Ticket {
	t = t.clone()
	e.Actor = strings.ToValidUTF8(e.Actor, "\uFFFD") // a snapshot goes through JSON, which would change it there
	t.Number, t.Version, t.UpdatedAt = e.Ticket, seq, e.At
	if t.CreatedAt.IsZero() {
		t.CreatedAt = e.At
	}
	t.absorb(e)
	t.fold(e)
	t.stand(e)
	t.act(e)
	if t.State == Closed {
		t.shut(e.Kind)
	}
	if t.Notice.Asks {
		t.rest(e.Body.Wake)
	}
	return t
}

// clone copies the slices that a fold changes in place, so that the caller's ticket stays as it was. Those that only grow are copied
// when they do.
func (t Ticket) clone() Ticket {
	t.Duties = slices.Clone(t.Duties)
	for i := range t.Duties {
		t.Duties[i].Rungs = slices.Clone(t.Duties[i].Rungs)
	}
	t.Tokens = slices.Clone(t.Tokens)
	t.Posted = slices.Clone(t.Posted)
	t.Unsaid = maps.Clone(t.Unsaid)
	t.Postponed = slices.Clone(t.Postponed)
	return t
}

// absorb applies what an event of any kind may carry: obligations, letters, tokens, and who was not told.
func (t *Ticket) absorb(e Event) {
	for _, o := range e.Body.Obligations {
		t.setDuty(o, e)
	}
	for _, l := range e.Body.Letters {
		l.Text = ""
		t.Posted = append(t.Posted, Posted{Letter: l, State: posted.Queued, At: e.At, DecidedAt: e.At})
		if l.Customer {
			t.Thread = withLast(t.Thread, keepThread, l.MessageID)
		}
	}
	if len(e.Body.Tokens) > 0 {
		t.keepTokens(e.Body.Tokens)
	}
	t.leaveUnsaid(e)
}

// postpone records when to look up again who wrote a staff mail, or, without an instant, that it is not looked up any more.
func (t *Ticket) postpone(e Event) {
	m := e.Body.Message
	if m == nil {
		return
	}
	p := Postponed{Raw: m.Raw, ReceivedAt: m.ReceivedAt, ReceivedBy: m.ReceivedBy, Folder: m.Folder, Since: e.At, Next: e.Body.Wake}
	t.Postponed = slices.DeleteFunc(t.Postponed, func(old Postponed) bool {
		if old.Raw != m.Raw {
			return false
		}
		p.Since = old.Since
		return true
	})
	if !p.Next.IsZero() {
		t.Postponed = append(t.Postponed, p)
	}
	if len(t.Postponed) == 0 {
		t.Postponed = nil // as it is read back
	}
}

// leaveUnsaid records who was not mailed about the ticket because that was over the person's budget. It forgets them as soon as a mail about
// the ticket does go to them.
func (t *Ticket) leaveUnsaid(e Event) {
	for _, l := range e.Body.Letters {
		for _, to := range l.To {
			delete(t.Unsaid, to)
		}
	}
	for _, who := range e.Body.Unsaid {
		if t.Unsaid == nil {
			t.Unsaid = map[string]time.Time{}
		}
		t.Unsaid[who] = e.At
	}
	if len(t.Unsaid) == 0 {
		t.Unsaid = nil // as it is read back
	}
}

func (t *Ticket) fold(e Event) {
	switch e.Kind {
	case kind.Received, kind.Adopted:
		t.receive(e)
	case kind.Opened:
		t.open(e)
	case kind.ClosureAnnounced:
		t.Told = e.Body.Told
	case kind.AutoFiled:
		t.file(e)
	case kind.Classified, kind.Reclassified:
		t.judge(e)
	case kind.Drafted:
		t.propose(e.Body.Draft)
	case kind.Decided:
		t.decide(e)
	case kind.DecisionRefused:
		t.refuse(e)
	case kind.Held, kind.Sending, kind.Sent, kind.Failed, kind.Unknown, kind.Settled, kind.Bounced, kind.Recalled:
		t.deliver(e)
	case kind.AnsweredOutside, kind.PostedDeclared:
		t.answered(e)
	case kind.Warned, kind.Breached:
		t.step(e)
	case kind.Noted:
		if e.Body.Text != "" { // what the program notes has a reason instead
			t.Notes = withLast(t.Notes, keepNotes, note.Note{At: e.At, By: e.Actor, Text: firstRunes(e.Body.Text, excerptRunes)})
		}
	case kind.Outage:
		t.interrupt(e)
	case kind.Consent:
		if e.Body.Message != nil && e.Body.Delivery != nil {
			t.AgreedAt, t.AgreedTo = e.Body.Message.ReceivedAt, e.Body.Delivery.Letter
		}
	case kind.Billed:
		t.Billed = e.Body.Minutes
	case kind.Refunded:
		t.RefundedAt = e.At
	case kind.Postponed:
		t.postpone(e)
	case kind.Summarised:
		t.SummedAt = e.At
	case kind.Retimed:
		t.RetimedAt = e.At
	case kind.Assigned:
		t.Assignee, t.HeldBy = e.Body.Person, ""
		if d := e.Body.Delivery; d != nil {
			t.HeldBy = d.Letter
		}
	case kind.Linked:
		t.link(e.Body.Link)
	case kind.Merged:
		t.link(e.Body.Link)
		t.MergedInto = e.Body.Link
	case kind.Reopened:
		t.MergedInto = 0
	case kind.Attributed:
		t.attribute(e.Body.Customer)
	case kind.Absent, kind.Greeted, kind.Introduced:
		t.Roster = t.Roster.With(e.Body.Person, func(known *roster.Entry) { learn(known, e) })
	case kind.Started:
		t.Wake = e.Body.Wake
	case kind.Erased:
		t.remain(e.Body.Left, e.At)
	case kind.DigestSent:
		t.Wake, t.DigestAt = e.Body.Wake, e.At
	}
}

func (t *Ticket) receive(e Event) {
	m := e.Body.Message
	if m == nil {
		return
	}
	if t.State == "" {
		t.Ref, t.Customer, t.Cc, t.Subject = e.Body.Ref, m.From, m.Cc, m.Subject
	}
	if t.State == "" || t.unwritten() {
		t.Raw, t.Excerpt = m.Raw, firstRunes(m.Text, excerptRunes)
		t.ReceivedAt, t.ReceivedBy, t.IntakeAt = m.ReceivedAt, m.ReceivedBy, e.At
	} else {
		t.Latest = firstRunes(m.Text, excerptRunes)
	}
	t.LastRaw = m.Raw
	if t.UnheardAt.IsZero() {
		t.UnheardAt = m.ReceivedAt
	}
	if m.ReceivedAt.After(t.CustomerAt) {
		t.CustomerAt = m.ReceivedAt
	}
	if m.MessageID != "" {
		t.Thread = withLast(t.Thread, keepThread, m.MessageID)
	}
}

func (t *Ticket) file(e Event) {
	m := e.Body.Message
	if m == nil {
		return
	}
	f := Filed{Raw: m.Raw, Kind: m.Kind, From: m.From.Addr, Subject: m.Subject, At: e.At, Reason: e.Body.Reason}
	t.Filed = withLast(t.Filed, keepFiled, f)
}

// judge sets the verdict. A reclassification changes only what it names: a person who changes the urgency does not unset the language.
func (t *Ticket) judge(e Event) {
	v := e.Body.Verdict
	if v == nil {
		return
	}
	if e.Kind == kind.Classified {
		t.Verdict = v.asRead()
		return
	}
	was := &t.Verdict
	was.Urgency, was.Language, was.Category = cmp.Or(v.Urgency, was.Urgency), cmp.Or(v.Language, was.Language), cmp.Or(v.Category, was.Category)
	was.Policy, was.Reply = cmp.Or(v.Policy, was.Policy), cmp.Or(v.Reply, was.Reply)
	if len(v.Flags) > 0 {
		flags := maps.Clone(v.Flags)
		for name, value := range was.Flags {
			if _, said := flags[name]; !said {
				flags[name] = value
			}
		}
		was.Flags = flags
	}
}

// asRead is the verdict as it is after a round trip through JSON, which turns empty lists and maps into nil.
func (v Verdict) asRead() Verdict {
	if len(v.Fields) == 0 {
		v.Fields = nil
	}
	if len(v.Flags) == 0 {
		v.Flags = nil
	}
	if len(v.Reasons) == 0 {
		v.Reasons = nil
	}
	return v
}

func (t *Ticket) refuse(e Event) {
	r := Refusal{At: e.At, From: e.Actor, Reason: e.Body.Reason}
	if len(e.Body.Letters) > 0 {
		r.ToldAt = e.At
	}
	t.Refusals = withLast(t.Refusals, keepRefusals, r)
}

func (t *Ticket) step(e Event) {
	if e.Body.Rung == nil {
		return
	}
	name := e.Body.Rung.Name
	for i := range t.Duties {
		o := &t.Duties[i]
		if o.Name != e.Body.Obligation {
			continue
		}
		for j := range o.Rungs {
			if o.Rungs[j].Name == name {
				o.Rungs[j].Done, o.Rungs[j].Told = e.At, e.Body.Rung.Told
			}
		}
	}
	for i := range t.Posted {
		if t.Posted[i].AskStep() == name {
			t.Posted[i].AskAt = time.Time{}
		}
	}
}

func (t *Ticket) link(n uint64) {
	if n != 0 && !slices.Contains(t.Links, n) {
		t.Links = append(slices.Clip(t.Links), n)
	}
}

func (t *Ticket) setDuty(o Obligation, e Event) {
	o.Rungs = slices.Clone(o.Rungs) // they will be changed in place
	o.SetAt = e.At
	if d := e.Body.Delivery; d != nil {
		if p, ok := t.Letter(d.Letter); ok { // a promise is made when it is written, not when it arrives
			o.SetAt = p.DecidedAt
		}
	}
	i := slices.IndexFunc(t.Duties, func(d Obligation) bool { return d.Name == o.Name })
	if i < 0 {
		t.Duties = append(t.Duties, o)
		return
	}
	if old := t.Duties[i]; old.From.Equal(o.From) && e.Kind != kind.Promised {
		o.SetAt = old.SetAt // the same clock, with other instants or steps
	}
	if !t.Duties[i].Target.Equal(o.Target) {
		for j := range o.Rungs {
			o.Rungs[j].Told = nil // they were told of another target
		}
	}
	t.Duties[i] = o
}

// withLast returns the last n elements of s followed by more, in a new slice.
func withLast[T any](s []T, n int, more ...T) []T {
	s, more = s[max(0, min(len(s)+len(more)-n, len(s))):], more[max(0, len(more)-n):]
	return append(append(make([]T, 0, len(s)+len(more)), s...), more...)
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
