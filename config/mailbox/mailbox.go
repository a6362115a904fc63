// Package mailbox is what a configuration says of the mailbox a desk works: how one logs in, where its mail comes in and goes out, what
// proves who wrote it, and what is publicly known of places that keep mailboxes. It judges nothing and connects nowhere.
package mailbox

import (
	"slices"

	"replyby/config/secret"
	"replyby/config/strict"
	"replyby/config/value"
)

// Login is how we log in. On the desk it is meant for IMAP and SMTP; either may have its own.
type Login struct {
	Auth            string         `toml:"auth" example:"\"password\"" doc:"password, or xoauth2 with a token_command; for smtp also none, where a relay asks for no log-in."`
	Username        string         `toml:"username" example:"\"assistenza@example.it\"" doc:"Login name. Default: the address."`
	PasswordFile    string         `toml:"password_file" example:"\"/etc/replyby/password\"" doc:"File that holds the password alone. Only its owner may read it (chmod 600)."`
	PasswordEnv     string         `toml:"password_env" example:"\"REPLYBY_PASSWORD\"" doc:"Environment variable that holds the password."`
	PasswordCommand secret.Command `toml:"password_command" example:"[\"pass\", \"show\", \"mail/support\"]" doc:"Program that prints the password, and its arguments, one item each. No shell reads it: no quotes, variables or pipes."`
	TokenCommand    secret.Command `toml:"token_command" example:"[\"oauth2-token\", \"support\"]" doc:"Program that prints a fresh OAuth 2.0 access token; run before each connect and again when the server refuses the token."`
}

// Over returns the login of one direction: its own keys over the desk's. A way to a secret replaces the desk's altogether.
func (l Login) Over(desk Login) Login {
	if l.Ways() > 0 {
		desk.PasswordFile, desk.PasswordEnv, desk.PasswordCommand, desk.TokenCommand = "", "", nil, nil
	}
	strict.Overlay(&l, &desk)
	return l
}

// Ways counts the ways to a secret that are named.
func (l Login) Ways() int {
	n := 0
	for _, set := range []bool{l.PasswordFile != "", l.PasswordEnv != "", len(l.PasswordCommand) > 0, len(l.TokenCommand) > 0} {
		if set {
			n++
		}
	}
	return n
}

// Secret returns where the password or token comes from. path finds a file that is named.
func (l Login) Secret(path func(name string) string) secret.Secret {
	if l.Auth == "xoauth2" {
		return secret.Secret{Command: l.TokenCommand}
	}
	return secret.Secret{File: path(l.PasswordFile), Env: l.PasswordEnv, Command: l.PasswordCommand}
}

// IMAP is the mailbox.
type IMAP struct {
	Host    string         `toml:"host" example:"\"imap.example.it\"" doc:"Name of the server."`
	Port    int            `toml:"port" example:"993" doc:"Default: 993, or 143 with starttls."`
	TLS     string         `toml:"tls" default:"implicit" doc:"implicit: encrypted from the first byte. starttls: encrypted before the log-in or not at all. none: only on this very machine. Default: what the port is known for, else implicit."`
	Inbox   string         `toml:"inbox" default:"INBOX" doc:"Folder customers' mail arrives in."`
	Sent    *string        `toml:"sent" example:"\"Sent\"" doc:"Folder of sent mail: answers written outside replyby are seen there. Empty: not watched."`
	Junk    *string        `toml:"junk" example:"\"Junk\"" doc:"Folder of mail taken for spam: answers to our letters and what customers with a contract write are picked out of it. Empty: not watched."`
	Since   string         `toml:"since" default:"now" doc:"What becomes a ticket when a mailbox is first met: now (only later mail), all, or a day such as 2026-11-20."`
	Poll    value.Duration `toml:"poll" default:"1m" doc:"How often to look besides being told by the server, 10s to 5m."`
	MaxSize value.Size     `toml:"max_size" default:"50 MB" doc:"Of larger mail only the header is read; it stays on the server and the ticket says so."`
	Keyword string         `toml:"keyword" example:"\"$Replyby\"" doc:"Mark set on mail that was taken in, for people who look into the mailbox. Default: $Replyby, unless move_to is set."`
	CAFile  string         `toml:"ca_file" example:"\"ca.pem\"" doc:"Certificates (PEM) to trust beside the system's, for a server of your own."`
	MoveTo  string         `toml:"move_to" example:"\"Tickets\"" doc:"Folder that taken-in mail is moved to instead."`
	Login   `doc:"auth, username, password_file and the other keys of the log-in may stand here too, where this server wants others than the desk's."`
}

// Derive sets mark and port where nothing names them.
func (m *IMAP) Derive() {
	if m.Keyword == "" && m.MoveTo == "" {
		m.Keyword = "$Replyby"
	}
	m.Port = port(m.Port, m.TLS, 993, 143)
}

// Folders returns the folders of sent mail and of mail taken for spam, "" where none is watched.
func (m IMAP) Folders() (sent, junk string) {
	if m.Sent != nil {
		sent = *m.Sent
	}
	if m.Junk != nil {
		junk = *m.Junk
	}
	return sent, junk
}

// SMTP is the way out.
type SMTP struct {
	Host   string `toml:"host" example:"\"smtp.example.it\"" doc:"Name of the server."`
	Port   int    `toml:"port" example:"465" doc:"Default: 465, or 587 with starttls."`
	TLS    string `toml:"tls" default:"implicit" doc:"implicit, starttls or none, as above."`
	CAFile string `toml:"ca_file" example:"\"ca.pem\"" doc:"As above."`
	Proof  string `toml:"proof" default:"bcc" doc:"What proves that a letter to a customer was accepted when the connection breaks: bcc (a copy to the support address) or sent (the copy the provider itself puts into the folder of sent mail)."`
	Login  `doc:"auth, username, password_file and the other keys of the log-in may stand here too, where this server wants others than the desk's."`
}

// Derive sets the port where nothing names it.
func (m *SMTP) Derive() { m.Port = port(m.Port, m.TLS, 465, 587) }

// Trust is how a mail from staff proves who wrote it.
type Trust struct {
	Methods         []string `toml:"methods" default:"[\"dkim\", \"authres\", \"same-server\"]" doc:"Proofs accepted: dkim (a signature of the sender's domain, checked here), authres (the verdict of our own provider), same-server (handed in with a password at our own hosts), microsoft-tenant."`
	AuthservID      []string `toml:"authserv_id" example:"[\"mx.example.it\"]" doc:"Name under which our provider writes Authentication-Results (RFC 8601). Only name one that removes forged ones."`
	OwnHosts        []string `toml:"own_hosts" example:"[\"mail.example.it\"]" doc:"Names our mail servers write after 'by' in Received lines (RFC 5321, 4.4); * stands for any run of characters."`
	StrictAlignment bool     `toml:"strict_alignment" doc:"Demand that the signing domain equals the domain in From, not merely its organisation's."`
	MicrosoftTenant string   `toml:"microsoft_tenant" example:"\"00000000-0000-0000-0000-000000000000\"" doc:"Id of the Microsoft 365 tenant whose own people are believed; turns microsoft-tenant on."`
}

// Derive accepts what a tenant vouches for, where one is named.
func (t *Trust) Derive() {
	if t.MicrosoftTenant != "" && !slices.Contains(t.Methods, "microsoft-tenant") {
		t.Methods = append(t.Methods, "microsoft-tenant")
	}
}
