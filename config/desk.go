package config

import (
	"replyby/config/secret"
	"replyby/config/value"
)

// Desk is one support address.
type Desk struct {
	Name            string          `toml:"name" doc:"Short name, for commands and the log. Required."`
	Prefix          string          `toml:"prefix" example:"\"MB\"" doc:"Letters before ticket numbers, as in MB-1. Default: the first letters of the name."`
	Address         string          `toml:"address" doc:"The support address. Customers write to it, staff answer to it, letters come from it. Required."`
	Team            string          `toml:"team" example:"\"Assistenza MB\"" doc:"How letters to customers are signed, below the person's name. Default: the name."`
	Provider        string          `toml:"provider" example:"\"aruba\"" doc:"Where the mailbox is; sets hosts, folders and what is known of the place. 'replyby init -help' lists them. Without it imap and smtp say all."`
	Policy          string          `toml:"policy" default:"agency" doc:"What customers were promised: agency (taken in charge within 4 working hours), business-care (a personal answer within one working day, faults within 30 days), or the name of a [[policy]]."`
	Hours           []string        `toml:"hours" example:"[\"mon-fri 15:00-18:00\"]" doc:"When your people are in, one line for each set of days. They shape the calendar of the agency policy and the last useful moment to act under every policy. Required unless service_calendar is set."`
	Country         string          `toml:"country" example:"\"IT\"" doc:"Whose public holidays count: IT, ES, FR, or with a region, as in ES-MD. Required unless service_calendar is set."`
	Holidays        []string        `toml:"holidays" example:"[\"2026-12-07 Sant'Ambrogio\", \"06-29 San Pietro\", \"local.ics\"]" doc:"Further days off: one day, the same day every year, or the all-day events of a local iCalendar file."`
	Timezone        string          `toml:"timezone" example:"\"Europe/Rome\"" doc:"IANA name of the zone all hours are meant in. Default: that of the country."`
	ServiceCalendar string          `toml:"service_calendar" example:"\"office\"" doc:"Name of a [[calendar]] that says when your people are in, in place of hours, country and holidays."`
	Languages       []string        `toml:"languages" example:"[\"it\", \"en\"]" doc:"Languages customers write in: it, es, fr, en. The first is used where it cannot be told. Default: the country's, then the others."`
	Managers        []string        `toml:"managers" example:"[\"capo@example.it\"]" doc:"Addresses that get the digest and the last warnings."`
	OnCall          string          `toml:"on_call" example:"\"reperibile@example.it\"" doc:"Address told of urgent requests outside hours. Default: the managers."`
	Digest          value.Clock     `toml:"digest" default:"14:00" doc:"When the digest of the day goes to managers, on days with service hours."`
	Hold            *value.Duration `toml:"hold" default:"2m" doc:"How long a decided letter waits, also an urgent one, so that 'undo' can still stop it; at most 1h. 0s: it goes at once."`
	ExtraRate       string          `toml:"extra_rate" example:"\"60 EUR l'ora, IVA esclusa\"" doc:"What work outside the contract costs, as letters say it. Without it none is offered."`
	Terms           []string        `toml:"urgent_terms" example:"[\"URGENTE\"]" doc:"The words in a subject that claim urgency under the contract; letters name them. Other words of urgency count for order only. Default: URGENTE, and before it URGENT where the first of the languages is fr or en."`
	Products        []string        `toml:"products" example:"[\"Urgent Delivery\"]" doc:"Product names, so that a word of urgency in a name is not read as one."`
	Login
	IMAP    IMAP     `toml:"imap" doc:"The mailbox. The provider sets most of it."`
	SMTP    SMTP     `toml:"smtp" doc:"The way out. The provider sets most of it."`
	Notices Notices  `toml:"notices" doc:"What customers are told unasked. Each letter of these goes only after a person has agreed to it."`
	Trust   Trust    `toml:"trust" doc:"How a mail from staff proves who wrote it. The provider sets most of it; 'replyby check -online' says what fits."`
	Staff   []Person `toml:"staff" doc:"One entry for each person who may answer. At least one."`

	file  *File
	index int
	built built
}

