package mailparse

import (
	"encoding/binary"
	"strings"
	"testing"
)

// Signed entities as openssl writes them, whole and as a stream, and a signed document.
const (
	signedWhole = "MIIBhgYJKoZIhvcNAQcCoIIBdzCCAXMCAQExDTALBglghkgBZQMEAgEwgcwGCSqGSIb3DQEHAaCBvgSBu0NvbnRlbnQtVHlwZTogbXVsdGlwYXJ0L21peGVkOyBib3VuZG" +
		"FyeT1xDQoNCi0tcQ0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNClBlcmNow6kgaWwgY2FycmVsbG8gw6ggdnVvdG8/DQotLXENCkNvbnRl" +
		"bnQtVHlwZTogYXBwbGljYXRpb24vcGRmOyBuYW1lPWEucGRmDQoNCiVQREYNCi0tcS0tDQoxgY8wgYwCAQEwJDAMMQowCAYDVQQDDAFtAhQLsdW6xXXbUwWwlz8JAOzoUu" +
		"PqYzALBglghkgBZQMEAgEwCgYIKoZIzj0EAwIESDBGAiEAzL80Kwl80oLT9b6RIPo7zFYIx91FoQQFG+pubdcv57ECIQCuNQ0oATH7CbxLCP6NLURwbpZSBXwM5E0c+vl3" +
		"JbhGIw=="
	signedStream = "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgASBu0NvbnRlbnQtVHlwZTogbXVsdGlwYXJ0L21peGVkOyBib3VuZGFyeT1xDQ" +
		"oNCi0tcQ0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNClBlcmNow6kgaWwgY2FycmVsbG8gw6ggdnVvdG8/DQotLXENCkNvbnRlbnQtVHlw" +
		"ZTogYXBwbGljYXRpb24vcGRmOyBuYW1lPWEucGRmDQoNCiVQREYNCi0tcS0tDQoAAAAAAAAxgY8wgYwCAQEwJDAMMQowCAYDVQQDDAFtAhQLsdW6xXXbUwWwlz8JAOzoUu" +
		"PqYzALBglghkgBZQMEAgEwCgYIKoZIzj0EAwIESDBGAiEA59hYlsNdrNQUu05K0RIn4v+CNOuy9xn2ICIUk7C+QP4CIQDgout2j7jdLhYo2O7+9FLcERMA5vsarteL2f5v" +
		"YAH6pQAAAAAAAA=="
	signedFile = "MIHeBgkqhkiG9w0BBwKggdAwgc0CAQExDTALBglghkgBZQMEAgEwKQYJKoZIhvcNAQcBoBwEGiVQREYtMS40IGEgc2lnbmVkIGRvY3VtZW50MYGNMIGKAgEBMCQwDDEKMA" +
		"gGA1UEAwwBbQIUC7HVusV121MFsJc/CQDs6FLj6mMwCwYJYIZIAWUDBAIBMAoGCCqGSM49BAMCBEYwRAIgCU17aIW5h96qb0j2rc66SDc+8ajLRh91pLqde1KkUAsCIBjT" +
		"CQg5DxLy7uXYrU+TdvwWE5MldtF0AaJKMrkox6jk"
)

// What is wrapped in a signature is read like any mail; what is encrypted says so; a signed document is a file.
func TestSealed(t *testing.T) {
	p7m := func(kind, name, data string) string {
		return "Content-Type: " + kind + "; name=" + name + "\nContent-Disposition: attachment; filename=" + name + "\nContent-Transfer-Encoding: base64\n\n" + data + "\n"
	}
	mixed := func(parts ...string) string {
		return "Content-Type: multipart/mixed; boundary=x\n\n--x\n" + strings.Join(parts, "--x\n") + "--x--\n"
	}
	const words = "Perché il carrello è vuoto?"
	for _, c := range []struct {
		name, raw, text, files string
		sealed                 bool
	}{
		{"signed", p7m("application/pkcs7-mime; smime-type=signed-data", "smime.p7m", signedWhole), words, "a.pdf", true},
		{"signed as a stream", p7m("application/x-pkcs7-mime", "smime.p7m", signedStream), words, "a.pdf", true},
		{"signed, the type lost", p7m("application/octet-stream", "smime.p7m", signedWhole), words, "a.pdf", true},
		{"signed, below a list's footer", mixed(p7m("application/pkcs7-mime", "smime.p7m", signedWhole), "\nfooter\n"), words + "\n\nfooter", "a.pdf", true},
		{"a document under that name", p7m("application/pkcs7-mime", "smime.p7m", signedFile), "", "smime.p7m", true},
		{"a signed document", mixed("\nsee\n", p7m("application/pkcs7-mime", "a.pdf.p7m", signedFile)), "see", "a.pdf.p7m", false},
		{"OpenPGP", "Content-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: application/octet-stream; name=e.asc\n\nx\n--x--\n", "", "application/pgp-encrypted e.asc", true},
		{"armour", "A: b\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "", true},
		{"plain", "A: b\n\nwords", "words", "", false},
	} {
		m := Parse([]byte(c.raw))
		var files []string
		for _, a := range m.Attachments {
			name := a.Name
			if name == "" {
				name = a.Type
			}
			files = append(files, name)
		}
		if m.Text != c.text || strings.Join(files, " ") != c.files || m.Sealed() != c.sealed {
			t.Errorf("%s: text %q, files %q, sealed %t", c.name, m.Text, files, m.Sealed())
		}
	}
}

// Signatures within signatures are opened as deep as people and gateways write them and no deeper, since each one holds all the bytes within
// it once more.
func TestSignaturesWithinSignatures(t *testing.T) {
	const head = "Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: binary\n\n"
	mail := "Content-Type: text/plain\n\nwords"
	for n := 1; n < 2*maxUnwrapped; n++ {
		mail = head + signed(mail)
		m := Parse([]byte(mail))
		if got, want := len(m.Parts), min(n, maxUnwrapped)+1; got != want || (m.Text == "words") != (n <= maxUnwrapped) {
			t.Errorf("%d deep: %d parts, want %d; text %q", n, got, want, m.Text)
		}
	}
}

// signed wraps an entity like a signature does, without one.
func signed(entity string) string {
	tlv := func(tag byte, content ...string) string {
		all := strings.Join(content, "")
		return string(binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(len(all)))) + all
	}
	const id = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	content := tlv(0x30, id+"\x01", tlv(0xa0, tlv(0x04, entity)))
	return tlv(0x30, id+"\x02", tlv(0xa0, tlv(0x30, "\x02\x01\x01", "\x31\x00", content)))
}
