package config_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"replyby/config"
)

var update = flag.Bool("update", false, "write the example anew")

// config.example.toml is what the documentation of the keys and a few values make; `go test ./config -run Example -update`
// writes it.
func TestExample(t *testing.T) {
	f, err := config.Load("testdata/example.toml")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString(`# Every key of replyby's configuration, explained. This is an example to read and to take from: 'replyby init' writes
# the few lines that a desk needs. A line that starts with "# " and a key shows a key that is not set, with its default
# or an example.

`)
	if err := f.PrintKeys(&b); err != nil {
		t.Fatal(err)
	}
	if *update {
		for _, path := range []string{"example.toml", "../config.example.toml"} {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	for _, path := range []string{"example.toml", "../config.example.toml"} {
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b.String(), string(have)); diff != "" {
			t.Errorf("%s is not what the keys say; run go test ./config -run Example -update\n%s", path, diff)
		}
	}
	again, err := config.Parse("config.example.toml", config.Example())
	if err != nil {
		t.Fatalf("the example is no configuration: %v", err)
	}
	if diff := cmp.Diff(f.Values(), again.Values()); diff != "" {
		t.Errorf("the example does not read back as what it was made of:\n%s", diff)
	}
}
