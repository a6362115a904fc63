package e2e_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// I11: once a customer is forgotten, no byte of what the program gives out says who he was or what he wrote: not a copy of the database, which
// has none of the pages that are free, not the evidence, the digest or any list, not what serve said, nor a file beside the database. A
// copy that is put back makes the database itself as clean.
func TestForgottenEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	r := requests(support)[0]
	review := h.open(r, "MB-1")
	h.reply(anna, review, "ok\n\nSignor Rossi, lo guardo subito.")
	h.awaitTicket("MB-1", "has its answer", func(s shown) bool { return s.count("sent") > 0 && s.count("settled") > 0 })
	away := "From: <" + mario + ">\r\nTo: <" + support + ">\r\nSubject: Sono al mare\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <away@cliente.test>\r\n\r\nGelato fino a lunedi.\r\n"
	h.outside(mario, support, []byte(away))
	h.awaitSetAside("Sono al mare")
	h.open(requests(support)[1], "MB-2")
	h.reply(anna, h.awaitMail(anna, "[MB-1]", 2), "close")
	h.awaitTicket("MB-1", "is closed", func(s shown) bool { return s.State == "closed" })
	secrets := []string{mario, "cliente.test", "Rossi", "carrello", "Sono al mare", "Gelato", "lo guardo subito"}
	h.good("backup", "-o", "before.db")
	for _, word := range []string{mario, "Rossi", "carrello", "Gelato"} {
		if !strings.Contains(h.read("before.db"), word) {
			t.Errorf("%q was never there: it proves nothing", word)
		}
	}
	h.has(h.good("erase", "-yes", "-by", anna, "-customer", mario), "MB-1 is erased", "desk agency: ")
	h.good("backup", "-o", "after.db")
	h.good("evidence", "MB-1", "-o", "erased.zip")
	given := map[string]string{"the copy": h.read("after.db"), "the evidence": h.unpacked("erased.zip"), "the digest": h.good("digest"),
		"the list": h.good("tickets", "-all", "-json"), "the ticket": h.good("show", "MB-1", "-json"), "serve": s.log.String()}
	s.stop()
	h.verify()
	for name, said := range h.beside() {
		given[name] = said
	}
	h.good("restore", "after.db")
	given["the database put back"] = h.read("data/replyby.db")
	for where, said := range given {
		for _, secret := range secrets {
			if i := strings.Index(said, secret); i >= 0 {
				t.Errorf("%s says %q: …%q", where, secret, said[max(0, i-80):min(len(said), i+80)])
			}
		}
	}
	h.has(given["the list"], lucia)
	h.verify()
}

// awaitSetAside waits until a message with that subject is listed as set aside.
func (h *house) awaitSetAside(subject string) {
	h.t.Helper()
	eventually(h.t, "a message is set aside", func() bool { return strings.Contains(h.good("digest"), subject) })
}

// beside reads the files of the data folder, but for the database.
func (h *house) beside() map[string]string {
	h.t.Helper()
	found := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(h.dir, "data", "*"))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, path := range paths {
		if filepath.Base(path) == "replyby.db" {
			continue // its free pages may say anything
		}
		b, err := os.ReadFile(path)
		if err != nil {
			h.t.Fatal(err)
		}
		found[filepath.Base(path)] = string(b)
	}
	return found
}

// unpacked is all that the files of an archive say.
func (h *house) unpacked(name string) string {
	h.t.Helper()
	z, err := zip.OpenReader(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	for _, f := range z.File {
		in, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, in)
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return all.String()
}
