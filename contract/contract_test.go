package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const head = "customer,kind,product,from,to,on_call,note\n"

// Every way a file can be wrong: the line, what, and what to do; the line is not in the book.
func TestProblems(t *testing.T) {
	good := "a@b.example,agency,,2026-01-01,2026-12-31,,\n"
	for _, c := range []struct{ file, want string }{
		{"", "1: the file is empty | the first line is: customer,"},
		{" \n\n;;;;\n", "1: the file is empty"},
		{"a@b.example,agency,,2026-01-01,2026-12-31\n", `1: unknown column "a@b.example" | the columns are customer,`},
		{"customer,kind,from\n" + good, "1: column to is missing"},
		{"customer,kind,from,to,to\n", `1: column "to" stands twice`},
		{"customer,kind,from,to,onc\n", `1: unknown column "onc"`},
		{head + "\"a@b.example,agency\n", "2: cells cannot be told apart"},
		{head + "a\"b,agency\n", "2: cells cannot be told apart"},
		{head + good + ",agency,,2026-01-01,2026-12-31,,\n", "3: customer: missing | an address, or @domain"},
		{head + "b.example,agency,,2026-01-01,2026-12-31\n", `2: customer: "b.example" is no address | write @b.example for everybody`},
		{head + "Mario <a@b.example>,agency,,2026-01-01,2026-12-31\n", "2: customer: \"Mario <a@b.example>\" is no address | write it like"},
		{head + "a@b.example c@b.example,agency,,2026-01-01,2026-12-31\n", "is not one address | write a line for each"},
		{head + "a@b,agency,,2026-01-01,2026-12-31\n", "is no address"},
		{head + "à@b.example,agency,,2026-01-01,2026-12-31\n", "is no address"},
		{head + "@127.0.0.1,agency,,2026-01-01,2026-12-31\n", "is no address"},
		{head + "@Gmail.com,agency,,2026-01-01,2026-12-31\n", "at gmail.com anybody can have an address | write a line for each address"},
		{head + "a@b.example,,,2026-01-01,2026-12-31\n", "2: kind: missing"},
		{head + "a@b.example,agency,,,2026-12-31\n", "2: from: missing | write 2026-12-31, or"},
		{head + "a@b.example,agency,,2026-01-01\n", "2: to: missing"},
		{head + "a@b.example,agency,,2026-01-01,2026-02-30\n", `2: to: "2026-02-30" is no date`},
		{head + "a@b.example,agency,,01/13/2026,31/12/2026\n", `2: from: "01/13/2026" is no date | write 2026-12-31, or 31/12/2026 with the day first`},
		{head + "a@b.example,agency,,1/1/26,31/12/2026\n", "leaves the century open | write the year in four digits"},
		{head + "a@b.example,agency,,46023,46387\n", `2: from: "46023" is no date`},
		{head + "a@b.example,agency,,2026-12-31,2026-01-01\n", "2: ends (2026-01-01) before it begins (2026-12-31)"},
		{head + "a@b.example,on-call,,2026-01-01,2026-12-31,no\n", `2: on_call: "no" for an on-call agreement`},
		{head + "a@b.example,agency,,2026-01-01,2026-12-31,,,x\n", "2: 8 cells, but 7 columns | put cells that contain"},
		{head + "a@b.example,agency,\u202eshop,2026-01-01,2026-12-31\n", "2: product holds a line break or characters that nobody sees"},
		{head + "a@b.example,agency,,2026-01-01,2026-12-31,,\"a\nb\"\n", "2: note holds a line break"},
		{head + "a@b.example,agency,,2026-01-01,2026-12-31,,a\x00b\n", "2: note holds a line break"},
		{head + good + "# remark\n\nA@B.example,agency,,2026-01-01,2026-12-31\n", "5: the same as line 2 | take one of them out"},
		{head + good + "a@b.example,business-care,,2026-12-31,2027-12-30\n", "3: overlaps line 2 (agency 2026-01-01..2026-12-31) | on a day only one"},
		{head + "a@b.example,agency,https://www.Shop.example/it,2026-01-01,2026-12-31\na@b.example,agency,www.shop.example,2026-05-01,2026-05-01\n", "3: overlaps line 2"},
		{"sep=;\n" + strings.ReplaceAll(head, ",", ";") + "x\n", "3: customer: \"x\" is no address"},
		{strings.ReplaceAll(head, "\n", "\r") + "x\r", "2: customer:"},
		{"cliente,citt\xe0\n", "1: byte 0xe0 is no UTF-8: the file seems to be in an old encoding (Latin-1, Windows-1252) | save it again as \"CSV UTF-8\""},
		{head + good + "a@b.example,agency,,,,,caff\xe8\n", "3: byte 0xe8 is no UTF-8"},
		{"\xff\xfec\x00u\x00", "1: the file is in UTF-16 | save it again"},
		{"PK\x03\x04...", "1: the file is a workbook | save it again"},
		{strings.Repeat("#", maxSize+1), "1: the file has more than 4 MiB"},
	} {
		b, problems := Parse([]byte(c.file))
		if len(problems) == 0 {
			t.Errorf("%q: no problem, want %s", c.file, c.want)
			continue
		}
		p := problems[0]
		if got := fmt.Sprintf("%d: %s | %s", p.Line, p.Text, p.Hint); !strings.Contains(got, c.want) {
			t.Errorf("%.80q:\n got %s\nwant %s", c.file, got, c.want)
		}
		if slices.ContainsFunc(b.All(), func(x Contract) bool { return x.Line == p.Line }) {
			t.Errorf("%.80q: a line in doubt is in the book", c.file)
		}
	}
}