// Login is how we log in. On the desk it is meant for IMAP and SMTP; either may have its own.
type Login struct {
	Auth            string         `toml:"auth" example:"\"password\"" doc:"password, or xoauth2 with a token_command; for smtp also none, where a relay asks for no log-in."`
	Username        string         `toml:"username" example:"\"assistenza@example.it\"" doc:"Login name. Default: the address."`
	PasswordFile    string         `toml:"password_file" example:"\"/etc/replyby/password\"" doc:"File that holds the password alone. Only its owner may read it (chmod 600)."`
	PasswordEnv     string         `toml:"password_env" example:"\"REPLYBY_PASSWORD\"" doc:"Environment variable that holds the password."`
	PasswordCommand secret.Command `toml:"password_command" example:"[\"pass\", \"show\", \"mail/support\"]" doc:"Program that prints the password, and its arguments, one item each. No shell reads it: no quotes, variables or pipes."`
	TokenCommand    secret.Command `toml:"token_command" example:"[\"oauth2-token\", \"support\"]" doc:"Program that prints a fresh OAuth 2.0 access token; run before each connect and again when the server refuses the token."`
}

// Notices is what customers are told unasked.
type Notices struct {
	ClosureDays int    `toml:"closure_days" default:"14" doc:"How many days before a [[closure]] without notified_at staff are asked to tell customers; later, at once. -1: never."`
	RenewalDays int    `toml:"renewal_days" default:"30" doc:"How many days before a contract of contracts_file ends staff are asked to remind the customer. Contracts under a policy that tells faults apart renew by themselves and are left out. -1: never."`
	RenewHow    string `toml:"renew_how" example:"\"Per rinnovare basta rispondere a questa mail.\"" doc:"A sentence for the reminder: how to renew. Default: none."`
	PerMinute   int    `toml:"per_minute" default:"20" doc:"How many of the letters of one decision go in a minute, so that a provider does not take them for a flood."`
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

// SMTP is the way out.
type SMTP struct {
	Host   string `toml:"host" example:"\"smtp.example.it\"" doc:"Name of the server."`
	Port   int    `toml:"port" example:"465" doc:"Default: 465, or 587 with starttls."`
	TLS    string `toml:"tls" default:"implicit" doc:"implicit, starttls or none, as above."`
	CAFile string `toml:"ca_file" example:"\"ca.pem\"" doc:"As above."`
	Proof  string `toml:"proof" default:"bcc" doc:"What proves that a letter to a customer was accepted when the connection breaks: bcc (a copy to the support address) or sent (the copy the provider itself puts into the folder of sent mail)."`
	Login  `doc:"auth, username, password_file and the other keys of the log-in may stand here too, where this server wants others than the desk's."`
}

// Trust is how a mail from staff proves who wrote it.
type Trust struct {
	Methods         []string `toml:"methods" default:"[\"dkim\", \"authres\", \"same-server\"]" doc:"Proofs accepted: dkim (a signature of the sender's domain, checked here), authres (the verdict of our own provider), same-server (handed in with a password at our own hosts), microsoft-tenant."`
	AuthservID      []string `toml:"authserv_id" example:"[\"mx.example.it\"]" doc:"Name under which our provider writes Authentication-Results (RFC 8601). Only name one that removes forged ones."`
	OwnHosts        []string `toml:"own_hosts" example:"[\"mail.example.it\"]" doc:"Names our mail servers write after 'by' in Received lines (RFC 5321, 4.4); * stands for any run of characters."`
	StrictAlignment bool     `toml:"strict_alignment" doc:"Demand that the signing domain equals the domain in From, not merely its organisation's."`
	MicrosoftTenant string   `toml:"microsoft_tenant" example:"\"00000000-0000-0000-0000-000000000000\"" doc:"Id of the Microsoft 365 tenant whose own people are believed; turns microsoft-tenant on."`
}

// Person is somebody who may answer customers.
type Person struct {
	Name      string   `toml:"name" doc:"As customers read it. Required."`
	Addresses []string `toml:"addresses" doc:"Addresses the person writes from; the first is written to. Required."`
	Language  string   `toml:"language" example:"\"it\"" doc:"Language of mail to the person: it, es, fr or en. Default: the desk's first."`
}
