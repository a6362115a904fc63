package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"replyby/mailparse"
)

// tool runs a mail program of other people, or skips the test where it is not installed.
func tool(t testing.TB, stdin, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: apt-get install %[1]s", name)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = strings.NewReader(stdin)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, said)
	}
}

// A request sent by swaks and an answer written with neomutt do what those composed here do.
func TestRealClients(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	h.serve()
	tool(t, "", "swaks", "--server", h.smtp, "--from", mario, "--to", support, "--h-From", "Mario Rossi <"+mario+">",
		"--h-Subject", "URGENTE: ordini bloccati", "--body", "Buongiorno, da stamattina gli ordini restano bloccati. Grazie")
	review := h.awaitMail(anna, "[MB-1]", 1)
	if !strings.Contains(review.subject, "URGENTE: ordini bloccati") {
		t.Errorf("subject %q", review.subject)
	}
	m := h.answer(anna, review, "ok\n\nHo già trovato il perché: l'agenda è piena.\nLa svuoto subito.")
	h.mutt(m)
	h.checkLetter(mario, h.requestID("MB-1"), "Ho già trovato il perché: l'agenda è piena.", "La svuoto subito.")
	h.onlyOnce(mario)
}

// A file attached with neomutt is in the customer's mailbox, byte for byte.
func TestRealFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	h.serve()
	review := h.open(requests(support)[0], "MB-1")
	data := make([]byte, 100_000)
	rand.NewChaCha8([32]byte{7}).Read(data)
	h.write("guida è.pdf", string(data))
	h.mutt(h.answer(anna, review, "ok\n\nEcco la guida che spiega come svuotare l'agenda."), "-a", filepath.Join(h.dir, "guida è.pdf"))
	l := mailparse.Parse(h.checkLetter(mario, h.requestID("MB-1"), "Ecco la guida").raw)
	if len(l.Attachments) != 1 || l.Attachments[0].Name != "guida è.pdf" || l.Attachments[0].SHA256 != sha256.Sum256(data) {
		t.Errorf("the letter brings %+v", l.Attachments)
	}
	h.onlyOnce(mario)
}

// mutt sends an answer with neomutt.
func (h *house) mutt(m message, args ...string) {
	h.t.Helper()
	h.write("neomuttrc", fmt.Sprintf(`set from="%s" realname="Anna Bianchi" use_from=yes
set smtp_url="smtp://%s@%s" smtp_pass="%s" smtp_authenticators="plain" ssl_starttls=no ssl_force_tls=no
set copy=no edit_headers=yes send_charset="us-ascii:iso-8859-1:utf-8"
my_hdr In-Reply-To: %s
my_hdr References: %[5]s
`, anna, url.QueryEscape(anna), h.smtp, password, m.answers))
	tool(h.t, m.text, "neomutt", append([]string{"-n", "-F", filepath.Join(h.dir, "neomuttrc"), "-s", m.subject}, append(args, "--", m.to)...)...)
}
