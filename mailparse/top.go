package mailparse

import (
	"bytes"
	"encoding/base64"
	"strings"

	"replyby/mailparse/header"
	"replyby/mailparse/transfer"
)

// explains reports whether what stands above the first part of a mail is nothing, or the sentence by which programs tell readers from before
// MIME what they see (RFC 2046, 5.1.1). It holds none of the signs that stand in the introduction of a quoted or forwarded mail. Longer ones are known
// to the letter.
func explains(above []byte) bool {
	const most, longest = 2, 400
	above = bytes.TrimSpace(above)
	if len(above) > longest {
		return false
	}
	switch string(bytes.Join(bytes.Fields(above), []byte(" "))) {
	case "This message is in MIME format. The first part should be readable text, while the remaining parts are likely unreadable without MIME-aware tools. " +
		"Send mail to mime@docserver.cac.washington.edu for more info.", // Pine
		"This is a MIME message. If you are reading this text, you may want to consider changing to a mail reader or gateway that understands how to " +
			"properly handle MIME multipart messages.": // GroupWise
		return true
	}
	return len(above) == 0 || bytes.Contains(above, []byte("MIME")) && bytes.Count(above, []byte("\n")) < most && !bytes.ContainsAny(above, ":<@\"")
}

// ofPart reports whether a header begins as that of a part does (RFC 2046, 5.1), or there is none: the lines below a drawn one may be text. Signed
// parts repeat fields of the mail behind their own.
func ofPart(h header.Header) bool {
	if len(h.Fields) == 0 {
		return true
	}
	name := strings.ToLower(h.Fields[0].Name)
	return strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-") || name == "mime-version"
}

// encodedFromTop reports whether a body begins as its encoding does, and not with words that decoding would pass over.
func encodedFromTop(enc transfer.Encoding, body []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
	first = bytes.TrimSpace(first)
	switch enc {
	case transfer.Base64:
		_, err := base64.StdEncoding.DecodeString(string(first))
		return err == nil
	case transfer.UUEncode:
		return bytes.HasPrefix(first, []byte("begin "))
	}
	return true
}
