package evidence

import (
	"archive/zip"
	"io"
	"strings"

	"replyby/ticket/logbook"
)

// headDigits is how much of a head a digest gives.
const headDigits = 16

// FindHead says at which record of an archive's chain the desk's log had a head, given as a digest gives it, by the first 16 or more
// digits of its hash in fours. Then nothing up to that record has changed since the digest was mailed. It is worth what [Verify] finds: ask it
// of an archive without findings.
func FindHead(r io.ReaderAt, size int64, head string) (seq uint64, found bool) {
	head = digits(head)
	z, err := zip.NewReader(r, size)
	if err != nil || len(head) < headDigits {
		return 0, false
	}
	v := &verifier{data: map[string][]byte{}}
	v.unpack(z)
	all, err := parse[logbook.Envelope](v.data[nameChain])
	if err != nil {
		return 0, false
	}
	for _, e := range all {
		if strings.HasPrefix(e.Hash().String(), head) {
			return e.Seq, true
		}
	}
	return 0, false
}

// digits leaves out what stands between and behind the digits of a head where people read it.
func digits(head string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimRight(head, "… .")), ""))
}
