// Package sla is the business-time engine on top of package calendar (zones,
// openings, holidays, closures) and package wording (four languages): contractual terms read the way contracts and codes
// read them; the instants an obligation falls due; the ladder of warnings before
// it; and the count behind every instant, day by day, so that nobody can dispute it.
//
// It promises: an instant written in any offset gives the same answer; nothing is
// due before it was received; a longer amount is never due earlier; a closure
// never makes anything due earlier. Where a wall clock occurs twice the earlier
// instant is meant, where it does not exist it is shifted forward by the gap.
// Every due is the first late second: met if and only if done before it. Instants
// are counted in whole seconds and leave the package in UTC.
//
// It refuses to know tickets, mail, people, files and what time it is: every
// function takes its instants as arguments.
package sla
