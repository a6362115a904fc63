package reply

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/desk/reply/plain"
	"replyby/desk/reply/verb"
	"replyby/desk/reply/when"
)

// What keeps a line that begins with a verb from being a command.
var (
	errWords    = errors.New("these are words")
	errSentence = errors.New("this can be a command or a sentence for the customer; write a colon behind the verb, or begin otherwise")
	errMisfit   = errors.New("this verb does not take that")
)

var (
	versionIs = regexp.MustCompile(`^(?:(?:versione|version|ver|v)\.? ?)?(\d{1,5}(?:\.\d{1,5}){0,4}(?:[-+][0-9a-z.]{1,20})?)$`)
	groundIs  = regexp.MustCompile(`^(?:(?:ground|motivo|motif|caso|cas|n)\.? ?)?([1-6])$`)
	refIs     = regexp.MustCompile(`^(?:(?:in|into|con|with|en|avec|dans|a) )?\[?#?((?:[a-z0-9]{1,12}-)?[0-9]{1,9})\]?$`)
	idIs      = regexp.MustCompile(`^<?([!-;=?-~]{1,250})>?$`) // a word of visible ASCII (RFC 5322, 3.6.4, and shorter)
	addressIs = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	minutesIs = regexp.MustCompile(`^(?:(\d{1,3}) ?(?:h|ore|ora|horas|hora|heures|heure|hours|hour)|(\d{1,3}):) ?(\d{2})? ?(?:min|minuti|minutos|minutes|m)?$`)
	minutesN  = regexp.MustCompile(`^(\d{1,4}) ?(?:m|min|mins|minuto|minuti|minutos|minute|minutes)?$`)
	hoursDot  = regexp.MustCompile(`^(\d{1,3})[.,](\d) ?(?:h|ore|horas|heures|hours)$`)
	untilIs   = regexp.MustCompile(`(?i)^(?:until|till|fino (?:a|al|alle|all')|sino (?:a|al)|hasta(?: (?:el|las|la))?|jusqu['’](?:au|à|a|en))(?: |\b)`)
	toWhom    = regexp.MustCompile(`(?i)^(?:it )?(?:to|a|à|al|alla|au) `)
	myselfIs  = regexp.MustCompile(`^(?:me|myself|me stess[oa]|mi|mi mism[oa]|moi|moi[- ]meme)$`)
	becauseIs = regexp.MustCompile(`^(?:perche|poiche|porque|pues|car|parce que|because|since)\b`)
	whyIs     = regexp.MustCompile(`(?i) ?[:;] | [-–—] |,? (?:perch[eé]|poich[eé]|porque|puesto que|ya que|pues|car|parce que|puisque|because|since) `)
	// becauseWord is what stands between an argument and its reason.
	becauseWord = regexp.MustCompile(`(?i)^[ ,:;–—-]*(?:(?:perch[eé]|poich[eé]|porque|puesto que|ya que|pues|car|parce que|puisque|because|since) )? *`)
	amountIs    = regexp.MustCompile(`^(?:(?:eur|€|usd|\$|gbp|£|chf) ?)?\d{1,3}(?:[. ']?\d{3}){0,2}(?:[.,]\d{2})?(?: ?(?:eur|euros?|€|usd|\$|gbp|£|chf))?$`)
	currencyIs  = regexp.MustCompile(`[a-z€$£]`)
	thatIs      = regexp.MustCompile(`^(?:that|how|also|che|bene|come|que|bien|como|comment)\b`)
)

// argument reads what follows a verb into a command. errWords says that the line is no command at all.
func argument(c *Command, t takes, s said, now time.Time) error {
	switch t {
	case promise, ground, minutes:
		return explained(c, t, s, now)
	}
	return plainly(c, t, s, now)
}

// explained reads an argument with its reason: the longest beginning of the line that is an argument, and what follows it.
func explained(c *Command, t takes, s said, now time.Time) error {
	err := plainly(c, t, s, now)
	at := whyIs.FindAllStringIndex(s.rest, -1)
	for _, m := range slices.Backward(at) {
		try, head := *c, s
		head.rest = s.rest[:m[0]]
		if err == nil || plainly(&try, t, head, now) != nil {
			continue
		}
		why := strings.TrimRight(becauseWord.ReplaceAllString(s.rest[m[0]:], ""), " .")
		if why != "" {
			*c = try
			c.Why = why
			return nil
		}
	}
	return err
}

