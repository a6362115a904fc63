package strict

import (
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"
)

// places finds the line of every key and list entry of a document, by indexed path. It goes as far as the document can be
// parsed.
func places(data []byte) map[string]int {
	w := walker{lines: map[string]int{}, lists: map[string]int{}}
	w.parser.Reset(data)
	at := ""
	for w.parser.NextExpression() {
		e := w.parser.Expression()
		switch e.Kind {
		case unstable.Table:
			at = w.key("", e.Key(), false)
		case unstable.ArrayTable:
			at = w.key("", e.Key(), true)
		case unstable.KeyValue:
			w.pair(at, e)
		}
	}
	return w.lines
}

type walker struct {
	parser unstable.Parser
	lines  map[string]int
	lists  map[string]int // entries so far of a list of tables
}

// key notes a dotted key below a path and returns the path it leads to. With entry the key opens a new entry of a list.
func (w *walker) key(path string, keys unstable.Iterator, entry bool) string {
	for keys.Next() {
		k := keys.Node()
		path = join(path, string(k.Data))
		if _, seen := w.lines[path]; !seen {
			w.lines[path] = w.parser.Shape(k.Raw).Start.Line
		}
		if keys.IsLast() && entry {
			w.lists[path]++
		}
		if n := w.lists[path]; n > 0 {
			path = fmt.Sprintf("%s[%d]", path, n-1)
			if keys.IsLast() {
				w.lines[path] = w.parser.Shape(k.Raw).Start.Line
			}
		}
	}
	return path
}

func (w *walker) pair(path string, kv *unstable.Node) {
	w.value(w.key(path, kv.Key(), false), kv.Value())
}

func (w *walker) value(path string, v *unstable.Node) {
	items := v.Children()
	switch v.Kind {
	case unstable.InlineTable:
		for items.Next() {
			w.pair(path, items.Node())
		}
	case unstable.Array:
		for i := 0; items.Next(); i++ {
			item, at := items.Node(), fmt.Sprintf("%s[%d]", path, i)
			if item.Raw.Length > 0 {
				w.lines[at] = w.parser.Shape(item.Raw).Start.Line
			}
			w.value(at, item)
		}
	}
}
