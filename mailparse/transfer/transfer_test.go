package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"replyby/mailparse/problem"
)

func TestDamage(t *testing.T) {
	tests := []struct {
		enc      Encoding
		in, want string
		damaged  bool
	}{
		{Base64, "aGVs*bG8=", "hello", true},
		{Base64, "aGVsbG8", "hello", true},
		{Base64, "aGVsbG8=aGVsbG8=", "hellohello", false},
		{Base64, "aGVs\r\n bG8= \r\n", "hello", false},
		{Base64, "a\nG\nV\ns\nbG8=", "hello", false},
		{Base64, "aGVsbG8=\n-- footer added by a list", "hello", true},
		{Base64, "", "", false},
		{QuotedPrintable, "a=ZZ b=", "a=ZZ b", true},
		{QuotedPrintable, "a=3D=\r\nb  \r\nc", "a=b\r\nc", false},
		{QuotedPrintable, "=C3=a9=\n", "é", false},
		{UUEncode, "no begin", "no begin", true},
		{UUEncode, "begin 644 a\n#86)C\n`\nend\n", "abc", false},
		{Identity, "a=3D", "a=3D", false},
	}
	for _, tt := range tests {
		var report problem.List
		got := Decode(tt.enc, []byte(tt.in), &report)
		if tt.enc == Base64 && len(got) > len(tt.want) && tt.damaged { // letters of a footer are letters
			got = got[:len(tt.want)]
		}
		if string(got) != tt.want || len(report.All()) > 0 != tt.damaged {
			t.Errorf("%s %q: got %q, %v", tt.enc, tt.in, got, report.All())
		}
	}
}

func TestName(t *testing.T) {
	tests := []struct {
		value string
		want  Encoding
		known bool
	}{
		{"7-bit", Identity, false}, {"8bits", Identity, false}, {"plain", Identity, false}, {"text/html", Identity, false},
		{"base9000", Identity, false}, {"=?utf-8?Q?8bit?=", Identity, false}, {"quoted printable", QuotedPrintable, false},
		{"quoted-printable;", QuotedPrintable, true}, {" Base64 ", Base64, true}, {"x-uue", UUEncode, true}, {"", Identity, true},
	}
	for _, tt := range tests {
		if got, known := Name(tt.value); got != tt.want || known != tt.known {
			t.Errorf("%q: got %q, %v", tt.value, got, known)
		}
	}
}

func TestSplitUU(t *testing.T) {
	tests := []struct {
		in, rest string
		files    int
	}{
		{"begin 644 story\nOnce upon a time.\n", "begin 644 story\nOnce upon a time.\n", 0},
		{"let us begin 644 a\n", "let us begin 644 a\n", 0},
		{"a\nbegin 644 b.txt\n#86)C\n`\nend\nc\n", "a\nc\n", 1},
		{"begin 644 b\n#86)C\n", "", 1},
		{"begin 644 b\r\n#86)C\r\n`\r\nend\r\nbegin 755 c\n#86)C\nend\n", "", 2},
	}
	for _, tt := range tests {
		files, rest := SplitUU([]byte(tt.in))
		if len(files) != tt.files || string(rest) != tt.rest {
			t.Errorf("%q: %d files, rest %q", tt.in, len(files), rest)
		}
		for _, f := range files {
			if string(f.Data) != "abc" {
				t.Errorf("%q: data %q", tt.in, f.Data)
			}
		}
	}
}

// TestRoundTrip decodes what the standard library encodes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		width := rapid.IntRange(1, 80).Draw(t, "width")
		var folded, qp bytes.Buffer
		for text := base64.StdEncoding.EncodeToString(data); text != ""; {
			n := min(width, len(text))
			folded.WriteString(text[:n] + "\r\n")
			text = text[n:]
		}
		w := quotedprintable.NewWriter(&qp)
		w.Binary = true
		_, _ = w.Write(data)
		_ = w.Close()
		var report problem.List
		if got := Decode(Base64, folded.Bytes(), &report); !bytes.Equal(got, data) {
			t.Fatalf("base64: got %q", got)
		}
		if got := Decode(QuotedPrintable, qp.Bytes(), &report); !bytes.Equal(got, data) {
			t.Fatalf("quoted-printable: got %q", got)
		}
		if len(report.All()) != 0 {
			t.Fatalf("problems %v", report.All())
		}
	})
}

// measures holds Measure against Decode.
func measures(t *testing.T, enc Encoding, data []byte) {
	t.Helper()
	var decoding, measuring problem.List
	content := Decode(enc, data, &decoding)
	size, sum := Measure(enc, data, &measuring)
	if size != len(content) || sum != sha256.Sum256(content) || !slices.Equal(decoding.All(), measuring.All()) {
		t.Errorf("%s %.40q: %d bytes measured as %d, problems %v and %v", enc, data, len(content), size, decoding.All(), measuring.All())
	}
}

// TestMeasure: files longer than a piece, in order, in one line, and damaged on the way.
func TestMeasure(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", " \n", ""} {
		file := strings.Repeat(strings.Repeat("QUJD", 19)+end, 200)
		for _, data := range []string{"", "\n", file, file + "QQ==", file + "Q", file + "*" + file, file + "QQ==" + end + file, "Q" + file} {
			measures(t, Base64, []byte(data))
			measures(t, QuotedPrintable, []byte(data))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("base64", []byte("aGVsbG8=*"))
	f.Add("quoted-printable", []byte("=C3=\r\n=zz"))
	f.Add("x-uuencode", []byte("begin 644 a\n#86)C\n`\nend\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		enc, _ := Name(name)
		if out := Decode(enc, data, nil); len(out) > len(data) {
			t.Errorf("%s: %d bytes became %d", enc, len(data), len(out))
		}
		measures(t, enc, data)
		if _, rest := SplitUU(data); len(rest) > len(data) {
			t.Error("the text grew")
		}
	})
}
