// Package officetest opens the office of a folder for tests, as the commands do.
package officetest

import (
	"log/slog"
	"path/filepath"
	"testing"

	"replyby/cmd/replyby/office"
	"replyby/config"
)

// Open opens the office that replyby.toml in dir describes, and returns where its data is. The caller closes it.
func Open(t testing.TB, dir string) (o *office.Office, data string) {
	t.Helper()
	f, err := config.Load(filepath.Join(dir, "replyby.toml"))
	if err != nil {
		t.Fatal(err)
	}
	plans, err := office.Plans(f)
	if err != nil {
		t.Fatal(err)
	}
	o, err = office.Open(f.Path(f.DataDir), plans, office.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return o, f.Path(f.DataDir)
}
