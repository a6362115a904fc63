// Command mutants plants known mistakes, one at a time, and demands that the test which each patch names turns red: a test that stays
// green over a mistake somebody has made before proves nothing.
//
// The tree is left alone: a patch is applied to copies, and the compiler is told to read those instead. A patch says in lines before
// its first file what the mistake is and which test must see it:
//
//	mistake: a letter in doubt is sent again
//	test: ./outbound TestLeftoverOfACrashIsUnknown
//
// A patch that no longer applies or compiles is an error, and so is a test that is not there or red without it.
//
// usage: go run ./mutants [PATCH…]
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	names := os.Args[1:]
	if len(names) == 0 {
		names, _ = filepath.Glob("mutants/*.patch") // the pattern is a good one
	}
	survived := 0
	for _, name := range names {
		begin := time.Now()
		m, err := read(name)
		verdict := "seen"
		if err == nil {
			err = m.try()
		}
		if err != nil {
			survived++
			verdict = "ERROR " + err.Error()
		}
		fmt.Printf("%-58s %-55s %4.0f s  %s\n", m.mistake, m.pkg+" "+m.test, time.Since(begin).Seconds(), verdict)
	}
	fmt.Printf("%d mistakes planted, %d not seen\n", len(names), survived)
	if survived > 0 || len(names) == 0 {
		os.Exit(1)
	}
}

// mutant is a mistake and the test that must see it.
type mutant struct {
	patch, mistake string
	pkg, test      string
	flags          []string // further ones of the test
	files          []string // that it changes
}

var (
	mistakeLine = regexp.MustCompile(`(?m)^mistake: (.+)$`)
	testLine    = regexp.MustCompile(`(?m)^test: (\S+) (\S+)(.*)$`)
	fileLine    = regexp.MustCompile(`(?m)^\+\+\+ b/(\S+)`)
)

func read(name string) (mutant, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return mutant{mistake: name}, err
	}
	mistake, test := mistakeLine.FindSubmatch(b), testLine.FindSubmatch(b)
	if mistake == nil || test == nil {
		return mutant{mistake: name}, errors.New("want a line \"mistake:\" and a line \"test: PACKAGE NAME\" before the patch")
	}
	m := mutant{mistake: string(mistake[1]), pkg: string(test[1]), test: string(test[2]), flags: strings.Fields(string(test[3]))}
	if m.patch, err = filepath.Abs(name); err != nil {
		return m, err
	}
	for _, f := range fileLine.FindAllSubmatch(b, -1) {
		m.files = append(m.files, string(f[1]))
	}
	return m, nil
}

// try wants the test green as the tree is, and red, but compiled, with the mistake.
func (m mutant) try() error {
	if said, err := m.run("", m.test); err != nil || strings.Contains(said, "no tests to run") {
		return fmt.Errorf("the test is not green without the mistake: %w\n%s", err, end(said))
	}
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	overlay, err := m.plant(dir)
	if err != nil {
		return err
	}
	if said, err := m.run(overlay, "^$"); err != nil {
		return fmt.Errorf("with the mistake nothing compiles: %w\n%s", err, end(said))
	}
	said, err := m.run(overlay, m.test)
	switch {
	case err == nil:
		return errors.New("the test is green over the mistake")
	case !strings.Contains(said, "--- FAIL") && !strings.Contains(said, "panic: "):
		return fmt.Errorf("the test did not fail by itself: %w\n%s", err, end(said))
	}
	return nil
}

// plant applies the patch to copies of the files below dir and returns the name of the overlay that puts them in place.
func (m mutant) plant(dir string) (string, error) {
	replace := map[string]string{}
	for _, f := range m.files {
		b, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		copied := filepath.Join(dir, f)
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(copied, b, 0o644); err != nil {
			return "", err
		}
		here, err := filepath.Abs(f)
		if err != nil {
			return "", err
		}
		replace[here] = copied
	}
	apply := exec.Command("git", "apply", m.patch)
	apply.Dir = dir
	apply.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if said, err := apply.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the patch no longer applies: %w\n%s", err, said)
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, b, 0o644)
}

// run runs one test, "^$" to compile only.
func (m mutant) run(overlay, test string) (string, error) {
	args := []string{"test", "-timeout", "5m", "-run", "^" + strings.Trim(test, "^$") + "$"}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	args = append(append(args, m.pkg), m.flags...)
	said, err := exec.Command("go", args...).CombinedOutput()
	return string(said), err
}

// end is what a test said last.
func end(said string) string {
	const most = 1500
	return said[max(0, len(said)-most):]
}
