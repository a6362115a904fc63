// Package proof holds the commands that prove what became of a ticket, and that nothing recorded was changed: evidence and verify. They read
// inside serve where one is running, since that has the database open.
package proof

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
	"replyby/evidence"
	"replyby/store"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

const evidenceUsage = `replyby evidence [-config FILE] [-lang LANG] [-short] TICKET -o FILE.zip

Writes all that a judge needs of one ticket: the messages as they came, the
letters as they were sent with the server's answer, who approved them and how
that is known, the deadlines with their count, a timeline as HTML and text, and
the log with its hashes. Internal notes are left out. 'replyby verify FILE.zip'
checks it anywhere, without a database.

  -lang LANG  it, es, fr or en (default: the desk's first language)
  -short      without the envelopes of the desk's log up to its end: smaller,
              but nothing ties its records to that log, so that records taken
              out or written anew could not be noticed

example:
  replyby evidence MB-1 -o MB-1.zip
`

// Evidence is the command that writes the evidence of one ticket.
func Evidence() command.Command {
	return command.Command{Name: "evidence", Help: "write all that proves what became of a ticket", Usage: evidenceUsage, Run: runEvidence}
}

func runEvidence(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, out := command.ConfigFlag(fs), fs.String("o", "", "")
	lang, short := fs.String("lang", "", ""), fs.Bool("short", false, "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) != 1 || *out == "" {
		return e.Fail(command.Usage, command.Hinted(errors.New("evidence takes one ticket and a file to write"), "replyby evidence MB-1 -o MB-1.zip"))
	}
	if _, code, ok := e.Words(cmp.Or(*lang, "en")); !ok {
		return code
	}
	return e.Save(*out, func(e *command.Env) int {
		return e.WithStore(ctx, *path, func(f *config.File, st store.Store) int {
			t, err := command.FindTicket(ctx, f, st, args[0])
			if errors.Is(err, store.ErrNotFound) {
				err = fmt.Errorf("there is no ticket %s", args[0])
			}
			if err != nil {
				return e.Fail(command.Found, err)
			}
			i := slices.IndexFunc(f.Desks, func(d config.Desk) bool { return d.Name == t.Desk })
			if i < 0 {
				return e.Fail(command.Found, command.Hinted(fmt.Errorf("%s is of desk %q, which the configuration does not name", t.Ref, t.Desk), "give the desk that name again"))
			}
			d := &f.Desks[i]
			c, err := caseOf(ctx, d.Conductor(), st, t.Number)
			if err != nil {
				return e.Fail(command.Found, err)
			}
			c.Language = cmp.Or(*lang, c.Language)
			c.Ticket = desk.New(d.Conductor(), st, desk.Tools{}).Explained(c.Ticket, c.Language)
			if *short {
				c.Chain = nil
			}
			if err := evidence.Write(e.Stdout, c); err != nil {
				return e.Fail(command.Found, err)
			}
			return command.Good
		})
	})
}

// caseOf reads what the evidence of a ticket is made from, as of one end of the log: what is committed meanwhile is not in it.
func caseOf(ctx context.Context, d desk.Config, st store.Store, number uint64) (evidence.Case, error) {
	head, err := st.Head(ctx, d.Name)
	if err != nil {
		return evidence.Case{}, err
	}
	c := evidence.Case{Address: d.Address, Language: d.Languages[0], Zone: d.Zone, Head: head.Head, Bytes: map[ticket.Hash][]byte{}}
	for r, err := range st.Log(ctx, d.Name, 1, int64(number)) {
		if err != nil {
			return c, err
		}
		if r.Seq > head.Seq {
			break
		}
		c.Records = append(c.Records, r)
		if c.Ticket, err = logbook.Apply(c.Ticket, r); err != nil {
			return c, err
		}
		if err := readBytes(ctx, st, r, c.Bytes); err != nil {
			return c, err
		}
	}
	for r, err := range st.Log(ctx, d.Name, c.Records[0].Seq, -1) {
		if err != nil {
			return c, err
		}
		if r.Seq > head.Seq {
			break
		}
		c.Chain = append(c.Chain, r.Envelope)
	}
	return c, nil
}

// readBytes reads the messages and letters that a record names; those that were erased are not there any more.
func readBytes(ctx context.Context, st store.Store, r logbook.Record, into map[ticket.Hash][]byte) error {
	e, err := r.Event()
	if err != nil {
		return err
	}
	for _, h := range logbook.Kept(e) {
		raw, err := st.Raw(ctx, h)
		switch {
		case err == nil:
			into[h] = raw
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	return nil
}

// verifyEvidence checks the evidence of a ticket. It needs neither configuration nor database.
func verifyEvidence(e *command.Env, name, head string, asJSON bool) int {
	b, err := os.ReadFile(e.Path(name))
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("read the evidence: %w", err))
	}
	if bolt.IsDatabase(b) {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("%s is a copy of the database, no evidence", name),
			"'replyby restore' proves a copy before it replaces anything; to prove it alone, copy it as replyby.db into an empty folder and verify with a configuration that has this as its data_dir"))
	}
	m, wrong := evidence.Verify(bytes.NewReader(b), int64(len(b)))
	for _, w := range wrong {
		where := cmp.Or(w.File, name)
		if asJSON {
			e.Object(finding{where, w.What})
			continue
		}
		fmt.Fprintln(e.Stdout, command.Line(where+": "+w.What, 300))
	}
	if len(wrong) > 0 {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("%d findings: this evidence was changed or is not whole", len(wrong)), "ask for it again where it was written"))
	}
	at, found := evidence.FindHead(bytes.NewReader(b), int64(len(b)), head)
	if head != "" && !found {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("the head %s is not in this evidence", command.Line(head, 64)),
			"it holds the log from the ticket's first record on: take a digest of that time or later, and all 16 digits"))
	}
	if asJSON {
		return command.Good
	}
	fmt.Fprintf(e.Stdout, "all good: %s of %s, %d files and %d records agree\n", command.Line(m.Ticket, 40), command.Line(m.Desk, 40), len(m.Files), m.Records)
	fmt.Fprintln(e.Stdout, "the timeline is what its writer says of these records: where it differs, log.jsonl counts")
	if m.Chained() {
		fmt.Fprintf(e.Stdout, "the log ended at record %d with %s: compare that with a digest\n", m.Head.Seq, m.Head.Hash)
	} else {
		fmt.Fprintf(e.Stdout, "the log is said to have ended at record %d, but nothing ties these records to it: ask for evidence without -short\n", m.Head.Seq)
	}
	if found {
		fmt.Fprintf(e.Stdout, "the head %s is that of record %d: up to there nothing was changed since that digest\n", command.Line(head, 64), at)
	}
	for _, h := range m.Missing {
		fmt.Fprintf(e.Stdout, "not in it, since nobody has it any more or it repeats what is internal: %s\n", h)
	}
	return command.Good
}
