package desk_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"replyby/store"
	"replyby/ticket/logbook"
)

// readings counts the records of logs that are read.
type readings struct {
	store.Store
	records int
}

func (s *readings) Log(ctx context.Context, desk string, seq uint64, number int64) iter.Seq2[logbook.Record, error] {
	return func(yield func(logbook.Record, error) bool) {
		for r, err := range s.Store.Log(ctx, desk, seq, number) {
			s.records++
			if !yield(r, err) {
				return
			}
		}
	}
}

// A customer who writes to one ticket again and again costs no more each time: what he wrote before is not read for it, whether nobody has
// answered yet or somebody has at the beginning.
func TestLongConversation(t *testing.T) {
	for name, answered := range map[string]bool{"unanswered": false, "answered": true} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.at(monday + " 15:00").arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			if answered {
				s.arrives(s.answer(s.last(anna), anna, "ok\n\n"+words))
				s.now = s.now.Add(5 * time.Minute)
				s.post()
				s.wantLetters(1)
			}
			at := &readings{Store: s.store}
			s.desk = s.hireAt(s.cfg, at)
			writes := func(n int) int {
				before := at.records
				for range n {
					s.now = s.now.Add(time.Minute)
					s.arrives(mail{from: mario, subject: "Re: Carrello", text: "Ancora io.", reply: []string{"m1@client.example"}})
				}
				return at.records - before
			}
			early := writes(5)
			writes(40)
			if late := writes(5); late > early {
				t.Errorf("%d records were read for five mails at the beginning, %d later", early, late)
			}
		})
	}
}
