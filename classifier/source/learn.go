package source

import (
	"regexp"
	"slices"
	"strings"

	"replyby/mailparse"
)

// messageMarks are labels that carriers put before a customer's text.
const messageMarks = "|messaggio|messaggio del cliente|corpo del messaggio|testo|testo del messaggio|richiesta|descrizione" +
	"|mensaje|mensaje del cliente|cuerpo del mensaje|consulta|texto|message|message body|customer message|your message|question|description|comments" +
	"|message du client|corps du message|votre message|demande|nachricht|nachrichtentext|ihre nachricht|anfrage|mensagem|corpo da mensagem|pergunta|"

// fieldNames gives the usual labels the names the desk knows.
const fieldNames = "|cliente=customer_name|client=customer_name|customer=customer_name|nome=customer_name|nombre=customer_name|nom=customer_name|name=customer_name|kunde=customer_name|da=customer_name|from=customer_name" +
	"|prodotto=product|producto=product|produit=product|product=product|produkt=product|produto=product|modulo=product|module=product" +
	"|versione del prodotto=version|version del producto=version|version du produit=version|product version=version|versione=version|version=version" +
	"|versione prestashop=ps_version|version de prestashop=ps_version|prestashop version=ps_version" +
	"|negozio=shop_url|tienda=shop_url|boutique=shop_url|shop=shop_url|sito=shop_url|url=shop_url|website=shop_url" +
	"|ordine=order|pedido=order|commande=order|order=order|order id=order|bestellung=order" +
	"|oggetto=subject|asunto=subject|objet=subject|sujet=subject|subject=subject|betreff=subject|assunto=subject" +
	"|telefono=phone|telephone=phone|phone=phone|telefon=phone|"

// Proposal is a rule made from one mail, and the labels it was made from.
type Proposal struct {
	Rule   Rule
	Labels []string // every label seen above the message, as written
	Notes  []string // what a person should check
}

// Learn proposes a rule from one saved mail of a carrier. It sees labels at the
// start of lines, the mark where the message begins, the footer behind it, and
// where the customer's address stands. The proposal wants a person's eye.
func Learn(m *mailparse.Message) Proposal {
	from := firstAddress(m.From)
	p := Proposal{Rule: Rule{
		Name:  proposeName(from),
		Match: Match{Subject: proposeSubject(m.Subject)},
		Reply: ReplyEmail,
	}}
	if from.Addr != "" {
		p.Rule.Match.From = []string{from.Addr}
	}
	lines := strings.Split(capped(m.Text), "\n")
	mark := findMark(lines)
	if mark < 0 {
		p.note("no mark of a message was seen: name it in message.after, or no field can be read")
	} else {
		p.readHead(lines[:mark], lines[mark])
		p.readStated(lines[:mark], m.Subject)
		p.readFoot(lines[mark+1:])
	}
	p.chooseReply(m)
	return p
}

func (p *Proposal) note(s string) { p.Notes = append(p.Notes, s) }

func proposeName(from mailparse.Address) string {
	name, _, _ := strings.Cut(from.Domain(), ".")
	if name == "" {
		return "carrier"
	}
	return name
}

var bracketRE = regexp.MustCompile(`\[[^\[\]]{1,40}\]\s*$`)

// proposeSubject keeps the bracket a carrier ends its subjects with; the rest
// varies too much to guess.
func proposeSubject(subject string) string {
	if tag := strings.TrimSpace(bracketRE.FindString(subject)); tag != "" {
		return regexp.QuoteMeta(tag) + `\s*$`
	}
	return ""
}

func findMark(lines []string) int {
	for i, l := range lines {
		label, _, ok := cutLabel(l)
		if ok && strings.Contains(messageMarks, "|"+label+"|") {
			return i
		}
	}
	return -1
}

func (p *Proposal) readHead(head []string, mark string) {
	written, _, _ := strings.Cut(strings.TrimSpace(mark), ":")
	p.Rule.Message.After = []string{strings.TrimSpace(written)}
	p.Rule.Fields = map[string]Field{}
	for i, l := range head {
		label, value, ok := cutLabel(l)
		if !ok || label == "" || strings.Count(label, " ") > 4 || strings.HasPrefix(value, "//") {
			continue
		}
		if value == "" {
			value = nextValue(head[i+1:])
		}
		if value == "" {
			continue // a heading
		}
		written, _, _ := strings.Cut(strings.TrimLeft(l, " \t*-•"), ":")
		written = strings.Trim(written, "* ")
		p.Labels = append(p.Labels, written)
		p.addField(label, written, value)
	}
}

