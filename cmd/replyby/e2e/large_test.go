package e2e_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLarge takes in one mail with a file that makes it that many MB, and says what memory that took. It asserts nothing
// about that.
func TestLarge(t *testing.T) {
	size := int(number(t, "REPLYBY_LARGE", 0)) * 1_000_000
	if size == 0 {
		t.Skip("a measurement: make bench-large")
	}
	c := newContest(t, 1, func(h *house, _ int) iter.Seq[[]byte] {
		return func(yield func([]byte) bool) { yield(h.enclosing(size)) }
	})
	took, resident := c.ours()
	if body := string(c.show("MB-1").events[0].Body); !strings.Contains(body, `"name":"negozio.zip"`) {
		t.Errorf("the file of the mail is not known: %s", body)
	}
	fmt.Printf("one mail of %d MB: a ticket after %s, with %.0f MB resident at the peak\n", size/1_000_000, took.Round(10_000_000), resident)
}

// enclosing is a request with a file, of so many octets in all.
func (h *house) enclosing(size int) []byte {
	const line = 76 // RFC 2045, 6.8
	var b bytes.Buffer
	b.WriteString("From: Mario Rossi <mario@cliente.test>\r\nTo: " + support + "\r\nSubject: Carrello\r\nMessage-ID: <large@cliente.test>\r\n" +
		"Date: Mon, 23 Nov 2026 15:10:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n" +
		"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBuongiorno, in allegato l'archivio del negozio.\r\n\r\n" +
		"--x\r\nContent-Type: application/zip; name=\"negozio.zip\"\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment; filename=\"negozio.zip\"\r\n\r\n")
	source := rand.NewChaCha8([32]byte{1})
	var octets [line / 4 * 3]byte
	for b.Len() < size-line-10 {
		source.Read(octets[:])
		b.WriteString(base64.StdEncoding.EncodeToString(octets[:]) + "\r\n")
	}
	b.WriteString("--x--\r\n")
	return b.Bytes()
}
