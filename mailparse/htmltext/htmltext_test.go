package htmltext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"script and style", "<style>p{}</style><script>alert('<p>x</p>')</script>a<!-- b -->", "a"},
		{"all hidden is shown", "<div style='display: none'>a</div>", "a"},
		{"hidden preheader", "<div style='DISPLAY:none'>pre <div>x</div></div>a", "a"},
		{"unclosed hidden", "a<p hidden>b", "a"},
		{"javascript link", "<a href='javascript:x'>a</a>", "a"},
		{"unclosed everything", "<b><a href='https://x.example'>a<p>b", "a\n\nb <https://x.example>"},
		{"stray ends", "</blockquote></ul></pre></a>a</div>", "a"},
		{"broken entity", "a &amp b &#x41; &nbsp;c", "a & b A  c"},
		{"folding", "a\n   b\t c", "a b c"},
		{"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
		{"Outlook paragraphs", "<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"},
		{"breaks", "a<br>b<br><br>c<div>d</div>e<div><br></div>f", "a\nb\n\nc\nd\ne\n\nf"},
		{"link", `<a href="https://x.example/y">here</a>, go`, "here <https://x.example/y>, go"},
		{"link that says itself", `<a href="https://x.example/">x.example</a>`, "x.example"},
		{"mail link", `<a href="mailto:a@b.example?subject=x">a@b.example</a> <a href="mailto:a@b">Ann</a>`, "a@b.example Ann <a@b>"},
		{"lists", "<ul><li>a<ul><li>b</ul><li>c</ul><ol start=3><li>d<li>e</ol>", "- a\n  - b\n- c\n3. d\n4. e"},
		{"table", "<table><tr><td>Name</td><td>Ann</td></tr><tr><td>Age<td>7</table>", "Name\tAnn\nAge\t7"},
		{"table of blocks", "<table><tr><td><div>a</div></td><td><p>b</td></tr></table>", "a\n\nb"},
		{"cells of several lines", "<table><tr><td>Rue X<br>Paris<td>Rue Y<br>Lyon</td><td>Z</td></tr></table>", "Rue X\nParis\nRue Y\nLyon\nZ"},
		{"quote", "a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n> b\n> c\n>> d\ne"},
		{"quote of paragraphs", "<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\nc"},
		{"preformatted", "<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\nd"},
		{"signature separator", "a<div>-- <br>Ann</div>", "a\n-- \nAnn"},
		{"rule", "a<hr>b", "a\n" + rule + "\nb"},
		{"struck out", "<s>a b</s> c<strike>d</strike><DEL>e</DEL>", "a\u0336 b\u0336 cd\u0336e\u0336"},
		{"struck out by style", "<span style='text-decoration:underline LINE-THROUGH'>a<span>b</span>c</span>d", "a\u0336b\u0336c\u0336d"},
		{"struck out within", "<s>a<i>b</i><s>c</s>d</s>e", "a\u0336b\u0336c\u0336d\u0336e"},
		{"a break strikes nothing", "<br style='text-decoration:line-through'>a</s>b", "ab"},
		{"only blanks", " <p> </p>&nbsp;<br>", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		if got := Text(tt.html); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Struck out or not, the words and lines are the same, and every letter of what is has its stroke.
func TestStrokesAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		doc := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "è", " ", "ok", "<br>", "<p>", "</p>", "<div>", "</div>", "<blockquote>", "</blockquote>", "<i>", "</i>", "&amp;", "<li>", "\n"})).Draw(rt, "doc"), "")
		struck, bold := Text("<s>"+doc+"</s>!"), Text("<b>"+doc+"</b>!")
		if got := strings.ReplaceAll(struck, string(Stroke), ""); got != bold {
			rt.Fatalf("%q: %q, and %q without strokes", doc, bold, got)
		}
		if strings.Contains(struck, "ok") || strings.Contains(struck, "ao") || strings.HasSuffix(struck, string(Stroke)) {
			rt.Fatalf("%q: %q", doc, struck)
		}
	})
}

func TestNestingIsNoLimit(t *testing.T) {
	if got := Text(strings.Repeat("<div><blockquote>", 10_000) + "x"); got != strings.Repeat(">", deepestQuote)+" x" {
		t.Errorf("got %.80q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add("<p>a<blockquote>b<ul><li><a href='http://x'>c</a></ul><pre>d\n e</pre><td hidden>f")
	f.Add("<script>x</script><style><title>&#0;&#x80;&nbsp;<hr><br>-- ")
	f.Fuzz(func(t *testing.T, doc string) {
		if !utf8.ValidString(doc) {
			t.Skip()
		}
		got := Text(doc)
		if !utf8.ValidString(got) || strings.HasPrefix(got, "\n") || strings.HasSuffix(got, "\n") {
			t.Errorf("%q: got %q", doc, got)
		}
	})
}

func TestHides(t *testing.T) {
	for style, want := range map[string]bool{
		"display:none": true, "color:red;Display : NONE;": true, "dis play:no ne": true, "ddisplay:none": true,
		"display:display:none": true, "": false, "display:non": false, "display:block": false, "display-none": false,
	} {
		if hides([]byte(style)) != want {
			t.Errorf("%q: %v", style, !want)
		}
	}
}

func TestUnstruck(t *testing.T) {
	for page, want := range map[string]string{
		"<p>a b</p>":                         "a b",
		"<p><s>a b</s></p>":                  "",
		"<p>a <s>b</s> c</p>":                "a c",
		"<p>a</p><p><s>b</s></p><p>c</p>":    "a\n\nc",
		"<p>a<br><s>b</s><br>c</p>":          "a\nc",
		"<p><s>\u00e8 b</s><br>\u00e8 c</p>": "\u00e8 c",
	} {
		if got := Unstruck(Text(page)); got != want {
			t.Errorf("%q: %q, want %q", page, got, want)
		}
	}
	if got := Unstruck(string(Stroke)); got != "" {
		t.Errorf("%q of a stroke alone", got)
	}
}
