package mailparse

import "strings"

// unflow joins the soft-broken lines of format=flowed text (RFC 3676, 4). Lines join only within one quote depth; the
// signature separator "-- " is never joined. delsp removes the blank that marked the break. Quotes come out as "> " lines.
func unflow(text string, delsp bool) string {
	var out strings.Builder
	out.Grow(len(text))
	depth, open := 0, false // open: the line being written ends in a soft break
	for line := range strings.SplitSeq(text, "\n") {
		quotes := len(line) - len(strings.TrimLeft(line, ">"))
		line = strings.TrimPrefix(line[quotes:], " ")
		if out.Len() > 0 && (!open || quotes != depth || line == "-- ") {
			out.WriteByte('\n')
			open = false
		}
		if !open && quotes > 0 {
			out.WriteString(strings.Repeat(">", quotes) + " ")
		}
		depth, open = quotes, strings.HasSuffix(line, " ") && line != "-- "
		if open && delsp {
			line = line[:len(line)-1]
		}
		out.WriteString(line)
	}
	return out.String()
}
