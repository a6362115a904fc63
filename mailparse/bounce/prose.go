package bounce

import (
	"regexp"
	"strings"

	"replyby/mailparse/header"
	"replyby/mailparse/pattern"
)

var (
	// failing are subjects of bounces in the languages mailers write; with the null path they are enough.
	failing = pattern.MustCompile(`(?i)undeliver|returned|return(ed)? mail|fail|deliver|could not|couldn't|unzustellbar|delay|warning|` +
		`rejected|bounce|non recapit|mancat|impossib|non remis|échec|no (se ha )?entreg|error|unable|problem|not read|` +
		`配信|送信エラー|не доставлен`)
	// unmistakable are subjects only mailers write.
	unmistakable = pattern.MustCompile(`(?i)^(\W*)(undeliverable|undelivered mail|returned mail|mail delivery (failed|failure|problem|status)|` +
		`delivery (status notification|notification|failure|has failed)|failure notice|mail system error|could not send message|` +
		`non-delivery|unzustellbar|warning: could not send|notification d'état de la distribution|mail could not be delivered)|エラー通知$`)
	quotedID  = regexp.MustCompile(`(?im)^[ \t>]*(?:original-)?message-id:\s*<([^<>\s]+)>`)
	address   = regexp.MustCompile(`[^\s<>()\[\]"',;:|=]+@[\p{L}\p{N}][\p{L}\p{N}._-]*[\p{L}\p{N}]`)
	leading   = regexp.MustCompile(`^[ \t>*-]*["'<]{0,2}(?:[45]\d\d[ -](?:[45]\.\d\.\d+ )?)?<?(?i:mailto:)?([^\s<>()\[\]"',;:|=]+@[\p{L}\p{N}][\p{L}\p{N}._-]*[\p{L}\p{N}])["'>]{0,2}(?:\s*$|\s*[:(,]|\.\.\.|\s+on\s|\s+-|;|\.?\s)`)
	fieldLine = regexp.MustCompile(`^(?i)(received|return-path|message-id|from|to|cc|subject|date|reply-to|mime-version|content-type|` +
		`content-transfer-encoding|dkim-signature|domainkey-signature|x-[a-z-]+|user-agent|delivered-to|sender|arc-seal):`)
	replyCode = regexp.MustCompile(`(?:^|[^0-9.])[45][0-5]\d[ -]`)
	notTheOne = pattern.MustCompile(`(?i)^\s*(from|to|cc|mail from|sender|reply-to|return-path)\b|contact|assist|help`)
	waiting   = pattern.MustCompile(`(?i)delay|warning: could not send|still (being )?(retr|try)|will (be retried|continue|keep trying)|` +
		`warning message only|not yet (been )?deliver|verzögert|ritard|retras|différé`)
	finalWords = pattern.MustCompile(`(?i)permanent|giving up|given up|gave up|failed`)
)

// cutOriginal cuts a text into the notice and the header of the message it quotes: the first run of header lines that holds
// at least three fields.
func cutOriginal(text string) (notice string, quoted []byte) {
	start, fields := -1, 0
	for pos := 0; pos < len(text); {
		line, _, _ := strings.Cut(text[pos:], "\n")
		switch {
		case fieldLine.MatchString(line):
			if fields == 0 {
				start = pos
			}
			if fields++; fields == 3 {
				return text[:start], []byte(text[start:])
			}
		case fields > 0 && strings.TrimLeft(line, " \t") != line:
		default:
			fields = 0
		}
		pos += len(line) + 1
	}
	return text, nil
}

