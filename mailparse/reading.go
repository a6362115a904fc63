package mailparse

import (
	"strings"

	"replyby/mailparse/htmltext"
	"replyby/mailparse/problem"
	"replyby/mailparse/transfer"
)

// reader chooses what a person reads: it walks the tree, takes text parts, and leaves the rest to be attachments.
type reader struct {
	m        *Message
	root     *node
	enclosed piece        // text found inside a winmail.dat
	opened   map[int]bool // parts whose content is listed as parts of its own
	isText   map[int]bool // parts that went into the text
	html     []string     // each piece of HTML
	heard    bool         // the plain text of an alternative is found: of its other parts only the HTML counts, as it stands
	report   *problem.List
}

// piece is a stretch of reading text and where it came from.
type piece struct {
	text, html string
	fromHTML   bool
	first      int // of the text, in bytes, where others are joined to it; else 0
}

func (p piece) empty() bool {
	return strings.TrimSpace(p.text) == ""
}

// read fills Text, what is said of it, and HTML from the tree below root.
func (r *reader) read(root *node) {
	p := r.node(root)
	if p.empty() && !r.enclosed.empty() {
		p = r.enclosed
	}
	if len(p.text) > MaxText {
		p.text = strings.ToValidUTF8(p.text[:MaxText], "")
		r.report.Add(problem.TextTruncated, "text of the message")
	}
	r.m.Text, r.m.HTML, r.m.TextFromHTML, r.m.FirstText = p.text, p.html, p.fromHTML, len(p.text)
	if p.first > 0 {
		r.m.FirstText = min(p.first, len(p.text))
	}
}

func (r *reader) node(n *node) piece {
	switch {
	case n.part >= 0:
		return r.leaf(n.part)
	case n.kind == "multipart/alternative":
		return r.alternative(n)
	default:
		return r.sequence(n)
	}
}

// alternative takes the plain text if it says anything, else the richest other (RFC 2046, 5.1.4). The HTML is kept.
func (r *reader) alternative(n *node) piece {
	var best piece
	outer := r.heard
	defer func() { r.heard = outer }()
	for _, child := range n.children {
		p := r.node(child)
		html := best.html
		if p.html != "" {
			html = p.html
		}
		plainer := best.fromHTML && !p.fromHTML && !p.empty()
		if plainer && !best.empty() && n == r.root { // programs put the plainest first (RFC 2046, 5.1.4)
			r.report.Add(problem.TopSkipped, "above an alternative")
		}
		if best.empty() || plainer {
			best = p
		}
		best.html = html
		r.heard = outer || !best.empty() && !best.fromHTML
	}
	if !best.fromHTML && best.html != "" && speaksOfHTML(best.text) {
		best = unlessStub(best)
	}
	return best
}

// speaksOfHTML tells a plain text that may be nothing but the advice of a program to read the HTML in its place.
func speaksOfHTML(text string) bool {
	const longest = 300
	text = strings.TrimSpace(text)
	return len(text) <= longest && strings.Contains(strings.ToLower(text), "html")
}

// unlessStub gives the words of the HTML where the plain text is not among them: nobody wrote that one.
func unlessStub(p piece) piece {
	words := htmltext.Text(p.html)
	if strings.TrimSpace(words) == "" || strings.Contains(evened(words), evened(p.text)) {
		return p
	}
	return piece{text: words, html: p.html, fromHTML: true}
}

// evened makes texts comparable that were broken into lines otherwise.
func evened(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// sequence joins what the parts of a mixed, related, signed or report say. Of a report only the words for people count.
func (r *reader) sequence(n *node) piece {
	var all piece
	for _, child := range n.children {
		p := r.node(child)
		if all.html == "" {
			all.html = p.html
		}
		if p.empty() {
			continue
		}
		if all.empty() {
			all.text, all.fromHTML, all.first = p.text, p.fromHTML, p.first
			continue
		}
		if all.first == 0 {
			all.first = len(strings.TrimRight(all.text, "\n"))
		}
		all.text = strings.TrimRight(all.text, "\n") + "\n\n" + strings.TrimLeft(p.text, "\n")
		all.fromHTML = all.fromHTML && p.fromHTML
	}
	return all
}

func (r *reader) leaf(i int) piece {
	p := &r.m.Parts[i]
	switch {
	case isTNEF(p):
		r.opened[i] = r.openTNEF(p.open(r.report))
		return piece{}
	case !r.readable(p):
		p.measure(r.report)
		return piece{}
	}
	content := p.open(r.report)
	r.isText[i] = true
	switch p.Type {
	case "text/html":
		found := piece{html: p.text(content, r.report), fromHTML: true}
		r.html = append(r.html, found.html)
		if !r.heard {
			found.text = htmltext.Text(found.html)
		}
		return found
	default:
		text := r.plain(p, content)
		if p.Name == "" && isPage(text) {
			if words := htmltext.Text(text); strings.TrimSpace(words) != "" { // else its tags are what there is to see
				r.html = append(r.html, text)
				return piece{text: words, html: text, fromHTML: true}
			}
		}
		return piece{text: text}
	}
}

// isPage tells a page that its program forgot to call one, as many forms on sites do: HTML from the first sign to the last.
func isPage(text string) bool {
	const head = "<!doctype html"
	text = strings.TrimSpace(text)
	begins := strings.ToLower(text[:min(len(text), len(head))])
	return (begins == head || strings.HasPrefix(begins, "<html>") || strings.HasPrefix(begins, "<html ")) && strings.HasSuffix(strings.ToLower(text[max(0, len(text)-len("</html>")):]), "</html>")
}

// readable reports whether a part is shown as text: text that is not declared a file.
func (r *reader) readable(p *Part) bool {
	return p.Disposition != "attachment" && wordy(p.Type) && (p.Name == "" || len(r.isText) == 0)
}

// wordy reports media types whose content is words for people.
func wordy(kind string) bool {
	switch kind {
	case "text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/css", "text/xml", "text/rtf",
		"text/rfc822-headers", "text/rfc822-header":
		return false
	}
	return strings.HasPrefix(kind, "text/")
}

// plain takes uuencoded files out of a text and joins flowed lines (RFC 3676).
func (r *reader) plain(p *Part, content []byte) string {
	files, rest := transfer.SplitUU(content)
	for _, f := range files {
		r.m.addFile(f.Name, "application/octet-stream", f.Data)
	}
	text := p.text(rest, r.report)
	if strings.EqualFold(p.Params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.Params["delsp"], "yes"))
	}
	return text
}
