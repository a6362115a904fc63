package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
)

// since counts what was sent to somebody since he had so many mails.
func (s *scenario) since(to string, before int) []store.Letter { return s.letters(to)[before:] }

// A server that goes silent in the middle of a thousand letters is asked about in as many mails as a person can read; a summary names the
// other letters.
func TestManyInDoubt(t *testing.T) {
	s := play(t, shuts(t))
	s.cfg.Notices.PerMinute = 1000
	s.restart()
	rows := []string{}
	for i := range 80 {
		rows = append(rows, fmt.Sprintf("c%d@cliente%d.example,business-care,,2026-01-01,2027-12-31,", i, i))
	}
	s.contracts(rows...)
	s.at("2026-12-10 09:00").tick()
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.says(anna, "ok")
	before := len(s.letters(anna))
	s.until("10:05")
	questions, named := 0, 0
	for _, l := range s.since(anna, before) {
		if l.Purpose == "summary" {
			named += strings.Count(mailparse.Parse(l.Bytes).Text, "cliente")
		} else {
			questions++
		}
	}
	if questions > perHour || questions < 20 || questions+named < 80 {
		t.Errorf("%d questions in an hour, %d more letters named", questions, named)
	}
}

// What is wrong with the desk itself is said, and then not every minute.
func TestTroubleThatComesAndGoes(t *testing.T) {
	s := asked(t)
	before := len(s.letters(boss))
	for i := range 60 {
		s.now = s.now.Add(time.Minute)
		h := desk.Health{}
		if i%2 == 0 {
			h = desk.Health{ReadTrouble: "no space left", ReadWhat: "disk", ReadSince: s.now}
		}
		if err := s.desk.Tick(context.Background(), desk.Moment{Now: s.now, Alive: s.alive, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.alive = s.now
		s.post()
	}
	if n := len(s.since(boss, before)); n < 1 || n > 2*alarmsPerHour {
		t.Errorf("the manager got %d mails about a disk that is full every other minute", n)
	}
}

// Requests that waited in the mailbox come in pairs, each minute for an hour, and each is late: one mail for many, and no more of those
// than a person can read. Every one is named to him.
func TestLateRequestsInRows(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	s.at("2026-11-25 15:00").tick()
	before := len(s.letters(boss))
	for i := range 120 {
		if i%2 == 0 {
			s.now = s.now.Add(time.Minute)
		}
		s.uid++
		now := s.now
		s.now = now.Add(-40 * time.Hour)
		came, raw := s.now, s.raw(mail{from: fmt.Sprintf("c%d@cliente%d.example", i, i), subject: fmt.Sprintf("Richiesta numero %d", i), text: request})
		s.now = now
		in := desk.Incoming{UID: s.uid, Internal: came, Raw: raw, Prove: func() desk.Auth { return desk.Auth{Outcome: arrival.None} }}
		if err := s.desk.Receive(context.Background(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now}); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 {
			s.tick()
		}
	}
	for range 30 {
		s.now = s.now.Add(time.Minute)
		s.tick()
	}
	var named []string
	mails := s.since(boss, before)
	summaries := 0
	for _, l := range mails {
		if l.Purpose == "summary" {
			summaries++
		}
		text := mailparse.Parse(l.Bytes).Text
		for i := range 120 {
			if strings.Contains(text, fmt.Sprintf("MB-%d ", i+1)) {
				named = append(named, fmt.Sprint(i))
			}
		}
	}
	slices.Sort(named)
	if n := len(slices.Compact(named)); summaries > 2*(alarmsPerHour+6) || n != 120 {
		t.Errorf("the manager got %d summaries; he was told of %d of 120 late requests", summaries, n)
	}
}

// alarmsPerHour is how many mails about the desk itself one person gets in an hour.
const alarmsPerHour = 6
