package ticket

import (
	"slices"
	"time"

	"replyby/ticket/duty"
	"replyby/ticket/effect"
	"replyby/ticket/kind"
)

// stand moves the ticket to where it stands after an event. Open means acknowledged: while the acknowledgement runs it is new, however
// it came to be worked on again. A solution taken back before it left leaves a ticket that waited for the customer waiting.
func (t *Ticket) stand(e Event) {
	was := t.State
	if to, ok := moves(e.Kind)[was]; ok {
		t.State, t.ClosedBy = to, ""
		if e.Body.Delivery != nil && to == Closed {
			t.ClosedBy = e.Body.Delivery.Letter
		}
	}
	switch {
	case t.State == was:
	case t.State == Resolved:
		t.Before = was
	case t.State == Closed:
		t.Before = ""
		for i := range t.Duties {
			t.Duties[i].Shut = false // by an earlier closing
		}
	default:
		if was == Resolved && t.Before == Waiting && e.Kind == kind.Reopened && e.Body.Verb == "undo" {
			t.State = Waiting
		}
		t.Before = ""
	}
	if ack, _ := t.Duty(duty.Ack); t.State == Open && ack.Running() {
		t.State = New
	}
}

// shut voids what a closed ticket no longer owes and kills its tokens. What was owed until then is marked, for it is owed again where
// the closing is taken back; what goes on in another ticket is owed there.
func (t *Ticket) shut(by kind.Kind) {
	if by != kind.Received { // which opens it again
		t.UnheardAt = time.Time{}
	}
	for i := range t.Duties {
		if o := &t.Duties[i]; o.Running() {
			o.Void, o.Shut = true, t.MergedInto == 0
		}
	}
	for i := range t.Tokens {
		t.Tokens[i].spend("ticket " + string(by))
	}
}

// disown takes back what a letter did that has come back: nobody was asked, nothing was refunded, no offer was there to agree to, and nobody
// gave his word. What another letter did as well stays. (Its clocks, and the closing of a ticket, are computed: they come with events of their own.)
func (t *Ticket) disown(p Posted) {
	if _, asked := p.Does(effect.Waits); asked && t.State == Waiting && !t.asked() {
		t.State = Open
	}
	if _, refunded := p.Does(effect.Refunds); refunded {
		t.RefundedAt = t.lastWith(effect.Refunds).At
	}
	if t.HeldBy == p.ID {
		last := t.lastWith(effect.Pledges, effect.Updates)
		t.Assignee, t.HeldBy = last.By, last.ID
	}
	if t.AgreedTo == p.ID {
		if offer, ok := t.Offer(t.AgreedAt); ok {
			t.AgreedTo = offer.ID
		} else {
			t.AgreedAt, t.AgreedTo = time.Time{}, ""
		}
	}
}

// asked says that the customer has a question of ours, and has not written since.
func (t *Ticket) asked() bool {
	return slices.ContainsFunc(t.Posted, func(p Posted) bool {
		_, asks := p.Does(effect.Waits)
		return asks && !p.DecidedAt.Before(t.CustomerAt) && t.Acted(p.ID)
	})
}
