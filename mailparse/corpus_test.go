package mailparse

import (
	"runtime"
	"strings"
	"testing"

	"replyby/samples"
)

func fold(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

func TestCorpusConsensus(t *testing.T) {
	var froms, fromsRight, subjects, subjectsRight int
	for _, s := range samples.All(t) {
		m := Parse(samples.Read(t, s.File))
		if want, ok := s.Labels["from_consensus"]; ok {
			froms++
			got := ""
			if len(m.From) > 0 {
				got = m.From[0].Addr
			}
			if strings.EqualFold(got, want) {
				fromsRight++
			} else {
				t.Logf("%s: From %q, consensus %q", s.File, m.Header.Raw("From"), want)
			}
		}
		if want, ok := s.Labels["subject_consensus"]; ok {
			subjects++
			if fold(m.Subject) == fold(want) {
				subjectsRight++
			} else {
				t.Logf("%s: Subject %q, consensus %q", s.File, m.Subject, want)
			}
		}
	}
	t.Logf("From %d of %d, Subject %d of %d", fromsRight, froms, subjectsRight, subjects)
	if fromsRight*100 < froms*98 || subjectsRight*100 < subjects*98 {
		t.Error("less than 98 % agree")
	}
}

func TestCorpusBounces(t *testing.T) {
	var n, recipients, right, statuses, statusRight, ids, idsFound int
	for _, s := range samples.Messages(t, "b-bounce") {
		n++
		raw := samples.Read(t, s.File)
		m := Parse(raw)
		r := m.Report
		if r == nil {
			if s.Labels["bounce"] == "yes" {
				t.Logf("%s: no report: %q from %q", s.File, m.Subject, m.Header.Raw("From"))
			}
			r = &Report{}
		}
		if want := s.Labels["recipient_by_sisimai"]; want != "" {
			recipients++
			if sameRecipients(r, want) {
				right++
			} else {
				t.Logf("%s: recipients %+v, want %s", s.File, r.Recipients, want)
			}
		}
		want := s.Labels["status"]
		if want == "" {
			want = s.Labels["status_by_sisimai"]
		}
		if stated(want) {
			statuses++
			if sameStatus(r, want) {
				statusRight++
			} else {
				t.Logf("%s: status %+v, want %s", s.File, r.Recipients, want)
			}
		}
		if lower := strings.ToLower(string(raw)); strings.Count(lower, "message-id:") > 1 && s.Labels["bounce"] != "" {
			ids++
			if r.OriginalMessageID != "" {
				idsFound++
			} else {
				t.Logf("%s: no original Message-ID", s.File)
			}
		}
	}
	t.Logf("%d files: recipient %d of %d, status %d of %d, original Message-ID %d of %d", n, right, recipients, statusRight, statuses, idsFound, ids)
	if right*100 < recipients*95 || statusRight*100 < statuses*95 || idsFound*100 < ids*95 {
		t.Error("less than 95 % right")
	}
}

// stated reports whether a label is a status the mail states: codes with a third number from 900 are derived.
func stated(status string) bool {
	first, _, _ := strings.Cut(status, ",")
	parts := strings.Split(first, ".")
	return len(parts) == 3 && !(len(parts[2]) == 3 && parts[2][0] == '9')
}

func sameRecipients(r *Report, want string) bool {
	got := map[string]bool{}
	for _, one := range r.Recipients {
		got[strings.ToLower(one.Final)] = true
		got[strings.ToLower(one.Original)] = true
	}
	for addr := range strings.SplitSeq(want, ",") {
		if !got[strings.ToLower(addr)] {
			return false
		}
	}
	return true
}

func sameStatus(r *Report, want string) bool {
	for _, code := range strings.Split(want, ",") {
		found := false
		for _, one := range r.Recipients {
			found = found || one.Status == code
		}
		if !found && stated(code) {
			return false
		}
	}
	return true
}

// TestCorpusIsRead holds what every message of the collections must give, and how much memory it may take.
func TestCorpusIsRead(t *testing.T) {
	var hungriest uint64
	for _, s := range samples.All(t) {
		raw := samples.Read(t, s.File)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m := Parse(raw)
		runtime.ReadMemStats(&after)
		hungriest = max(hungriest, after.TotalAlloc-before.TotalAlloc)
		checkMessage(t, s.File, m)
	}
	t.Logf("most memory %d KB", hungriest>>10)
	if hungriest > 128<<20 {
		t.Error("over 128 MB")
	}
}
