package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/trial"
	"replyby/config"
)

// tryOnline is check -online for one desk: it logs in, sends the desk a mail, prints what the provider can do and what of it belongs in
// the configuration, and keeps that beside the data.
func tryOnline(ctx context.Context, e *command.Env, f *config.File, d *config.Desk, asJSON bool) int {
	sent, _ := d.IMAP.Folders()
	saw, err := trial.Run(ctx, d.Name, trial.Config{Address: d.Address, Mailbox: d.Mailbox(), Sender: d.Sender(), Sent: sent})
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("desk %s: %w", d.Name, err))
	}
	if err := keepFindings(f.Path(f.DataDir), saw); err != nil {
		return e.Fail(command.Found, err)
	}
	if asJSON {
		err = e.Object(saw)
	} else {
		printFindings(e, saw, d)
	}
	if err != nil {
		return e.Fail(command.Found, err)
	}
	if len(saw.Trouble) > 0 {
		return command.Found
	}
	return command.Good
}

func keepFindings(dir string, f trial.Findings) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	defer command.KeepOwner(dir)()
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "online-"+url.PathEscape(f.Desk)+".json"), append(b, '\n'), 0o600)
}

func printFindings(e *command.Env, f trial.Findings, d *config.Desk) {
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	row := func(name, format string, a ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", name, command.Printable(fmt.Sprintf(format, a...)))
	}
	fmt.Fprintf(w, "%s, online\n", f.Desk)
	row("IMAP", "%s, logged in as %s", d.Mailbox().Addr, d.Mailbox().Username)
	row("inbox", "%d messages; %s", f.IMAP.Messages, firstStart(d, f.IMAP.Messages))
	row("folders", "sent %s, junk %s", command.OrDash(f.IMAP.Sent), command.OrDash(f.IMAP.Junk))
	row("can", "%s", strings.Join(abilities(f), ", "))
	row("SMTP", "%s, %s, logged in: %s", f.SMTP.Server, orWord(f.SMTP.TLS, "no encryption"), yesNo(f.SMTP.LoggedIn))
	if m := f.Mail; m != nil {
		row("mail to self", "back after %s; %s", m.After, f.Reply)
		row("kept", "Message-ID %s, From %s", yesNo(m.MessageIDKept), yesNo(m.FromKept))
		row("clock", "the server's is %s from ours", m.Clock)
		row("Received by", "%s", command.OrDash(strings.Join(m.By, ", ")))
		row("authserv-id", "%s", command.OrDash(m.AuthservID))
	}
	for _, t := range f.Trouble {
		row("trouble", "%s", t)
	}
	w.Flush()
	suggest(e, f, d)
}

func firstStart(d *config.Desk, n uint32) string {
	if d.IMAP.Since == "now" {
		return "a first start takes in later mail only"
	}
	return fmt.Sprintf("a first start with since = %q looks at all %d of them", d.IMAP.Since, n)
}

func abilities(f trial.Findings) []string {
	var can []string
	for _, x := range []struct {
		yes  bool
		name string
	}{
		{f.IMAP.Idle, "announce mail at once (IDLE)"}, {f.IMAP.Keywords, "keep keywords"}, {f.IMAP.Move, "move"},
		{f.Plus, "plus-addresses"}, {f.InSent, "a copy in sent mail"}, {f.Mail != nil, "a copy to ourselves"},
	} {
		if x.yes {
			can = append(can, x.name)
		}
	}
	return can
}

// suggest prints the lines of configuration that the findings speak for.
func suggest(e *command.Env, f trial.Findings, d *config.Desk) {
	var lines []string
	if m := f.Mail; m != nil {
		if m.AuthservID != "" && len(d.Trust.AuthservID) == 0 {
			lines = append(lines, fmt.Sprintf("trust.authserv_id = [%q]", m.AuthservID))
		}
		if hosts := ownHosts(m.By, d.Trust.OwnHosts, d.Provider == "dovecot"); hosts != "" {
			lines = append(lines, fmt.Sprintf("trust.own_hosts = [%s]", hosts))
		}
		if m.Clock > time.Minute || m.Clock < -time.Minute {
			fmt.Fprintln(e.Stdout, "  the clocks differ by more than a minute: set this machine's clock by the network")
		}
	}
	sent, junk := d.IMAP.Folders()
	unset := func(folder string) bool { return folder == "" || slices.Contains(f.IMAP.Missing, folder) }
	if f.IMAP.Sent != "" && unset(sent) {
		lines = append(lines, fmt.Sprintf("imap.sent = %q", f.IMAP.Sent))
	}
	if f.IMAP.Junk != "" && unset(junk) {
		lines = append(lines, fmt.Sprintf("imap.junk = %q", f.IMAP.Junk))
	}
	if len(lines) > 0 {
		fmt.Fprintf(e.Stdout, "\n  worth adding to the desk:\n    %s\n", strings.Join(lines, "\n    "))
	}
}

// ownHosts lists the servers that a mail to ourselves went through, behind those already named: on a server of one's own all of them, elsewhere
// the last, since at the one that takes mail in strangers log in too. "" where all are named: one that is left out leaves every mail unproven.
func ownHosts(by, named []string, own bool) string {
	if !own {
		by = by[:min(1, len(by))]
	}
	list := slices.Clone(named)
	for _, host := range by {
		known := func(pattern string) bool {
			is, _ := path.Match(strings.ToLower(pattern), strings.ToLower(host))
			return is
		}
		if !slices.ContainsFunc(list, known) {
			list = append(list, host)
		}
	}
	if len(list) == len(named) {
		return ""
	}
	for i, host := range list {
		list[i] = strconv.Quote(host)
	}
	return strings.Join(list, ", ")
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
