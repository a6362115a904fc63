// Package setup holds the commands about the configuration: init writes one, config prints it, check says what it comes to.
package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/config/mailbox"
	"replyby/config/strict"
)

func initUsage() string {
	return `replyby init -provider P -address A -policy agency|business-care [flags]

Writes a first configuration file; never over one that is there.

  -provider P     where the mailbox is:
                  ` + strings.Join(mailbox.ProviderNames(), ", ") + `
  -address A      the support address
  -policy NAME    what customers were promised: agency (taken in charge within
                  4 working hours) or business-care (a personal answer within
                  one working day, faults within 30 days)
  -staff WHO      "Anna Rossi <anna@example.it>"; may be repeated
  -managers A,B   addresses that get the digest and the last warnings
  -hours H        "mon-fri 15:00-18:00"; may be repeated
  -country C      whose public holidays count: IT, ES, FR, ES-MD (default:
                  ES or FR for that -language, else IT)
  -language L     main language of customers: it, es, fr, en
  -name N         short name of the desk (default: the address before @)
  -prefix P       letters before ticket numbers (default: from the name)
  -host H         name of your own server, for -provider dovecot
  -config FILE    where to write (default replyby.toml)

example:
  replyby init -provider aruba -address assistenza@example.it -policy agency \
    -staff "Anna Rossi <anna@example.it>" -managers capo@example.it
`
}

// placeholder is the address of a person nobody named yet: no mail can ever reach it (RFC 2606, section 2).
const placeholder = "put-your-own-address@here.invalid"

// wishes are the flags of init.
type wishes struct {
	provider, address, policy, country, language, name, prefix, host, config string
	staff, hours, managers                                                   command.List
}

// Init is the command that writes a first configuration file.
func Init() command.Command {
	return command.Command{Name: "init", Help: "write a first configuration file", Usage: initUsage(), Run: runInit}
}

func runInit(_ context.Context, e *command.Env) int {
	var w wishes
	fs := e.Flags()
	for _, f := range []struct {
		to          *string
		name, value string
	}{
		{&w.provider, "provider", ""}, {&w.address, "address", ""}, {&w.policy, "policy", ""}, {&w.country, "country", ""},
		{&w.language, "language", ""}, {&w.name, "name", ""}, {&w.prefix, "prefix", ""}, {&w.host, "host", ""},
		{&w.config, "config", command.DefaultConfig},
	} {
		fs.StringVar(f.to, f.name, f.value, "")
	}
	fs.Var(&w.staff, "staff", "")
	fs.Var(&w.hours, "hours", "")
	fs.Var(&w.managers, "managers", "")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) > 0 {
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("init takes no argument %q", args[0]), "quote names with blanks: -staff \"Anna Rossi <anna@example.it>\""))
	}
	if err := w.complete(); err != nil {
		return e.Fail(command.Usage, err)
	}
	return writeConfig(e, w)
}

// complete checks what the file's own checker would only name by line, and fills in what can be guessed.
func (w *wishes) complete() error {
	for _, f := range []struct{ name, value string }{{"provider", w.provider}, {"address", w.address}, {"policy", w.policy}} {
		if f.value == "" {
			return command.Hinted(fmt.Errorf("init needs -%s", f.name), "'replyby help init' shows all flags and an example")
		}
	}
	if !slices.Contains(mailbox.ProviderNames(), w.provider) {
		return command.UnknownWord("provider", w.provider, mailbox.ProviderNames())
	}
	if policies := []string{"agency", "business-care"}; !slices.Contains(policies, w.policy) {
		return command.UnknownWord("policy", w.policy, policies)
	}
	local, domain, found := strings.Cut(w.address, "@")
	if !found || local == "" {
		return command.Hinted(fmt.Errorf("-address %q is no address", w.address), "write it like assistenza@example.it")
	}
	w.name = cmp.Or(w.name, local)
	w.host = cmp.Or(w.host, "mail."+domain)
	w.country = cmp.Or(w.country, map[string]string{"es": "ES", "fr": "FR"}[w.language], "IT") // holidays count: those of another country are a wrong deadline
	if len(w.hours) == 0 {
		w.hours = command.List{map[string]string{"agency": "mon-fri 15:00-18:00", "business-care": "mon-fri 09:00-13:00 14:00-18:00"}[w.policy]}
	}
	return nil
}

func writeConfig(e *command.Env, w wishes) int {
	text, err := w.file()
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	path := e.Path(w.config)
	if _, err := config.Parse(path, []byte(text)); err != nil {
		text, hint := command.Problem(err)
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("the flags do not make a configuration: %s", text), cmp.Or(hint, "'replyby help init' shows all flags")+"; nothing was written"))
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("%s is there already and stays as it is", w.config), "edit it, or name another file with -config"))
	}
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("write configuration: %w", err))
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(path) // half of it would only be in the way of the next attempt
		return e.Fail(command.Found, fmt.Errorf("write configuration: %w", err))
	}
	fmt.Fprintf(e.Stdout, "wrote %s\n\n%s", w.config, w.next())
	return command.Good
}

