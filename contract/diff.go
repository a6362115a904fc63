package contract

import "fmt"

// Changes is what a new file changes, for people to read: a line for each contract.
type Changes struct {
	Added   []string `json:"added"`
	Changed []string `json:"changed"` // "what it was -> what it is"
	Removed []string `json:"removed"`
}

// None reports whether nothing changed but, perhaps, how it is written.
func (c Changes) None() bool { return len(c.Added)+len(c.Changed)+len(c.Removed) == 0 }

// String counts: "1 added, 0 changed, 2 removed".
func (c Changes) String() string {
	return fmt.Sprintf("%d added, %d changed, %d removed", len(c.Added), len(c.Changed), len(c.Removed))
}

// Diff says what becomes of the contracts of one file in another. A contract is the same one if customer, product and first day are:
// a renewal on a line of its own is added, an extension is changed. Either may be nil.
func Diff(before, after *Book) Changes {
	// Within one file these three tell contracts apart: two that share them overlap.
	type identity struct {
		customer, product string
		from              Day
		extra             bool
	}
	of := func(c Contract) identity { return identity{c.Customer, canonical(c.Product), c.From, c.extra()} }
	old := map[identity]Contract{}
	for _, c := range before.All() {
		old[of(c)] = c
	}
	changes := Changes{Added: []string{}, Changed: []string{}, Removed: []string{}}
	for _, c := range after.All() {
		was, known := old[of(c)]
		delete(old, of(c))
		was.Line = c.Line
		switch {
		case !known:
			changes.Added = append(changes.Added, c.String())
		case was != c:
			changes.Changed = append(changes.Changed, was.String()+" -> "+c.String())
		}
	}
	for _, c := range before.All() {
		if _, gone := old[of(c)]; gone {
			changes.Removed = append(changes.Removed, c.String())
		}
	}
	return changes
}
