package savedmail

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"replyby/classifier"
)

// What explain -json promises to programs: every field, in this order, of this type, whatever the mail. A list is a list also when
// it is empty; what may be absent as a whole is null.
const explainFields = `file:string kind:string urgent:string urgent_contract:bool urgent_hint:bool language:string subject:string from:string
	message_id:string in_reply_to:list references:list received_at:string? fresh_text:string fresh_uncertain:bool attachments:list bounce:object?
	source:string fields:object flags:object missing:list thread_key:string reply:string customer:string problems:list reasons:list`

func TestExplainFields(t *testing.T) {
	judge, err := classifier.New(classifier.Config{Own: []string{"assistenza@agency.example"}, Languages: []string{"it"}})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../../classifier/testdata/samples/*.eml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	mails := map[string][]byte{"empty": nil, "garbage": []byte("\x00\xff: \r\n\r\n\xfe"), "report": []byte(failed)}
	for _, f := range files {
		if mails[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	for name, raw := range mails {
		x := explain(name, raw, judge)
		checkFields(t, name, x, explainFields)
		if !slices.Contains(strings.Fields(kinds), x.Kind) || !slices.Contains([]string{"urgent", "negated", "not_urgent"}, x.Urgent) {
			t.Errorf("%s: kind %q, urgent %q", name, x.Kind, x.Urgent)
		}
		if x.Source != "" && x.Kind != "person" {
			t.Errorf("%s: a mail claimed by %s is %s", name, x.Source, x.Kind)
		}
		if all := strings.Join(x.Reasons, "; "); len(x.Reasons) < 3 || !strings.Contains(all, "language") {
			t.Errorf("%s: reasons %q: want one for what it is, how urgent, and in which language", name, x.Reasons)
		}
		for _, a := range x.Attachments {
			checkFields(t, name, a, "name:string type:string size:number sha256:string")
		}
		if x.Bounce != nil {
			checkFields(t, name, x.Bounce, "recipient:string action:string status:string original_message_id:string")
		}
	}
	if x := explain("", mails["report"], judge); x.Bounce == nil || x.Bounce.Status != "5.1.1" || x.Kind != "bounce" {
		t.Errorf("a report is %+v", x)
	}
}

const kinds = "person auto_reply automatic suspect_auto bounce delay receipt calendar list voicemail own loop"

const failed = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"

// checkFields compares names, order and types of what an object prints with "name:type name:type?".
func checkFields(t *testing.T, what string, v any, want string) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.Token() // {
	for _, field := range strings.Fields(want) {
		name, kind, _ := strings.Cut(field, ":")
		key, err := d.Token()
		if err != nil || key != name {
			t.Fatalf("%s: field %v, want %s (%v)", what, key, name, err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%s: %s: %v", what, name, err)
		}
		if got := typeOf(value); got != strings.TrimSuffix(kind, "?") && !(got == "null" && strings.HasSuffix(kind, "?")) {
			t.Errorf("%s: %s is %s, want %s", what, name, got, kind)
		}
	}
	if d.More() {
		key, _ := d.Token()
		t.Errorf("%s: %v is promised to nobody", what, key)
	}
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "bool"
	case float64:
		return "number"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

// I12: what a mail holds moves no cursor and turns no line where it is shown.
func TestExplainIsPrintable(t *testing.T) {
	judge, err := classifier.New(classifier.Config{})
	if err != nil {
		t.Fatal(err)
	}
	raw := "From: \u009b2JMario <m@c.example>\r\nSubject: \u202ecod \u009b2J\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n\r\nhello \u202eolleh\u009b31m\x1b[2J\r\n--b\r\nContent-Type: application/pdf; name=\"\u202efdp.exe\"\r\n\r\nx\r\n--b--\r\n"
	var b strings.Builder
	if err := explain("\x1b[2J.eml", []byte(raw), judge).print(&b, false); err != nil {
		t.Fatal(err)
	}
	if said := b.String(); strings.ContainsAny(said, "\u202e\u009b\x1b") || !strings.Contains(said, "olleh") {
		t.Errorf("%q", said)
	}
}
