package header

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// idPattern says in one line what candidates finds.
var idPattern = regexp.MustCompile(`<[ \t]*([^<>]+?)[ \t]*>|([^\s<>,;"()]+@[^\s<>,;"()]+)`)

// TestCandidates holds the scanner against the expression on text made of what ids are made of.
func TestCandidates(t *testing.T) {
	piece := rapid.SampledFrom([]string{"<", ">", "@", "a", "é", "\xff", " ", "\t", "\n", ",", ";", "(", ")", `"`, "a@b", "<a@b>", "< a @b >", "<>", "< >", "@@"})
	rapid.Check(t, func(t *rapid.T) {
		raw := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		var got, want [][2]string
		for found, bracketed := range candidates(raw) {
			if bracketed {
				got = append(got, [2]string{withoutBlanks(found), ""})
			} else {
				got = append(got, [2]string{"", found})
			}
		}
		for _, m := range idPattern.FindAllStringSubmatch(raw, -1) {
			want = append(want, [2]string{withoutBlanks(m[1]), m[2]})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	})
}
