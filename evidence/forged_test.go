package evidence

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"replyby/ticket"
)

// A forger who needs no hash: he takes words or records out, or says things where no record speaks. All of it is found though manifest
// and sums are repaired.
func TestForgeryWithoutAHash(t *testing.T) {
	swap := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	later := func(b []byte) []byte { return bytes.Join(slices.Collect(bytes.Lines(b))[2:], nil) }
	for name, c := range map[string]struct {
		forge map[string]func([]byte) []byte
		want  string
	}{
		"the words of the first request taken out": {map[string]func([]byte) []byte{nameLog: wordless("received")}, nameLog},
		"the words of a bounce taken out":          {map[string]func([]byte) []byte{nameLog: wordless("bounced")}, nameLog},
		"the first records left out":               {map[string]func([]byte) []byte{nameLog: later, nameChain: later}, nameLog},
		"what staff read before they decided":      {map[string]func([]byte) []byte{"review/001.txt": swap("Il carrello", "Il negozio")}, "review/001.txt"},
		"which ticket it is":                       {map[string]func([]byte) []byte{nameManifest: swap(`"ticket": "MB-1"`, `"ticket": "MB-7"`)}, nameManifest},
		"a role that a mail does not have":         {map[string]func([]byte) []byte{nameManifest: swap(`"role": "filed"`, `"role": "proof"`)}, "filed/001.eml"},
		"words behind a record":                    {map[string]func([]byte) []byte{nameLog: swap("}\n", "} {\"actor\":\"hans@mb.example\"}\n")}, nameLog},
		"a field that another reader takes first":  {map[string]func([]byte) []byte{nameLog: swap(`,"actor":"anna@`, `,"actor":"hans@mb.example","actor":"anna@`)}, nameLog},
		"the same in an envelope of the chain":     {map[string]func([]byte) []byte{nameChain: swap(`,"actor":"anna@`, `,"Actor":"hans@mb.example","actor":"anna@`)}, nameChain},
		"words behind the manifest":                {map[string]func([]byte) []byte{}, nameManifest},
	} {
		t.Run(name, func(t *testing.T) {
			files := unzipped(t, archive(t, story(t, "it")))
			for i, f := range files {
				if forge := c.forge[f.Path]; forge != nil {
					if files[i].data = forge(f.data); bytes.Equal(files[i].data, f.data) {
						t.Fatalf("%s was not forged", f.Path)
					}
				}
			}
			if files = repair(t, files); len(c.forge) == 0 {
				at := slices.IndexFunc(files, func(f File) bool { return f.Path == nameManifest })
				files[at].data = append(files[at].data, `{"ticket":"MB-7"}`...)
				files[at+1].data = sums(append(listed(t, files[at].data), File{Path: nameManifest, SHA256: ticket.Sum(files[at].data)}))
			}
			if found := verify(packed(t, files)); !names(found, c.want) {
				t.Errorf("found %v, want something about %s", found, c.want)
			}
		})
	}
}

// wordless takes salt and body out of the records of a kind, as an erasure does.
func wordless(kind string) func([]byte) []byte {
	words := regexp.MustCompile(`("kind":"` + kind + `".*"prev":"[0-9a-f]{64}").*`)
	return func(b []byte) []byte { return words.ReplaceAll(b, []byte("$1}")) }
}

func listed(t *testing.T, manifest []byte) []File {
	t.Helper()
	var m Manifest
	if err := json.NewDecoder(bytes.NewReader(manifest)).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m.Files
}

// A file that no record knows is no part of the evidence, whatever the manifest calls it and however it ends.
func TestFileOfNoRecord(t *testing.T) {
	for _, path := range []string{"letter/002.txt", "letter/002.EML", "review/002.txt", "README.html", "letter/002.eml"} {
		files := unzipped(t, archive(t, story(t, "it")))
		data := []byte("Subject: Re: carrello fermo\r\n\r\nRisolto.\r\n")
		at := slices.IndexFunc(files, func(f File) bool { return f.Path == nameManifest })
		var m Manifest
		if err := json.Unmarshal(files[at].data, &m); err != nil {
			t.Fatal(err)
		}
		m.Files = append(m.Files, File{Path: path, Role: "letter", Size: len(data), SHA256: ticket.Sum(data)})
		var err error
		if files[at].data, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		if found := verify(packed(t, repair(t, append(files, File{Path: path, data: data})))); !names(found, path) {
			t.Errorf("with %s: %v", path, found)
		}
	}
}
