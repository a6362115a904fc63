package bolt

import (
	"flag"
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
