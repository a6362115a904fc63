package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// unitBlock is a unit file on the page, which begins with its own name.
var unitBlock = regexp.MustCompile("(?s)```ini\n# (/\\S+)\n(.*?)```\n")

// servicePage takes docs/service.md apart, below $WORK instead of /: the unit files to where they belong, and the commands, in their order, into
// commands.sh. What systemd says of the units, where there is one, is an error.
func servicePage(ts *testscript.TestScript, _ bool, _ []string) {
	raw, err := os.ReadFile(filepath.Join(ts.Getenv("REPOSITORY"), "docs/service.md"))
	ts.Check(err)
	page, root := string(raw), ts.Getenv("WORK")
	below := regexp.MustCompile(`/(var/lib|var/backups|usr/local|root)\b`)
	var units []string
	for _, m := range unitBlock.FindAllStringSubmatch(page, -1) {
		name := filepath.Join(root, m[1])
		ts.Check(os.MkdirAll(filepath.Dir(name), 0o700))
		ts.Check(os.WriteFile(name, []byte(below.ReplaceAllString(m[2], root+"/$1")), 0o600))
		units = append(units, name)
	}
	if path, err := exec.LookPath("systemd-analyze"); err == nil {
		out, err := exec.Command(path, append([]string{"verify"}, units...)...).CombinedOutput()
		if err != nil || strings.Contains(string(out), root) {
			ts.Fatalf("systemd-analyze verify: %v\n%s", err, out)
		}
	}
	commands := "set -e\n"
	for line := range strings.Lines(unitBlock.ReplaceAllString(page, "")) {
		if c, ok := strings.CutPrefix(line, "    "); ok {
			commands += below.ReplaceAllString(c, root+"/$1")
		}
	}
	commands = strings.NewReplacer(
		"-provider aruba", "-provider dovecot -host mail.invalid", // no server is there, so
		"check -alive && ", "check -alive || test $? = 1 && ",
	).Replace(commands)
	ts.Check(os.WriteFile(filepath.Join(root, "commands.sh"), []byte(commands), 0o600))
}
