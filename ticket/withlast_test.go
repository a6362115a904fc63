package ticket

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithLast(t *testing.T) {
	for _, c := range []struct {
		s    []int
		n    int
		more []int
		want []int
	}{
		{nil, 3, []int{1}, []int{1}}, {[]int{1, 2}, 3, []int{3}, []int{1, 2, 3}}, {[]int{1, 2, 3}, 3, []int{4}, []int{2, 3, 4}},
		{[]int{1, 2, 3}, 3, nil, []int{1, 2, 3}}, {[]int{1, 2, 3, 4}, 3, nil, []int{2, 3, 4}}, {[]int{1}, 3, []int{2, 3, 4, 5}, []int{3, 4, 5}},
	} {
		s := append(make([]int, 0, 9), c.s...)
		if got := withLast(s, c.n, c.more...); !cmp.Equal(got, c.want) {
			t.Errorf("the last %d of %v and %v: %v", c.n, c.s, c.more, got)
		}
		if behind := s[len(s):cap(s)]; slices.Max(behind) != 0 {
			t.Errorf("the room behind %v, which belongs to somebody else, holds %v", c.s, behind)
		}
	}
}