// plainly reads an argument that is all of the rest of the line.
func plainly(c *Command, t takes, s said, now time.Time) error {
	switch t {
	case nothing, everyone, behind:
		return none(c, t, s)
	case text, reason, because:
		return sentence(c, t, s)
	case instant, promise, until:
		return date(c, s, now)
	case person:
		return name(c, s)
	case address:
		return mailAddress(c, s)
	case minutes:
		return duration(c, s)
	case amount:
		return sum(c, s)
	case version:
		return published(c, s)
	case field:
		return place(c, s)
	}
	return pattern(c, t, s)
}

// misfit is how a line ends whose argument does not fit: short ones were meant as commands, long ones as words.
func misfit(t takes, s said) error {
	if s.mark != ':' && len(strings.Fields(s.rest)) > 3 || s.mark == ',' {
		return errWords
	}
	return fmt.Errorf("%w; it takes %s", errMisfit, t)
}

func none(c *Command, t takes, s said) error {
	rest := plain.Fold(tidy(s.rest))
	switch {
	case rest == "":
		return nil
	case t == everyone && slices.Contains([]string{"all", "everyone", "to all", "tutti", "a tutti", "todos", "a todos", "tous", "a tous"}, rest):
		c.Args = "all"
		return nil
	case s.mark == ':' && t == behind:
		c.Args = s.rest
		return nil
	case s.mark == ':':
		return fmt.Errorf("%w; put your words on the next line", errMisfit)
	}
	return errWords
}

// sentence reads words for ourselves, told from words for the customer.
func sentence(c *Command, t takes, s said) error {
	rest := plain.Fold(s.rest)
	switch {
	case tidy(s.rest) == "" && t == text:
		return fmt.Errorf("%w; it takes %s", errMisfit, t)
	case tidy(s.rest) == "":
		return nil
	case s.mark == ',' || t != text && strings.HasSuffix(tidy(rest), "?") && !(s.mark == ':' && c.Verb == verb.Wait): // what a customer is asked is a question
		return errSentence
	case s.mark != ':' && (thatIs.MatchString(rest) || t == because && !becauseIs.MatchString(rest)):
		return errSentence
	}
	c.Args = s.rest
	return nil
}

func date(c *Command, s said, now time.Time) (err error) {
	c.Args = strings.Trim(tidy(s.rest), "<>")
	c.At, err = when.Parse(untilIs.ReplaceAllString(c.Args, ""), now)
	if s.mark == ',' && errors.Is(err, when.ErrUnreadable) {
		return errWords // "Next, open the panel"
	}
	return err
}

// name reads whom a ticket is handed to. Who names himself takes it.
func name(c *Command, s said) error {
	c.Args = strings.Trim(toWhom.ReplaceAllString(tidy(s.rest), ""), "<>@ ")
	if myselfIs.MatchString(plain.Fold(c.Args)) {
		c.Verb, c.Args = verb.Take, ""
		return nil
	}
	if n := len(strings.Fields(c.Args)); n < 1 || n > 4 {
		return misfit(person, s)
	}
	return nil
}

// mailAddress reads one address, alone, behind a name in angle brackets, or twice as mail programs write links
// ("a@b.example<mailto:a@b.example>"). A second, different one is a misfit.
func mailAddress(c *Command, s said) error {
	found := addressIs.FindAllString(s.rest, 3)
	for _, a := range found {
		if a = strings.TrimPrefix(a, "mailto:"); c.Args != "" && !strings.EqualFold(a, c.Args) {
			return fmt.Errorf("%w; it takes one address", errMisfit)
		}
		c.Args = a
	}
	if len(found) == 0 && strings.Contains(s.rest, "@") || strings.ContainsFunc(s.rest, func(r rune) bool { return r > '~' }) && len(found) > 0 {
		return fmt.Errorf("%w; it takes one plain ASCII address", errMisfit)
	}
	if len(found) == 0 {
		return misfit(address, s)
	}
	return nil
}

// sum reads an amount of money, kept as written: it goes into a letter.
func sum(c *Command, s said) error {
	if tidy(s.rest) == "" {
		return nil
	}
	c.Args = strings.Join(strings.Fields(tidy(s.rest)), " ")
	if folded := plain.Fold(c.Args); !amountIs.MatchString(folded) || !currencyIs.MatchString(folded) {
		return misfit(amount, s)
	}
	return nil
}

// place reads which place of a text gets which words. Another word than the name of one makes the line words.
func place(c *Command, s said) error {
	name, words, found := strings.Cut(s.rest, ":")
	key := placeWord(plain.Fold(strings.TrimSpace(name)))
	if !found || key == "" {
		return errWords
	}
	if words = strings.TrimSpace(words); words == "" {
		return fmt.Errorf("%w; it takes %s", errMisfit, field)
	}
	c.Args = key + ": " + words
	return nil
}

