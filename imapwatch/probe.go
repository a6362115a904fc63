package imapwatch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch/link"
)

// Report is what a probe found.
type Report struct {
	// Folders are all folders, in the server's order.
	Folders []Folder
	// Sent and Junk are the folders for sent mail and spam, by special use or
	// else by a usual name; empty where none looks like it.
	Sent, Junk string
	// Missing are watched folders besides the first that cannot be opened.
	Missing []string
	// Messages and UIDNext are of the first watched folder.
	Messages, UIDNext uint32
	// Keywords, Idle and Move say what the server can do for us: keep a
	// keyword on mail of the first folder, announce mail, move mail.
	Keywords, Idle, Move bool
}

// Folder is one folder of the mailbox.
type Folder struct {
	Name string
	// Role is its special use (RFC 6154), such as "\Sent"; empty if none.
	Role string
}

// Probe logs in as Run would and looks around, changing nothing. Its errors
// wrap one of the errors of this package.
func Probe(ctx context.Context, cfg Config) (Report, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Check(); err != nil {
		return Report{}, err
	}
	secret, err := cfg.Secret(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("get the secret of %s: %w", cfg.Username, err)
	}
	l, err := cfg.connect(ctx, nil)
	if err != nil {
		return Report{}, err
	}
	defer l.Close()
	if err := l.Login(secret); err != nil {
		return Report{}, err
	}
	return cfg.report(l)
}

func (c Config) report(l *link.Link) (Report, error) {
	caps := l.Caps()
	r := Report{Idle: caps.Has(imap.CapIdle), Move: caps.Has(imap.CapMove)}
	if err := listFolders(l, &r, caps.Has(imap.CapSpecialUse)); err != nil {
		return r, err
	}
	first := c.Folders[0]
	var data *imap.SelectData
	err := l.Do("open "+first, 0, func(client *imapclient.Client) (err error) {
		data, err = client.Select(first, nil).Wait()
		return err
	})
	if err != nil {
		return r, folderError(first, err)
	}
	r.Messages = data.NumMessages
	r.Keywords = slices.Contains(data.PermanentFlags, imap.FlagWildcard)
	if r.UIDNext, err = uidNext(l, data); err != nil {
		return r, err
	}
	r.Missing, err = c.missing(l)
	return r, err
}

// missing are the watched folders besides the first that the server does not let
// us open.
func (c Config) missing(l *link.Link) (names []string, err error) {
	for _, name := range c.Folders[1:] {
		err := l.Do("open "+name, 0, func(client *imapclient.Client) error {
			_, err := client.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
			return err
		})
		switch {
		case link.Denied(err):
			names = append(names, name)
		case err != nil:
			return names, err
		}
	}
	return names, nil
}

// listFolders asks for special uses only where the server knows them.
func listFolders(l *link.Link, r *Report, special bool) error {
	var options *imap.ListOptions
	if special {
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	err := l.Do("list folders", 0, func(client *imapclient.Client) error {
		all, err := client.List("", "*", options).Collect()
		for _, data := range all {
			r.Folders = append(r.Folders, Folder{Name: data.Mailbox, Role: role(data.Attrs)})
		}
		return err
	})
	r.Sent = find(r.Folders, imap.MailboxAttrSent, "sent", "sent items", "sent messages", "sent mail", "posta inviata", "enviados", "envoyés")
	r.Junk = find(r.Folders, imap.MailboxAttrJunk, "junk", "spam", "junk e-mail", "junk email", "bulk mail", "posta indesiderata")
	return err
}

// role is the special use among the attributes of a folder.
func role(attrs []imap.MailboxAttr) string {
	for _, a := range attrs {
		switch a {
		case imap.MailboxAttrAll, imap.MailboxAttrArchive, imap.MailboxAttrDrafts, imap.MailboxAttrFlagged,
			imap.MailboxAttrJunk, imap.MailboxAttrSent, imap.MailboxAttrTrash:
			return string(a)
		}
	}
	return ""
}

// find returns the folder with a role, else the first with one of the names,
// wherever it is in the hierarchy.
func find(folders []Folder, use imap.MailboxAttr, names ...string) string {
	byName := ""
	for _, f := range folders {
		if f.Role == string(use) {
			return f.Name
		}
		last := strings.ToLower(f.Name[strings.LastIndexAny(f.Name, "/.")+1:])
		if byName == "" && slices.Contains(names, last) {
			byName = f.Name
		}
	}
	return byName
}
