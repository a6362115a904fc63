package mailparse

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"replyby/samples"
)

// expectedPart is the shape of a part in the expected files of stalwartlabs/mail-parser.
type expectedPart struct {
	Body struct {
		Text, HTML *string
	} `json:"body"`
}

// TestCorpusExpectedText compares text parts with those another parser reads, after folding blanks.
func TestCorpusExpectedText(t *testing.T) {
	var texts, same int
	for _, s := range samples.All(t) {
		if !strings.Contains(s.File, "stalwartlabs+mail-parser") {
			continue
		}
		for _, want := range expectedTexts(t, s) {
			texts++
			if m := Parse(samples.Read(t, s.File)); hasPart(m, want) {
				same++
			} else {
				t.Logf("%s: no part %.150q in %.150q", s.File, want, m.Text)
			}
		}
	}
	t.Logf("%d of %d text parts agree", same, texts)
	if same*100 < texts*85 { // the rest differ on purpose: uuencoded files, guessed charsets, broken nesting
		t.Error("less than 85 % agree")
	}
}

// expectedTexts returns the text and HTML parts of the expected file of a message, if it has one.
func expectedTexts(t *testing.T, s samples.Mail) (texts []string) {
	i := slices.IndexFunc(s.Expected, func(file string) bool { return strings.HasSuffix(file, ".json") })
	if i < 0 {
		return nil
	}
	var want struct{ Parts []expectedPart }
	if err := json.Unmarshal(samples.Read(t, s.Expected[i]), &want); err != nil {
		t.Fatalf("%s: %v", s.Expected[i], err)
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
