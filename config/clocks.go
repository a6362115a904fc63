package config

import (
	"time"

	"replyby/config/value"
)

// Calendar is opening hours of your own.
type Calendar struct {
	Name     string   `toml:"name" doc:"Name by which desks, policies and closures call it. Required."`
	Timezone string   `toml:"timezone" example:"\"Europe/Rome\"" doc:"IANA name of the zone. Default: that of the desk it is used for."`
	Open     []string `toml:"open" example:"[\"mon-fri 09:00-13:00 14:00-18:00\"]" doc:"When it is open, one line for each set of days; 24x7 for always. Required."`
	Holidays []string `toml:"holidays" example:"[\"IT\", \"2026-12-07 Sant'Ambrogio\", \"local.ics\"]" doc:"Days it is shut: a country or region (IT, ES-MD), one day, the same day every year (12-07 Name), or the all-day events of a local iCalendar file."`
}

// Closure is a time when nobody is in.
type Closure struct {
	Calendars   []string  `toml:"calendars" example:"[\"assistenza\"]" doc:"Calendars it shuts: names of [[calendar]], names of desks for their hours, marketplace for the business-care one. Default: all."`
	From        value.Day `toml:"from" example:"\"2026-08-08\"" doc:"First day, or a local date and time such as 2026-11-23T16:00. Required, unless file is set."`
	To          value.Day `toml:"to" example:"\"2026-08-23\"" doc:"Last day, inclusive, or a local date and time. Required, unless file is set."`
	File        string    `toml:"file" example:"\"ferie.ics\"" doc:"Local iCalendar file whose events are closures, in place of from and to. None of them counts as notified unless notified_at is set here."`
	NotifiedAt  time.Time `toml:"notified_at" example:"2026-07-20T09:00:00+02:00" doc:"When customers were told. A contract's clock stands still only from then on; without it the closure excuses nothing."`
	Announce    string    `toml:"announce" example:"\"never\"" doc:"ask: staff are asked in time whether to tell customers, see notices of the desk. never: they are not. Default: ask, but never for the events of a file."`
	NotifiedHow string    `toml:"notified_how" example:"\"mail to all customers, notice on the site\"" doc:"How they were told, for the evidence."`
	Note        string    `toml:"note" example:"\"summer\"" doc:"What it is called."`
}

// Policy is a promise.
type Policy struct {
	Name      string   `toml:"name" doc:"Name by which desks, sources and contracts call it. Required; agency and business-care may be named to change them."`
	Base      string   `toml:"base" example:"\"agency\"" doc:"Policy from which everything not said here is taken: agency or business-care."`
	Calendar  string   `toml:"calendar" example:"\"office\"" doc:"Calendar the promise counts in: a [[calendar]], hours (the desk's own) or marketplace (Monday to Friday, holidays count). Default: the base's, else hours."`
	Personal  string   `toml:"personal" example:"\"required\"" doc:"required: a first answer needs words of the person's own, 40 characters at least. optional: it does not."`
	Estimate  string   `toml:"estimate" example:"\"owed\"" doc:"owed: the first answer gives a date of resolution where one can be foreseen, and the mail that asks for the answer says so. optional: it need not."`
	Faults    string   `toml:"faults" example:"\"apart\"" doc:"apart: requests are told apart into faults and questions, fix holds for faults. alike: they are not."`
	Ack       *Promise `toml:"ack" doc:"When a request must be taken in charge. Required without base."`
	Fix       *Promise `toml:"fix" doc:"When a fault must be corrected. Default: no limit."`
	NextReply *Promise `toml:"next_reply" doc:"When a customer's further message wants its answer. Default: the target of ack."`
	Notice    *Promise `toml:"resolution_notice" doc:"When the mail that says 'resolved' is owed after the resolution. Default: none is owed."`
	Ladder    []Step   `toml:"ladder" doc:"Who is warned when, as a window closes. Default: 50% assignee, 75% team, 90% and limit team and managers."`
	FixLadder []Step   `toml:"fix_ladder" doc:"The same for fix. Default: 15, 5 and 1 working days before the target, the target, the limit."`
	ETALadder []Step   `toml:"eta_ladder" doc:"The same for what was promised to the customer for a date: the solution, or news. Default: half a working day before, and at it."`
}

// Promise is an amount of time and how to read it: the target drives order, colour and warnings, the limit is what one
// would defend.
type Promise struct {
	Amount       int    `toml:"amount" example:"4" doc:"How many units. Required."`
	Unit         string `toml:"unit" example:"\"h\"" doc:"h, min, s (of open time), wd (working days) or cd (calendar days). Required."`
	Limit        string `toml:"limit" example:"\"elapsed_working\"" doc:"Reading of the limit: elapsed_working, window_end, window_end_min30, elapsed_clock; workday_clock, workday_close, workday_end; calendar_clock, calendar_end, calendar_end_roll; or act_by: and one of these. none: no limit."`
	Target       string `toml:"target" example:"\"window_end_min30\"" doc:"Reading of the target. Default: that of the limit."`
	TargetAmount int    `toml:"target_amount" example:"30" doc:"Amount of the target where it differs."`
	TargetUnit   string `toml:"target_unit" example:"\"cd\"" doc:"Unit of the target where it differs."`
	Closures     string `toml:"closures" default:"suspend" doc:"What a notified closure does: suspend (limit stands still, target only for requests that arrive during it) or ignore."`
}

// Step is one step of a ladder.
type Step struct {
	At string   `toml:"at" example:"\"50%\"" doc:"When: a share of the service time to the target (50%), limit, or before it (30m before limit, 5wd before target). Required."`
	To []string `toml:"to" example:"[\"assignee\"]" doc:"Who: assignee, team, managers, on_call, or an address. Required."`
}