// readProse finds recipients in a notice. Each line that begins with an address opens a recipient, and what follows is said
// about it. Without one, the first address of the notice that is not the sender's is taken, and last of all the recipient
// of the quoted message.
func readProse(h *header.Header, notice string, original *header.Header) *prose {
	p := newProse(h, notice)
	for _, a := range header.ParseAddresses(h.Raw("X-Failed-Recipients")) {
		p.open(a.Addr)
	}
	for line := range strings.SplitSeq(notice, "\n") {
		p.line(line)
	}
	if len(p.found) == 0 && p.loose+p.own != "" {
		p.open(firstOf(p.loose, p.own))
	}
	if len(p.found) == 0 {
		p.openOriginal(original)
	}
	return p
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// takeProse uses the recipients of the prose where the fields name none. Fields without an address keep their status: it
// belongs to the address in the text.
func (r *Report) takeProse(p *prose) {
	if len(p.found) == 0 || len(r.Recipients) > 0 && r.Recipients[0].Addr() != "" {
		return
	}
	fields := r.Recipients
	r.Recipients = p.found
	if len(fields) > 0 {
		p.found[0].prefer(fields[0].Status)
		p.found[0].Action = firstOf(fields[0].Action, p.found[0].Action)
	}
	if len(p.found) == 1 && p.found[0].Diagnostic == "" {
		p.found[0].Diagnostic = p.said
	}
}

type prose struct {
	action, sender string
	found          []Recipient
	byAddr         map[string]int
	current        int    // recipient the lines now speak of, -1 before the first
	loose          string // first address within a line
	own            string // the sender's own address where a line begins with it: he may have written to himself
	said           string // first line with a reply code
}

func newProse(h *header.Header, notice string) *prose {
	return &prose{action: actionOf(h, notice), sender: senderOf(h), byAddr: map[string]int{}, current: -1}
}

func actionOf(h *header.Header, notice string) string {
	subject := head(h.Get("Subject"), longestSubject)
	if waiting.MatchString(subject) || waiting.MatchString(notice) && !finalWords.MatchString(subject+notice) {
		return "delayed"
	}
	return "failed"
}

// senderOf returns who got the notice: his address in it is not the one that failed.
func senderOf(h *header.Header) string {
	if to := header.ParseAddresses(h.Raw("To")); len(to) > 0 {
		return strings.ToLower(to[0].Addr)
	}
	return ""
}

func (p *prose) line(line string) {
	const longest = 2000
	line = head(line, longest)
	coded := replyCode.MatchString(line) || enhanced.MatchString(line)
	if coded && p.said == "" {
		p.said = strings.TrimSpace(line)
	}
	if m := leading.FindStringSubmatch(line); m != nil && !p.foreign(m[1]) {
		p.current = p.open(m[1])
		line = strings.TrimSpace(line[len(m[0]):])
	} else if m != nil && p.own == "" {
		p.own = m[1]
	} else if p.loose == "" && !notTheOne.MatchString(line) {
		for _, addr := range address.FindAllString(line, 3) {
			if !p.foreign(addr) && p.loose == "" {
				p.loose = addr
			}
		}
	}
	if p.current >= 0 && coded {
		p.about(&p.found[p.current], line)
	}
}

// about keeps the first line with a code said about a recipient, or the first that names an enhanced status.
func (p *prose) about(one *Recipient, line string) {
	if one.Diagnostic == "" {
		one.Diagnostic = strings.TrimSpace(line)
	}
	if one.Status == "" {
		one.Status = saidStatus(line)
	}
}

// foreign reports addresses that are not a recipient: the one the notice went to, and mailers.
func (p *prose) foreign(addr string) bool {
	lower := strings.ToLower(addr)
	local, _, _ := strings.Cut(lower, "@")
	return lower == p.sender || local == "postmaster" || local == "mailer-daemon" || local == "abuse"
}

func (p *prose) open(addr string) int {
	key := strings.ToLower(addr)
	if i, ok := p.byAddr[key]; ok {
		return i
	}
	if len(p.found) >= maxRecipients {
		return len(p.found) - 1
	}
	p.byAddr[key] = len(p.found)
	p.found = append(p.found, Recipient{Final: addr, Action: p.action})
	return len(p.found) - 1
}

// openOriginal takes the recipient of the quoted message where the notice names none.
func (p *prose) openOriginal(original *header.Header) {
	for _, name := range []string{"X-Failed-Recipients", "X-Envelope-To", "Delivered-To", "To"} {
		for _, a := range header.ParseAddresses(original.Raw(name)) {
			if strings.Contains(a.Addr, "@") {
				p.open(a.Addr)
				return
			}
		}
	}
}
