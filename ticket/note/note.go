// Package note is what the staff write for each other about a ticket.
package note

import "time"

// Note is what one of them wrote, capped.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}
