package mailparse

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sample is one line of the corpora's manifest.
type sample struct {
	file, kind, category string
	labels               map[string]string
}

// corpora returns the samples of mail kept outside the repository, or skips.
func corpora(t testing.TB) (dir string, all []sample) {
	t.Helper()
	if dir = os.Getenv("REPLYBY_CORPORA"); dir == "" {
		dir = filepath.Join("..", "..", "shared", "data", "corpora")
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Skipf("no mail corpora at %s: set REPLYBY_CORPORA", dir)
	}
	for _, line := range strings.Split(string(manifest), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) < 13 {
			continue
		}
		all = append(all, sample{file: f[0], category: f[5], kind: f[6], labels: readLabels(f[10])})
	}
	return dir, all
}

func readLabels(text string) map[string]string {
	labels := map[string]string{}
	last := ""
	for part := range strings.SplitSeq(text, "; ") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || strings.Contains(key, " ") || strings.ToLower(key) != key {
			labels[last] += "; " + part
			continue
		}
		labels[key] = value
		last = key
	}
	return labels
}

func read(t testing.TB, dir, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func fold(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

func TestCorpusConsensus(t *testing.T) {
	dir, all := corpora(t)
	var froms, fromsRight, subjects, subjectsRight int
	for _, s := range all {
		m := Parse(read(t, dir, s.file))
		if want, ok := s.labels["from_consensus"]; ok {
			froms++
			got := ""
			if len(m.From) > 0 {
				got = m.From[0].Addr
			}
			if strings.EqualFold(got, want) {
				fromsRight++
			} else {
				t.Logf("%s: From %q, consensus %q", s.file, m.Header.Raw("From"), want)
			}
		}
		if want, ok := s.labels["subject_consensus"]; ok {
			subjects++
			if fold(m.Subject) == fold(want) {
				subjectsRight++
			} else {
				t.Logf("%s: Subject %q, consensus %q", s.file, m.Subject, want)
			}
		}
	}
	t.Logf("From %d of %d, Subject %d of %d", fromsRight, froms, subjectsRight, subjects)
	if fromsRight*100 < froms*98 || subjectsRight*100 < subjects*98 {
		t.Error("less than 98 % agree")
	}
}

func TestCorpusBounces(t *testing.T) {
	dir, all := corpora(t)
	var n, recipients, right, statuses, statusRight, ids, idsFound int
	for _, s := range all {
		if s.category != "b-bounce" || s.kind != "message" {
			continue
		}
		n++
		raw := read(t, dir, s.file)
		m := Parse(raw)
		r := m.Report
		if r == nil {
			if s.labels["bounce"] == "yes" {
				t.Logf("%s: no report: %q from %q", s.file, m.Subject, m.Header.Raw("From"))
			}
			r = &Report{}
		}
		if want := s.labels["recipient_by_sisimai"]; want != "" {
			recipients++
			if sameRecipients(r, want) {
				right++
			} else {
				t.Logf("%s: recipients %+v, want %s", s.file, r.Recipients, want)
			}
		}
		want := s.labels["status"]
		if want == "" {
			want = s.labels["status_by_sisimai"]
		}
		if stated(want) {
			statuses++
			if sameStatus(r, want) {
				statusRight++
			} else {
				t.Logf("%s: status %+v, want %s", s.file, r.Recipients, want)
			}
		}
		if lower := strings.ToLower(string(raw)); strings.Count(lower, "message-id:") > 1 && s.labels["bounce"] != "" {
			ids++
			if r.OriginalMessageID != "" {
				idsFound++
			} else {
				t.Logf("%s: no original Message-ID", s.file)
			}
		}
	}
	t.Logf("%d files: recipient %d of %d, status %d of %d, original Message-ID %d of %d", n, right, recipients, statusRight, statuses, idsFound, ids)
	if right*100 < recipients*95 || statusRight*100 < statuses*95 || idsFound*100 < ids*95 {
		t.Error("less than 95 % right")
	}
}

// stated reports whether a label is a status the mail states: codes with a third number from 900 are derived.
func stated(status string) bool {
	first, _, _ := strings.Cut(status, ",")
	parts := strings.Split(first, ".")
	return len(parts) == 3 && !(len(parts[2]) == 3 && parts[2][0] == '9')
}

func sameRecipients(r *Report, want string) bool {
	got := map[string]bool{}
	for _, one := range r.Recipients {
		got[strings.ToLower(one.Final)] = true
		got[strings.ToLower(one.Original)] = true
	}
	for addr := range strings.SplitSeq(want, ",") {
		if !got[strings.ToLower(addr)] {
			return false
		}
	}
	return true
}

func sameStatus(r *Report, want string) bool {
	for _, code := range strings.Split(want, ",") {
		found := false
		for _, one := range r.Recipients {
			found = found || one.Status == code
		}
		if !found && stated(code) {
			return false
		}
	}
	return true
}

// TestCorpusIsRead holds what every message of the corpora must give, and how long and how much memory it may take.
func TestCorpusIsRead(t *testing.T) {
	dir, all := corpora(t)
	var slowest time.Duration
	var hungriest uint64
	for _, s := range all {
		raw := read(t, dir, s.file)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		m := Parse(raw)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		slowest, hungriest = max(slowest, took), max(hungriest, after.TotalAlloc-before.TotalAlloc)
		checkMessage(t, s.file, m)
	}
	t.Logf("slowest %v, most memory %d KB", slowest, hungriest>>10)
	if slowest > 2*time.Second || hungriest > 128<<20 {
		t.Error("over 2 s or 128 MB")
	}
}
