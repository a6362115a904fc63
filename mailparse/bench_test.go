package mailparse

import (
	"bytes"
	"encoding/base64"
	"testing"

	"replyby/samples"
)

// BenchmarkOrdinary parses the ordinary mail of the corpora and reports messages per second.
func BenchmarkOrdinary(b *testing.B) {
	mails := samples.Ordinary(b)
	if len(mails) == 0 {
		b.Skip("no collections of mail")
	}
	total := 0
	for _, raw := range mails {
		total += len(raw)
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range mails {
			Parse(raw)
		}
	}
	b.ReportMetric(float64(b.N*len(mails))/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(float64(total)/float64(len(mails)), "bytes/msg")
}

// BenchmarkAttachment parses a mail with one large base64 attachment.
func BenchmarkAttachment(b *testing.B) {
	raw := withAttachment(20 << 20)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

// withAttachment builds a mail with an attachment of size bytes.
func withAttachment(size int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nsee file\r\n--x\r\n" +
		"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	const width = 57
	chunk := bytes.Repeat([]byte("%PDF\x00\xff"), width)[:width]
	line := base64.StdEncoding.EncodeToString(chunk) + "\r\n"
	for range size / width {
		b.WriteString(line)
	}
	b.WriteString("--x--\r\n")
	return b.Bytes()
}
