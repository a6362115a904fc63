// Package savedmail holds the commands that read saved mails (.eml) and touch no mailbox: explain, learn, and what check does
// with -sources.
package savedmail

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"replyby/classifier"
	"replyby/classifier/language"
	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/mailparse"
)

const explainUsage = `replyby explain [-config FILE] [-desk NAME] [-json] FILE...

Says what each saved mail (.eml) would be taken for, and why: kind, urgency,
language, source, what the person wrote, attachments, oddities. "-" reads one
mail from standard input. Without a configuration file the built-in rules hold.
Nothing is stored or sent.

  -desk NAME   whose rules to use (default: the first desk)
  -json        one object per file

example:
  replyby explain -json mail/*.eml
`

// Explain is the command that says what saved mails would be taken for.
func Explain() command.Command {
	return command.Command{Name: "explain", Help: "say what a saved mail would be taken for", Usage: explainUsage, Run: runExplain}
}

func runExplain(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	asJSON := fs.Bool("json", false, "")
	files, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(files) == 0 {
		return e.Fail(command.Usage, command.Hinted(errors.New("explain needs a saved mail"), "replyby explain mail.eml"))
	}
	rules, code, ok := rulesOf(e, *path, *name)
	if !ok {
		return code
	}
	judge, err := classifier.New(rules)
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	for i, file := range files {
		raw, err := read(e, file)
		if err != nil {
			code = e.Fail(command.Found, fmt.Errorf("read mail: %w", err))
			continue
		}
		x := explain(file, raw, judge)
		code = max(code, e.Tell(*asJSON, x, func(w io.Writer) error { return x.print(w, i > 0) }))
	}
	return code
}

func read(e *command.Env, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(e.Stdin)
	}
	return os.ReadFile(e.Path(file))
}

// rulesOf are the desk's rules, or the built-in ones where no configuration was named and none is there.
func rulesOf(e *command.Env, path, desk string) (rules classifier.Config, code int, ok bool) {
	d, code, ok := someDesk(e, path, desk)
	if !ok {
		return classifier.Config{}, code, false
	}
	if d == nil {
		return classifier.Config{Languages: []string{"it", "es", "fr", "en"}}, command.Good, true
	}
	return d.Classifier(), command.Good, true
}

// someDesk loads the desk of that name, the first one for "", and nil where the default configuration does not exist: these
// commands are useful before there is one.
func someDesk(e *command.Env, path, name string) (d *config.Desk, code int, ok bool) {
	if _, err := os.Stat(e.Path(path)); errors.Is(err, os.ErrNotExist) && path == command.DefaultConfig && name == "" {
		return nil, command.Good, true
	}
	f, code, ok := e.Load(path)
	if !ok {
		return nil, code, false
	}
	return e.Desk(f, name)
}

// explained is what explain -json prints for one mail.
type explained struct {
	File           string            `json:"file"`
	Kind           string            `json:"kind"`
	Urgent         string            `json:"urgent"`
	UrgentContract bool              `json:"urgent_contract"`
	UrgentHint     bool              `json:"urgent_hint"`
	Language       string            `json:"language"`
	Subject        string            `json:"subject"`
	From           string            `json:"from"`
	MessageID      string            `json:"message_id"`
	InReplyTo      []string          `json:"in_reply_to"`
	References     []string          `json:"references"`
	ReceivedAt     *time.Time        `json:"received_at"` // of the topmost Received line; null without one
	FreshText      string            `json:"fresh_text"`
	FreshUncertain bool              `json:"fresh_uncertain"`
	Attachments    []attachment      `json:"attachments"`
	Bounce         *bounced          `json:"bounce"`
	Source         string            `json:"source"`
	Fields         map[string]string `json:"fields"`
	Flags          map[string]string `json:"flags"`
	Missing        []string          `json:"missing"` // what the source's rule names and the mail lacks
	Thread         string            `json:"thread_key"`
	Reply          string            `json:"reply"`
	Customer       string            `json:"customer"`
	Problems       []string          `json:"problems"`
	Reasons        []string          `json:"reasons"`
}

type attachment struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

type bounced struct {
	Recipient         string `json:"recipient"`
	Action            string `json:"action"`
	Status            string `json:"status"`
	OriginalMessageID string `json:"original_message_id"`
}

