package transfer

import "bytes"

// File is one uuencoded file found in a text.
type File struct {
	Name string
	Data []byte
}

// MaxFiles bounds the files taken out of one text; what looks like a further one stays text.
const MaxFiles = 100

// SplitUU takes the uuencoded files (POSIX uuencode: "begin 644 name" to "end") out of a text and returns the text that is
// left. A block whose first line is no uuencode is text; one that never ends is kept as far as it goes.
func SplitUU(text []byte) (files []File, rest []byte) {
	if !bytes.Contains(text, []byte("begin ")) {
		return nil, text
	}
	rest = make([]byte, 0, len(text))
	for len(text) > 0 {
		line, after := cutLine(text)
		name, ok := beginLine(line)
		if first, _ := cutLine(after); !ok || !uuLine(first) || len(files) == MaxFiles {
			rest = append(rest, text[:len(text)-len(after)]...)
			text = after
			continue
		}
		var data []byte
		data, text = readUU(after)
		files = append(files, File{name, data})
	}
	return files, rest
}

// beginLine reads "begin", an octal mode and a name.
func beginLine(line []byte) (name string, ok bool) {
	fields := bytes.SplitN(line, []byte(" "), 3)
	if len(fields) != 3 || string(fields[0]) != "begin" || len(fields[1]) < 3 || len(fields[1]) > 4 {
		return "", false
	}
	for _, b := range fields[1] {
		if b < '0' || b > '7' {
			return "", false
		}
	}
	return string(bytes.TrimSpace(fields[2])), true
}

// uuLine reports whether line has the length its first letter announces; trailing blanks may have been lost or added.
func uuLine(line []byte) bool {
	if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
		return false
	}
	want := (int(line[0]-' ')&63 + 2) / 3 * 4
	return len(line)-1 <= want+2 && len(line)-1 >= want-4
}

func readUU(text []byte) (data, after []byte) {
	for len(text) > 0 {
		line, next := cutLine(text)
		switch {
		case string(bytes.TrimSpace(line)) == "end":
			return data, next
		case len(line) == 0:
		case !uuLine(line):
			return data, text
		default:
			data = appendUU(data, line)
		}
		text = next
	}
	return data, nil
}

func appendUU(out, line []byte) []byte {
	want := int(line[0]-' ') & 63
	line = line[1:]
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 63
		}
		return 0
	}
	for i := 0; want > 0; i += 4 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		group := []byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d}
		n := min(want, 3)
		out = append(out, group[:n]...)
		want -= n
	}
	return out
}

// cutLine returns the first line of data without its line end, and what follows it.
func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}
