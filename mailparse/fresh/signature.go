package fresh

import (
	"strings"

	"replyby/mailparse/pattern"
)

// signature is the mark a signature or notice begins with.
type signature struct {
	lines int    // 0: none here
	name  string // for the reasons
	toEnd bool   // all up to the next quote belongs to it
	weak  bool
}

var (
	// programRE: lines that phones, clients and scanners add, known to their
	// end, so that no sentence of a person is one.
	programRE = pattern.MustCompile(`(?i)^[\s*_(<\[-]*(?:` +
		`(?:sent (?:from|via|with|using)|get|download|inviato (?:da|dal|con|tramite)|scarica|ottieni|enviado (?:desde|con|do|da|a través de)|obt(?:én|ener|enha)|descargar|envoyé (?:depuis|de|avec|à partir de)|télécharge[rz]|obtenir|provenance :|gesendet (?:von|mit)|von)` +
		`(?: (?:my|an?|the|il mio|la mia|mio|mia|mi|el|meu|minha|mon|ma|un|meine[mr]))?` + programWords + `(?: (?:for|on|per|su|para|en|pour|sur|für|auf|con|with|avec|mit|com)` + programWords + `)?(?: gesendet)?` +
		`(?:\. (?:perdonate la brevità|scusate la brevità|please excuse my brevity|por favor, disculpa mi brevedad|veuillez excuser ma brièveté|bitte entschuldigen sie die kürze))?` +
		`|(?:sent with proton ?mail secure e-?mail|inviato con l['’]e-?mail sicura (?:di )?proton ?mail|envoyé avec la messagerie sécurisée (?:de )?proton ?mail|enviado con el correo electrónico seguro (?:de )?proton ?mail)` +
		`|(?:virus-?free|senza virus|privo di virus|(?:(?:e-?)?mail )?priva di virus|libre de virus|garanti sans virus|virenfrei)\.? ?(?:www\.)?(?:avast|avg)\.com` +
		`)[\s.*_)>\]]*(?:[<(\[]?https?://\S+)?$`)

	// footerRE: how such lines begin, also those of programs not known, and
	// sentences of people.
	footerRE = pattern.MustCompile(`(?i)^[\s*_(<\[-]*(?:` +
		`sent (?:from|via|with|by|using) \[?(?:my |mobile|outlook|windows|yahoo|mail|airmail|mailbox|the |proton|samsung|aol|gmail|galaxy|sparrow|nylas|blackberry|iphone|ipad|ios|android|an?|spark|bluemail ).*|sent via mobile|from my (?:iphone|ipad|android|mobile|phone).*|someone from mobile|via mobile` +
		`|(?:get|download) \[?(?:outlook|bluemail|the .* app) (?:for|per).*` +
		`|inviato (?:da|dal|dall['’]|con|tramite|usando) ?(?:il mio|la mia|mio|mia|iphone|ipad|ios|android|smartphone|cellulare|dispositivo|outlook|posta|mail|yahoo|libero|tiscali|virgilio|samsung|proton|huawei|xiaomi|app|gmail|tablet|tim).*|scarica outlook.*|ottieni outlook.*` +
		`|enviado (?:desde|con|a través de|do|da|pelo|a partir) (?:mi |el |la |meu |minha |o |a |iphone|ipad|ios|android|outlook|yahoo|correo|samsung|proton|dispositivo|un |gmail).*|obt(?:én|ener|enha) (?:el )?outlook.*|descargar outlook.*` +
		`|envoyé (?:depuis|de|à partir de|avec|par|via) ?(?:mon |ma |l['’]|iphone|ipad|ios|android|outlook|yahoo|orange|samsung|proton|un |gmail|sfr|la ).*|télécharge[rz]? outlook.*|obtenir outlook.*|provenance : courrier pour windows.*` +
		`|(?:von|vom) meine[mr] .*gesendet\.?|gesendet (?:von|mit|aus) (?:meine[mr]|der|outlook|iphone|ipad|mail|yahoo|gmx|web\.de|proton).*|diese nachricht wurde von .* gesendet\.?|holen sie sich outlook.*` +
		`|sendt fra min .*|verzonden (?:vanaf|met) .*|verstuurd vanaf .*|skickat från min .*|отправлено (?:с|из) .*|wysłane z .*` +
		`|從我的 .*傳送|(?:从|发自)我的.*` +
		`|this (?:e-?mail|message) was sent (?:from|using) (?:my|a) .*` +
		`|(?:avg|avast|virus-?free|senza virus|privo di virus|(?:(?:e-?)?mail )?priva di virus|libre de virus|garanti sans virus|virenfrei)[. ].*` +
		`)$`)

	// noticeRE: how legal and environmental notices begin.
	noticeRE = pattern.MustCompile(`(?i)^[\s*_(-]*(?:` +
		`(?:confidentiality|privacy|legal) (?:notice|note|disclaimer)|disclaimer\b|this (?:e-?mail|message|communication)(?: message)?,?(?: and| \(|, together| is | may | contains| was sent| including).*(?:confidential|privileged|intended|recipient)|the (?:information|content|contents) (?:(?:contained )?(?:in|of) this (?:e-?mail|message|communication)|transmitted is)|(?:please consider|consider) the environment|(?:please )?think before you print|if you (?:are not (?:the|an) (?:intended|addressee|named|recipient)|have received this (?:e-?mail|message|communication) (?:in error|by mistake))` +
		`|(?:nota|avviso) (?:di riservatezza|legale)|avvertenz[ae] (?:ai sensi|legal)|clausola di riservatezza|riservatezza\s*[-:]|informativa (?:privacy|sulla privacy|ai sensi del)|ai sensi (?:e per gli effetti )?(?:del|della|dell['’])\s?(?:d\.? ?lgs|decreto|regolamento|reg\.|gdpr|art|legge|l\.)` +
		`|(?:si (?:precisa|informa|avvisa|fa presente) che )?(?:le informazioni|il contenuto|i dati) (?:(?:contenut|riportat|present)[eio] (?:in|nel|nella) (?:quest[ao]|presente) ` + italianMail + `|(?:trasmess|contenut|invi?at)[aeio] sono (?:destinat|riservat|confidenzial|dirett|rivolt)|(?:di quest[ao]|del presente|della presente) ` + italianMail + `.*(?:riservat|confidenzial|destinat|indirizzat|rivolt))` +
		`|(?:quest[ao]|il presente|la presente) ` + italianMail + `[ ,].*(?:riservat|confidenzial|destinatari|privacy|(?:indirizzat|dirett|rivolt|destinat|inviat)[oaie] (?:esclusiv|unicamente|solo)|uso esclusivo)` +
		`|(?:qualora|chiunque|chi|se) (?:[^.,:]{0,50} )?(?:ricev\S+ (?:(?:quest[ao]|il presente|la presente) ` + italianMail + ` (?:per errore|erroneamente)|(?:per errore|erroneamente) (?:quest[ao]|il presente|la presente) ` + italianMail + `)|pervenut[oa] (?:per errore|erroneamente))|(?:qualora|se) non (?:siete|foste|è|fosse|sei) (?:il|i|voi i|lei il) destinatar` +
		`|(?:p )?(?:prima di stampare|pensa all['’]ambiente|rispetta l['’]ambiente|non stampare quest[ao] (?:e-?mail|mail|messaggio)|stampa quest[ao] (?:e-?mail|mail|messaggio) solo)` +
		`|aviso (?:legal|de confidencialidad|de privacidad)|(?:este|el presente) (?:mensaje|correo|e-?mail|documento)[ ,].*(?:confidencial|destinatari|privilegiad)|la información (?:contenida|incluida|transmitida) en (?:este|el presente)|antes de imprimir|por favor,? (?:piense|piensa) en el medio ?ambiente|protección de datos\s*[-:.].*(?:responsable|tratad|tratamiento)` +
		`|(?:de conformidad con|de acuerdo con|conforme a|según|en virtud de) (?:lo|el|la) .*(?:protección de datos|rgpd|lopd|reglamento (?:\(?ue|general|europeo|20))|en cumplimiento (?:de|del) .*(?:protección de datos|rgpd|lopd|reglamento)|le informamos (?:de )?que sus datos (?:personales|son|serán|han)|si (?:usted )?(?:no es el destinatario|(?:ha recibido|recibe) (?:este|el presente) (?:mensaje|correo|e-?mail).* por error)` +
		`|(?:avis|clause|mention) de confidentialité|avertissement\s*:|(?:ce|le présent) (?:message|courriel|mail|e-?mail)[ ,].*(?:confidentiel|destinataire)|les informations contenues dans (?:ce|le présent)|avant d['’]imprimer|pensez à l['’]environnement|n['’]imprimez ce (?:message|courriel|mail|e-?mail)|l['’]intégrité de ce (?:message|courriel|mail|e-?mail)` +
		`|si vous (?:n['’]êtes pas (?:le|un) destinataire|(?:avez reçu|recevez) (?:ce|le présent) (?:message|courriel|mail|e-?mail).* par erreur)` +
		`|diese (?:e-?mail|nachricht).*(?:vertraulich|adressat|empfänger|rechtlich)|der inhalt dieser (?:e-?mail|nachricht)|bitte (?:denken|prüfen) sie .*(?:umwelt|druck)` +
		`|(?:esta|a presente) (?:mensagem|mensagem eletr[óô]nica|comunicação)[ ,].*(?:confidencia|destinat)|as informações contidas n(?:esta|este)|aviso de confidencialidade` +
		`)`)
)

