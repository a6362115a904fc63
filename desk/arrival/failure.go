package arrival

import "strings"

// Failure is what a report of non-delivery says, in one line.
func (a *Arrival) Failure() string {
	for _, r := range a.Mail.Report.Recipients {
		if words := strings.Join(strings.Fields(r.Status+" "+r.Diagnostic), " "); words != "" {
			return Clip(words, 300)
		}
	}
	return "returned without a reason"
}