func TestManyProblems(t *testing.T) {
	_, problems := Parse([]byte(head + strings.Repeat("x\n", 1000)))
	if n := len(problems); n != maxProblems+1 || !strings.Contains(problems[n-1].Text, "more problems") {
		t.Errorf("%d problems listed, the last %v", n, problems[n-1])
	}
}

// The same contracts, however a spreadsheet wrote them.
func TestForms(t *testing.T) {
	want := []Contract{
		{Line: 2, Customer: "mario@cliente.example", Kind: "business-care", Product: "Modulo SEO", From: "2026-01-05", To: "2026-12-31", Note: "pagato; fattura 7"},
		{Line: 3, Customer: "@altro.example", Kind: "on-call", From: "2026-01-01", To: "2026-12-31", OnCall: "notte"},
	}
	iso := `customer,kind,product,from,to,on_call,note
mario@cliente.example,business-care,Modulo SEO,2026-01-05,2026-12-31,no,pagato; fattura 7
@altro.example,on-call,,2026-01-01,2026-12-31,notte,
`
	italian := "Customer;Kind;Product or site;From;To;On call;Note;;\n Mario@Cliente.example ;Business Care;Modulo SEO;5/1/2026;31/12/2026;NO;\"pagato; fattura 7\";;\n@ALTRO.example;On call;;01.01.2026;31-12-2026;notte;;;\n;;;;;;;;\n"
	for name, file := range map[string]string{
		"commas": iso, "semicolons": italian, "byte order mark": "\ufeff" + italian,
		"crlf": "\ufeff" + strings.ReplaceAll(italian, "\n", "\r\n"), "cr": strings.ReplaceAll(iso, "\n", "\r"),
		"no last line end": strings.TrimSuffix(iso, "\n"), "tabs": strings.ReplaceAll(iso, ",", "\t"),
		"quotes": `"customer","kind","product","from","to","on_call","note"` + "\n" + `"mario@cliente.example","business-care","Modulo SEO","2026-01-05","2026-12-31","","pagato; fattura 7"` + "\n" +
			`"@altro.example","on-call","","2026-01-01","2026-12-31","notte",""` + "\n",
		"order": "to,from,note,kind,site,on call,customer\n2026-12-31,2026-01-05,pagato; fattura 7,business_care,Modulo SEO,,mario@cliente.example\n2026-12-31,2026-01-01,,on_call,,notte,@altro.example\n",
	} {
		b, problems := Parse([]byte(file))
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		if diff := cmp.Diff(want, b.All()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if b, problems := Parse([]byte("sep=;\r\n# clienti\r\n" + italian)); len(problems) > 0 || len(b.All()) != 2 || b.All()[0].Line != 4 {
		t.Errorf("under sep= and a remark: %v, %v", b.All(), problems)
	}
}

func book(t testing.TB, lines ...string) *Book {
	t.Helper()
	b, problems := Parse([]byte(head + strings.Join(lines, "\n")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

// Who stands how: every relation of address, product and day.
func TestOf(t *testing.T) {
	b := book(t,
		"mario@cliente.example,business-care,,2025-01-01,2025-12-31,,",      // 2
		"@cliente.example,agency,,2026-01-01,2026-12-31,,",                  // 3
		"anna@cliente.example,vip,,2026-06-01,2026-06-30,,",                 // 4
		"luigi@altro.example,agency,,2025-01-01,2025-12-31,,",               // 5
		"luigi@altro.example,agency,,2026-01-01,2026-12-31,yes,",            // 6
		"eva@shop.example,agency,Modulo SEO,2026-01-01,2026-12-31,,",        // 7
		"eva@shop.example,business-care,,2026-01-01,2026-12-31,,",           // 8
		"ugo@shop.example,agency,www.ugo.example,2026-01-01,2026-12-31,,",   // 9
		"@notte.example,on-call,,2026-01-01,2026-12-31,notte,",              // 10
		"pia@notte.example,agency,,2026-01-01,2026-12-31,,",                 // 11
		"ada@notte.example,agency,,2025-01-01,2025-12-31,,",                 // 12
		"ivo@notte.example,agency,,2026-01-01,2026-12-31,festivi,",          // 13
		"rosa@futuro.example,agency,,2027-01-01,2027-12-31,,",               // 14
		"zoe@cliente.example,business-care,Altro,2026-01-01,2026-12-31,no,", // 15
	)
	for _, c := range []struct {
		who, day, about string
		want            State
		line            int
		onCall, policy  string
	}{
		{"nessuno@nulla.example", "2026-06-15", "", Unknown, 0, "", ""},
		{"", "2026-06-15", "", Unknown, 0, "", ""},
		{"cliente.example", "2026-06-15", "", Unknown, 0, "", ""},
		{"x@sub.cliente.example", "2026-06-15", "", Unknown, 0, "", ""},       // a domain is that domain
		{"x@cliente.example.evil.test", "2026-06-15", "", Unknown, 0, "", ""}, // and no other
		{"x@cliente.example", "2026-06-15", "", Active, 3, "", "agency"},      // the domain's
		{"X@Cliente.EXAMPLE ", "2026-06-15", "", Active, 3, "", "agency"},     // in any case
		{"mario@cliente.example", "2026-06-15", "", Expired, 2, "", ""},       // the address goes before the domain
		{"anna@cliente.example", "2026-06-15", "", Active, 4, "", "vip"},      // it does
		{"anna@cliente.example", "2026-05-31", "", Active, 3, "", "agency"},   // but not before it began
		{"anna@cliente.example", "2026-07-01", "", Expired, 4, "", ""},        // nor gives way after it ended
		{"luigi@altro.example", "2025-12-31", "", Active, 5, "", "agency"},    // renewed
		{"luigi@altro.example", "2026-01-01", "", Active, 6, "yes", "agency"}, // from the next day
		{"luigi@altro.example", "2027-01-01", "", Expired, 6, "", ""},         // the last that ran
		{"rosa@futuro.example", "2026-12-31", "", Unknown, 0, "", ""},         // not yet
		{"rosa@futuro.example", "2027-01-01", "", Active, 14, "", "agency"},   // now
		{"eva@shop.example", "2026-06-15", "modulo  seo", Active, 7, "", "agency"},
		{"eva@shop.example", "2026-06-15", "altro", Active, 8, "", "business-care"},
		{"ugo@shop.example", "2026-06-15", "", Active, 9, "", "agency"}, // nobody knows what it is about
		{"ugo@shop.example", "2026-06-15", "https://UGO.example/it/", Active, 9, "", "agency"},
		{"ugo@shop.example", "2026-06-15", "https://altro.example/", Unknown, 0, "", ""},
		{"zoe@cliente.example", "2026-06-15", "qualcosa", Active, 3, "", "agency"}, // her own is about something else
		{"x@notte.example", "2026-06-15", "", Active, 10, "notte", ""},             // governs nothing
		{"pia@notte.example", "2026-06-15", "", Active, 11, "notte", "agency"},     // adds to her contract
		{"ada@notte.example", "2026-06-15", "", Expired, 12, "notte", ""},
		{"ivo@notte.example", "2026-06-15", "", Active, 13, "festivi", "agency"}, // his own goes first
		{"x@notte.example", "2027-06-15", "", Expired, 10, "", ""},
	} {
		at, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		s := b.Of(c.who, at, c.about)
		if s.State != c.want || s.Contract.Line != c.line || s.OnCall != c.onCall || s.Policy() != c.policy {
			t.Errorf("%s on %s about %q: %s by line %d, on call %q, policy %q; want %s %d %q %q", c.who, c.day, c.about,
				s.State, s.Contract.Line, s.OnCall, s.Policy(), c.want, c.line, c.onCall, c.policy)
		}
	}
}

// A desk without a file treats everybody alike and asks nobody.
func TestNil(t *testing.T) {
	var none *Book
	if s := none.Of("a@b.example", time.Now()); s != (Status{}) || none.All() != nil || none.Text()+none.Hash() != "" || none.Ending(time.Now(), time.Now()) != nil {
		t.Errorf("no file says %+v", s)
	}
	if d := Diff(nil, nil); !d.None() {
		t.Errorf("nothing differs from nothing: %v", d)
	}
}

func TestEnding(t *testing.T) {
	b := book(t,
		"a@b.example,agency,,2025-01-01,2025-12-31,,", // goes on
		"a@b.example,business-care,,2026-01-01,2026-12-31,,",
		"c@b.example,agency,,2026-01-01,2026-12-11,,",
		"d@b.example,agency,,2026-01-01,2026-12-11,,", // a day's gap
		"d@b.example,agency,,2026-12-13,2027-12-12,,",
		"e@b.example,agency,x,2026-01-01,2026-12-20,,", // only the agreement goes on
		"e@b.example,on-call,x,2026-12-21,2027-12-20,,",
	)
	day := func(d string) time.Time {
		at, err := time.Parse(time.DateOnly, d)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ from, to, want string }{
		{"2025-12-01", "2026-06-01", ""},
		{"2026-12-10", "2026-12-10", ""},
		{"2026-12-11", "2026-12-11", "c@b.example d@b.example"},
		{"2026-12-11", "2026-12-31", "c@b.example d@b.example e@b.example a@b.example"},
		{"2026-12-31", "2026-12-11", ""},
	} {
		var who []string
		for _, x := range b.Ending(day(c.from), day(c.to)) {
			who = append(who, x.Customer)
		}
		if got := strings.Join(who, " "); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestDiff(t *testing.T) {
	before := book(t,
		"same@b.example,agency,,2026-01-01,2026-12-31,,",
		"longer@b.example,agency,shop,2026-01-01,2026-12-31,,",
		"gone@b.example,agency,,2026-01-01,2026-12-31,,fine",
		"renewed@b.example,agency,,2026-01-01,2026-12-31,,",
	)
	after := book(t,
		"renewed@b.example,agency,,2026-01-01,2026-12-31,,",
		"renewed@b.example,agency,,2027-01-01,2027-12-31,yes,",
		"LONGER@b.example,agency,shop,01/01/2026,30/06/2027,,",
		"same@b.example,agency,,2026-01-01,2026-12-31,,",
	)
	want := Changes{
		Added:   []string{"renewed@b.example: agency 2027-01-01..2027-12-31, on call: yes"},
		Changed: []string{"longer@b.example: agency 2026-01-01..2026-12-31, shop -> longer@b.example: agency 2026-01-01..2027-06-30, shop"},
		Removed: []string{"gone@b.example: agency 2026-01-01..2026-12-31 (fine)"},
	}
	got := Diff(before, after)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.String() != "1 added, 1 changed, 1 removed" || got.None() || !Diff(before, before).None() {
		t.Errorf("%s", got)
	}
	if d := Diff(nil, after); len(d.Added) != 4 || len(Diff(after, nil).Removed) != 4 {
		t.Errorf("from nothing: %v", d)
	}
}

// any draws a file of a few contracts that may well overlap; those that do are left out by Parse.
func anyBook(t *rapid.T) *Book {
	var lines strings.Builder
	lines.WriteString(head)
	day := rapid.IntRange(0, 900)
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		who := rapid.SampledFrom([]string{"a@x.example", "b@x.example", "@x.example", "@y.example"}).Draw(t, "who")
		kind := rapid.SampledFrom([]string{"agency", "business-care", "on-call"}).Draw(t, "kind")
		product := rapid.SampledFrom([]string{"", "", "shop", "seo"}).Draw(t, "product")
		from := time.Date(2025, 1, 1+day.Draw(t, "from"), 0, 0, 0, 0, time.UTC)
		to := from.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "long"))
		fmt.Fprintf(&lines, "%s,%s,%s,%s,%s,,\n", who, kind, product, DayOf(from), DayOf(to))
	}
	b, _ := Parse([]byte(lines.String()))
	return b
}

// A status changes at local midnight and at no other instant, in any zone, also where midnight does not exist.
func TestMidnight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBook(t)
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Europe/Rome", "Atlantic/Canary", "America/Havana", "Asia/Beirut", "Pacific/Apia"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		who := rapid.SampledFrom([]string{"a@x.example", "b@x.example", "c@x.example", "c@y.example"}).Draw(t, "asked")
		at := time.Unix(rapid.Int64Range(1_735_689_600, 1_861_920_000).Draw(t, "at"), 0).In(zone)
		later := at.Add(time.Duration(rapid.Int64Range(0, 50*3600).Draw(t, "later")) * time.Second)
		s, then := b.Of(who, at), b.Of(who, later)
		if s != then && DayOf(at) == DayOf(later) {
			t.Fatalf("%s changed within %s: %+v, %+v", who, DayOf(at), s, then)
		}
		if s.State == Active && !(s.Contract.From <= DayOf(at) && DayOf(at) <= s.Contract.To) {
			t.Fatalf("active on %s by %s", DayOf(at), s.Contract)
		}
		y, m, d := at.Date()
		end := time.Date(y, m, d, 23, 59, 59, 0, zone)
		if DayOf(end) == DayOf(at) && b.Of(who, end) != s {
			t.Fatalf("%s changed before midnight", who)
		}
	})
}

// Lines for the address itself decide alone: those for its domain can be taken out and nothing changes.
func TestExactBeatsDomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBook(t)
		at := time.Date(2025, 1, 1+rapid.IntRange(0, 1400).Draw(t, "day"), 12, 0, 0, 0, time.UTC)
		var own []Contract
		for _, c := range b.All() {
			if c.Customer == "a@x.example" {
				own = append(own, c)
			}
		}
		alone := newBook("", own).Of("a@x.example", at)
		if got := b.Of("a@x.example", at); alone.State != Unknown && !alone.Contract.extra() && (got.State != alone.State || got.Contract != alone.Contract) {
			t.Fatalf("alone %+v, with the domain's %+v", alone, got)
		}
	})
}