func explain(file string, raw []byte, judge *classifier.Classifier) explained {
	m := mailparse.Parse(raw)
	v := judge.Classify(m)
	x := explained{
		File: file, Kind: string(v.Kind), Language: v.Language, Subject: m.Subject, MessageID: m.MessageID,
		Urgent: string(v.Urgency.Label), UrgentContract: v.Urgency.Contract, UrgentHint: v.Urgency.Hint,
		InReplyTo: listOf(m.InReplyTo), References: listOf(m.References),
		FreshText: v.Fresh.Text, FreshUncertain: v.Fresh.Uncertain, Attachments: []attachment{},
		Source: v.Source, Fields: named(v.Fields), Flags: named(v.Flags), Missing: listOf(v.Missing), Thread: v.ThreadKey, Reply: v.Reply,
		Customer: v.Customer.Addr, Bounce: bounceOf(m),
		Problems: []string{}, Reasons: listOf(slices.Concat(v.Reasons, v.Urgency.Reasons, []string{tongue(v)}, v.Fresh.Reasons)),
	}
	if len(m.From) > 0 {
		x.From = m.From[0].Addr
	}
	if len(m.Hops) > 0 && !m.Hops[0].At.IsZero() {
		at := m.Hops[0].At.UTC()
		x.ReceivedAt = &at
	}
	for _, a := range m.Attachments {
		x.Attachments = append(x.Attachments, attachment{a.Name, a.Type, a.Size, hex.EncodeToString(a.SHA256[:])})
	}
	for _, p := range m.Problems {
		x.Problems = append(x.Problems, strings.Trim(string(p.Code)+": "+p.Detail, ": "))
	}
	return x
}

// tongue says where the language comes from.
func tongue(v classifier.Verdict) string {
	switch {
	case v.LanguageSure:
		return "language " + v.Language + ", told from the text"
	case v.Language == "":
		return "no language can be told"
	case v.Language == language.Other:
		return "language " + v.Language + ": none of those that can be told"
	}
	return "language " + v.Language + ", a guess: in a conversation its language goes before"
}

// named makes an absent table an empty one.
func named(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// listOf makes an absent list an empty one: a reader of JSON need not tell them apart.
func listOf(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}

func bounceOf(m *mailparse.Message) *bounced {
	if m.Report == nil {
		return nil
	}
	b := &bounced{OriginalMessageID: m.Report.OriginalMessageID}
	if len(m.Report.Recipients) > 0 {
		r := m.Report.Recipients[0]
		b.Recipient, b.Action, b.Status = r.Final, r.Action, r.Status
	}
	return b
}

// print lays an explanation out for reading: labels in a column, lists below each other, the person's words indented.
func (x explained) print(w io.Writer, again bool) error {
	var b strings.Builder
	if again {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s\n", filepath.Base(x.File))
	for _, r := range x.rows() {
		for i, v := range r.values {
			if i > 0 {
				r.label = ""
			}
			if v != "" {
				fmt.Fprintf(&b, "%-12s %s\n", r.label, v)
			}
		}
	}
	wrote := "wrote"
	if x.FreshUncertain {
		wrote = "wrote (where it ends is uncertain)"
	}
	if x.FreshText != "" {
		fmt.Fprintf(&b, "%s\n  | %s\n", wrote, strings.ReplaceAll(x.FreshText, "\n", "\n  | "))
	}
	_, err := io.WriteString(w, command.Printable(b.String()))
	return err
}

type row struct {
	label  string
	values []string
}

func (x explained) rows() []row {
	customer := x.Customer
	if customer == x.From {
		customer = ""
	}
	var files []string
	for _, a := range x.Attachments {
		files = append(files, fmt.Sprintf("%s (%s, %d bytes)", a.Name, a.Type, a.Size))
	}
	return []row{
		{"kind", []string{x.Kind}},
		{"from", []string{x.From}},
		{"customer", []string{customer}},
		{"subject", []string{x.Subject}},
		{"received", []string{x.received()}},
		{"urgent", []string{x.urgency()}},
		{"language", []string{x.Language}},
		{"source", []string{x.Source}},
		{"fields", pairs(x.Fields)},
		{"flags", pairs(x.Flags)},
		{"missing", x.Missing},
		{"reply", []string{x.way()}},
		{"thread", slices.Concat([]string{x.Thread}, x.InReplyTo, x.References)},
		{"bounce", []string{x.Bounce.String()}},
		{"attachments", files},
		{"odd", x.Problems},
		{"because", x.Reasons},
	}
}

// way says how a customer is answered where that is not by mail.
func (x explained) way() string {
	if x.Reply == "portal" {
		return "in the portal: an answer by mail would not count"
	}
	return ""
}

func (x explained) received() string {
	if x.ReceivedAt == nil {
		return "no Received line: the server's own date would count"
	}
	return x.ReceivedAt.Format(time.RFC3339)
}

func (x explained) urgency() string {
	text := strings.ReplaceAll(x.Urgent, "_", " ")
	if x.UrgentContract {
		text += ", by the word of the contract"
	}
	if x.UrgentHint {
		text += ", but something hints at it"
	}
	return text
}

func (b *bounced) String() string {
	if b == nil {
		return ""
	}
	return strings.Join(strings.Fields(b.Action+" "+b.Status+" for "+b.Recipient), " ")
}

func pairs(m map[string]string) []string {
	var list []string
	for k, v := range m {
		list = append(list, k+": "+v)
	}
	slices.Sort(list)
	return list
}
