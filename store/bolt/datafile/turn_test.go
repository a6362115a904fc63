package datafile

import (
	"slices"
	"testing"
	"testing/synctest"

	bbolt "go.etcd.io/bbolt"
)

// Who waits to write comes before who has just written and comes again: else the mail that is to be read next would not be kept before
// the batch that is decided next, and nobody would read meanwhile.
func TestWritersTakeTurns(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, dir)
		var order []string
		write := func(who string) {
			if err := f.Write(t.Context(), func(*bbolt.Tx) error { order = append(order, who); return nil }); err != nil {
				t.Error(err)
			}
		}
		err := f.Together(t.Context(), func(*Joint) error {
			go write("waited")
			synctest.Wait()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		write("came again")
		synctest.Wait()
		if want := []string{"waited", "came again"}; !slices.Equal(order, want) {
			t.Errorf("order %q, want %q", order, want)
		}
	})
}
