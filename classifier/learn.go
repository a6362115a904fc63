package classifier

import (
	"replyby/classifier/source"
	"replyby/mailparse"
)

// Learn proposes a source rule from one saved mail of a carrier.
func Learn(m *mailparse.Message) source.Proposal { return source.Learn(m) }

// Check tries every rule on one mail and says what each finds, in order of
// precedence.
func (c *Classifier) Check(m *mailparse.Message) []source.Finding {
	var out []source.Finding
	for _, r := range c.rules {
		out = append(out, source.Check(r, m, c.desk))
	}
	return out
}
