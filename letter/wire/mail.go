package wire

import "bytes"

// mailType is the media type of a file that is itself a mail.
const mailType = "message/rfc822"

// isMail reports whether a file is a mail that any server takes as it stands, since such a part may not be encoded (RFC 2046, 5.2.1): lines of
// at most 998 octets of ASCII, each ended by CRLF (RFC 5322, 2.1.1; RFC 2045, 2.7).
func (f File) isMail() bool {
	if f.Type != mailType || len(f.Data) == 0 {
		return false
	}
	for line := range bytes.Lines(f.Data) {
		line, ended := bytes.CutSuffix(line, []byte("\r\n"))
		if !ended || len(line) > 998 || bytes.ContainsFunc(line, func(r rune) bool { return r == 0 || r == '\r' || r > '~' }) {
			return false
		}
	}
	return true
}
