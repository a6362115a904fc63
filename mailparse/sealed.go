package mailparse

import (
	"bytes"
	"slices"
	"strings"

	"replyby/mailparse/cms"
	"replyby/mailparse/header"
	"replyby/mailparse/problem"
)

// Sealed tells mail whose words are encrypted, or wrapped in a signature that was opened without being verified (RFC 8551, 3.2; RFC 3156;
// RFC 9580, 6.2). Words beside such a part were not what the person sealed.
func (m *Message) Sealed() bool {
	return m.ContentType == "multipart/encrypted" || m.holdsSealed(m.Parts)
}

// Unsealed tells sealed mail that stands as a whole within signatures, all of them opened to their end: there are no words beside them, and
// none that were not read. It says nothing of whose words they are.
func (m *Message) Unsealed() bool {
	n, within := 0, ""
	for n < len(m.Parts) && m.Parts[n].unwrapped && !m.Parts[n].cut && m.Parts[n].Within == within {
		n, within = n+1, typeSMIME
	}
	return n > 0 && !m.holdsSealed(m.Parts[n:])
}

// holdsSealed reports whether the text, or one of these parts, is sealed.
func (m *Message) holdsSealed(parts []Part) bool {
	return strings.HasPrefix(strings.TrimSpace(m.Text), "-----BEGIN PGP ") ||
		slices.ContainsFunc(parts, func(p Part) bool { return isSMIME(&p) && !isDocument(&p) || p.Type == "application/pgp-encrypted" })
}

// Encrypted tells sealed mail of which there is nothing to read.
func (m *Message) Encrypted() bool {
	text := strings.TrimSpace(m.Text)
	return m.Sealed() && (text == "" || strings.HasPrefix(text, "-----BEGIN PGP MESSAGE"))
}

// maxUnwrapped is how many S/MIME signatures within each other are opened: a person's, in that of his company's gateway. Each is a copy of
// all that it holds, and whoever wraps a long mail twenty times would take twenty times its memory.
const maxUnwrapped = 2

const typeSMIME = "application/pkcs7-mime"

// unwrap reads on in the entity that an S/MIME signature is wrapped around (RFC 8551, 3.5.2). A signed document that somebody attached,
// such as a contract.pdf.p7m, holds no entity and stays a file. Nil where there is nothing to unwrap.
func (s *splitter) unwrap(i int, within []string) *node {
	p := &s.parts[i]
	if !isSMIME(p) || len(within) >= MaxDepth || count(within, typeSMIME) >= maxUnwrapped {
		return nil
	}
	content, whole, ok := cms.Signed(p.open(s.report))
	if !ok || !beginsLikeEntity(content) {
		return nil
	}
	p.unwrapped, p.cut = true, !whole
	if p.cut {
		s.report.Add(problem.SignedTruncated, p.Name)
	}
	h, body := header.ParsePart(content, s.report)
	inner := append(within[:len(within):len(within)], typeSMIME)
	return s.entity(h, readMediaType(&h, "text/plain"), body, inner)
}

func count(list []string, word string) (n int) {
	for _, s := range list {
		if s == word {
			n++
		}
	}
	return n
}

// isSMIME tells an S/MIME entity, also where a gateway kept nothing of its type but the name (RFC 8551, 3.2.1).
func isSMIME(p *Part) bool {
	return p.Type == typeSMIME || p.Type == "application/x-pkcs7-mime" || strings.EqualFold(p.Name, "smime.p7m")
}

// isDocument tells a file that somebody signed with a card and attached beside his words, as Italians do with contracts: it seals nothing but
// itself.
func isDocument(p *Part) bool {
	name := strings.ToLower(p.Name)
	return !p.unwrapped && strings.HasPrefix(p.Within, "multipart/") && strings.HasSuffix(name, ".p7m") && name != "smime.p7m"
}

// beginsLikeEntity tells the header of a MIME entity from the bytes of a document: whoever signs one writes its type first or second.
func beginsLikeEntity(content []byte) bool {
	const enough = 200
	start := bytes.ToLower(content[:min(len(content), enough)])
	return bytes.HasPrefix(start, []byte("content-")) || bytes.HasPrefix(start, []byte("mime-version:")) || bytes.Contains(start, []byte("\ncontent-type:"))
}