// italianMail are the words by which a notice calls the mail that it stands in.
const italianMail = `(?:messaggio|e-?mail|mail|comunicazione|documento|trasmissione|corrispondenza)`

// programWords are what such a line names: devices and programs.
const programWords = `(?: (?:l['’])?(?:iphone|ipad|ipod|ios|mac|android|smartphone|phone|cell|cellulare|telefono|teléfono|téléphone|móvil|mobile|telefon|tablet|tablette|dispositivo|device|appareil|app|` +
	`outlook|mail|e-?mail|posta|correo|courrier|windows|1[01]|touch|yahoo|gmail|aol|orange|libero|virgilio|tiscali|samsung|galaxy|huawei|xiaomi|proton|protonmail|blackberry|bluemail|blue|spark|airmail|mailbox|` +
	`sparrow|nylas|k-9|fairemail|thunderbird|aqua|mailspring|em client|icloud|infomaniak|tim|pixel|portable|[aps][0-9]{1,2})){1,5}`

// signatureAt looks for a signature mark, a client's footer or a legal notice
// at i. Notices begin like sentences of people, and whole footers are known of
// the commonest programs alone: the rest is cut with a doubt.
func signatureAt(lines []string, i int) signature {
	line := lines[i]
	trimmed := strings.TrimSpace(line)
	switch {
	case isDashes(trimmed):
		return signature{lines: 1, name: "signature mark", toEnd: true, weak: filled(lines[i+1:]) > 15}
	case isUnderline(trimmed) && filled(lines[i+1:]) > 0:
		return signature{lines: 1, name: "line drawn below the text", toEnd: true, weak: true}
	case isFooter(line):
		return signature{lines: 1, name: "footer of a mail program", weak: !programRE.MatchString(line)}
	case startsParagraph(lines, i) && isNotice(lines[i:]):
		return signature{lines: 1, name: "legal notice", toEnd: true, weak: true}
	}
	return signature{}
}

