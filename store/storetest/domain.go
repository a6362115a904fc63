package storetest

import (
	"strings"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

func findDomain(w *trial) {
	long := strings.Repeat("long.", 60) + "customer.example"
	for i, addr := range []string{
		"ann@customer.example", "Bob@Shop.CUSTOMER.example", "carla@notcustomer.example", "dan@customer.example.org", "customer.example",
		`"@customer.example"@other.example`, "eva@customer.example", "", "fred@customer.example", "gina@" + long, "hugo@" + strings.Repeat("x", 1<<16),
	} {
		w.commit(change(uint64(i+1), 0, received(minute(0), addr)))
	}
	w.commit(change(7, w.load(desk, 7).Version, event(kind.Closed, minute(1), ticket.Body{})))
	moved := ticket.Address{Addr: "carla@customer.example"}
	w.commit(change(3, w.load(desk, 3).Version, event(kind.Attributed, minute(1), ticket.Body{Customer: &moved})))
	elsewhere := change(1, 0, received(minute(0), "ann@customer.example"))
	elsewhere.Desk = other
	w.commit(elsewhere)
	for _, c := range []struct {
		q    store.Query
		want []uint64
	}{
		{store.Query{Desk: desk, Open: true, Domain: "Customer.Example"}, []uint64{1, 2, 3, 9}},
		{store.Query{Open: true, Domain: "customer.example"}, []uint64{1, 1, 2, 3, 9}},
		{store.Query{Desk: desk, Open: true, Domain: "customer.example", Latest: true, Limit: 2}, []uint64{3, 9}},
		{store.Query{Desk: desk, Open: true, Domain: "customer.example", After: 1, Limit: 2}, []uint64{2, 3}},
		{store.Query{Desk: desk, Open: true, Domain: "shop.customer.example"}, []uint64{2}},
		{store.Query{Desk: desk, Open: true, Domain: "notcustomer.example"}, nil},
		{store.Query{Desk: desk, Open: true, Domain: long}, nil},
	} {
		w.same(w.find(c.q), c.want)
	}
}

// isAt reports whether the customer has an address at a domain or below it.
func isAt(t ticket.Ticket, domain string) bool {
	_, at, _ := strings.Cut(strings.ToLower(t.Customer.Addr), "@")
	return at == domain || strings.HasSuffix(at, "."+domain)
}
