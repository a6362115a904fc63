package ticket

// interrupt folds what keeps a desk from its work: Verb says what, Text how it showed; an empty Text is the end of it.
func (t *Ticket) interrupt(e Event) {
	switch e.Body.Verb {
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
