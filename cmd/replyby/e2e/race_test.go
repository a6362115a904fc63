//go:build race

package e2e_test

// raced says that the program under test is built with the race detector because the test is.
const raced = true
