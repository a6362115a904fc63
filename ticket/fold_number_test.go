package ticket_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

const (
	foldedLogs = "testdata/fold/logs.jsonl" // a record on each line; a log begins where the sequence does
	foldedTo   = "testdata/fold/digest.txt" // the number of the fold, and the digest of what it makes of them
)

// Who changes the fold without giving it another number leaves databases whose snapshots are not the folds of their records.
func TestFoldHasItsNumber(t *testing.T) {
	if *update {
		if _, err := os.Stat(foldedLogs); err != nil { // written once: other logs would say nothing about the fold
			drawLogs(t)
		}
	}
	raw, err := os.ReadFile(foldedLogs)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%d %s\n", ticket.FoldVersion, foldsOf(t, raw))
	if *update {
		if err := os.WriteFile(foldedTo, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(foldedTo)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the fold makes something else of the same records: %swas %sgive ticket.FoldVersion another number, then run go test ./ticket -update", got, want)
	}
}

// foldsOf is a digest over every ticket on the way through the logs, when it is due and what of it comes first.
func foldsOf(t *testing.T, logs []byte) ticket.Hash {
	var all bytes.Buffer
	var now ticket.Ticket
	lines := bufio.NewScanner(bytes.NewReader(logs))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r logbook.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Seq == 1 {
			now = ticket.Ticket{}
		}
		var err error
		if now, err = logbook.Apply(now, r); err != nil {
			t.Fatal(err)
		}
		first, ok := now.NextTarget()
		fmt.Fprintln(&all, encode(t, now), now.NextDue(), now.IsOpen(), first.Name, ok)
	}
	return ticket.Sum(all.Bytes())
}

func drawLogs(t *testing.T) {
	var b bytes.Buffer
	for i := range 24 {
		events := rapid.SliceOfN(anyEvent(), 5, 12).Example(i)
		for j := range events { // each kind in its turn, with what is not drawn
			if j > 0 {
				events[j].Kind = kinds()[(len(events)*i+j)%len(kinds())]
			}
			events[j].Body.Minutes, events[j].Body.Reason, events[j].Body.Text = j+1, fmt.Sprint("reason ", j), "text"
			if m := events[j].Body.Message; m != nil {
				m.Text = fmt.Sprint("message ", j)
			}
			events[j].Body.Told, events[j].Body.Customer = map[string]time.Time{"closure": minute(j)}, &ticket.Address{Addr: fmt.Sprint(j, "@customer.example")}
		}
		for _, r := range seal(t, events...) {
			fmt.Fprintln(&b, encode(t, r))
		}
	}
	again := ticket.Event{Kind: kind.Received, At: minute(50), Body: ticket.Body{Message: &ticket.Message{MessageID: "2@customer.example", ReceivedAt: minute(49), Text: "and another thing"}}}
	for _, r := range seal(t, append(busyEvents(), again)...) {
		fmt.Fprintln(&b, encode(t, r))
	}
	if err := os.WriteFile(foldedLogs, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
