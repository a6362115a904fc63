package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/config"
)

// contracted writes a configuration and its table of contracts, and loads them.
func contracted(t *testing.T, more, table string) (*config.File, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"x.toml": "contracts_file = 'c.csv'\n" + small + more, "c.csv": table} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Load(filepath.Join(dir, "x.toml"))
}

// A table that cannot be trusted line by line is a fault of the configuration: with its own line beside that of the key.
func TestContractsProblems(t *testing.T) {
	const table = "customer,kind,from,to,on_call\n"
	for _, c := range []struct{ table, want string }{
		{table + "\nb.example,agency,2026-01-01,2026-12-31,\n", "x.toml:1: contracts_file: c.csv:3: customer: \"b.example\" is no address\nhint: write @b.example"},
		{table + "a@b.example,buisness-care,2026-01-01,2026-12-31,\n", "c.csv:2: kind: \"buisness-care\" is no policy\nhint: did you mean business-care?"},
		{table + "a@b.example,gold,2026-01-01,2026-12-31,\n", "c.csv:2: kind: \"gold\" is no policy\nhint: known: agency, business-care, vip, on-call"},
		{table + "a@b.example,agency,2026-01-01,2026-12-31,nottee\n", "c.csv:2: on_call: \"nottee\" is no calendar\nhint: did you mean notte?"},
		{table + "a@b.example,agency,2026-01-01,2026-12-31,24x7\n", "c.csv:2: on_call: \"24x7\" is no calendar\nhint: known: notte, yes; a calendar of your own"},
		{"customer;citt\xe0", "c.csv:1: byte 0xe0 is no UTF-8"},
	} {
		_, err := contracted(t, "[[calendar]]\nname = 'notte'\nopen = ['24x7']\n[[policy]]\nname = 'vip'\nbase = 'agency'\n", c.table)
		if !errors.Is(err, config.ErrFile) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q\n got %v\nwant %s", c.table, err, c.want)
		}
	}
}

// Of several desks one tells a customer of closures and of the end of his contract: the first under whose policy it is.
func TestOneDeskTells(t *testing.T) {
	second := strings.NewReplacer("assistenza", "moduli", `data_dir = "data"`, "", `country = "IT"`, "country = \"IT\"\npolicy = \"business-care\"").Replace(small)
	f, err := contracted(t, second, "customer,kind,from,to\na@b.example,agency,2026-01-01,2026-12-31\nc@d.example,business-care,2026-01-01,2026-12-31\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"business-care", "agency"} {
		if got := f.Desks[i].Conductor().Notices.Elsewhere; len(got) != 1 || got[0] != want {
			t.Errorf("desk %d leaves %q to the other, want %q", i, got, want)
		}
	}
}

func TestContracts(t *testing.T) {
	f, err := contracted(t, "[[calendar]]\nname = 'notte'\nopen = ['24x7']\n", "Customer;Kind;From;To;On call\r\n@b.example;agency;1/1/2026;31/12/2026;notte\r\n")
	if err != nil {
		t.Fatal(err)
	}
	d := f.Desks[0].Conductor()
	all := d.Contracts.All()
	if len(all) != 1 || all[0].Customer != "@b.example" || d.Calendars[all[0].OnCall] == nil {
		t.Errorf("contracts %v, calendars %v", all, d.Calendars)
	}
	if b, err := f.Contracts(); err != nil || b != d.Contracts {
		t.Errorf("Contracts() = %v, %v", b, err)
	}
	if f, err = contracted(t, "", ""); err != nil {
		t.Fatalf("a table that is not there yet: %v", err)
	}
	if _, err := f.Contracts(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nobody says that there is none: %v", err)
	}
}
