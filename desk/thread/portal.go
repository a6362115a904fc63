package thread

import (
	"context"

	"replyby/desk/arrival"
	"replyby/desk/files"
	"replyby/store"
	"replyby/ticket"
)

// portalThread goes by the conversation id that a carrier writes. Anybody can write one into a mail, so only a notification proven to
// be the carrier's joins, and only a ticket that such a one opened.
func portalThread(ctx context.Context, f files.Files, a *arrival.Arrival) (Thread, error) {
	key := a.Verdict.ThreadKey
	for _, k := range []string{key, unproven(key)} {
		t, err := portalTicket(ctx, f, k)
		if t != nil && err == nil {
			t, err = GoesOn(ctx, f, t)
		}
		if t != nil || err != nil {
			return suppose(t, carriersOwn(a) && k == key, "carrier"), err
		}
	}
	return Thread{}, nil
}

// portalTicket returns the first ticket of a conversation in a portal that was not erased, nil if there is none. What comes for an erased
// one would be forgotten with it.
func portalTicket(ctx context.Context, f files.Files, key string) (*ticket.Ticket, error) {
	t, err := f.ByKey(ctx, store.Thread, key)
	for err == nil && t != nil && t.Erased() {
		var found []ticket.Ticket
		found, err = f.Store.Find(ctx, store.Query{Desk: f.Name, Key: store.Key{Kind: store.Thread, Value: key}, After: t.Number, Limit: 1})
		if t = nil; len(found) > 0 {
			t = &found[0]
		}
	}
	return t, err
}

// carriersOwn reports whether our own server found the notification to be what its rule demands.
func carriersOwn(a *arrival.Arrival) bool { return a.Verdict.Flags["authentic"] == "yes" }

// unproven is the key of a conversation that nothing proves: it leads to a suggestion, never into the ticket.
func unproven(key string) string {
	if key == "" {
		return ""
	}
	return key + "?"
}

// Key is what later notifications of a portal's conversation are found by, "" for any other mail.
func Key(a *arrival.Arrival) string {
	if carriersOwn(a) {
		return a.Verdict.ThreadKey
	}
	return unproven(a.Verdict.ThreadKey)
}
