package page

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb": "a b", "a\x00b": "a b", "  a \t b ": "a b", "a\u2028b": "a b", "\u202eabc\u202c": "abc", "a\u200bb": "ab", "\xff": "\ufffd", "\x1b[2J": "[2J", "é漢🙂": "é漢🙂",
		"\ufeffa": "a", "👩‍💻": "👩‍💻",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestWidth holds that no line is wider than the page unless a single word is, and that no word is lost.
func TestWidth(t *testing.T) {
	word := rapid.StringMatching(`[a-zé]{1,30}`)
	rapid.Check(t, func(t *rapid.T) {
		said := strings.Join(rapid.SliceOfN(word, 1, 60).Draw(t, "words"), " ")
		label := word.Draw(t, "label")
		p := New("en", said)
		p.Heading(label)
		p.Para(said)
		p.Alert(said, true)
		p.Quote(said)
		p.Letter(said, "")
		p.Facts([2]string{label, said})
		p.List(said)
		p.Choices(Choice{Word: label, Does: said})
		p.Rows(Row{Ref: label, Text: said, When: label, Who: label, Notes: []string{said}})
		p.Bars(said, Bar{Label: label, Good: rapid.IntRange(0, 500).Draw(t, "good"), Bad: rapid.IntRange(0, 500).Draw(t, "bad"), Note: label})
		text := p.Text()
		for _, l := range strings.Split(text, "\n") {
			if len([]rune(l)) > Width {
				t.Fatalf("%d columns: %q", len([]rune(l)), l)
			}
			if l != strings.TrimRight(l, " ") {
				t.Fatalf("spaces at the end of %q", l)
			}
		}
		if n := strings.Count(strings.Join(strings.Fields(text), " "), said); n < 5 && len(said) < 30 {
			t.Fatalf("said %d times:\n%s", n, text)
		}
	})
}

// TestCells: the columns of a table stay apart in both forms, however short; lists, labels and indents stay as they are.
func TestCells(t *testing.T) {
	p := New("fr", "x")
	p.Quote("Produit\tPrix\t Qté\nSEO\t79 €\t1\t2\t3\n•\tun point\n1.\tdeux\nE-mail:\ta@b.example\n\tsous la ligne\nfin\t\n")
	for form, text := range map[string]string{"text": p.Text(), "html": p.HTML()} {
		for _, want := range []string{"Produit | Prix | Qté", "SEO | 79 € | 1 | 2 | 3", "• un point", "1. deux", "E-mail: a@b.example"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", form, want, text)
			}
		}
		if strings.Contains(text, "fin |") || strings.Contains(text, "| sous") && form == "html" {
			t.Errorf("%s: a bar where no cell ends in\n%s", form, text)
		}
	}
}

// TestTwins holds that the two forms of a page say the same words.
func TestTwins(t *testing.T) {
	p := New("it", "[MB-1] È <lento> & basta")
	p.Para(`uno "due" <tre>`)
	p.Alert("attenzione", true)
	p.Heading("sezione")
	p.Quote("riga uno\n\nriga <b>due</b>")
	p.Letter("Buongiorno,\n\n[qui]\n\nsaluti", "[qui]")
	p.Facts([2]string{"a", "b"}, [2]string{"vuoto", ""})
	p.List("x", "", "y")
	p.Choices(Choice{Word: "ok", Does: "invia", Link: "mailto:a@b.example?subject=x&body=y"}, Choice{Word: "help", Does: "aiuta"})
	p.Rows(Row{Ref: "MB-1", Text: "testo", When: "oggi", Who: "Anna", Urgent: true, Late: true, Notes: []string{"nota"}})
	p.Table([]string{"", "ieri"}, [][]string{{"nuove", "5"}})
	p.Bars("termini", Bar{Label: "lun", Good: 3, Bad: 1, Note: "n"})
	p.Small("fine")
	html := p.HTML()
	html = regexp.MustCompile(`(?s)<head>.*</head>`).ReplaceAllString(html, "")
	html = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, " ")
	html = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&amp;", "&").Replace(html)
	words := func(s string) string {
		all := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	if d := cmp.Diff(words(p.Text()), words(html)); d != "" {
		t.Error(d)
	}
}

func TestEscape(t *testing.T) {
	p := New(`"><script>`, "<script>x</script>")
	p.Choices(Choice{Word: `"><b>`, Does: "<i>", Link: `mailto:x"><script>`})
	for _, bad := range []string{"<script>", "<b>", "<i>", `"">`} {
		if strings.Contains(p.HTML(), bad) {
			t.Errorf("%q got through", bad)
		}
	}
}

func TestBars(t *testing.T) {
	p := New("en", "x")
	p.Bars("c", Bar{Label: "a", Good: 4, Bad: 1}, Bar{Label: "b"})
	if want := "x\n\n  c\n  a  ████▒ 4+1\n  b  0\n"; p.Text() != want {
		t.Errorf("%q, want %q", p.Text(), want)
	}
}

// I12: the place for a person's words is looked for in the words of the letter, not in the elements and entities they become.
func TestMarkInWords(t *testing.T) {
	for _, mark := range []string{"r", "br", "amp", "b", ">"} {
		p := New("it", "x")
		p.Letter("uno\ndue & tre <x>\n", mark)
		if html := p.HTML(); strings.Contains(html, "<b<") || strings.Contains(html, "&<") || !strings.Contains(html, "uno<br>") {
			t.Errorf("mark %q: %s", mark, html)
		}
	}
}

// TestUnbroken holds that no line of ours begins with what French puts behind a space, in the text and in HTML, which breaks at every space
// it is not told about. Words that are not ours stay as they are.
func TestUnbroken(t *testing.T) {
	p := New("fr", "Où en est-on : le site")
	p.Para("Réponds « ok » à ce message ; rien ne part. Compris ?")
	p.Alert("Attention : en retard", true)
	p.List("C'est fait : envoyé")
	p.Facts([2]string{"Délai :", "limite : demain"})
	p.Choices(Choice{Word: "ok", Does: "Envoie : tout"})
	p.Rows(Row{Ref: "MB-1", Text: "x", Notes: []string{"client : prise"}})
	html := p.HTML()
	html = html[strings.Index(html, "</head>"):]
	for _, alone := range []string{" :", " ;", " ?", " »", "« "} {
		if strings.Contains(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, ""), alone) {
			t.Errorf("a line may break at %q:\n%s", alone, html)
		}
	}
	q := New("fr", "x")
	q.Quote("mon mot de passe : « a »")
	if !strings.Contains(q.HTML(), "passe : « a »") {
		t.Errorf("the customer's words were changed: %s", q.HTML())
	}
}
