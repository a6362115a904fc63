package ticket

import "time"

// interrupt records in the desk's own file what keeps the desk from working. Verb names the cause, Text what was seen of it; an empty Text
// says that it is over. Without a Verb it tells of everything that passed unwatched.
func (t *Ticket) interrupt(e Event) {
	switch e.Body.Verb {
	case "late":
		t.LateSince = e.At
	case "":
		t.LateSince = time.Time{}
	case "imap", "disk":
		t.Trouble = e.Body.Text
	case "restore":
		t.RestoredAt = e.At
	case "foreign":
		if t.Foreign = e.Body.Text; t.Foreign == "" {
			t.ClaimedAt = e.At
		}
	}
}
