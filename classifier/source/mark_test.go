package source

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A line is passed over unfolded only where folding it would show no mark.
func TestMarkIsNotPassedOver(t *testing.T) {
	var readers []*Reader
	for _, marks := range [][]string{{"Messaggio", "Message", "Écrit", "内容"}, {"Message", "- Testo -", "*"}} {
		after := foldAll(marks)
		readers = append(readers, &Reader{after: after, initial: initials(after)})
	}
	marks := 0
	rapid.Check(t, func(rt *rapid.T) {
		ahead := rapid.SampledFrom([]string{"", " ", "\t", "*", "**", "- ", "•", "\u00a0", "\u200b", "\r", "\v", "\f", "• "})
		mark := rapid.SampledFrom([]string{"Messaggio", "MESSAGE", "message", "Écrit", "ecrit", "- testo -", "testo", "内容", "Tel", ""})
		behind := rapid.SampledFrom([]string{"", "：", ":", " :", ": Tel", "\r", "\v", " x"})
		line := strings.Join(rapid.SliceOfN(ahead, 0, 3).Draw(rt, "ahead"), "") + mark.Draw(rt, "mark") + behind.Draw(rt, "behind")
		label, _, parted := cutLabel(line)
		if !parted {
			label = foldLabel(line)
		}
		for _, r := range readers {
			if !slices.Contains(r.after, label) {
				continue
			}
			if marks++; !r.mayMark(line) {
				rt.Errorf("%q begins the message", line)
			}
		}
	})
	if marks < 3 {
		t.Errorf("only %d lines were marks", marks)
	}
}

// Whatever stands between the sign of a list and the mark, folding takes it away.
func TestMarkBehindASign(t *testing.T) {
	r := &Reader{after: []string{"message"}, initial: "m"}
	for _, line := range []string{"- \vMessage: x", "*\fMessage: x", "- \r Message:", "\v- Message: x", "•\vMessage:"} {
		label, _, _ := cutLabel(line)
		if _, got := r.afterMark(line); got != (label == "message") {
			t.Errorf("%q begins the message: %v", line, got)
		}
	}
	if s := (&Reader{after: []string{""}}).split("Nome: Anna\n\nCiao"); !s.marked || s.text != "Ciao" {
		t.Errorf("an empty mark is no blank line: %+v", s)
	}
}
