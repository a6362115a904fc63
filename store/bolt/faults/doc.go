// Package faults holds the tests of the store on a failing disk: power cuts, errors of every write and sync, damaged pages.
//
// All of them play the same story, a desk that takes in requests, has them decided, sends letters, settles doubts, erases and is
// copied, on a real database. A power cut is played from the system calls that the story made, see [disk] in the tests: whatever
// an unfinished write may leave on a disk is put there, and the store has to open on it with all that was acknowledged.
package faults
