package config

import (
	"replyby/config/mailbox"
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
	IdleDays        *int            `toml:"idle_days" default:"3" doc:"The digest names open tickets with which nobody has done anything for so many whole days with service hours, neither the customer nor one of you, unless they wait for the customer, have an estimate that still holds, or are named anyway. 0: none. At most 60."`
	Hold            *value.Duration `toml:"hold" default:"2m" doc:"How long a decided letter waits, also an urgent one, so that 'undo' can still stop it; at most 1h. 0s: it goes at once."`
	TellColleagues  bool            `toml:"tell_colleagues" doc:"Whether whoever was asked about a request gets a short mail when a colleague has answered it, closed it, taken it, or taken an answer back, so that nobody writes a second one. Of a correction or a notice for several tickets nobody is told. Whoever was writing a draft hears in any case that the request was answered or closed without it. Default: false."`
	ExtraRate       string          `toml:"extra_rate" example:"\"60 EUR l'ora, IVA esclusa\"" doc:"What work outside the contract costs, as letters say it. Without it none is offered."`
	Terms           []string        `toml:"urgent_terms" example:"[\"URGENTE\"]" doc:"The words in a subject that claim urgency under the contract; letters name them. Other words of urgency count for order only. Default: URGENTE, and before it URGENT where the first of the languages is fr or en."`
	Products        []string        `toml:"products" example:"[\"Urgent Delivery\"]" doc:"Names of your products: what a subject names is filled in where a text speaks of the product, and a word of urgency in a name is not read as one."`
	mailbox.Login
	IMAP    mailbox.IMAP  `toml:"imap" doc:"The mailbox. The provider sets most of it."`
	SMTP    mailbox.SMTP  `toml:"smtp" doc:"The way out. The provider sets most of it."`
	Notices Notices       `toml:"notices" doc:"What customers are told unasked. Each letter of these goes only after a person has agreed to it."`
	Trust   mailbox.Trust `toml:"trust" doc:"How a mail from staff proves who wrote it. The provider sets most of it; 'replyby check -online' says what fits."`
	Staff   []Person      `toml:"staff" doc:"One entry for each person who may answer. At least one."`

	file  *File
	index int
	built built
}

// Notices is what customers are told unasked.
type Notices struct {
	ClosureDays int    `toml:"closure_days" default:"14" doc:"How many days before a [[closure]] without notified_at staff are asked to tell customers; later, at once. -1: never."`
	RenewalDays int    `toml:"renewal_days" default:"30" doc:"How many days before a contract of contracts_file ends staff are asked to remind the customer. Contracts under a policy that tells faults apart renew by themselves and are left out. -1: never."`
	RenewHow    string `toml:"renew_how" example:"\"Per rinnovare basta rispondere a questa mail.\"" doc:"A sentence for reminders in the first of languages: how to renew. Default, and in other languages: by an answer."`
	PerMinute   int    `toml:"per_minute" default:"20" doc:"How many of the letters of one decision go in a minute, so that a provider does not take them for a flood."`
}

// Person is somebody who may answer customers.
type Person struct {
	Name      string   `toml:"name" doc:"As customers read it. Required."`
	Addresses []string `toml:"addresses" doc:"Addresses the person writes from; the first is written to. Required."`
	Language  string   `toml:"language" example:"\"it\"" doc:"Language of mail to the person: it, es, fr or en. Default: the desk's first."`
}
