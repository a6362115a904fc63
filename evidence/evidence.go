// Package evidence makes of one ticket an archive that a judge can read and anybody can check: the messages as they came, the letters
// as they were sent, who approved them and how that is known, the server's answers, the deadlines with their count, and the log with
// its hashes. [Write] makes it, [Verify] checks it anywhere, without a database.
//
// It is pure. It promises that the same ticket makes the same bytes, and that one changed byte of any file is found and named. What is
// internal (notes, refused decisions) is not in it, but for its place in the log. It refuses to know how anything is stored.
package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Case is what the evidence of a ticket is made from.
type Case struct {
	Address  string // of the desk
	Language string // it, es, fr or en: in which the evidence speaks
	Zone     *time.Location
	// Ticket is the fold of Records, with the count of each obligation in Language where it is known.
	Ticket  ticket.Ticket
	Records []logbook.Record // all of the ticket, in order
	Head    logbook.Head     // the end of the desk's log
	// Chain, where it is given, is every envelope of the desk's log from the ticket's first record to Head: with it the ticket's
	// records are proven to belong to that end.
	Chain []logbook.Envelope
	// Bytes are the messages and letters that the records name ([logbook.Kept]), by hash. The manifest lists what is missing.
	Bytes map[ticket.Hash][]byte
}

// Names of the files that every archive has.
const (
	nameReadme   = "README.txt"
	nameText     = "timeline.txt"
	nameHTML     = "timeline.html"
	nameLog      = "log.jsonl"
	nameChain    = "chain.jsonl"
	nameManifest = "manifest.json"
	nameSums     = "SHA256SUMS"
)

// Manifest says what is in an archive. Format counts up when a reader must know of a change.
type Manifest struct {
	Format  int           `json:"format"`
	Desk    string        `json:"desk"`
	Address string        `json:"address"`
	Ticket  string        `json:"ticket"` // "MB-1"
	Number  uint64        `json:"number"`
	Records int           `json:"records"`
	Head    logbook.Head  `json:"head"` // the end of the desk's log when this was written
	Files   []File        `json:"files"`
	Missing []ticket.Hash `json:"missing,omitempty"` // messages and letters that the log names and nobody has any more, and approvals that quote a note or name another customer
}

const format = 1

// File is one file of an archive. Role says what it is: request, approval, letter, review, proof, report, answer, filed, log, chain,
// timeline or readme.
type File struct {
	Path   string      `json:"path"`
	Role   string      `json:"role"`
	Size   int         `json:"size"`
	SHA256 ticket.Hash `json:"sha256"`

	data []byte
	seq  uint64 // of the record that names it
	cut  bool   // its header alone
}

// Write writes the archive, a ZIP file. The error says that a record cannot be read or w cannot be written.
func Write(w io.Writer, c Case) error {
	b := &binder{Case: c}
	if err := b.read(); err != nil {
		return err
	}
	if err := b.logs(); err != nil {
		return err
	}
	if err := b.pages(); err != nil {
		return err
	}
	m := Manifest{
		Format: format, Desk: c.Ticket.Desk, Address: c.Address, Ticket: c.Ticket.Ref, Number: c.Ticket.Number, Records: len(c.Records),
		Head: c.Head, Files: b.files, Missing: b.missing,
	}
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("evidence: write the manifest: %w", err)
	}
	b.add(File{Path: nameManifest}, append(manifest, '\n'))
	b.add(File{Path: nameSums}, sums(b.files))
	return pack(w, b.files)
}

// pack writes files into a ZIP in their order. They bear no time: the same files are the same bytes.
func pack(w io.Writer, files []File) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate})
		if err == nil {
			_, err = out.Write(f.data)
		}
		if err != nil {
			return fmt.Errorf("evidence: write %s: %w", f.Path, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("evidence: end the archive: %w", err)
	}
	return nil
}

// sums lists files as sha256sum does.
func sums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Path)
	}
	return b.Bytes()
}