// isDashes tells the signature mark "-- " (RFC 3676, section 4.3), also as it
// looks after blanks were trimmed or dashes made typographic.
func isDashes(trimmed string) bool {
	switch strings.Trim(trimmed, "*_ ") {
	case "--", "––", "—":
		return true
	}
	return false
}

// isUnderline tells the line of underscores that list programs and people
// draw above a footer.
func isUnderline(trimmed string) bool {
	return len(trimmed) >= 5 && strings.Trim(trimmed, "_") == ""
}

func isFooter(line string) bool {
	const longest = 160
	return len(line) <= longest && beginsFooter(line) && (programRE.MatchString(line) || footerRE.MatchString(line))
}

// isNotice reads on where a program broke the lines: what tells a notice may stand in the second or third.
func isNotice(lines []string) bool {
	const shortest, read = 10, 4
	if len(lines[0]) < shortest || !beginsNotice(firstWord(lines[0])) {
		return false
	}
	n := 1
	for n < min(len(lines), read) && strings.TrimSpace(lines[n]) != "" && !isQuote(lines[n]) {
		n++
	}
	text := join(lines[:n])
	return noticeRE.MatchString(text[:min(len(text), maxAttribution)])
}

// beginsFooter and beginsNotice spare most lines the regular expressions: all
// footers and notices begin with one of these words.
func beginsFooter(line string) bool {
	word := firstWord(line)
	switch word {
	case "sent", "from", "get", "download", "someone", "via", "inviato", "scarica", "ottieni", "enviado", "enviada", "obtén",
		"obtener", "obtenha", "descargar", "envoyé", "téléchargez", "télécharger", "obtenir", "provenance", "von", "vom",
		"gesendet", "diese", "holen", "sendt", "verzonden", "verstuurd", "skickat", "отправлено", "wysłane", "this", "avg",
		"avast", "senza", "privo", "priva", "mail", "e-mail", "email", "libre", "garanti":
		return true
	}
	for _, scanned := range []string{"virus-free", "virusfree", "virenfrei"} {
		if strings.HasPrefix(word, scanned) {
			return true
		}
	}
	return strings.HasPrefix(line, "從") || strings.HasPrefix(line, "从") || strings.HasPrefix(line, "发自")
}

