//go:build !race

package sending_test

// raced says that the race detector runs, which takes its time: a part of the cells is enough to look for races.
const raced = false
