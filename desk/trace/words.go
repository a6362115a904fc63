package trace

import (
	"encoding/json"
	"slices"
	"strings"
)

// said reports whether a string within JSON names one of these.
func said(body []byte, words ...string) bool {
	var v any
	return json.Unmarshal(body, &v) == nil && within(v, words)
}

func within(v any, words []string) bool {
	switch v := v.(type) {
	case string:
		return slices.ContainsFunc(words, func(word string) bool { return named(v, word) })
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return within(x, words) })
	case map[string]any:
		for key, x := range v {
			if within(key, words) || within(x, words) {
				return true
			}
		}
	}
	return false
}

// named reports whether a text names an address or a reference, in whatever case: not as a part of a longer one.
func named(text, word string) bool {
	text, word = strings.ToLower(text), strings.ToLower(word)
	for word != "" {
		before, behind, found := strings.Cut(text, word)
		if !found {
			return false
		}
		if !goesOn(before, behind) {
			return true
		}
		text = behind
	}
	return false
}

const word = "abcdefghijklmnopqrstuvwxyz0123456789"

// goesOn reports whether what stands before or behind a word belongs to it. A dot behind it may end a sentence.
func goesOn(before, behind string) bool {
	if before != "" && strings.IndexByte(word+"._+-", before[len(before)-1]) >= 0 {
		return true
	}
	if len(behind) > 1 && behind[0] == '.' {
		behind = behind[1:]
	}
	return behind != "" && strings.IndexByte(word+"-", behind[0]) >= 0
}
