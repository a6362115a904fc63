package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"replyby/ticket"
)

func unzip(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, f := range unzipped(t, b) {
		files[f.Path] = f.data
	}
	return files
}

// unzipped are the files of an archive in their order.
func unzipped(t testing.TB, b []byte) []File {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var files []File
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Path: f.Name, data: data})
	}
	return files
}

func packed(t testing.TB, files []File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pack(&b, files); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func names(found []Finding, file string) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.File == file })
}

// One bit of any byte of any file, flipped in an archive that is otherwise whole: the file is named.
func TestEveryFlipIsNamed(t *testing.T) {
	files := unzipped(t, archive(t, story(t, "it")))
	for i, f := range files {
		for n, at := range []int{0, len(f.data) / 3, len(f.data) / 2, len(f.data) - 1} {
			spoilt := slices.Clone(files)
			spoilt[i].data = bytes.Clone(f.data)
			spoilt[i].data[at] ^= 1 << n
			if found := verify(packed(t, spoilt)); !names(found, f.Path) {
				t.Errorf("bit %d of byte %d of %s: %v", n, at, f.Path, found)
			}
		}
	}
}

// A file that is gone, one more, one twice, none at all: each is named.
func TestFilesComeAndGo(t *testing.T) {
	files := unzipped(t, archive(t, story(t, "it")))
	for i, f := range files {
		if found := verify(packed(t, slices.Delete(slices.Clone(files), i, i+1))); !names(found, f.Path) {
			t.Errorf("without %s: %v", f.Path, found)
		}
		if found := verify(packed(t, append(slices.Clone(files), f))); !names(found, f.Path) {
			t.Errorf("with a second %s: %v", f.Path, found)
		}
	}
	if found := verify(packed(t, append(slices.Clone(files), File{Path: "letter/999.eml", data: []byte("x")}))); !names(found, "letter/999.eml") {
		t.Errorf("with a stray file: %v", found)
	}
	if found := verify(packed(t, nil)); len(found) == 0 {
		t.Error("an empty archive is good")
	}
}

// Bytes of the archive itself: whatever is flipped, Verify says so or all files are still what they were. It never panics.
func TestFlipsOfTheArchive(t *testing.T) {
	b := archive(t, story(t, "it"))
	want := unzip(t, b)
	dice := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		spoilt := bytes.Clone(b)
		at := dice.IntN(len(b))
		spoilt[at] ^= 1 << dice.IntN(8)
		if len(verify(spoilt)) > 0 {
			continue
		}
		for name, data := range unzip(t, spoilt) {
			if !bytes.Equal(data, want[name]) {
				t.Fatalf("byte %d flipped changes %s, and nothing is found", at, name)
			}
		}
	}
}

// A forger who repairs manifest and sums still has the log against him.
func TestRepairedForgeryIsFound(t *testing.T) {
	swap := func(from, to string) func([]File) {
		return func(files []File) {
			for i, f := range files {
				files[i].data = bytes.ReplaceAll(f.data, []byte(from), []byte(to))
			}
		}
	}
	only := func(name string, forge func([]File)) func([]File) {
		return func(files []File) {
			i := slices.IndexFunc(files, func(f File) bool { return f.Path == name })
			forge(files[i : i+1])
		}
	}
	for name, c := range map[string]struct {
		forge func([]File)
		want  string
	}{
		"the words of a letter":      {only("letter/001.eml", swap("Rinnovo subito", "Rinnovo domani")), "letter/001.eml"},
		"the request":                {only("request/001.eml", swap("non va", "va bene")), "request/001.eml"},
		"the instant of an approval": {only(nameLog, swap("2026-11-23T14:20:00Z", "2026-11-23T14:10:00Z")), nameLog},
		"an instant, chain as well":  {swap("2026-11-23T14:20:00Z", "2026-11-23T14:10:00Z"), nameChain},
		"words of a body":            {only(nameLog, swap("dkim pass", "dkim good")), nameLog},
		"who approved":               {only(nameLog, swap(`"actor":"anna@`, `"actor":"hans@`)), nameLog},
		"a record left out":          {only(nameLog, func(f []File) { f[0].data = without(f[0].data, `"kind":"bounced"`) }), nameLog},
		"a record left out of both": {func(files []File) {
			for i, f := range files {
				if f.Path == nameLog || f.Path == nameChain {
					files[i].data = without(f.data, `"kind":"bounced"`)
				}
			}
		}, nameChain},
		"a field nobody reads":    {only(nameLog, swap(`{"desk"`, `{"extra":1,"desk"`)), nameLog},
		"the log of another desk": {only(nameLog, swap(`{"desk":"assistenza"`, `{"desk":"vendite"`)), nameLog},
	} {
		t.Run(name, func(t *testing.T) {
			files := unzipped(t, archive(t, story(t, "it")))
			c.forge(files)
			if found := verify(packed(t, repair(t, files))); !names(found, c.want) {
				t.Errorf("found %v, want something about %s", found, c.want)
			}
		})
	}
}

// without leaves out the line with some words.
func without(data []byte, words string) []byte {
	var kept []byte
	for line := range bytes.Lines(data) {
		if !bytes.Contains(line, []byte(words)) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// repair makes manifest and sums agree with the files, as a forger would.
func repair(t *testing.T, files []File) []File {
	t.Helper()
	var m Manifest
	at := slices.IndexFunc(files, func(f File) bool { return f.Path == nameManifest })
	if err := json.Unmarshal(files[at].data, &m); err != nil {
		t.Fatal(err)
	}
	for i, f := range m.Files {
		data := files[slices.IndexFunc(files, func(x File) bool { return x.Path == f.Path })].data
		m.Files[i].Size, m.Files[i].SHA256 = len(data), ticket.Sum(data)
		if f.Path == nameLog {
			m.Records = strings.Count(string(data), "\n")
		}
	}
	var err error
	if files[at].data, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	all := append(slices.Clone(m.Files), File{Path: nameManifest, SHA256: ticket.Sum(files[at].data)})
	files[slices.IndexFunc(files, func(f File) bool { return f.Path == nameSums })].data = sums(all)
	return files
}

// FuzzVerify: a stranger's file never panics, and is good only if it is an archive.
func FuzzVerify(f *testing.F) {
	f.Add(archive(f, story(f, "it")))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, found := Verify(bytes.NewReader(b), int64(len(b))); len(found) == 0 && m.Format != format {
			t.Errorf("no finding, format %d", m.Format)
		}
	})
}
