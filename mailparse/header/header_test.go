package header

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"replyby/mailparse/problem"
)

func TestParseBadHeaders(t *testing.T) {
	tests := []struct {
		name, raw string
		fields    []Field
		body      string
	}{
		{"no colon between fields", "A: b\nrubbish\nC: d\n\nx", []Field{{"A", "b"}, {"C", "d"}}, "x"},
		{"body without empty line", "A: b\nHello there,\nI am a body\nof lines\nwithout end\n", []Field{{"A", "b"}}, "Hello there,\nI am a body\nof lines\nwithout end\n"},
		{"one body line without empty line", "A: b\nHello", []Field{{"A", "b"}}, "Hello"},
		{"boundary without empty line", "A: b\n--x\nC: d\n\n", []Field{{"A", "b"}}, "--x\nC: d\n\n"},
		{"blank line that is not empty", "A: b\n \nHello", []Field{{"A", "b"}}, "Hello"},
		{"blank line within a folded value", "A: b\n \n c\n\nHello", []Field{{"A", "b  c"}}, "Hello"},
		{"parameter without indent", "Content-Type: multipart/mixed;\nboundary=x\n\nt", []Field{{"Content-Type", "multipart/mixed;boundary=x"}}, "t"},
		{"trace line without indent", "Received: from a\nby b; date\nC: d\n\n", []Field{{"Received", "from aby b; date"}, {"C", "d"}}, ""},
		{"blank before the colon", "From : a@b\n\n", []Field{{"From", "a@b"}}, ""},
		{"name with a blank", "quite From: a@b\nA: b\n\n", []Field{{"A", "b"}}, ""},
		{"name of 8-bit bytes", "Fr\xf6m: a@b\nA: b\n\n", []Field{{"A", "b"}}, ""},
		{"only a body", "\nA: b", nil, "A: b"},
		{"nothing", "", nil, ""},
		{"ordinary", "A: b\r\nC: d\r\n e\r\n\r\nx\r\n", []Field{{"A", "b"}, {"C", "d e"}}, "x\r\n"},
	}
	for _, tt := range tests {
		h, body := Parse([]byte(tt.raw), nil)
		if diff := cmp.Diff(tt.fields, h.Fields); diff != "" || string(body) != tt.body {
			t.Errorf("%s: body %q, fields %s", tt.name, body, diff)
		}
	}
}

func TestParsePartWithoutHeader(t *testing.T) {
	for raw, want := range map[string]string{"just text\nmore": "just text\nmore", "\ntext": "text", "A: b\n\ntext": "text", "  \ntext": "text", "": ""} {
		if _, body := ParsePart([]byte(raw), nil); string(body) != want {
			t.Errorf("%q: body %q, want %q", raw, body, want)
		}
	}
}

func TestRepeatedFieldsAreCountedAndTopmostWins(t *testing.T) {
	h, _ := Parse([]byte("From: evil@x\nfrom: good@y\nSubject: a\n\n"), nil)
	if h.Count("FROM") != 2 || h.Get("From") != "evil@x" || !slices.Equal(h.All("From"), []string{"evil@x", "good@y"}) || h.Has("To") {
		t.Errorf("got %+v", h)
	}
}

