package desk_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/evidence"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// evidence is the archive of a ticket, unpacked. It verifies.
func (s *scenario) evidence(n uint64) map[string]string {
	s.Helper()
	c := evidence.Case{Address: s.cfg.Address, Language: "en", Zone: s.cfg.Zone, Ticket: s.ticket(n), Bytes: map[ticket.Hash][]byte{}}
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, -1) {
		if err != nil {
			s.Fatal(err)
		}
		c.Head = logbook.Head{Seq: r.Seq, Hash: r.Hash()}
		if r.Ticket == n {
			c.Records = append(c.Records, r)
		}
		if len(c.Records) > 0 {
			c.Chain = append(c.Chain, r.Envelope)
		}
		e, err := r.Event()
		if err != nil {
			s.Fatal(err)
		}
		for _, h := range logbook.Kept(e) {
			if raw, err := s.store.Raw(s.Context(), h); err == nil {
				c.Bytes[h] = raw
			}
		}
	}
	var b bytes.Buffer
	if err := evidence.Write(&b, c); err != nil {
		s.Fatal(err)
	}
	in := bytes.NewReader(b.Bytes())
	if _, found := evidence.Verify(in, in.Size()); len(found) > 0 {
		s.Errorf("the evidence of %d: %v", n, found)
	}
	z, err := zip.NewReader(in, in.Size())
	if err != nil {
		s.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			s.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			s.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	return files
}

// wantSilent says that no file of an archive has any of some words.
func wantSilent(t *testing.T, files map[string]string, words ...string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, w := range words {
			if i := strings.Index(files[name], w); i >= 0 {
				t.Errorf("%s says %q: …%s…", name, w, files[name][max(0, i-100):min(len(files[name]), i+100)])
			}
		}
	}
}

// What staff write for each other stays inside, also where the program repeats it to them: in the receipt of a note, in the question about a
// verb with a slip in it, in the answer to a mail that decided nothing.
func TestEvidenceLeavesOutNotes(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "note il cliente paga tardi")
	s.says(marco, "nte il cliente litiga sempre")
	s.says(anna, "ok\n\n"+words)
	s.says(anna, "note paga tardi anche le fatture")
	s.wantLetters(1)
	files := s.evidence(1)
	wantSilent(t, files, "paga tardi", "litiga")
	if !strings.Contains(files["review/001.txt"], "Carrello") || files["approval/001.eml"] == "" || files["letter/001.eml"] == "" {
		t.Errorf("what is to be in it is not: %v", slices.Sorted(maps.Keys(files)))
	}
}

// So it does where whoever is asked or warned reads the notes of others, and where somebody answers, and quotes, such a mail, or the receipt of his own.
func TestEvidenceLeavesOutNotesThatWereRead(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "note il cliente paga tardi")
	s.says(marco, "ok\n\n"+words) // to the receipt
	s.wantLetters(1)
	s.at("15:20").arrives(mail{from: mario, subject: "Re: Carrello", text: laterWords, reply: []string{s.last(mario).MessageID}})
	s.post()
	s.until("17:40") // everybody is warned
	s.arrives(s.answer(s.last(anna), anna, "ok\n"+secondWords))
	s.post()
	s.wantLetters(2)
	s.says(anna, "ok\n\nUna terza risposta, alla conferma della seconda.")
	files := s.evidence(1)
	wantSilent(t, files, "paga tardi", "tardi")
	for _, name := range []string{"review/001.txt", "approval/001.eml", "letter/001.eml", "letter/002.eml", "letter/003.eml"} {
		if files[name] == "" {
			t.Errorf("there is no %s: %v", name, slices.Sorted(maps.Keys(files)))
		}
	}
	if files["approval/002.eml"] != "" || !strings.Contains(files["manifest.json"], `"missing"`) || !strings.Contains(files["timeline.txt"], "QUOTING INTERNAL NOTES OR OTHER CUSTOMERS") {
		t.Errorf("nothing says that two answers quote a note: %v\n%s", slices.Sorted(maps.Keys(files)), files["manifest.json"])
	}
}

