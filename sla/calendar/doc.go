// Package calendar tells when somebody is in: opening hours on the wall clock of a
// zone, several a day, less holidays, less closures.
//
// It counts by civil days and instants, never in units of 24 hours. Openings are
// half-open. Where a wall clock occurs twice the earlier instant is meant; where it
// does not exist it is shifted forward by the gap. The same instant written in any
// offset is the same instant. It refuses to know contracts, and what time it is.
package calendar
