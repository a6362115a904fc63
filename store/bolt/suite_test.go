package bolt

import (
	"testing"

	"replyby/store"
	"replyby/store/storetest"
)

// harness leaves out syncing: what survives a kill is tested with a killed process, and these are many small stores.
func harness() storetest.Harness {
	return storetest.Harness{Name: "bolt", New: func(t testing.TB) storetest.Opener {
		dir := t.TempDir()
		return func() (store.Store, error) { return Open(dir, Options{NoSync: true}) }
	}}
}

func TestPromises(t *testing.T) { storetest.Run(t, harness()) }

func TestSimulate(t *testing.T) { storetest.Simulate(t, harness()) }
