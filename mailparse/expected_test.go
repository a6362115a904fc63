package mailparse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// expectedPart is the shape of a part in the expected files of stalwartlabs/mail-parser.
type expectedPart struct {
	Body struct {
		Text, HTML *string
	} `json:"body"`
}

// TestCorpusExpectedText compares text parts with those another parser reads, after folding blanks.
func TestCorpusExpectedText(t *testing.T) {
	dir, all := corpora(t)
	var texts, same int
	for _, s := range all {
		if !strings.Contains(s.file, "stalwartlabs+mail-parser") {
			continue
		}
		for _, want := range expectedTexts(t, dir, s.file) {
			texts++
			if m := Parse(read(t, dir, s.file)); hasPart(m, want) {
				same++
			} else {
				t.Logf("%s: no part %.150q in %.150q", s.file, want, m.Text)
			}
		}
	}
	t.Logf("%d of %d text parts agree", same, texts)
	if same*100 < texts*85 { // the rest differ on purpose: uuencoded files, guessed charsets, broken nesting
		t.Error("less than 85 % agree")
	}
}

// expectedTexts returns the text and HTML parts of the expected file of a message, if it has one.
func expectedTexts(t *testing.T, dir, file string) (texts []string) {
	name := strings.TrimSuffix(filepath.Base(file), ".eml") + ".json"
	data, err := os.ReadFile(filepath.Join(dir, filepath.Dir(file), "expected", name))
	if err != nil {
		return nil
	}
	var want struct{ Parts []expectedPart }
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, p := range want.Parts {
		for _, body := range []*string{p.Body.Text, p.Body.HTML} {
			if body != nil && fold(*body) != "" {
				texts = append(texts, fold(*body))
			}
		}
	}
	return texts
}

func hasPart(m *Message, want string) bool {
	for i := range m.Parts {
		if fold(m.Parts[i].Text()) == want {
			return true
		}
	}
	return false
}
