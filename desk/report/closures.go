package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"replyby/desk/dossier"
	"replyby/desk/files"
	"replyby/desk/notice"
	"replyby/letter/digest"
	"replyby/ticket"
)

func (d Source) board() notice.Board {
	return notice.Board{Files: files.Files{Kit: dossier.Kit{Charter: d.Charter}, Store: d.Store}}
}

// standing reads how far the letters of a closure have come.
func (d Source) standing(ctx context.Context, r *digest.Report, n ticket.Notice) (notice.Standing, error) {
	s, err := d.board().Standing(ctx, n)
	if err := d.spare(r, 0, err); err != nil {
		return s, fmt.Errorf("read who was told of %s: %w", n.Matter, err)
	}
	for _, number := range s.Torn {
		d.named(r, number)
	}
	return s, nil
}

// closures lists the closures of the days looked at, and how many customers were told of each.
func (d Source) closures(ctx context.Context, r *digest.Report) error {
	asked := notice.Closures(d.Charter, r.At)
	for _, c := range d.Service.Closures() {
		w, err := c.In(d.Zone)
		from, until := time.Unix(w.From, 0), time.Unix(w.To, 0)
		if err != nil || c.Silent || !until.After(r.At) || from.After(d.midnight(r.At, lookAhead)) {
			continue
		}
		coming := digest.Coming{From: from, Until: until.Add(-time.Second), Kind: "closure"}
		if c.NotifiedAt.IsZero() {
			coming.Kind = "closure_untold"
		}
		if i := slices.IndexFunc(asked, func(n ticket.Notice) bool { return n.Matter == c.Days() }); i >= 0 {
			s, err := d.standing(ctx, r, asked[i])
			if err != nil {
				return err
			}
			if all := s.Told + len(s.Untold) + s.OnTheirWay; s.Told > 0 {
				coming.Kind, coming.Name = "closure_part", fmt.Sprintf("%d/%d", s.Told, all)
			}
		}
		r.Coming = append(r.Coming, coming)
	}
	slices.SortStableFunc(r.Coming, func(a, b digest.Coming) int { return a.From.Compare(b.From) })
	return nil
}

// untold names the customers whose notice of a closure did not arrive, as long as it matters.
func (d Source) untold(ctx context.Context, r *digest.Report) ([]digest.Odd, error) {
	o := digest.Odd{Kind: "untold"}
	for _, n := range notice.Closures(d.Charter, r.At) {
		s, err := d.standing(ctx, r, n)
		if err != nil {
			return nil, err
		}
		o.N += len(s.Untold)
		o.Refs = append(o.Refs, s.Untold...)
	}
	if o.N == 0 {
		return nil, nil
	}
	return []digest.Odd{o}, nil
}
