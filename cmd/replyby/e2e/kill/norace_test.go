//go:build !race

package kill_test

// raced says that the race detector runs, which takes its time: a part of the kills is enough to look for races.
const raced = false
