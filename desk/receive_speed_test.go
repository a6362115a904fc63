package desk_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/samples"
	"replyby/store/bolt"
)

// ordinary are the ordinary mails of the collections, or a request of our own.
func ordinary(s *scenario) [][]byte {
	mails := samples.Ordinary(s.TB)
	if len(mails) == 0 {
		mails = [][]byte{s.raw(mail{from: mario, subject: "Carrello", text: request})}
	}
	return mails
}

// another is the same mail sent once more: with an id of its own, so that it is a request of its own.
func another(raw []byte, n int) []byte {
	return append(fmt.Appendf(nil, "Message-ID: <another%d@client.example>\r\nX-Seq: %d\r\n", n, n), bytes.ReplaceAll(raw, []byte("\nMessage-I"), []byte("\nX-Message-I"))...)
}

// BenchmarkReceive takes ordinary mail in: kept, read, ticketed and synced, in batches of 200 and one by one.
func BenchmarkReceive(b *testing.B) {
	for _, size := range []int{200, 1} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { receiveInBatches(b, size) })
	}
}

func receiveInBatches(b *testing.B, size int) {
	s := &scenario{TB: b, dir: b.TempDir(), cfg: agency(b)}
	var err error
	if s.store, err = bolt.Open(s.dir, bolt.Options{}); err != nil {
		b.Fatal(err)
	}
	defer s.store.Close()
	s.desk = s.hire(s.cfg)
	s.now = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	mails := ordinary(s)
	b.ResetTimer()
	for n := 0; n < b.N; {
		batch := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, Now: s.now}
		for len(batch.Mails) < size && n < b.N {
			n++
			batch.Mails = append(batch.Mails, desk.Incoming{UID: uint32(n), Internal: s.now, Raw: another(mails[n%len(mails)], n)})
		}
		batch.UID = uint32(n)
		if err := s.desk.Receive(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	h, err := s.store.Head(b.Context(), s.cfg.Name)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(h.Next-1)/float64(b.N), "tickets/mail")
}
