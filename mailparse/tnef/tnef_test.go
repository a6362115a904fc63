package tnef

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// build makes a winmail.dat; attributes are pairs of an id and its data.
func build(attributes ...any) []byte {
	out := binary.LittleEndian.AppendUint32(nil, signature)
	out = append(out, 1, 0)
	for i := 0; i < len(attributes); i += 2 {
		data := attributes[i+1].([]byte)
		out = append(out, 2)
		out = binary.LittleEndian.AppendUint16(out, uint16(attributes[i].(int)))
		out = append(out, 6, 0)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
		out = append(append(out, data...), 0, 0)
	}
	return out
}

// list makes a property list; each property is written by one of the functions below.
func list(props ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(props))), bytes.Join(props, nil)...)
}

func valued(kind, id uint16, value string) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, id)
	if id >= 0x8000 {
		out = append(out, make([]byte, 24)...) // GUID, kind 0, number
	}
	out = binary.LittleEndian.AppendUint32(out, 1)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(value)))
	return append(append(out, value...), make([]byte, -len(value)&3)...)
}

func sample() []byte {
	return build(
		attOemCodepage, []byte{0xe4, 4, 0, 0, 0, 0, 0, 0}, // 1252
		attMAPIProps, list([]byte{3, 0, 1, 0x50, 9, 9, 9, 9}, valued(typeString, 0x8001, "named"), valued(typeString, propBody, "caf\xe9\x00"), valued(typeBinary, propHTML, "<p>x")),
		attAttachRenddata, []byte{}, attAttachTitle, []byte("SHORT~1.TXT\x00"), attAttachData, []byte("abc"),
		attAttachment, list(valued(typeUnicode, propLongFilename, "l\x00o\x00n\x00g\x00"), valued(typeString, propMIMEType, "Text/Plain\x00")),
		attAttachRenddata, []byte{}, attAttachTitle, []byte("b.eml\x00"), attAttachment, list(valued(typeObject, propAttachData, "0123456789abcdefobject")),
	)
}

func TestParse(t *testing.T) {
	got, whole := Parse(sample())
	want := Message{Text: "café", HTML: "<p>x", Files: []File{{"long", "text/plain", []byte("abc")}, {"b.eml", "", []byte("object")}}}
	if diff := cmp.Diff(want, got); diff != "" || !whole {
		t.Errorf("whole %v: %s", whole, diff)
	}
}

func TestCutOffAnywhere(t *testing.T) {
	raw := sample()
	for n := range raw {
		got, whole := Parse(raw[:n])
		if len(got.Files) > 2 || whole && n < 6 {
			t.Errorf("cut at %d: %+v, %v", n, got, whole)
		}
	}
}

func TestHostileSizes(t *testing.T) {
	huge := []byte{0xff, 0xff, 0xff, 0xff}
	for name, raw := range map[string][]byte{
		"attribute": append(build()[:6], 2, 0x0f, 0x80, 6, 0, 0xff, 0xff, 0xff, 0xff),
		"count":     build(attMAPIProps, huge),
		"values":    build(attMAPIProps, append(list([]byte{0x02, 0x11, 0, 0x10}), huge...)),
		"nulls":     build(attMAPIProps, append(list([]byte{0x01, 0x10, 0, 0x10}), huge...)),
		"not tnef":  []byte("\x89PNG\r\n"),
		"many":      build(append([]any{attAttachTitle, []byte("x")}, repeat(attAttachRenddata, 2*MaxFiles)...)...),
	} {
		if got, _ := Parse(raw); len(got.Files) > MaxFiles || strings.Contains(got.Text, "\x00") {
			t.Errorf("%s: %d files", name, len(got.Files))
		}
	}
}

func repeat(id, n int) (all []any) {
	for range n {
		all = append(all, id, []byte{})
	}
	return all
}

func FuzzParse(f *testing.F) {
	f.Add(sample())
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, _ := Parse(raw)
		for _, file := range got.Files {
			if len(file.Data) > len(raw) {
				t.Error("an attachment longer than the file")
			}
		}
	})
}
