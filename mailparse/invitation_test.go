package mailparse

import "testing"

func TestInvitation(t *testing.T) {
	const event = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=it:Riunione\\, sul\r\n  sito\r\n" +
		"DTSTART;TZID=Europe/Rome:20261124T100000\r\nDTEND:20261124T100000Z\r\nLOCATION:Via Roma: 1\r\nDESCRIPTION:Il carrello\\nnon va\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:another\r\n"
	const seen = "SUMMARY: Riunione, sul sito\nDTSTART: 2026-11-24 10:00 Europe/Rome\nDTEND: 2026-11-24 10:00 UTC\nLOCATION: Via Roma: 1"
	for name, c := range map[string]struct{ raw, want string }{
		"alone":         {"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + event, seen + "\nDESCRIPTION: Il carrello\nnon va"},
		"beside a text": {"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\nVi va?\r\n--x\r\nContent-Type: text/calendar\r\n\r\n" + event + "--x--\r\n", seen},
		"a whole day":   {"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261124\r\n", "DTSTART: 2026-11-24"},
		"no date":       {"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nDTSTART:soon\r\n", "DTSTART: soon"},
		"no event":      {"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n", ""},
		"no calendar":   {"A: b\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n", ""},
	} {
		if got := Parse([]byte(c.raw)).Invitation(); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