// Nor is an answer in it that has such a mail as a file, or quotes the question about a note with a slip in it.
func TestEvidenceLeavesOutNotesThatCameBackOtherwise(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "nte il cliente litiga sempre")
	s.says(marco, "ok\n\n"+words)
	s.wantLetters(1)
	wantSilent(t, s.evidence(1), "litiga")

	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "note il cliente paga tardi")
	s.at("15:20").arrives(mail{from: mario, subject: "Re: Carrello", text: laterWords, reply: s.ticket(1).Thread})
	s.post()
	asked := s.last(anna)
	s.wantText(anna, "paga tardi")
	m := s.answer(asked, anna, "")
	m.kind, m.parts = "multipart/mixed", []string{"Content-Type: text/plain; charset=utf-8\r\n\r\nok\r\n\r\n" + words, "Content-Type: message/rfc822\r\n\r\n" + string(asked.Bytes)}
	s.arrives(m)
	s.post()
	s.wantLetters(1)
	if files := s.evidence(1); files["approval/001.eml"] != "" {
		t.Errorf("the note is in the mail within\n%s", files["approval/001.eml"])
	}
}

// A note that says what any answer does takes none out.
func TestEvidenceKeepsAnswersThatQuoteNothing(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "note ok")
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
	if files := s.evidence(1); files["approval/001.eml"] == "" || files["review/001.txt"] == "" {
		t.Errorf("what is to be in it is not: %v", slices.Sorted(maps.Keys(files)))
	}
}

// What somebody writes to the team who was of it is among colleagues too, and so is the mail that shows it to them.
func TestEvidenceLeavesOutFormerColleagues(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	old := s.about(anna, "MB-1")
	s.leaves(anna)
	s.arrives(s.answer(old, "Anna Verdi <"+anna+">", "Attenti, il cliente paga tardi."))
	s.post()
	s.wantText(marco, "paga tardi")
	wantSilent(t, s.evidence(1), "paga tardi")
	s.says(marco, "ok\n\n"+words)
	s.wantLetters(1)
	wantSilent(t, s.evidence(1), "paga tardi")
}

// The word of a person that lets a doubt rest, or has a letter sent again, is no copy that came back: it proves no acceptance.
func TestEvidenceOfDoubt(t *testing.T) {
	for _, says := range []string{"leave", "resend"} {
		s, _ := inDoubt(t)
		s.until("15:20")
		s.says(anna, says)
		files := s.evidence(1)
		for name := range files {
			if strings.HasPrefix(name, "proof/") {
				t.Errorf("%s: %s proves that a server took the letter: %s", says, name, files[name])
			}
		}
		if _, again := files["approval/002.eml"]; again != (says == "resend") {
			t.Errorf("%s: %v", says, slices.Sorted(maps.Keys(files)))
		}
	}
	s, lost := inDoubt(t)
	copied := append([]byte("Received: from smtp.test by mx.mb.example with ESMTP; "+s.now.Format(time.RFC1123Z)+"\r\n"), lost.Bytes...)
	s.delivers(copied, "")
	if files := s.evidence(1); files["proof/001.eml"] != string(copied) {
		t.Errorf("the copy that came back is not there: %v", slices.Sorted(maps.Keys(files)))
	}
}

// No evidence of one customer shows another: the mail that approved letters to several quotes the addresses and texts of all.
func TestEvidenceShowsNoOtherCustomer(t *testing.T) {
	s := closing(t)
	s.says(anna, "ok")
	s.until("09:10")
	own, err := s.store.Find(s.Context(), store.Query{Desk: s.cfg.Name, Customer: mario})
	if err != nil || len(own) != 1 {
		t.Fatalf("%d tickets of %s, %v", len(own), mario, err)
	}
	files := s.evidence(own[0].Number)
	wantSilent(t, files, luigi, pedro)
	wantSaid(t, files, "given in MP-2 for several letters at once")
	if asked := s.evidence(2); asked["approval/001.eml"] == "" {
		t.Errorf("the approval is not where it was given: %v", slices.Sorted(maps.Keys(asked)))
	}

	s = waiting(t, 0)
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.says(anna, "ok")
	files = s.evidence(2)
	wantSilent(t, files, "c1@cliente.example", "c3@cliente.example", "c6@cliente.example")
	wantSaid(t, files, "given in MB-1 for several letters at once")
	s.saysOf(anna, "MB-1", "reopen")
	s.saysOf(anna, "MB-1", "ok\n\n"+words)
	asked := s.evidence(1) // the list itself, the answers to it and to its receipt
	wantSilent(t, asked, "c2@cliente.example", "c3@cliente.example", "c6@cliente.example")
	wantSaid(t, asked, "OR OTHER CUSTOMERS")

	s = play(t, agency(t))
	s.arrives(mail{from: "Mario Rossi <mario@bar-luna.it>", subject: "Sito fermo", text: request})
	s.at("15:40").arrives(mail{from: "info@bar-luna.it", subject: "Il sito non va", text: request})
	s.post()
	s.saysOf(anna, "MB-2", "ok\n"+words)
	s.wantLetters(1)
	wantSilent(t, s.evidence(2), "mario@bar-luna.it", "Sito fermo")
}

