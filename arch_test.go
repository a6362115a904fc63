// Package replyby_test checks the rules of the house that a compiler does not: who may know whom, that pure packages stay
// pure, and that every package says what it promises.
package replyby_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "replyby/"

// mayImport lists, for each folder, what of ours it may import. A folder stands for everything below it, and may import
// itself. What is not listed may import nothing of ours: a new folder has to say where it belongs.
var mayImport = map[string][]string{
	// The log is the bottom: everything else is about it.
	"ticket": {},
	// Readers of mail know nothing of tickets, so that they can be tested on any mail.
	"mailparse":  {},
	"classifier": {"mailparse"},
	// Clocks are arithmetic.
	"sla":      {},
	"contract": {},
	// Collections of mail are for tests, those of pure packages too.
	"samples": {},
	// Edges know neither the desk nor each other; cmd ties them with closures.
	"imapwatch": {},
	"mailauth":  {},
	"mailhost":  {},
	"outbound":  {"ticket", "store"},
	// Layout needs what it lays out.
	"letter": {"ticket", "sla"},
	// What is shown to a judge is laid out like a mail, from the log alone.
	"evidence": {"ticket", "mailparse", "sla", "letter"},
	// The contract of keeping, and its engines.
	"store":           {"ticket"},
	"store/bolt":      {"store", "ticket"},
	"store/storetest": {"store", "ticket"},
	// The conductor knows the pure packages and the store, no edge.
	"desk": {"ticket", "mailparse", "classifier", "sla", "contract", "letter", "store", "desk/sheet", "desk/clock", "desk/thread", "desk/trace"},
	// What happens to a ticket and its clocks is decided without a mail: neither reads one or writes one.
	"desk/sheet": {"desk", "ticket", "store"},
	"desk/clock": {"desk", "desk/sheet", "ticket"},
	// Where a mail belongs is looked up. Who asks does not matter, and nothing is written.
	"desk/thread": {"desk", "ticket", "store"},
	"desk/trace":  {"ticket", "store"},
	// Composition.
	"config": {"sla", "classifier", "desk", "imapwatch", "outbound", "mailauth", "letter", "contract", "ticket", "store", "mailparse"},
	"cmd":    {"*"},
	".":      {"*"},
}

// pure packages decide; they get time, bytes and randomness as arguments.
var pure = []string{"ticket", "mailparse", "classifier", "sla", "contract", "letter", "evidence"}

// notInPure would let a decision depend on something that is not its argument.
var notInPure = []string{"net", "os", "io/ioutil", "os/exec", "net/http", "net/smtp", "database/sql", "math/rand", "math/rand/v2", "crypto/rand", "go.etcd.io/bbolt"}

// onlyIn keeps each library in the one place that knows its traps.
var onlyIn = map[string][]string{
	"github.com/emersion/go-imap/v2":     {"imapwatch", "mailhost"},
	"github.com/emersion/go-message":     {"letter"},
	"github.com/emersion/go-msgauth":     {"mailauth"},
	"github.com/emersion/go-smtp":        {"mailhost"},
	"github.com/wneessen/go-mail":        {"outbound"},
	"go.etcd.io/bbolt":                   {"store/bolt"},
	"github.com/robfig/cron/v3":          {"cmd"},
	"github.com/rickar/cal/v2":           {"sla"},
	"github.com/emersion/go-ical":        {"sla"},
	"github.com/pelletier/go-toml/v2":    {"config"},
	"github.com/schollz/progressbar/v3":  {"cmd"},
	"github.com/teambition/rrule-go":     {"sla"},
	"golang.org/x/net/html":              {"mailparse"},
	"github.com/emersion/go-sasl":        {"imapwatch", "mailhost", "outbound"},
	"golang.org/x/net/publicsuffix":      {"mailauth", "desk/company"},
	"golang.org/x/text/encoding/unicode": {"mailparse"},
}

