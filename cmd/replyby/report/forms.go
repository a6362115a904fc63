package report

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/letter/account"
	"replyby/letter/words"
)

// form writes the requests of a stretch. It is called for one desk after the other.
type form func(s account.Stretch, lang string, of iter.Seq2[account.Request, error]) error

// readers is the form for people: text, or a page for a browser.
func readers(e *command.Env, html bool) form {
	return func(s account.Stretch, lang string, of iter.Seq2[account.Request, error]) error {
		book, err := words.Load()
		if err != nil {
			return err
		}
		a := account.Account{Stretch: s}
		for r, err := range of {
			if err != nil {
				return err
			}
			a.Add(r)
		}
		p := a.Page(book.In(lang))
		if html {
			_, err = fmt.Fprint(e.Stdout, p.HTML())
		} else {
			_, err = fmt.Fprint(e.Stdout, p.Text())
		}
		return err
	}
}

// singly is an object per request.
func singly(e *command.Env) form {
	return func(_ account.Stretch, _ string, of iter.Seq2[account.Request, error]) error {
		for r, err := range of {
			if err == nil {
				err = e.Object(r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// lines is a table for spreadsheets (RFC 4180): a line for each obligation, and one for a request without any. Instants are in the desk's zone,
// as spreadsheets read them.
func lines(e *command.Env) form {
	w := csv.NewWriter(e.Stdout)
	head := []string{"ticket", "desk", "received", "customer", "subject", "policy", "urgent", "state", "assignee", "duty", "from", "target", "limit", "done", "by", "outcome", "zone"}
	return func(s account.Stretch, _ string, of iter.Seq2[account.Request, error]) error {
		if head != nil {
			w.Write(head) // what fails is told by Error
			head = nil
		}
		at := func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.In(s.Zone).Format(time.DateTime)
		}
		for r, err := range of {
			if err != nil {
				w.Flush() // what was told before it holds
				return errors.Join(err, w.Error())
			}
			duties := r.Duties
			if len(duties) == 0 {
				duties = []account.Duty{{}}
			}
			for _, d := range duties {
				w.Write([]string{r.Ref, r.Desk, at(r.Received), cell(r.Customer), cell(r.Subject), r.Policy, strconv.FormatBool(r.Urgent), cmp.Or(r.Put, r.State), cell(r.Assignee),
					string(d.Name), at(d.From), at(d.Target), at(d.Limit), at(d.Done), cell(d.By), string(d.Outcome), s.Zone.String()})
			}
		}
		w.Flush()
		return w.Error()
	}
}

// cell makes a stranger's words fit for a cell: on one line, and never a formula.
func cell(s string) string {
	s = command.Line(s, 200)
	if strings.IndexAny(s, "=+-@＝＋－＠") == 0 { // the wide signs too are read as such
		return "'" + s
	}
	return s
}