func beginsNotice(word string) bool {
	switch word {
	case "confidentiality", "privacy", "legal", "disclaimer", "this", "the", "please", "if", "nota", "avviso", "avvertenza",
		"avvertenze", "clausola", "riservatezza", "informativa", "ai", "le", "il", "i", "questa", "questo", "la", "prima",
		"pensa", "rispetta", "aviso", "este", "el", "antes", "de", "en", "avis", "clause", "mention", "avertissement", "ce",
		"les", "avant", "pensez", "diese", "der", "bitte", "esta", "a", "as", "consider", "think", "si", "qualora", "chiunque", "chi", "se", "p", "non",
		"stampa", "por", "protección", "conforme", "según":
		return true
	}
	return word == "l'intégrité" || word == "l’intégrité" || word == "n'imprimez" || word == "n’imprimez"
}

// firstWord returns the word a line begins with, in lower case, "" for a long one.
func firstWord(line string) string {
	const longest = 30
	start := 0
	for start < len(line) && strings.IndexByte(" \t*_(<[-", line[start]) >= 0 {
		start++
	}
	end := start
	for end < len(line) && strings.IndexByte(" :,<", line[end]) < 0 {
		if end++; end-start == longest {
			return ""
		}
	}
	return strings.ToLower(line[start:end])
}

func startsParagraph(lines []string, i int) bool {
	return i == 0 || strings.TrimSpace(lines[i-1]) == "" || isDelimiter(lines[i-1])
}

// filled counts the lines up to the next quote that are not blank.
func filled(lines []string) int {
	const enough = 30
	n := 0
	for _, l := range lines {
		if isQuote(l) || n == enough {
			break
		}
		if strings.TrimSpace(l) != "" {
			n++
		}
	}
	return n
}

var (
	// numberedRE: a number with its name before it.
	numberedRE = pattern.MustCompile(`(?i)\b(?:tel|phone|mobile|mob|cell|fax|telefono|teléfono|téléphone|telefon|p\.? ?iva|vat|cif|siret|skype|whatsapp)\b\.?\s*[:.]?\s*[+\d(]`)

	// aloneRE: a web address, a mail address or a phone number that is all of a line.
	aloneRE = pattern.MustCompile(`(?i)^(?:\s*(?:https?://|www\.)\S+\s*|\s*\S+@\S+\.\S+\s*|[\s(+]*\d[\d ()/.+-]{6,})$`)
)

// endsInContacts tells a last paragraph of two lines or more of which two
// carry a phone number, a web or a mail address alone on the line: most likely
// a signature nobody marked.
func endsInContacts(text string) bool {
	const looked, longest = 8, 120
	hits := 0
	for range looked {
		end := strings.LastIndexByte(text, '\n')
		if line := text[end+1:]; len(line) <= longest && (aloneRE.MatchString(line) || strings.ContainsAny(line, "+(0123456789") && numberedRE.MatchString(line)) {
			hits++
		}
		text = text[:max(end, 0)]
	}
	return hits >= 2
}

// maxSignature bounds a learnt signature, in lines.
const maxSignature = 15

// Learnt is the signature of somebody who was asked for one line and his usual
// signature: what stands behind a mark of signatures, or else whatever follows
// the first paragraph.
func Learnt(text, marked string) string {
	if marked = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(marked), "--")); marked == "" {
		_, below, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
		marked = strings.TrimSpace(below)
	}
	if strings.Count(marked, "\n") >= maxSignature {
		return ""
	}
	return marked
}