// readStated proposes flags for what the mail states by a phrase that is known of marketplaces.
func (p *Proposal) readStated(head []string, subject string) {
	p.Rule.Flags = map[string]Flag{}
	for name, f := range marketplaceFlags() {
		phrases := foldAll(f.Any)
		if containsAny(foldLabel(subject), phrases) || slices.ContainsFunc(head, func(l string) bool { return beginsWithAny(foldLabel(l), phrases) }) {
			p.Rule.Flags[name] = f
		}
	}
}

// marketplaceFlags are the labels that the partners' help pages of a marketplace publish, in its languages.
func marketplaceFlags() map[string]Flag {
	return map[string]Flag{
		"presale":     {Any: []string{"Prevendita", "Preventa", "Avant-vente", "Pre-sale"}, In: []string{"subject", "first_lines:5"}},
		"care_active": {Any: []string{"Business Care in corso", "Atención comercial en curso", "Business Care en cours"}},
	}
}

func (p *Proposal) addField(label, written, value string) {
	if addressRE.MatchString(value) && !strings.Contains(value, "://") {
		p.Rule.Customer.Order = append(p.Rule.Customer.Order, "label:"+written)
		if strings.TrimSpace(addressRE.ReplaceAllString(value, "")) == "" {
			return
		}
	}
	f := Field{Labels: []string{written}}
	name := fieldName(label)
	if urlRE.MatchString(value) {
		f.Kind = "url"
	}
	if name == "order" {
		f.Regex = `#?([A-Z0-9-]{3,20})`
	}
	p.Rule.Fields[name] = f
}

// fieldName returns the desk's name for a label, or the label as a name.
func fieldName(label string) string {
	if _, rest, ok := strings.Cut(fieldNames, "|"+label+"="); ok {
		name, _, _ := strings.Cut(rest, "|")
		return name
	}
	return strings.Join(strings.FieldsFunc(label, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "_")
}

var linkRE = regexp.MustCompile(`https?://[^\s<>"]+?/(\d{3,})\b`)

// readFoot takes the last paragraph for the carrier's if it holds a link or a
// signature mark. A link that ends in a number is a conversation.
func (p *Proposal) readFoot(below []string) {
	start := len(below)
	for start > 0 && (strings.TrimSpace(below[start-1]) != "" || start == len(below) || strings.TrimSpace(strings.Join(below[start:], "")) == "") {
		start--
	}
	foot := strings.TrimSpace(strings.Join(below[start:], "\n"))
	first, _, _ := strings.Cut(foot, "\n")
	switch {
	case start == 0 || !strings.Contains(foot, "://") && !strings.HasPrefix(first, "--"):
		p.note("no footer of the carrier was seen: the text goes to the end of the mail")
		return
	case strings.HasPrefix(first, "--"):
		p.Rule.Message.Until = `(?m)^-- ?$`
	default:
		p.Rule.Message.Until = `(?m)^` + regexp.QuoteMeta(firstWords(first, 3))
	}
	if link := linkRE.FindStringSubmatchIndex(foot); link != nil {
		prefix := foot[link[0]:link[2]]
		p.Rule.Fields["thread_url"] = Field{Regex: regexp.QuoteMeta(prefix) + `(\d+)`, ThreadKey: 1}
	}
}

func firstWords(line string, n int) string {
	words := strings.Fields(line)
	if len(words) > n {
		words = words[:n]
	}
	return strings.Join(words, " ")
}

// chooseReply proposes the portal where no address of the customer is to be had.
func (p *Proposal) chooseReply(m *mailparse.Message) {
	r := &p.Rule
	if len(m.ReplyTo) > 0 && !IsNoReply(m.ReplyTo[0]) {
		r.Customer.Order = append([]string{"reply_to"}, r.Customer.Order...)
	}
	if len(r.Customer.Order) == 0 {
		r.Reply = ReplyPortal
		p.note("no address of the customer was seen: answers are proposed for the portal")
	}
	if len(m.Header.All("Authentication-Results")) > 0 {
		r.Match.RequireAuth = "dkim"
		p.note("require_auth = dkim needs the authserv-id of your own server")
	}
	if _, ok := r.Fields["subject"]; !ok {
		r.UrgentFrom = fromNone
		p.note("the form has no subject field: urgency can only be a hint")
	}
}
