package lookup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office"
	"replyby/letter/text"
	"replyby/sla/wording"
)

const textsUsage = `replyby texts [-lang L] [ID]

Lists the texts of letters to customers. With an id: the text as it is written,
the places that must be filled before it can go, and a sample of it filled. A
file ID.L in texts_dir (ack_eta.it, resolved.fr, ...) replaces a built-in text.

  -lang L        it, es, fr, en (default it)

example:
  replyby texts -lang fr refusal
`

// Texts is the command that shows the texts of letters to customers.
func Texts() command.Command {
	return command.Command{Name: "texts", Help: "list and preview the texts of letters to customers", Usage: textsUsage, Run: runTexts}
}

func runTexts(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	path, lang := command.ConfigFlag(fs), fs.String("lang", "it", "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) > 1 {
		return e.Fail(command.Usage, command.Hinted(errors.New("texts takes one id"), "replyby texts ack_eta"))
	}
	say, code, ok := e.Words(*lang)
	if !ok {
		return code
	}
	texts, code, ok := theTexts(e, *path)
	if !ok {
		return code
	}
	if len(args) == 0 {
		return e.Tell(false, nil, func(w io.Writer) error { return listTexts(w, texts, *lang) })
	}
	if _, _, known := texts.Source(args[0], *lang); !known {
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("there is no text %q", args[0]), "'replyby texts' lists them"))
	}
	desk, code, ok := clockDesk(e, clockFlags{config: *path})
	if !ok {
		return code
	}
	now := e.Now().Truncate(time.Minute) // as letters do
	return e.Tell(false, nil, func(w io.Writer) error {
		return showOne(w, texts, args[0], *lang, sampled(now, desk.Service().Zone(), say))
	})
}

// theTexts are those of the configuration, or the built-in ones where there is no file and none was named.
func theTexts(e *command.Env, path string) (*text.Texts, int, bool) {
	if _, err := os.Stat(e.Path(path)); errors.Is(err, os.ErrNotExist) && path == command.DefaultConfig {
		t, err := text.New(nil)
		if err != nil {
			return nil, e.Fail(command.Found, err), false
		}
		return t, command.Good, true
	}
	f, code, ok := e.Load(path)
	if !ok {
		return nil, code, false
	}
	t, err := office.Texts(f)
	if err != nil {
		return nil, e.Fail(command.Found, err), false
	}
	return t, command.Good, true
}

func listTexts(w io.Writer, t *text.Texts, lang string) error {
	for _, id := range t.IDs() {
		subject, _, _ := t.Source(id, lang)
		subject, _, _ = strings.Cut(subject, " || ")
		if file := t.Replaced(id, lang); file != "" {
			subject += "  (texts_dir: " + file + ")"
		}
		if _, err := fmt.Fprintf(w, "%-22s %s\n", id, cmp.Or(subject, "a paragraph of refusal")); err != nil {
			return err
		}
	}
	return nil
}

func showOne(w io.Writer, t *text.Texts, id, lang string, values map[string]string) error {
	subject, body, _ := t.Source(id, lang)
	filled, err := t.Fill(id, lang, values)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s / %s%s\n", id, lang, map[bool]string{true: ", from " + t.Replaced(id, lang)}[t.Replaced(id, lang) != ""])
	fmt.Fprintf(w, "must be filled: %s\n\n", cmp.Or(strings.Join(t.Needs(id, lang), ", "), "nothing"))
	if subject != "" {
		fmt.Fprintf(w, "Subject: %s\n\n", subject)
	}
	fmt.Fprintf(w, "%s\n\n--- a sample ---\n\n", body)
	if subject != "" {
		fmt.Fprintf(w, "Subject: %s\n\n", filled.Subject)
	}
	_, err = fmt.Fprintln(w, strings.TrimRight(filled.Body, "\n"))
	return err
}

// sampled fills every place: names and instants as a letter would have them, words of a person by the name of their place.
func sampled(now time.Time, zone *time.Location, say wording.Words) map[string]string {
	v := map[string]string{}
	for _, name := range text.Placeholders() {
		v[name] = "<" + name + ">"
	}
	v["received"] = say.Instant(now, zone)
	for i, name := range []string{"next_update", "reply_by", "old_eta", "eta"} {
		v[name] = say.Due(now.AddDate(0, 0, i+1), zone)
	}
	v["customer"], v["ref"], v["tag"], v["subject"], v["agent"], v["team"] = "Mario Rossi", "MB-7", "MB-7", "modulo SEO", "Anna Verdi", "Assistenza MB"
	return v
}
