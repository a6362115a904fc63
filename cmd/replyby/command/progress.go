package command

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress tells somebody at a terminal how far a long work is. The work calls show with what is done of how much; end takes
// the bar away, before anything else is printed. Without a terminal show is nil.
func (e *Env) Progress(what string) (show func(done, total int), end func()) {
	if !e.Terminal {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	show = func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(e.Stderr), progressbar.OptionSetDescription(what),
				progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		if total != bar.GetMax() {
			bar.ChangeMax(total) // the total is an estimate
		}
		bar.Set(done)
	}
	end = func() {
		if bar != nil {
			bar.Finish()
		}
	}
	return show, end
}