// binder collects the files of an archive.
type binder struct {
	Case
	events  []ticket.Event // of Records, one for one
	notes   []string       // of staff for each other, each as it begins
	told    []string       // what no answer of staff may repeat: notes, and references of other customers that they were told
	shown   string         // what they read that is not internal
	files   []File
	missing []ticket.Hash
	count   map[string]int // files of a role
}

func (b *binder) add(f File, data []byte) {
	f.Size, f.SHA256, f.data = len(data), ticket.Sum(data), data
	b.files = append(b.files, f)
}

// read decodes the records, takes the words out of those that are internal, and takes out the messages, letters and reviews that they name.
func (b *binder) read() error {
	b.count = map[string]int{}
	b.Records = slices.Clone(b.Records)
	for i, r := range b.Records {
		e, err := r.Event()
		b.note(e)
		internal := b.internal(e)
		b.naming(e, internal)
		if err == nil && internal {
			b.Records[i].Salt, b.Records[i].Body = nil, nil
			e, err = b.Records[i].Event()
		}
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		b.events = append(b.events, e)
		for _, h := range logbook.Kept(e) {
			m := e.Body.Message
			b.enclose(File{Role: roleOf(e, h), seq: r.Seq, cut: m != nil && m.Raw == h && m.Cut}, h)
		}
		for _, l := range e.Body.Letters {
			if l.Purpose == "review" {
				b.add(File{Path: b.next("review", "txt"), Role: "review", seq: r.Seq}, review(l))
			}
		}
	}
	return nil
}

// roleOf says what a message or letter is to the event that names it; "" leaves it out: mail of staff that sent nothing is internal, and an
// approval of letters to several customers shows each of them to the others.
func roleOf(e ticket.Event, h ticket.Hash) string {
	for _, l := range e.Body.Letters {
		if l.Customer && l.Hash == h {
			return "letter"
		}
	}
	switch {
	case e.Kind == kind.Received, e.Kind == kind.Adopted:
		return "request"
	case e.Kind == kind.Decided && e.Body.Link == 0:
		return "approval"
	case e.Kind == kind.Settled && e.Body.Verb == "": // else it is a person's word, who has seen no copy
		return "proof"
	case e.Kind == kind.Bounced:
		return "report"
	case e.Kind == kind.AnsweredOutside:
		return "answer"
	case e.Kind == kind.AutoFiled && e.Body.Message != nil: // without its words it may be internal
		return "filed"
	}
	return ""
}

// enclose adds a message or letter, once.
func (b *binder) enclose(f File, h ticket.Hash) {
	if f.Role == "" || slices.ContainsFunc(b.files, func(f File) bool { return f.SHA256 == h }) || slices.Contains(b.missing, h) {
		return
	}
	data, ok := b.Bytes[h]
	if !ok || f.Role == "approval" && b.quotes(mailparse.Parse(data)) {
		b.missing = append(b.missing, h)
		return
	}
	f.Path = b.next(f.Role, "eml")
	b.add(f, data)
}

// review is what a person of the staff read: the bytes, with its one-time code, are not kept.
func review(l ticket.Letter) []byte {
	return fmt.Appendf(nil, "To: %s\nSubject: %s\nMessage-ID: <%s>\nX-SHA256: %s\n\n%s\n", join(l.To), l.Subject, l.MessageID, l.Hash, l.Text)
}

func (b *binder) next(role, ending string) string {
	b.count[role]++
	return fmt.Sprintf("%s/%03d.%s", role, b.count[role], ending)
}

// logs adds the records, and the envelopes around them where they are given.
func (b *binder) logs() error {
	data, err := lines(b.Records)
	if err != nil {
		return err
	}
	b.add(File{Path: nameLog, Role: "log"}, data)
	if len(b.Chain) == 0 {
		return nil
	}
	if data, err = lines(b.Chain); err != nil {
		return err
	}
	b.add(File{Path: nameChain, Role: "chain"}, data)
	return nil
}

// lines writes one JSON object per line, escaped as the log itself is, so that hashes can be taken of what stands there.
func lines[T any](all []T) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, v := range all {
		if err := enc.Encode(v); err != nil {
			return nil, fmt.Errorf("evidence: write the log: %w", err)
		}
	}
	return b.Bytes(), nil
}
