package letter

import (
	"time"

	"replyby/letter/words"
)

// long says an instant in full, in the desk's zone.
func (w *Writer) long(_ words.Voice, t time.Time) string {
	return t.In(w.desk.Zone).Format("02/01/2006 15:04")
}

// short says an instant as briefly as can be understood at now.
func (w *Writer) short(_ words.Voice, t, now time.Time) string {
	t, now = t.In(w.desk.Zone), now.In(w.desk.Zone)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("02/01 15:04")
}