// file writes the configuration: one key a line, each with what it is for.
func (w wishes) file() (string, error) {
	people, err := w.people()
	if err != nil {
		return "", err
	}
	lines := []line{
		{"data_dir", "data", "tickets are kept here, beside this file; private"},
		{"[[desk]]", nil, "one support address"},
		{"name", w.name, "what commands and the log call it"},
		{"team", signature(w.name), "how letters are signed, below the person's name"},
		{"address", w.address, "customers and staff write here"},
		{"provider", w.provider, mailbox.Providers()[w.provider].Title + ": sets hosts and folders"},
		{"policy", w.policy, promises()[w.policy]},
		{"hours", []string(w.hours), "when your people are in"},
		{"country", w.country, "whose public holidays count; holidays = [\"06-29 name\"] adds local ones"},
	}
	if w.prefix != "" {
		lines = append(lines, line{"prefix", w.prefix, "letters before ticket numbers"})
	}
	if w.language != "" {
		lines = append(lines, line{"languages", w.languages(), "of customers; the first where it cannot be told"})
	}
	if len(w.managers) > 0 {
		lines = append(lines, line{"managers", splitAll(w.managers), "get the digest and the last warnings"})
	}
	lines = append(lines, line{"tell_colleagues", true, "who was asked hears that somebody else has answered"})
	lines = append(lines, w.login()...)
	lines = append(lines, people...)
	return render(lines), nil
}

// signature makes of a short name what customers may read under a letter.
func signature(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func promises() map[string]string {
	return map[string]string{
		"agency":        "taken in charge within 4 working hours, holidays off",
		"business-care": "a personal answer within 1 working day, holidays count; faults within 30 days",
	}
}

// login says how to get in. Only a program can give Microsoft's tokens.
func (w wishes) login() []line {
	var lines []line
	if w.provider == "dovecot" {
		lines = append(lines, line{"imap.host", w.host, "your server: mail comes from here"}, line{"smtp.host", w.host, "and goes out here"})
	}
	if w.provider == "microsoft365" {
		return append(lines, line{"token_command", []string{"oauth2-token", w.address}, "your program that prints a fresh access token"})
	}
	return append(lines, line{"password_file", "password", "a file with the password alone, chmod 600"})
}

func (w wishes) languages() []string {
	all := []string{w.language}
	for _, l := range []string{"it", "es", "fr", "en"} {
		if l != w.language {
			all = append(all, l)
		}
	}
	return all
}

func (w wishes) people() ([]line, error) {
	if len(w.staff) == 0 {
		return person("Put Your Name", placeholder), nil
	}
	var lines []line
	for _, who := range w.staff {
		a, err := mail.ParseAddress(who)
		if err != nil || a.Name == "" {
			return nil, command.Hinted(fmt.Errorf("-staff %q wants a name and an address", who), "write it like \"Anna Rossi <anna@example.it>\"")
		}
		lines = append(lines, person(a.Name, a.Address)...)
	}
	return lines, nil
}

func person(name, address string) []line {
	return []line{
		{"[[desk.staff]]", nil, "somebody who may answer"},
		{"name", name, "as customers read it"},
		{"addresses", []string{address}, "where the person writes from; the first is written to"},
	}
}

func splitAll(values []string) []string {
	var all []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			all = append(all, strings.TrimSpace(part))
		}
	}
	return all
}

// line is one line of the file: a key with its value, or a header without.
type line struct {
	key     string
	value   any
	comment string
}

// render aligns the comments.
func render(lines []line) string {
	const column = 48
	var b strings.Builder
	b.WriteString("# Configuration of replyby. 'replyby config' prints every key with its explanation.\n")
	for _, l := range lines {
		text := l.key
		if l.value != nil {
			text += " = " + strict.Literal(l.value)
		} else {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s%s # %s\n", text, strings.Repeat(" ", max(0, column-utf8.RuneCountInString(text))), l.comment)
	}
	return b.String()
}

// next says what is left to do.
func (w wishes) next() string {
	var b strings.Builder
	step := 0
	say := func(format string, args ...any) {
		step++
		fmt.Fprintf(&b, "%d. "+format+"\n", append([]any{step}, args...)...)
	}
	b.WriteString("next:\n")
	if note := mailbox.Providers()[w.provider].Note; note != "" {
		say("%s: %s", mailbox.Providers()[w.provider].Title, note)
	}
	if w.provider == "microsoft365" {
		say("put a program that prints an access token into token_command")
	} else {
		say("put the mailbox password into the file 'password' beside %s: (umask 077; cat > password)", filepath.Base(w.config))
	}
	if len(w.staff) == 0 {
		say("put your own name and address under [[desk.staff]]")
	}
	file := ""
	if w.config != command.DefaultConfig {
		file = " -config " + w.config
	}
	say("replyby check -online%s    logs in and finds folders", file)
	say("replyby serve%s            starts", file)
	return b.String()
}
