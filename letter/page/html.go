package page

import (
	"fmt"
	"html"
	"strings"
)

// escape is the only way in which a string becomes part of the HTML.
func escape(s string) string { return html.EscapeString(s) }

// prose is what we say ourselves, with spaces that do not break before and behind what no line may begin or end with.
func prose(s string) string {
	return escape(strings.Join(unbroken(strings.Split(s, " "), "\u00a0"), " "))
}

// sheet adapts to the dark and to the phone. Clients that strip it keep the inline styles: light, and still readable.
const sheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.bg{background:#14171a!important}.card{background:#1d2125!important;border-color:#343a41!important}
.ink{color:#e7eaed!important}.dim{color:#a4aeb8!important}.line{border-color:#343a41!important}
.box{background:#262b31!important;border-color:#3c444c!important}.mark{background:#574709!important;color:#ffeeb3!important}
.soon{background:#43360a!important;color:#ffe9a8!important;border-color:#a98600!important}
.late{background:#47191a!important;color:#ffd3d0!important;border-color:#d9534f!important}
.go{background:#8ab8f0!important;color:#10243c!important}.go a{color:#10243c!important}
.alt{background:#2d333a!important;border-color:#4a535c!important}.alt a{color:#cfe2fa!important}
.good{background:#6ea8e8!important}.bad{background:#e5847f!important}.red{color:#ff9d97!important}}
@media (max-width:480px){.key{width:86px!important}.pad{padding:18px 16px!important}.out{padding:0!important}
.card{border-radius:0!important;border-left:0!important;border-right:0!important}
.btn,.does{display:block!important;width:auto!important;padding-left:0!important}.does{padding:4px 0 12px!important}}`

const (
	font = `font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
	mono = `font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace`
	grid = `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">`
)

// HTML writes the page as one HTML document that loads nothing.
func (p *Page) HTML() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>%s</title>
<style>%s</style></head>
<body class="bg" style="margin:0;padding:0;background:#f2f4f6">
<table role="presentation" class="bg" width="100%%" cellpadding="0" cellspacing="0" style="background:#f2f4f6"><tr>
<td class="out" align="center" style="padding:20px 10px">
<table role="presentation" class="card" width="100%%" cellpadding="0" cellspacing="0"`+
		` style="max-width:660px;background:#ffffff;border:1px solid #dce1e6;border-radius:8px;border-spacing:0"><tr>
<td class="pad ink" style="padding:24px 28px;color:#1e2730;%s;font-size:15px;line-height:1.5;text-align:left">
`, escape(p.lang), escape(p.title), sheet, font)
	for _, x := range p.blocks {
		x.html(&b)
		b.WriteByte('\n')
	}
	b.WriteString("</td></tr></table>\n</td></tr></table>\n</body></html>\n")
	return b.String()
}

func (h heading) html(b *strings.Builder) {
	if h.top {
		b.WriteString(`<h1 class="ink" style="margin:0 0 8px;font-size:20px;line-height:1.3;font-weight:650;color:#1e2730;overflow-wrap:anywhere">` +
			prose(h.s) + `</h1>`)
		return
	}
	b.WriteString(`<h2 class="dim line" style="margin:26px 0 8px;padding-top:14px;border-top:1px solid #e3e7eb;font-size:12px;line-height:1.4;` +
		`letter-spacing:.06em;text-transform:uppercase;font-weight:650;color:#5a6672">` + prose(h.s) + `</h2>`)
}

func (p para) html(b *strings.Builder) {
	if p.small {
		b.WriteString(`<p class="dim" style="margin:6px 0;font-size:13px;color:#5a6672;overflow-wrap:anywhere">` + prose(p.s) + `</p>`)
		return
	}
	b.WriteString(`<p style="margin:8px 0;overflow-wrap:anywhere">` + prose(p.s) + `</p>`)
}

func (a alert) html(b *strings.Builder) {
	class, style := "soon", "background:#fff6d9;color:#4d3b00;border-left:4px solid #d9a400"
	if a.late {
		class, style = "late", "background:#fdeceb;color:#7a1712;border-left:4px solid #c0392b"
	}
	fmt.Fprintf(b, `<p class="%s" style="margin:12px 0;padding:10px 14px;font-weight:600;overflow-wrap:anywhere;%s">%s</p>`,
		class, style, prose(a.s))
}

func (q quote) html(b *strings.Builder) {
	words := strings.Trim(q.s, "\n")
	body := broken(words)
	if before, after, found := strings.Cut(words, q.mark); found && q.mark != "" { // looked for in the words, not in what they become
		body = broken(before) + `<span class="mark" style="background:#ffedb0;color:#4d3b00;padding:1px 4px;border-radius:3px">` + escape(q.mark) + `</span>` + broken(after)
	}
	style := "border-left:3px solid #c3ccd5;padding:10px 14px"
	if q.letter {
		style = "border:1px solid #d5dbe1;border-radius:6px;padding:14px 16px"
	}
	b.WriteString(`<div class="box" style="margin:8px 0;background:#f7f9fa;` + style + `;overflow-wrap:anywhere">` + body + `</div>`)
}

// broken is text of several lines.
func broken(s string) string { return strings.ReplaceAll(escape(s), "\n", "<br>\n") }

func (f facts) html(b *strings.Builder) {
	b.WriteString(grid)
	for _, x := range f {
		fmt.Fprintf(b, `<tr><td class="dim key" valign="top" style="padding:2px 14px 2px 0;color:#5a6672;width:118px">%s</td>`+
			`<td valign="top" style="padding:2px 0;overflow-wrap:anywhere">%s</td></tr>`, prose(x[0]), prose(x[1]))
	}
	b.WriteString(`</table>`)
}

func (l list) html(b *strings.Builder) {
	b.WriteString(`<ul style="margin:8px 0;padding-left:20px">`)
	for _, s := range l {
		b.WriteString(`<li style="margin:3px 0;overflow-wrap:anywhere">` + prose(s) + `</li>`)
	}
	b.WriteString(`</ul>`)
}

func (c choices) html(b *strings.Builder) {
	b.WriteString(grid)
	for i, x := range c {
		word := escape(Line(x.Word))
		class, style, ink := "alt", "background:#eef2f6;border:1px solid #d0d8e0", "#1b4f8a"
		if i == 0 {
			class, style, ink = "go", "background:#1b5fae;border:1px solid transparent", "#ffffff"
		}
		if x.Link != "" {
			word = fmt.Sprintf(`<table role="presentation" width="100%%" cellpadding="0" cellspacing="0"><tr><td class="%s" align="center"`+
				` style="%s;border-radius:6px"><a href="%s" style="display:block;padding:9px 14px;color:%s;font-weight:600;text-decoration:none">%s</a></td></tr></table>`,
				class, style, escape(x.Link), ink, word)
		} else {
			word = `<span style="` + mono + `;font-size:14px;font-weight:600">` + word + `</span>`
		}
		fmt.Fprintf(b, `<tr><td class="btn" valign="top" style="padding:5px 0;width:170px">%s</td>`+
			`<td class="does" valign="middle" style="padding:5px 0 5px 14px">%s</td></tr>`, word, prose(Line(x.Does)))
	}
	b.WriteString(`</table>`)
}

func (t rows) html(b *strings.Builder) {
	b.WriteString(grid)
	for i, x := range t.r {
		line := ";border-bottom:1px solid #e9edf0"
		if i == len(t.r)-1 {
			line = ""
		}
		fmt.Fprintf(b, `<tr><td class="line" valign="top" style="padding:7px 12px 7px 0%s;overflow-wrap:anywhere">%s %s`,
			line, strong(x.Ref, x.Urgent, true), escape(x.Text))
		for _, n := range x.Notes {
			b.WriteString("<br>" + faint(Line(n)))
		}
		fmt.Fprintf(b, `</td><td class="line" valign="top" align="right" style="padding:7px 0%s;white-space:nowrap">%s`,
			line, strong(x.When, x.Late, false))
		if x.Who != "" {
			b.WriteString("<br>" + faint(x.Who))
		}
		b.WriteString(`</td></tr>`)
	}
	b.WriteString(`</table>`)
}

// strong sets words in bold, or in red, or both.
func strong(s string, red, bold bool) string {
	class, style := "", ""
	if red {
		class, style = ` class="red"`, "color:#b3261e;"
	}
	if bold || red {
		style += "font-weight:650"
	}
	return `<span` + class + ` style="` + style + `">` + escape(s) + `</span>`
}

func faint(s string) string {
	return `<span class="dim" style="font-size:13px;color:#5a6672">` + prose(s) + `</span>`
}

func (t table) html(b *strings.Builder) {
	b.WriteString(grid)
	for i, r := range append([][]string{t.head}, t.rows...) {
		b.WriteString(`<tr>`)
		for j, c := range r {
			align, class := "right", ""
			if j == 0 {
				align = "left"
			}
			if i == 0 || j == 0 {
				class = `class="dim" `
			}
			style := "padding:3px 0 3px 12px;white-space:nowrap"
			if j == 0 {
				style = "padding:3px 0;color:#5a6672"
			}
			fmt.Fprintf(b, `<td %salign="%s" style="%s;font-variant-numeric:tabular-nums">%s</td>`, class, align, style, escape(c))
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</table>`)
}

func (c chart) html(b *strings.Builder) {
	most := 1
	for _, x := range c.bars {
		most = max(most, x.Good+x.Bad)
	}
	b.WriteString(`<p class="dim" style="margin:16px 0 4px;font-size:13px;color:#5a6672">` + escape(c.caption) + `</p>` + grid)
	for _, x := range c.bars {
		fmt.Fprintf(b, `<tr><td class="dim" style="padding:2px 10px 2px 0;width:1%%;white-space:nowrap;font-size:13px;color:#5a6672">%s</td><td style="padding:2px 0">`,
			escape(Line(x.Label)))
		for _, part := range []struct {
			class, ink string
			n          int
		}{{"good", "#3b7fcb", x.Good}, {"bad", "#d0504a", x.Bad}} {
			if part.n > 0 {
				fmt.Fprintf(b, `<span class="%s" style="display:inline-block;height:11px;width:%d%%;background:%s"></span>`, part.class, max(1, part.n*60/most), part.ink)
			}
		}
		fmt.Fprintf(b, ` <span style="font-size:13px">%s %s</span></td></tr>`, x.count(), escape(Line(x.Note)))
	}
	b.WriteString(`</table>`)
}