// wantSaid says that the timeline has some words.
func wantSaid(t *testing.T, files map[string]string, words string) {
	t.Helper()
	if said := folded(files["timeline.txt"]); !strings.Contains(said, words) {
		t.Errorf("the timeline does not say %q:\n%s", words, files["timeline.txt"])
	}
}

// A limit that passed without an answer is missed, whatever became of the ticket after that.
func TestEvidenceOfMissedLimit(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	wantSaid(t, s.evidence(1), "Outcome still running")
	s.until("2026-11-24 16:30")
	wantSaid(t, s.evidence(1), "Outcome missed: the limit has passed")
	s.says(anna, "close")
	wantSaid(t, s.evidence(1), "Outcome missed: the limit has passed")

	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "close")
	wantSaid(t, s.evidence(1), "Outcome no longer owed")
	s.until("2026-11-24 16:30")
	wantSaid(t, s.evidence(1), "Outcome no longer owed")
}

// Nor does it come in by another way: a second copy of a note in other bytes, a receipt that was forwarded to us, with its one-time code.
func TestEvidenceLeavesOutWhatCameBack(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	note := s.raw(s.answer(s.last(marco), marco, "note il cliente paga tardi"))
	s.delivers(note, "")
	s.delivers(append([]byte("Delivered-To: info@mb.example\r\n"), note...), "")
	s.post()
	receipt := s.last(marco)
	s.delivers(append([]byte("Received: from mx.mb.example by mx.mb.example; "+s.now.Format(time.RFC1123Z)+"\r\n"), receipt.Bytes...), "")
	s.arrives(mail{from: mario, subject: "Fuori ufficio", reply: s.ticket(1).Thread, head: []string{"Auto-Submitted: auto-replied"}, text: "Torno lunedì."})
	if n := s.count(1, kind.AutoFiled); n != 3 {
		t.Fatalf("%d mails were filed: %v", n, s.events(1))
	}
	files := s.evidence(1)
	wantSilent(t, files, "paga tardi", tokenForm.FindString(mailparse.Parse(receipt.Bytes).Subject))
	if !strings.Contains(files["filed/001.eml"], "Torno luned") || files["filed/002.eml"] != "" {
		t.Errorf("filed is %v", slices.Sorted(maps.Keys(files)))
	}
}

// Of a mail over the size limit only the header was read: what is enclosed is not the mail as it came, and is not called that.
func TestEvidenceOfCutMail(t *testing.T) {
	s := play(t, agency(t))
	header, _, _ := bytes.Cut(s.raw(mail{from: mario, subject: "Foto del guasto", text: "x"}), []byte("\r\n\r\n"))
	in := desk.Incoming{UID: 1, Internal: s.now, Raw: append(header, "\r\n\r\n"...), Cut: true}
	if err := s.desk.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 1, Mails: []desk.Incoming{in}, Now: s.now}); err != nil {
		t.Fatal(err)
	}
	files := s.evidence(1)
	if n := strings.Count(folded(files["timeline.txt"]), "its header only"); n != 2 {
		t.Errorf("the timeline says %d times, of event and file, that it is a part:\n%s", n, files["timeline.txt"])
	}
}

// I11: who a command line says it is may come from a terminal that writes no UTF-8. Its record, and with it the rest of the log, still agrees
// with its hashes wherever it is read.
func TestEvidenceOfOddActor(t *testing.T) {
	b := asksToErase(t)
	if _, err := b.desk.Erase(t.Context(), 1, "Ren\xe8", b.now); err != nil {
		t.Fatal(err)
	}
	b.comes(b.raw(mail{from: luigi, subject: "Ancora", text: "Manca anche quella di settembre."}))
	b.evidence(1)
}
