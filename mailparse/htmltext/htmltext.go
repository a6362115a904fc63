// Package htmltext renders HTML mail as the plain text a person would have read.
//
// It follows the stream of tags and builds no tree, so it needs linear time, no stack, and has no nesting it could refuse.
// Paragraphs, lists, links, preformatted text and tables keep their sense; quotes become "> " lines, so that whoever looks
// for quoted history needs to know plain text only. Scripts, styles, comments, images and what is hidden are left out; what is struck out stays
// so: each character has a stroke.
package htmltext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// rule is how a horizontal rule is written: as Outlook writes the one above a quoted mail.
const rule = "________________________________"

// Text renders doc. The result has no trailing blanks on lines, no outer blank lines, and never more than two in a row.
func Text(doc string) string {
	text := render(doc, true)
	if text == "" {
		text = render(doc, false) // everything was hidden: then hiding was not meant so
	}
	return text
}

func render(doc string, hiding bool) string {
	w := walker{hiding: hiding}
	z := html.NewTokenizer(strings.NewReader(doc))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		w.token(z, kind)
	}
	w.closeLink()
	return w.page.String()
}

func (w *walker) token(z *html.Tokenizer, kind html.TokenType) {
	switch kind {
	case html.TextToken:
		if w.hidden == "" && w.raw == "" {
			w.page.write(w.struck.mark(z.Text()))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		w.start(z, kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		name, _ := z.TagName()
		w.end(string(name))
	}
}

// walker keeps what the tags seen so far mean for the text to come.
type walker struct {
	page   page
	hiding bool
	raw    string // element whose text is no text
	hidden string // element with display:none, and how deep we are inside elements of its name
	depth  int
	struck struck
	lists  []int // per open list the next number, 0 for bullets
	href   string
	linkAt int // offset in the page where the link's text began
}

// attributes are those of a tag that matter here.
type attributes struct {
	href, class, start string
	hidden, struck     bool
}

func readAttributes(z *html.Tokenizer, more bool) (a attributes) {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "href":
			a.href = strings.TrimSpace(string(value))
		case "class":
			a.class = string(value)
		case "start":
			a.start = string(value)
		case "hidden":
			a.hidden = true
		case "style":
			a.hidden, a.struck = a.hidden || hides(value), strikes(value)
		}
	}
	return a
}

// hides looks for display:none, whatever the letter case and the blanks.
func hides(style []byte) bool {
	const hidden = "display:none"
	n := 0 // how much of it stands before b
	for _, b := range style {
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		switch b {
		case ' ':
		case hidden[n]:
			if n++; n == len(hidden) {
				return true
			}
		case hidden[0]:
			n = 1
		default:
			n = 0
		}
	}
	return false
}

func (w *walker) start(z *html.Tokenizer, closed bool) {
	tag, more := z.TagName()
	name := string(tag)
	a := readAttributes(z, more)
	if w.hidden != "" {
		if name == w.hidden && !closed {
			w.depth++
		}
		return
	}
	if a.hidden && w.hiding && !closed && !void(name) {
		w.hidden, w.depth = name, 1
		return
	}
	if !closed && !void(name) {
		w.struck.open(name, a.struck)
	}
	w.open(name, a)
}

// void elements have no end tag and so cannot hide anything.
func void(name string) bool {
	switch name {
	case "br", "hr", "img", "input", "meta", "link", "col", "area", "base", "source", "wbr":
		return true
	}
	return false
}

func (w *walker) open(name string, a attributes) {
	switch name {
	case "script", "style", "title", "iframe":
		w.raw = name
	case "br":
		w.page.newline()
	case "hr":
		w.page.lines(1)
		w.page.write([]byte(rule))
		w.page.lines(1)
	case "p":
		w.page.lines(paragraph(a.class))
	case "blockquote":
		w.page.lines(1)
		w.page.quote++
	case "pre":
		w.page.lines(1)
		w.page.pre++
	case "ul", "ol":
		w.openList(name, a.start)
	case "li":
		w.item()
	case "td", "th":
		w.page.cell()
	case "a":
		w.closeLink()
		w.href, w.linkAt = a.href, len(w.page.text)
	default:
		w.page.lines(blockLines(name))
	}
}

func (w *walker) end(name string) {
	if w.hidden != "" {
		w.endHidden(name)
		return
	}
	if name == w.raw {
		w.raw = ""
	}
	w.struck.end(name)
	switch name {
	case "p":
		w.page.lines(1)
	case "blockquote":
		w.page.lines(1)
		w.page.quote = max(0, w.page.quote-1)
	case "pre":
		w.page.pre = max(0, w.page.pre-1)
		w.page.lines(1)
	case "ul", "ol":
		w.closeList()
	case "a":
		w.closeLink()
	default:
		w.page.lines(min(1, blockLines(name)))
	}
}

func (w *walker) endHidden(name string) {
	if name != w.hidden {
		return
	}
	if w.depth--; w.depth == 0 {
		w.hidden = ""
	}
}

// paragraph is how many line ends stand before a paragraph. Outlook's have no margin: it writes its blank lines itself.
func paragraph(class string) int {
	if strings.Contains(class, "Mso") {
		return 1
	}
	return 2
}

// blockLines is how many line ends separate an element from what stands before it, 0 for what runs on in the line.
func blockLines(name string) int {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return 2
	case "div", "table", "tr", "tbody", "thead", "tfoot", "caption", "center", "address", "article", "aside", "section",
		"header", "footer", "main", "nav", "dl", "dt", "dd", "form", "fieldset", "figure", "body", "html", "option":
		return 1
	}
	return 0
}

func (w *walker) openList(name, start string) {
	const deepest = 100
	if len(w.lists) >= deepest {
		return
	}
	first := 0
	if name == "ol" {
		first = 1
		if n, err := strconv.Atoi(start); err == nil && n > 0 {
			first = n
		}
	}
	w.page.lines(1)
	w.lists = append(w.lists, first)
	w.page.indent = len(w.lists) - 1
}

func (w *walker) closeList() {
	w.lists = w.lists[:max(0, len(w.lists)-1)]
	w.page.indent = max(0, len(w.lists)-1)
	w.page.lines(1)
}

func (w *walker) item() {
	w.page.lines(1)
	marker := "- "
	if n := len(w.lists); n > 0 && w.lists[n-1] > 0 {
		marker = strconv.Itoa(w.lists[n-1]) + ". "
		w.lists[n-1]++
	}
	w.page.marker = marker
}

// closeLink writes the target behind the link's text, unless the text says it already.
func (w *walker) closeLink() {
	const longest = 2000
	href := w.href
	w.href = ""
	scheme, rest, ok := strings.Cut(href, ":")
	if !ok || len(href) > longest || strings.ContainsAny(href, " \n\t") {
		return
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "ftp":
	case "mailto", "tel":
		href, _, _ = strings.Cut(rest, "?")
	default:
		return
	}
	text := strings.TrimSpace(string(w.page.text[min(w.linkAt, len(w.page.text)):]))
	if bareURL(text) == bareURL(href) || text == "" {
		return
	}
	w.page.write([]byte(" <" + href + ">"))
}

// bareURL is what two spellings of one address have in common.
func bareURL(s string) string {
	s = strings.ToLower(strings.Trim(s, "<>/ "))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "www.")
}