func duration(c *Command, s said) error {
	rest := plain.Fold(strings.Trim(tidy(s.rest), "<>"))
	switch m := minutesIs.FindStringSubmatch(rest); {
	case m != nil:
		c.Minutes = 60*atoi(m[1]+m[2]) + atoi(m[3])
	case minutesN.MatchString(rest):
		c.Minutes = atoi(minutesN.FindStringSubmatch(rest)[1])
	case hoursDot.MatchString(rest):
		m := hoursDot.FindStringSubmatch(rest)
		c.Minutes = 60*atoi(m[1]) + 6*atoi(m[2])
	}
	if c.Minutes < 1 || c.Minutes > 9999 {
		return misfit(minutes, s)
	}
	c.Args = strconv.Itoa(c.Minutes)
	return nil
}

// atoi reads a few digits that a pattern has found; none are 0.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// published reads a version and, behind a colon, the tickets it is meant for.
func published(c *Command, s said) error {
	number, list, _ := strings.Cut(tidy(s.rest), ":")
	m := versionIs.FindStringSubmatch(plain.Fold(strings.Trim(number, "<> ")))
	if m == nil {
		return misfit(version, s)
	}
	var tickets []string
	for _, name := range strings.FieldsFunc(plain.Fold(list), func(r rune) bool { return strings.ContainsRune(" ,;+&", r) }) {
		switch found := refIs.FindStringSubmatch(name); {
		case found != nil:
			tickets = append(tickets, strings.ToUpper(found[1]))
		case !slices.Contains([]string{"and", "e", "y", "et"}, name):
			return misfit(version, s)
		}
	}
	c.Args, c.Why = m[1], strings.Join(tickets, " ")
	return nil
}

// pattern reads the arguments that are one word in a known shape.
func pattern(c *Command, t takes, s said) error {
	rest := strings.TrimSpace(tidy(s.rest))
	if t != id {
		rest = plain.Fold(strings.Trim(rest, "<>"))
	}
	var m []string
	switch t {
	case ref:
		m = refIs.FindStringSubmatch(rest)
	case id:
		m = idIs.FindStringSubmatch(rest)
	case ground:
		if m = groundIs.FindStringSubmatch(rest); m == nil {
			m = word(rest, groundWord)
		}
	case yesNo:
		m = word(rest, yesOrNo)
	}
	if m == nil {
		return misfit(t, s)
	}
	c.Args = m[1]
	if t == ref {
		c.Args = strings.ToUpper(m[1])
	}
	return nil
}

// word looks a word up and answers in the form of a match.
func word(s string, meaning func(string) string) []string {
	if m := meaning(s); m != "" {
		return []string{s, m}
	}
	return nil
}

func groundWord(s string) string {
	switch s {
	case "care", "no care", "business care":
		return "care"
	case "contract", "no contract", "contratto", "contrato", "contrat":
		return "contract"
	}
	return ""
}

// placeWord is the placeholder that a folded word means.
func placeWord(s string) string {
	switch s {
	case "product", "prodotto", "producto", "produit":
		return "product"
	case "version", "versione":
		return "version"
	case "shop", "site", "shop url", "shop_url", "negozio", "sito", "tienda", "sitio", "boutique":
		return "shop_url"
	case "order", "ordine", "pedido", "commande":
		return "order"
	case "alternative", "alternativa":
		return "alternative"
	case "rate", "tariffa", "tarifa", "tarif":
		return "rate"
	case "estimate", "stima", "estimacion", "estimation":
		return "estimate"
	case "link", "enlace", "lien":
		return "link"
	}
	return ""
}

func yesOrNo(s string) string {
	switch s {
	case "yes", "y", "si", "oui", "active", "attivo", "attiva", "activo", "activa", "actif":
		return "yes"
	case "no", "n", "non", "not", "expired", "inactive", "scaduto", "scaduta", "caducado", "caducada", "expire":
		return "no"
	}
	return ""
}

// code names the kind of an error for [Doubt].
func code(err error) string {
	for kind, name := range map[error]string{
		errSentence: "sentence", errMisfit: "argument", when.ErrUnreadable: "instant", when.ErrAmbiguous: "ambiguous",
		when.ErrImpossible: "impossible", when.ErrPast: "past", when.ErrFar: "far",
	} {
		if errors.Is(err, kind) {
			return name
		}
	}
	return "argument"
}