// No two contracts of a book hold for the same matter on the same day, so the order of lines never decides; and a file differs
// from itself in nothing.
func TestNoClash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := anyBook(t).All()
		for i, a := range all {
			for _, b := range all[:i] {
				if sameMatter(a, b) && a.From <= b.To && b.From <= a.To {
					t.Fatalf("%s and %s", a, b)
				}
			}
		}
		slices.Reverse(all)
		if d := Diff(newBook("", all), newBook("", all)); !d.None() {
			t.Fatal(d)
		}
	})
}

// Whatever the bytes: no panic, lines that exist, and what was taken is taken again when the book is written out.
func FuzzParse(f *testing.F) {
	f.Add([]byte(head + "a@b.example,agency,,2026-01-01,2026-12-31,,\n"))
	f.Add([]byte("sep=;\r\nCustomer;Kind;Site;From;To;On call\r\n@b.example;on call;www.b.example;1/1/2026;31.12.2026;notte\r\n"))
	f.Add([]byte("\ufeff\"customer\"\tkind\tfrom\tto\n\"a@b.example\n"))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, problems := Parse(data)
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Text == "" {
				t.Fatalf("%+v of %d lines", p, lines)
			}
		}
		if len(problems) == 0 && b.Text() != string(data) {
			t.Fatal("the text is not the file's")
		}
		var again strings.Builder
		again.WriteString(head)
		for _, c := range b.All() {
			fmt.Fprintf(&again, "%q,%s,%s,%s,%s,%s,%s\n", c.Customer, cell(c.Kind), cell(c.Product), c.From, c.To, cell(c.OnCall), cell(c.Note))
		}
		if b2, problems := Parse([]byte(again.String())); len(problems) > 0 || !Diff(b, b2).None() {
			t.Fatalf("%v\n%s", problems, again.String())
		}
	})
}

func cell(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// A year's worth of customers is read and asked in no time: the figure is for the report of a change.
func BenchmarkOf(b *testing.B) {
	var lines strings.Builder
	lines.WriteString(head)
	for i := range 10000 {
		fmt.Fprintf(&lines, "c%d@b%d.example,agency,,2026-01-01,2026-12-31,,\n", i, i%100)
	}
	data := []byte(lines.String())
	at := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			Parse(data)
		}
	})
	book, _ := Parse(data)
	b.Run("of", func(b *testing.B) {
		for b.Loop() {
			book.Of("c77@b77.example", at)
		}
	})
}
