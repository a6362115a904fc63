package bolt

import (
	"bytes"
	"flag"
	"fmt"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/store/storetest"
)

// harness leaves out syncing: what survives a kill is tested with a killed process, and these are many small stores.
func harness() storetest.Harness {
	return storetest.Harness{Name: "bolt", HarmTicket: harmTicket, HarmLetter: harmLetter, New: func(t testing.TB) storetest.Opener {
		dir := t.TempDir()
		return func() (store.Store, error) { return Open(dir, Options{NoSync: true}) }
	}}
}

// harmTicket spoils the snapshot of a ticket and its first record.
func harmTicket(t testing.TB, s store.Store, desk string, number uint64) {
	t.Helper()
	for r, err := range s.Log(t.Context(), desk, 0, int64(number)) {
		if err != nil {
			t.Fatal(err)
		}
		spoil(t, s, desk, "log", rows.NumberKey(r.Seq))
		break
	}
	spoil(t, s, desk, "ticket", rows.NumberKey(number))
}

func harmLetter(t testing.TB, s store.Store, desk, id string) {
	t.Helper()
	spoil(t, s, desk, "letter", rows.WordKey(id))
}

// spoil changes one bit of a row of an open store.
func spoil(t testing.TB, s store.Store, desk, table string, key []byte) {
	t.Helper()
	err := s.(*Store).file.Write(t.Context(), func(tx *bbolt.Tx) error {
		b := rows.Table(tx.Bucket([]byte("desk")).Bucket([]byte(desk)), table)
		row := bytes.Clone(b.Get(key))
		if row == nil {
			return fmt.Errorf("no row %x in table %s", key, table)
		}
		row[len(row)/2] ^= 1
		return b.Put(key, row)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPromises(t *testing.T) { storetest.Run(t, harness()) }

// fewer has a test make a third of rapid's usual runs unless -rapid.checks says otherwise: each run is long.
func fewer(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		checks.Value.Set("30")
		t.Cleanup(func() { checks.Value.Set(checks.DefValue) })
	}
}

func TestSimulate(t *testing.T) {
	fewer(t)
	storetest.Simulate(t, harness())
}