func TestDecode(t *testing.T) {
	tests := map[string]string{
		"=?utf-8?q?unended":                        "=?utf-8?q?unended",
		"=?utf-8?x?a?=":                            "=?utf-8?x?a?=",
		"=?nowhere?q?a=E4?=":                       "a\uFFFD",
		"=?utf-8?q?a b c?=":                        "a b c",
		"=?utf-8?q?=C3?= =?utf-8?q?=A4?=":          "ä",
		"=?utf-8?B?w6Q?=":                          "ä",
		"=?utf-8?B?w6Q=?=x":                        "äx",
		"=?iso-8859-1*de?q?=E4?=":                  "ä",
		"=?unicode-1-1-utf-7?q?a+AOQ-?=":           "aä",
		"=?utf-8?q?a?=  =?utf-8?q?b?=":             "ab",
		"=?utf-8?q?a?= b =?utf-8?q?c?=":            "a b c",
		"=?utf-8?q?why??=":                         "why?",
		"=?utf-8?q?a=0D=0ABcc:_x?=":                "a Bcc: x",
		"=?utf-8?q?=00a=1B[2J?=":                   "a[2J",
		"caf\xe9":                                  "café",
		"café":                                     "café",
		"=?ISO-2022-JP?B?GyRCJCIbKEI=?=":           "あ",
		"=?gb2312?B?xOO6ww==?= =?us-ascii?q?_ok?=": "你好 ok",
	}
	for raw, want := range tests {
		if got := Decode(raw); got != want {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	}
}

func TestParseAddresses(t *testing.T) {
	one := func(name, addr string) []Address { return []Address{{name, addr}} }
	tests := []struct {
		raw  string
		want []Address
	}{
		// shapes that try to look like somebody else
		{`"alice@ours.example" <m@evil.example>`, one("alice@ours.example", "m@evil.example")},
		{`=?utf-8?q?alice=40ours.example?= <m@evil.example>`, one("alice@ours.example", "m@evil.example")},
		{`=?utf-8?q?alice=40ours.example?=`, nil},
		{`=?utf-8?q?alice?=@ours.example`, nil},
		{`<=?utf-8?q?alice?=@ours.example>`, one("", "=?utf-8?q?alice?=@ours.example")},
		{`"user@ours.example"@evil.example`, one("", `"user@ours.example"@evil.example`)},
		{`alice@ours.example <m@evil.example>`, one("alice@ours.example", "m@evil.example")},
		{`m@evil.example (alice@ours.example)`, one("alice@ours.example", "m@evil.example")},
		{`<alice@ours.example> <m@evil.example>`, []Address{{"", "alice@ours.example"}, {"", "m@evil.example"}}},
		{`alіce@ours.example`, one("", "alіce@ours.example")},
		// dirt
		{`MAILER-DAEMON (Mail Delivery System)`, one("Mail Delivery System", "MAILER-DAEMON")},
		{`Mail Delivery System`, nil},
		{`<>`, nil},
		{``, nil},
		{`undisclosed-recipients:;`, nil},
		{`a@b c@d`, []Address{{"a@b", "c@d"}}},
		{`"Unclosed <a@b>`, one("Unclosed", "a@b")},
		{`Name <a@b`, one("Name", "a@b")},
		{`Name <<a@b>>`, one("Name", "a@b")},
		{`Doe, John <j@d>`, []Address{{"", "Doe"}, {"John", "j@d"}}},
		{`<@relay.example:a@b>`, one("", "a@b")},
		{`mailto:a@b`, one("", "a@b")},
		{`'Name' <a@b>`, one("Name", "a@b")},
		{"N\xe4me <a@b>", one("Näme", "a@b")},
		{`=?utf-8?q?Doe,_John?= <j@d>`, one("Doe, John", "j@d")},
		// order
		{`Zoë <Zoe@EXAMPLE.Org>`, one("Zoë", "Zoe@example.org")},
		{`"Doe, \"J\"" <j@d>, k@e`, []Address{{`Doe, "J`, "j@d"}, {"", "k@e"}}},
		{`Team: a@b, c@d;, e@f`, []Address{{"", "a@b"}, {"", "c@d"}, {"", "e@f"}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, ParseAddresses(tt.raw)); diff != "" {
			t.Errorf("%s: %s", tt.raw, diff)
		}
	}
}

func TestGroupIsNoPerson(t *testing.T) {
	h, _ := Parse([]byte("From: Team: alice@ours.example;\nTo: Team: a@b, c@d;\n\n"), nil)
	var report problem.List
	if got := h.Addresses("From", &report); len(got) != 0 || len(report.All()) == 0 || report.All()[0].Code != problem.AddressGroup {
		t.Errorf("From %v, problems %v", got, report.All())
	}
	if got := h.Addresses("To", nil); len(got) != 2 {
		t.Errorf("To %v", got)
	}
}

func TestAddressParts(t *testing.T) {
	a := Address{"N", `"x@y"@d.example`}
	if a.Local() != `"x@y"` || a.Domain() != "d.example" || !a.ASCII() || a.String() != `N <"x@y"@d.example>` {
		t.Errorf("got %q %q %v %q", a.Local(), a.Domain(), a.ASCII(), a)
	}
	if (Address{"", "alіce@d"}).ASCII() {
		t.Error("a Cyrillic letter counts as ASCII")
	}
}

func TestIDs(t *testing.T) {
	tests := []struct {
		raw   string
		want  []string
		clean bool
	}{
		{"<a@b><c@d>", []string{"a@b", "c@d"}, true},
		{"<a@b>, c@d", []string{"a@b", "c@d"}, false},
		{"<GLPI-Ticket-1>", []string{"GLPI-Ticket-1"}, false},
		{"<a@ b.example>", []string{"a@b.example"}, false},
		{"a@b", []string{"a@b"}, false},
		{"<>", nil, true},
		{"", nil, true},
		{"your mail of Monday", nil, true},
	}
	for _, tt := range tests {
		if ids, clean := IDs(tt.raw); !slices.Equal(ids, tt.want) || clean != tt.clean {
			t.Errorf("%q: got %q, %v", tt.raw, ids, clean)
		}
	}
	if id, clean := ID("20240101.no-at-sign"); id != "20240101.no-at-sign" || clean {
		t.Errorf("got %q, %v", id, clean)
	}
	if ids, _ := IDs(strings.Repeat("<a@b> ", 1000) + "<z@z>"); len(ids) != MaxIDs || ids[MaxIDs-1] != "z@z" {
		t.Errorf("%d ids", len(ids))
	}
}

func TestDate(t *testing.T) {
	want := time.Date(2026, 11, 23, 15, 4, 5, 0, time.UTC)
	for _, raw := range []string{
		"Mon, 23 Nov 2026 16:04:05 +0100", "23 Nov 2026 16:04:05 +0100 (CET)", "Mon, 23 Nov 2026 16:04:05 CET", "Mon Nov 23 15:04:05 2026",
		"Mon, 23 Nov 26 15:04:05 GMT", "2026-11-23T16:04:05+01:00", "Mon,23 Nov 2026 10:04:05 EST", "23-Nov-2026 16:04:05 +01:00",
		"Monday, November 23, 2026 4:04:05 PM +0100", "Mon, 23 Nov 2026 16:04:05+0100",
	} {
		if got, ok := Date(raw); !ok || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q: got %v, %v", raw, got, ok)
		}
	}
	for _, raw := range []string{"", "yesterday", "Mon, 23 Nov", "2026", "%DATE%", "32 Foo 2026 1:2:3", strings.Repeat("1 ", 1000)} {
		if got, ok := Date(raw); ok {
			t.Errorf("%q: got %v", raw, got)
		}
	}
}

func TestHops(t *testing.T) {
	h, _ := Parse([]byte("Received: from [192.0.2.1] (helo=x by evil.example with LMTP)\n by MX.ours.example (Postfix) with ESMTPSA id 1\n"+
		" for <a@b>; Mon, 23 Nov 2026 16:04:05 +0100 (CET)\nReceived: (qmail 1 invoked by uid 2); 23 Nov 2026 15:04:04 -0000\nReceived: junk\n\n"), nil)
	got := h.Hops()
	if len(got) != 3 || got[0].From != "192.0.2.1" || got[0].By != "mx.ours.example" || got[0].With != "esmtpsa" || got[0].At.Hour() != 15 {
		t.Errorf("got %+v", got)
	}
	if got[1].By != "" || got[1].At.IsZero() || !got[2].At.IsZero() {
		t.Errorf("got %+v", got[1:])
	}
}

func TestParams(t *testing.T) {
	tests := []struct {
		raw, value string
		params     map[string]string
	}{
		{`text/plain; name=two words.txt; charset=utf-8`, "text/plain", map[string]string{"name": "two words.txt", "charset": "utf-8"}},
		{`text/plain; name="unended; charset=utf-8`, "text/plain", map[string]string{"name": "unended", "charset": "utf-8"}},
		{`attachment; filename="=?utf-8?q?a=C3=A4?="`, "attachment", map[string]string{"filename": "aä"}},
		{"attachment; filename=\"caf\xe9\"", "attachment", map[string]string{"filename": "café"}},
		{`attachment; filename*=utf-8''a%C3%A4; filename=x`, "attachment", map[string]string{"filename": "aä"}},
		{`attachment; filename*1*=%A4; filename*0*=utf-8'de'%C3; filename*2=.txt`, "attachment", map[string]string{"filename": "ä.txt"}},
		{`attachment; filename="..\\..\\a"`, "attachment", map[string]string{"filename": `..\..\a`}},
		{`attachment; filename="C:\dir\a.txt"`, "attachment", map[string]string{"filename": `C:\dir\a.txt`}},
		{`TEXT/Plain> ; a=b; A=c`, "text/plain", map[string]string{"a": "b"}},
		{`text/plain (with; comment)`, "text/plain", map[string]string{}},
		{`;;=`, "", map[string]string{}},
		{``, "", map[string]string{}},
	}
	for _, tt := range tests {
		value, params, _ := Params(tt.raw)
		if diff := cmp.Diff(tt.params, params); value != tt.value || diff != "" {
			t.Errorf("%s: %q %s", tt.raw, value, diff)
		}
	}
}

func TestGroups(t *testing.T) {
	got := Groups([]byte("\n\nA: b\n\nrubbish\n\n\r\nC: d\nE: f"))
	if len(got) != 2 || got[0].Raw("A") != "b" || got[1].Raw("E") != "f" {
		t.Errorf("got %+v", got)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte("From: a@b\r\nReceived: from a by b; 1 Jan 2026 1:2:3 +0100\r\n x\r\n\r\nbody"))
	f.Add([]byte("rubbish\n --x\n: \nA :b"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, body := Parse(raw, nil)
		if len(body) > len(raw) {
			t.Fatal("the body grew")
		}
		for _, field := range h.Fields {
			clean(t, h.Get(field.Name))
		}
		for _, hop := range h.Hops() {
			clean(t, hop.From+hop.By+hop.With+hop.Raw)
		}
		Groups(raw)
	})
}

func FuzzAddresses(f *testing.F) {
	for _, raw := range []string{`"a" <b@c>, d@e (f)`, `=?utf-8?q?a?= <b@c>`, `g: a@b;`, `<"`, `((`, `"\`} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, a := range ParseAddresses(raw) {
			clean(t, a.Name)
			clean(t, a.Addr)
			if a.Addr == "" {
				t.Error("an address without address")
			}
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, raw := range []string{"=?utf-8?b?w6Q=?=", "<a@b> <c", "Mon, 23 Nov 2026 16:04:05 +0100", `a/b; c*0*=utf-8''%41; d="e\"`} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean(t, Decode(raw))
		ids, _ := IDs(raw)
		id, _ := ID(raw)
		clean(t, strings.Join(append(ids, id), ""))
		value, params, _ := Params(raw)
		clean(t, value)
		for _, v := range params {
			clean(t, v)
		}
		if at, ok := Date(raw); ok && !at.Equal(at.Truncate(time.Microsecond)) {
			t.Errorf("%v is finer than a microsecond", at)
		}
	})
}

// clean asserts that text is valid UTF-8 in one line.
func clean(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("not clean: %q", text)
	}
}
