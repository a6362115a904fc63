package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office/officetest"
)

// The reference that tickets and letters show finds the ticket also where the desk has another prefix by now, or another name.
func TestShowFormerly(t *testing.T) {
	dir, now := stopped(t)
	o, _ := officetest.Open(t, dir)
	list, err := o.Desk("moduli").SetAside(t.Context(), now.AddDate(0, 0, -1))
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	if _, err := o.Desk("moduli").Adopt(t.Context(), list[0].ID(), "anna@us.example", now); err != nil {
		t.Fatal(err)
	}
	o.Close()
	prefix := strings.NewReplacer(`prefix = "MP"`, `prefix = "MOD"`)
	name := strings.NewReplacer(`name = "moduli"`, `name = "riparazioni"`, `prefix = "MP"`, `prefix = "RI"`)
	for change, edit := range map[string]*strings.Replacer{"prefix": prefix, "name": name} {
		config := edit.Replace(twoDesks)
		if err := os.WriteFile(filepath.Join(dir, "replyby.toml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := adoptLine(dir, now, "show", "mp-1"); code != command.Good || !strings.HasPrefix(out, "MP-1  new") {
			t.Errorf("%s: %d %s%s", change, code, out, errs)
		}
		if code, _, errs := adoptLine(dir, now, "show", "MP-2"); code != command.Found || !strings.Contains(errs, "no desk has tickets like") {
			t.Errorf("%s: %d %s", change, code, errs)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "replyby.toml"), []byte(name.Replace(twoDesks)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"erase", "-yes", "MP-1"}, {"evidence", "MP-1", "-o", "x.zip"}} {
		if code, _, errs := adoptLine(dir, now, line...); code != command.Found || !strings.Contains(errs, `MP-1 is of desk "moduli", which the configuration does not name`) {
			t.Errorf("%s of a desk that is gone: %d %s", line[0], code, errs)
		}
	}
}
