package reply

import (
	"slices"
	"strings"

	"replyby/desk/reply/courtesy"
	"replyby/desk/reply/verb"
)

// From is a reply as this writer meant it. What people write to a colleague around a command is no words for a customer, who would get it in place
// of those just shown: not thanks and a name below, and not a line that says "ok grazie". Where it only seems to agree the person is asked. Sure is
// false where what begins with the writer's name may be more than his signature, or a colleague is called into the conversation ("@Marco"). Whoever
// names a colleague may speak to him or to a customer of that name.
func (r Reply) From(writer string, colleagues ...string) (as Reply, sure bool) {
	as, sure = r.from(writer, colleagues)
	return as, sure && (as.Noted() || !slices.ContainsFunc(colleagues, func(c string) bool { return calls(as.Words, c) }))
}

// calls reports whether words have "@" with a person's first name, as mail programs write it for whoever is to be mailed too.
func calls(words, person string) bool {
	first, _, _ := strings.Cut(person, " ")
	for _, w := range strings.Fields(words) {
		called, ok := strings.CutPrefix(strings.TrimLeft(w, "(["), "@")
		if ok && first != "" && strings.EqualFold(strings.TrimRight(called, ".,:;!?)]"), first) {
			return true
		}
	}
	return false
}

func (r Reply) from(writer string, colleagues []string) (as Reply, sure bool) {
	if r.Doubt != nil {
		return r.courteous(writer), true
	}
	if r.Words == "" {
		return r, true
	}
	wholly, named := courtesy.SignsOff(r.Words, writer)
	switch {
	case len(r.Commands) == 0:
	case r.Noted() && !(wholly && named): // it keeps what it says
		return r, true
	case wholly:
		r.Words = ""
		return r, true
	case named:
		return r, false
	}
	line, below, _ := strings.Cut(courtesy.Opened(r.Words), "\n")
	if wholly, _ := courtesy.SignsOff(below, writer); wholly {
		how := courtesy.Agrees(line, writer)
		if how == courtesy.None && slices.ContainsFunc(colleagues, func(c string) bool { return courtesy.Agrees(line, c) != courtesy.None }) {
			how = courtesy.Vague
		}
		return r.agreed(line, how), true
	}
	return r, true
}

// courteous is a reply that was in doubt about what stands behind an ok, such as "ok: grazie" or "ok - Anna", where that is nothing but courtesies.
func (r Reply) courteous(writer string) Reply {
	if r.taken == nil || r.Stops || courtesy.Agrees(r.Doubt.Line, writer) != courtesy.Plain {
		return r
	}
	if as, sure := r.taken.From(writer); sure && as.Doubt == nil && as.Words == "" {
		return as
	}
	return r
}

// agreed is a reply that has no other words than a line which agrees. Below commands it may be words for the customer unless it says to send.
func (r Reply) agreed(line string, how courtesy.Agreement) Reply {
	var doubt *Doubt
	switch {
	case how == courtesy.Plain && r.Writes():
		r.Words = ""
	case how == courtesy.Plain:
		r.Words = ""
		r.Commands, doubt = joined(r.Commands, Command{Verb: verb.OK, Line: line})
	case how == courtesy.Vague && len(r.Commands) == 0:
		doubt = &Doubt{Line: line, Nearest: verb.OK, Code: "assent", Reason: "this may agree, and does not say to send"}
	}
	if doubt != nil {
		return Reply{Doubt: doubt, Stops: r.Stops}
	}
	return r
}
