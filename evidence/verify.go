package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"replyby/ticket"
	"replyby/ticket/logbook"
)

// Finding is one thing that is wrong with an archive. File is empty where it is about the whole of it.
type Finding struct {
	File string `json:"file"`
	What string `json:"what"`
}

// maxTotal bounds what an archive may unpack to, 4 GiB: one from a stranger must not fill the memory of whoever checks it.
const maxTotal = 4 << 30

// Verify checks an archive of size bytes: that every file is there and is what the manifest says, that the sums for other tools agree,
// that the records of the log hang together, are what their hashes say and tell the ticket from its beginning, and that every message,
// letter and review is one that they name. No finding means that all of it agrees. The pages are what their writer says of the records;
// nothing but their sums is checked. The manifest is what could be read of it.
func Verify(r io.ReaderAt, size int64) (Manifest, []Finding) {
	v := &verifier{data: map[string][]byte{}}
	z, err := zip.NewReader(r, size)
	if err != nil {
		v.report("", "this is no whole ZIP archive: %v", err)
		return v.manifest, v.findings
	}
	v.unpack(z)
	v.readManifest()
	if v.manifest.Format == format {
		v.files()
		v.readLog()
		v.whole()
		v.named()
		v.chain()
	}
	slices.SortStableFunc(v.findings, func(a, b Finding) int { return strings.Compare(a.File, b.File) })
	return v.manifest, v.findings
}

type verifier struct {
	data     map[string][]byte
	manifest Manifest
	records  []logbook.Record
	findings []Finding
}

func (v *verifier) report(file, what string, args ...any) {
	v.findings = append(v.findings, Finding{file, fmt.Sprintf(what, args...)})
}

// unpack reads every file, the damaged ones as far as they go.
func (v *verifier) unpack(z *zip.Reader) {
	left := int64(maxTotal)
	for _, f := range z.File {
		if _, twice := v.data[f.Name]; twice {
			v.report(f.Name, "it is there twice")
			continue
		}
		data, err := unpackOne(f, left)
		if err != nil {
			v.report(f.Name, "it cannot be unpacked: %v", err)
		}
		left -= int64(len(data))
		v.data[f.Name] = data
	}
}

func unpackOne(f *zip.File, limit int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("the archive unpacks to more than %d bytes", int64(maxTotal))
	}
	return data, err
}

func (v *verifier) readManifest() {
	data, ok := v.data[nameManifest]
	switch err := only(data, &v.manifest); {
	case !ok:
		v.report(nameManifest, "it is not there: this is no evidence of replyby")
	case err != nil:
		v.manifest = Manifest{}
		v.report(nameManifest, "it cannot be read: %v", err)
	case v.manifest.Format != format:
		v.report(nameManifest, "it has format %d, this program reads %d", v.manifest.Format, format)
	}
}

// files compares every file with the manifest, and both with the sums for other tools.
func (v *verifier) files() {
	listed := map[string]bool{nameManifest: true, nameSums: true}
	for _, f := range v.manifest.Files {
		listed[f.Path] = true
		switch data, ok := v.data[f.Path]; {
		case !ok:
			v.report(f.Path, "it is listed and not there")
		case ticket.Sum(data) != f.SHA256 || len(data) != f.Size:
			v.report(f.Path, "it was changed: other bytes than the manifest says")
		}
	}
	for name := range v.data {
		if !listed[name] {
			v.report(name, "it is not listed in the manifest")
		}
	}
	all := append(slices.Clone(v.manifest.Files), File{Path: nameManifest, SHA256: ticket.Sum(v.data[nameManifest])})
	want := sums(all)
	if bytes.Equal(v.data[nameSums], want) {
		return
	}
	if line := fmt.Sprintf("%s  %s\n", all[len(all)-1].SHA256, nameManifest); !bytes.HasSuffix(v.data[nameSums], []byte(line)) {
		v.report(nameManifest, "its sum is not the one in %s", nameSums)
	}
	v.report(nameSums, "it does not say what the manifest and its files do")
}

// readLog checks that the records are of one ticket, in order, each what its hashes say, and chained where they are neighbours.
func (v *verifier) readLog() {
	records, err := parse[logbook.Record](v.data[nameLog])
	if err != nil {
		v.report(nameLog, "it cannot be read: %v", err)
		return
	}
	v.records = records
	if len(records) != v.manifest.Records || len(records) == 0 {
		v.report(nameLog, "it has %d records, the manifest says %d", len(records), v.manifest.Records)
	}
	var before logbook.Head
	for _, r := range records {
		if r.Ticket != v.manifest.Number || r.Desk != v.manifest.Desk {
			v.report(nameLog, "record %d is of another ticket", r.Seq)
		}
		if r.Seq <= before.Seq {
			v.report(nameLog, "record %d stands after %d", r.Seq, before.Seq)
		}
		if r.Seq != before.Seq+1 { // others between are not ours to see: follow on from what it names
			before = logbook.Head{Seq: r.Seq - 1, Hash: r.Prev}
		}
		next, err := logbook.Verify(before, r)
		if err != nil {
			v.report(nameLog, "%v", err)
			next = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
		}
		before = next
	}
	if end := v.manifest.Head; before.Seq > end.Seq || before.Seq == end.Seq && before.Hash != end.Hash {
		v.report(nameLog, "its last record %d does not lead to the end of the log that the manifest names", before.Seq)
	}
}

// chain follows the whole log, where its envelopes are there, from the ticket's first record to the end.
func (v *verifier) chain() {
	data, ok := v.data[nameChain]
	if !ok || len(v.records) == 0 {
		return
	}
	all, err := parse[logbook.Envelope](data)
	if err != nil || len(all) == 0 {
		v.report(nameChain, "it cannot be read: %v", err)
		return
	}
	end := logbook.Head{Seq: all[0].Seq - 1, Hash: all[0].Prev}
	envelopes, mine := map[uint64]ticket.Hash{}, 0
	for _, e := range all {
		if e.Ticket == v.manifest.Number {
			mine++
		}
		if end, err = logbook.Verify(end, logbook.Record{Envelope: e}); err != nil {
			v.report(nameChain, "%v", err)
			return
		}
		envelopes[e.Seq] = e.Hash()
	}
	if end != v.manifest.Head {
		v.report(nameChain, "it ends at record %d, not at the end of the log that the manifest names", end.Seq)
	}
	if mine != len(v.records) {
		v.report(nameLog, "it has %d records, %s has %d of the ticket", len(v.records), nameChain, mine)
	}
	for _, r := range v.records {
		if envelopes[r.Seq] != r.Hash() {
			v.report(nameLog, "record %d is not the one in %s", r.Seq, nameChain)
		}
	}
}

// parse reads one JSON object per line, strictly: nothing may stand there that the reader would not see.
func parse[T any](data []byte) ([]T, error) {
	var all []T
	n := 0
	for line := range bytes.Lines(data) {
		n++
		var v T
		if err := only(line, &v); err != nil {
			return all, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, v)
	}
	return all, nil
}

// only reads a JSON object, and refuses one that says more than what was read, or says it so that another reader may understand something
// else: a field twice, or under a name in other letters. What we write reads back as it stands, but for blanks.
func only(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	var stands bytes.Buffer
	if err := json.Compact(&stands, data); err != nil {
		return err
	}
	read, err := json.Marshal(into)
	if err == nil && !bytes.Equal(read, stands.Bytes()) {
		err = errors.New("it says more than its fields, or says them in another form than they are written in")
	}
	return err
}
