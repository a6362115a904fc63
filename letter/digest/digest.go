// Package digest lays out the daily report to those who answer for the desk: what is late, what falls due today and who
// does it, what was promised, what waits, how it went, what is coming, what to bill, what the program did not understand,
// and whether the program itself is well.
//
// It is pure: it knows neither tickets nor the store, only the plain figures of a [Report]. A section without anything to
// say is left out; a report with none is a heartbeat, because no digest is itself an alarm.
package digest

import (
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket/duty"
)

// Report is everything a digest says. At is the instant it speaks of; Zone the desk's.
type Report struct {
	Desk  string
	At    time.Time
	Zone  *time.Location
	Hours string // today's service hours ("15:00-18:00"); "" = closed today
	Shut  string // why it is closed today: the name of the holiday or closure; "" = none
	// Address is where the reader writes to take up a ticket; "" for one who is not of the staff.
	Address string

	Late     []Item // past their limit, worst first
	Today    []Item // due before the end of today, and answers past their target
	Past     []Item // corrections past their target, with a limit that is not today
	Broken   []Item // promised for a moment that has passed, whatever the limits say
	Promised []Item // promised for today
	Waiting  []Item // of no other list, for the customer, longest first
	Idle     []Item // open tickets of no other list with which nobody has done anything, longest first
	IdleMore int    // further ones that are not listed

	Recent, Month Figures
	Since         time.Time // the day Recent begins with; zero is yesterday
	Days          []Day     // the last working days, oldest first
	Ages          Ages      // of open tickets
	Fixes         Horizon   // 30-day limits
	Coming        []Coming  // in order of date
	Bills         []Bill
	Odd           []Odd
	Blind         []Blind
	People        []Person // of whom there is something to say
	Program       Program
	Damaged       []string // tickets that cannot be read: nobody is warned of what they owe
}

// Item is a ticket in a list. When is its limit, target or promise, or since when it waits or stands still. Duty is the obligation's name.
// Last is what was done then, where it stands still: a kind of event, with words under act.<kind>, "" for nothing yet; By is who of us did it.
type Item struct {
	Ref, Subject, Customer string
	Duty                   duty.Name
	When                   time.Time
	Who                    string // "" = nobody
	Urgent                 bool
	Last, By               string
	Waits                  time.Time // since when for the customer; zero = it does not
}

// Figures count one stretch of time. Kept and Missed are limits that fell due; Median is of the time to the first answer.
type Figures struct {
	New, Kept, Missed, Solved, TargetMissed int
	Median                                  time.Duration
}

// Day is how many limits of a day were kept and missed.
type Day struct {
	Date         time.Time
	Kept, Missed int
}

// Ages counts open tickets by days since they came in: up to 1, 5, 15, and older.
type Ages [4]int

// Horizon counts running 30-day limits by the working days left: up to 5, up to 15, more. Next names the nearest of the first.
type Horizon struct {
	Soon, Later, Far int
	Next             string
}

// Coming is something ahead. Kind is one of
//
//	holiday        Name; support is closed
//	holiday_runs   Name; support is closed but a clock counts the day all the same
//	closure        From Until, told to customers      closure_untold   not yet told
//	closure_part   Name ("3/5") of them told
//	contract       of Name ends                       fix              Ref: 30-day limit, then a refund
type Coming struct {
	From, Until time.Time
	Kind        string
	Ref, Name   string
}

// Bill is work to be billed. Consent is when the customer agreed, zero where no contract made that necessary.
type Bill struct {
	Ref, Subject string
	Minutes      int
	Consent      time.Time
}

// Odd counts something set aside or not understood. Kind has words under odd.<kind>; another is said as it is. Refs names
// the tickets concerned, Mails those of the N that are worth a look.
type Odd struct {
	Kind  string
	N     int
	Refs  []string
	Mails []Mail
}

// Mail is one that was set aside. ID is what makes it a ticket in `adopt ID`, "" where nothing can; Ref the ticket it was filed with.
type Mail struct {
	ID, From, Subject, Ref string
	At                     time.Time
}

// Blind is a carrier's rule that has matched nothing since a day, or, where Field is set, no longer finds that field.
type Blind struct {
	Rule, Field string
	Since       time.Time
}

// Person is a colleague who is away until an instant, or who has not answered the first mail of the program, sent on a day.
type Person struct {
	Name        string
	Away, Asked time.Time
	Junk        bool // mail between him and the program lay in a junk folder
}

// Trouble is something wrong with the program itself. Kind has words under trouble.<kind>: imap, disk, folder, smtp, foreign, unread, harmed, and counters of a
// Day. What is how a server, the system or the database puts it.
type Trouble struct {
	Kind, What string
	Day        time.Time
}

// Program is the state of the program. Entries and Head pin the log: a later change of it would contradict this mail.
type Program struct {
	LastRead, LastSent time.Time
	Queue              int
	Trouble            []Trouble
	Entries            uint64
	Head               string
}

// Quiet reports whether nobody has to do anything.
func (r Report) Quiet() bool {
	return len(r.Late)+len(r.Broken)+len(r.Today)+len(r.Past)+len(r.Promised)+len(r.Idle)+len(r.Bills)+len(r.Odd)+len(r.Blind)+len(r.Program.Trouble)+len(r.Damaged) == 0
}

// Page lays the report out for a reader. subject says the most important figures first.
func (r Report) Page(v words.Voice) (subject string, p *page.Page) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	l := layout{r, v.At(r.At, r.Zone)}
	p = page.New(v.Lang, v.Say("digest.title", "desk", r.Desk, "date", l.v.Date(r.At)))
	l.top(p)
	l.lists(p)
	l.figures(p)
	l.ahead(p)
	l.people(p)
	l.aside(p)
	l.program(p)
	return l.subject(), p
}
