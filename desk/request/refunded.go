package request

import (
	"context"
	"slices"
	"strings"
	"time"

	"replyby/desk/dossier"
	"replyby/ticket"
	"replyby/ticket/effect"
)

// refunded notes that the customer got his money back for the same product in an earlier ticket, in the name of the person who agreed to
// it: Business Care ended with that, whatever a label says. A contract that began later is a new purchase.
func (c Clerk) refunded(ctx context.Context, f *dossier.Dossier) error {
	if f.Terms().Contract().Fix == nil || f.T.Customer.Addr == "" {
		return nil
	}
	earlier, err := c.OfCustomer(ctx, f.T.Customer.Addr)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(earlier) {
		if by := agreedBy(t); by != "" && sameProduct(t, f.T) && !c.boughtAgain(f.T, t.RefundedAt) {
			f.ConfirmCare(by, "no")
			return nil
		}
	}
	return nil
}

// agreedBy is who decided the refund of a ticket, "" if there was none.
func agreedBy(t ticket.Ticket) string {
	for _, p := range slices.Backward(t.Posted) {
		if _, refund := p.Does(effect.Refunds); refund && !t.RefundedAt.IsZero() {
			return p.By
		}
	}
	return ""
}

// sameProduct compares what the carriers' mails say. Where one says nothing of a product, nothing tells them apart.
func sameProduct(a, b ticket.Ticket) bool {
	one, other := a.Verdict.Fields["product"], b.Verdict.Fields["product"]
	return one == "" || other == "" || strings.EqualFold(one, other)
}

func (c Clerk) boughtAgain(t ticket.Ticket, refund time.Time) bool {
	s := c.Contracts.Of(t.Customer.Addr, t.ReceivedAt.In(c.Zone), t.Verdict.Fields["product"], t.Verdict.Fields["shop_url"])
	return string(s.Contract.From) > refund.In(c.Zone).Format(time.DateOnly)
}
