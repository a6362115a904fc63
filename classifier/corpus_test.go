package classifier_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/mailparse"
)

// entry is one line of the manifest of the corpora.
type entry struct {
	file, source, category, kind, language string
	labels                                 map[string]string
}

// manifest reads the list of the corpora, which live outside the repository.
func manifest(t testing.TB) (dir string, all []entry) {
	t.Helper()
	dir = os.Getenv("REPLYBY_CORPORA")
	if dir == "" {
		dir = "../../shared/data/corpora"
	}
	b, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Skipf("mail corpora not found in %s (set REPLYBY_CORPORA)", dir)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 11 {
			continue
		}
		e := entry{file: f[0], source: f[1], category: f[5], kind: f[6], language: f[7], labels: map[string]string{}}
		for part := range strings.SplitSeq(f[10], ";") {
			k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
			e.labels[k] = v
		}
		all = append(all, e)
	}
	return dir, all
}

func desk(t testing.TB, c classifier.Config) *classifier.Classifier {
	t.Helper()
	out, err := classifier.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDump(t *testing.T) {
	dir, all := manifest(t)
	c := desk(t, classifier.Config{Own: []string{"support@seller.example"}, Languages: []string{"it"}})
	tally := map[string]map[classifier.Kind]int{}
	for _, e := range all {
		if e.kind != "message" || e.category == "a-mime" || e.category == "f-attach" || e.category == "g-security" {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.file))
		if err != nil {
			t.Fatal(err)
		}
		m := mailparse.Parse(raw)
		v := c.Classify(m)
		key := e.category + " " + e.labels["bounce"] + "/" + e.labels["auto"] + "/" + e.labels["kind"]
		if tally[key] == nil {
			tally[key] = map[classifier.Kind]int{}
		}
		tally[key][v.Kind]++
		want := "bounce"
		switch e.category {
		case "e-ordinary", "d-reply":
			want = "person"
		case "c-auto":
			want = "x"
		}
		if string(v.Kind) != want {
			t.Logf("%s %s %q [%s] reasons=%q report=%v", v.Kind, e.file, m.Subject, key, v.Reasons, m.Report != nil)
		}
	}
	for k, v := range tally {
		t.Log(k, v)
	}
}
