package problem

import (
	"strings"
	"testing"
)

func TestListIsBoundedAndPrintable(t *testing.T) {
	var l List
	for range 100 {
		l.Add(DateSyntax, strings.Repeat("x", 1000))
		l.Add(Empty, "a\x1b[2J\n\xff")
	}
	for i := range 100 {
		l.Add(HeaderLine, strings.Repeat("y", i))
	}
	all := l.All()
	if len(all) != 2+maxDetails || len(all[0].Detail) != maxDetailLen || all[1].Detail != "a[2J?" {
		t.Errorf("got %d: %+v", len(all), all)
	}
	var none *List
	none.Add(Empty, "") // must not panic
}
