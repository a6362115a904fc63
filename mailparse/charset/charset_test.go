package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"replyby/mailparse/problem"
)

func TestUnknownCharsetIsReadAndSaid(t *testing.T) {
	for _, label := range []string{"fakescii", "badcharset", "x-made-up", "..", "utf-99"} {
		var report problem.List
		got := Decode(label, []byte("caf\xe9 ok"), &report)
		if got != "caf\uFFFD ok" || len(report.All()) != 1 || report.All()[0].Code != problem.CharsetUnknown {
			t.Errorf("%s: %q, %v", label, got, report.All())
		}
	}
}

func TestWrongCharsetIsSaid(t *testing.T) {
	tests := []struct{ label, data, want string }{
		{"", "caf\xe9", "café"},
		{"us-ascii", "caf\xe9", "café"},
		{"us-ascii", "caf\xc3\xa9", "café"},
		{"iso-8859-1", "caf\xc3\xa9", "café"},
		{"utf-8", "caf\xe9", "café"},
		{"utf-8", "é caf\xe9", "é caf\uFFFD"},
	}
	for _, tt := range tests {
		var report problem.List
		if got := Decode(tt.label, []byte(tt.data), &report); got != tt.want || len(report.All()) != 1 || report.All()[0].Code != problem.CharsetWrong {
			t.Errorf("%s %q: %q, %v", tt.label, tt.data, got, report.All())
		}
	}
}

func TestMisnamed(t *testing.T) {
	tests := []struct{ label, data, want string }{
		{"unicode-1-1-utf-7", "Hi Mom -+Jjo--!", "Hi Mom -☺-!"},
		{"utf-7", "1 +- 1 +AOQ-", "1 + 1 ä"},
		{"cp932", "\x82\xa0", "あ"},
		{"iso-gb2312", "\xc4\xe3", "你"},
		{"x-ias-german", "\xe4", "ä"},
		{"iso-8859-2*sl", "\xe8", "č"},
		{"iso8859_2", "\xe8", "č"},
		{"us-askey", "abc", "abc"},
		{"charset=us-ascii", "abc", "abc"},
		{"\"utf8\"", "é", "é"},
		{"cp-850", "\x82", "é"},
		{"ansi", "\x80", "€"},
		{"win-1251", "\xcf", "П"},
		{"ks_c_5601-1987", "\xb0\xa1", "가"},
		{"iso-2022-kr", "\x1b$)C\x0e0!\x0f a", "가 a"},
		{"iso-2022-cn", "\x1b$)A\x0eDc\x0f a", "你 a"},
		{"hz-gb-2312", "~{Dc~} a", "你 a"},
		{"iso-2022-jp", "\x1b$B$\"\x1b(B a", "あ a"},
		{"utf-16", "\xff\xfea\x00", "a"},
		{"utf-16", "a\x00b\x00", "ab"},
		{"utf-16", "\x00a\x00b", "ab"},
		{"utf-32", "\x00\x00\x00a", "a"},
		{"koi8r", "\xf0", "П"},
		{"macintosh", "\x8e", "é"},
	}
	for _, tt := range tests {
		var report problem.List
		if got := Decode(tt.label, []byte(tt.data), &report); got != tt.want || len(report.All()) != 0 {
			t.Errorf("%s: %q, want %q, %v", tt.label, got, tt.want, report.All())
		}
	}
}

// TestWholeIndex encodes a text in every charset of the WHATWG index and reads it back.
func TestWholeIndex(t *testing.T) {
	labels := strings.Fields("utf-8 ibm866 iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 " +
		"iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874 windows-1250 " +
		"windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic " +
		"gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr utf-16be utf-16le x-user-defined latin1 l2 cyrillic arabic greek hebrew")
	for _, label := range labels {
		enc, err := htmlindex.Get(label)
		if err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		for _, text := range []string{"plain words", "é", "č", "Ж", "ש", "ع", "λ", "ğ", "ų", "ก", "你", "あ", "가"} {
			data, err := enc.NewEncoder().Bytes([]byte(text))
			if err != nil {
				continue // not a letter of this charset
			}
			var report problem.List
			if got := Decode(label, data, &report); got != text || len(report.All()) != 0 {
				t.Errorf("%s: %q read as %q, %v", label, text, got, report.All())
			}
		}
	}
}

func TestSanitise(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\x1b[2Jc\x7f\u0085": "ab[2Jc",
		"a\r\nb\rc\fd":             "a\nb\nc\nd",
		"\uFEFFa\tb":               "a\tb",
		"\xff\xc0":                 "\uFFFD\uFFFD",
		"a\r":                      "a\n",
		"clean é":                  "clean é",
		"":                         "",
	} {
		if got := Sanitise(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, label := range []string{"utf-7", "utf-16", "iso-2022-jp", "iso-2022-kr", "hz", "gb18030", "", "x", "utf-8", "ibm037"} {
		f.Add(label, []byte("+AOQ-\x1b$B$\"\x0e\xff\xfe~{"))
	}
	f.Fuzz(func(t *testing.T, label string, data []byte) {
		got := Decode(label, data, nil)
		if !utf8.ValidString(got) || got != Sanitise(got) {
			t.Errorf("%q: not clean: %q", label, got)
		}
	})
}