type source struct {
	dir, file string
	test      bool
	imports   []string
	syntax    *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(set, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{dir: path.Dir(filepath.ToSlash(p)), file: p, test: strings.HasSuffix(p, "_test.go"), syntax: f}
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, name)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// rule finds the longest folder of the table that holds dir.
func rule(dir string) (string, bool) {
	for d := dir; ; d = path.Dir(d) {
		if _, ok := mayImport[d]; ok {
			return d, true
		}
		if d == "." || d == "/" {
			return "", false
		}
	}
}

func within(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		home, ok := rule(s.dir)
		if !ok {
			t.Errorf("%s: folder %s is not in the table of who may know whom", s.file, s.dir)
			continue
		}
		for _, i := range s.imports {
			mine, isOurs := strings.CutPrefix(i, module)
			if !isOurs || within(mine, home) && rulesSame(mine, home) || slices.Contains(mayImport[home], "*") {
				continue
			}
			target, _ := rule(mine)
			if !slices.Contains(mayImport[home], target) {
				t.Errorf("%s: %s may not import %s", s.file, home, i)
			}
		}
	}
}

func rulesSame(dir, home string) bool {
	r, _ := rule(dir)
	return r == home
}

func TestLibrariesStayHome(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, i := range s.imports {
			for lib, homes := range onlyIn {
				if !within(i, lib) {
					continue
				}
				used[lib] = true
				if !slices.ContainsFunc(homes, func(h string) bool { return within(s.dir, h) }) {
					t.Errorf("%s: %s belongs only in %v", s.file, i, homes)
				}
			}
		}
	}
	for lib := range onlyIn {
		if !used[lib] {
			t.Errorf("%s: nothing but tests imports it; take it out of the table", lib)
		}
	}
}

func TestPurePackages(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || !slices.ContainsFunc(pure, func(p string) bool { return within(s.dir, p) }) {
			continue
		}
		for _, i := range s.imports {
			if slices.Contains(notInPure, i) {
				t.Errorf("%s: a pure package imports %s", s.file, i)
			}
		}
		if at := readsClock(s.syntax); at != "" {
			t.Errorf("%s: a pure package calls time.%s; take the instant as an argument", s.file, at)
		}
	}
}

func readsClock(f *ast.File) string {
	found := ""
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "Sleep", "NewTimer", "NewTicker"}, sel.Sel.Name) {
			found = sel.Sel.Name
		}
		return true
	})
	return found
}

// The desk gets every instant from its caller: a decision must be the same when it is made anew after a conflict.
func TestDeskReadsNoClock(t *testing.T) {
	for _, s := range sources(t) {
		if !s.test && within(s.dir, "desk") {
			if at := readsClock(s.syntax); at != "" {
				t.Errorf("%s: calls time.%s", s.file, at)
			}
		}
	}
}

func TestPackageDocs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if !s.test && s.dir != "." {
			documented[s.dir] = documented[s.dir] || s.syntax.Doc != nil
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment; say what it promises and what it refuses to know", dir)
		}
	}
}

// single lists the folders that the Makefile tests without the race detector.
func single(t *testing.T) []string {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(makefile), "\nSINGLE := ")
	list, _, _ = strings.Cut(list, "\n")
	if folders := strings.Fields(list); found && len(folders) > 0 {
		return folders
	}
	t.Fatal("Makefile: no list SINGLE of folders")
	return nil
}

// A goroutine started anywhere else would run where nobody waits for it. Nor may one be started in what the Makefile tests without the race
// detector.
func TestGoroutines(t *testing.T) {
	allowed := []string{"cmd/replyby/office", "cmd/replyby/command", "cmd/replyby/trial", "imapwatch", "mailhost", "store/storetest"}
	for _, d := range single(t) {
		if slices.ContainsFunc(allowed, func(a string) bool { return within(a, d) || within(d, a) }) {
			t.Errorf("Makefile: %s is to be tested with the race detector", d)
		}
		if !slices.ContainsFunc(sources(t), func(s source) bool { return within(s.dir, d) }) {
			t.Errorf("Makefile: %s is no folder, so what was meant is tested in part only", d)
		}
	}
	for _, s := range sources(t) {
		if s.test || slices.ContainsFunc(allowed, func(d string) bool { return within(s.dir, d) }) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: starts a goroutine", s.file)
			case *ast.CallExpr: // sync.WaitGroup.Go
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" {
					t.Errorf("%s: starts a goroutine", s.file)
				}
			}
			return true
		})
	}
}
