// Package htmltext renders HTML mail as the plain text a person would have read.
package htmltext

import (
	"strings"

	"golang.org/x/net/html"
)

// Text renders doc.
func Text(doc string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(doc))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.Write(z.Text())
		}
	}
}
