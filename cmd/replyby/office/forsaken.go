package office

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// forsake finds the desks that the database has open tickets of and the configuration does not name: one was renamed, or taken out. Nothing
// of theirs is watched or sent, and no mail of a desk that is there speaks of it, so the log and whoever monitors have to.
func (f *Office) forsake(ctx context.Context) error {
	waiting, err := f.kept.Waiting(ctx, "")
	if err != nil {
		return err
	}
	open := map[string]int{}
	for _, w := range waiting {
		if !slices.ContainsFunc(f.desks, func(d *worked) bool { return d.plan.Desk.Name == w.Desk }) {
			open[w.Desk]++
		}
	}
	f.forsaken = nil
	for _, name := range slices.Sorted(maps.Keys(open)) {
		f.log.Error("the database has open tickets of a desk that the configuration does not name: nobody is warned of their deadlines and none of their letters leaves",
			"desk", name, "open", open[name], "hint", "give the desk that name again, under another one it is a new desk; one that is to go has its tickets closed first")
		f.forsaken = append(f.forsaken, fmt.Sprintf("%s: %d open tickets, and no desk of that name in the configuration", name, open[name]))
	}
	return nil
}
