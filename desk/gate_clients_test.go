package desk_test

import (
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"mime/quotedprintable"
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// tongue is what mail programs write in one language: above what they quote, in header blocks, as footers of phones.
type tongue struct {
	gmail, apple, bird, k9, sogo, horde string
	from, sent, to, subject, day        string
	original, iphone, outlook, android  string
	prefix, eta                         string
	words                               string
}

func tongues() map[string]tongue {
	return map[string]tongue{
		"it": {"Il giorno lun 23 nov 2026 alle ore 15:00 %s ha scritto:", "Il giorno 23 nov 2026, alle ore 15:00, %s ha scritto:", "Il 23/11/2026 15:00, %s ha scritto:",
			"Il 23 novembre 2026 15:00:00 CET, %s ha scritto:", "Lunedì, Novembre 23, 2026 15:00 CET, %s ha scritto:", "Citazione da %s:",
			"Da", "Inviato", "A", "Oggetto", "lunedì 23 novembre 2026 15:00",
			"----- Messaggio originale -----", "Inviato da iPhone", "Scarica Outlook per Android<https://aka.ms/AAb9ysg>", "Inviato dal mio dispositivo Android con K-9 Mail. Perdonate la brevità.",
			"R: ", "eta domani 17:00",
			"Sto guardando il registro dei pagamenti: l'errore è nel certificato.\n\nLo rinnovo subito e poi Le scrivo, così può riprovare con calma insieme ai Suoi colleghi del negozio.\nPiù tardi controllo anche le fatture."},
		"es": {"El lun, 23 nov 2026 a las 15:00, %s escribió:", "El 23 nov 2026, a las 15:00, %s escribió:", "El 23/11/2026 a las 15:00, %s escribió:",
			"El 23 de noviembre de 2026 15:00:00 CET, %s escribió:", "El Lunes, Noviembre 23, 2026 15:00 CET, %s escribió:", "Mensaje citado por %s:",
			"De", "Enviado", "Para", "Asunto", "lunes, 23 de noviembre de 2026 15:00",
			"----- Mensaje original -----", "Enviado desde mi iPhone", "Obtener Outlook para Android<https://aka.ms/AAb9ysg>", "Enviado desde mi dispositivo Android con K-9 Mail. Por favor, disculpa mi brevedad.",
			"RE: ", "eta mañana 17:00",
			"Estoy mirando el registro de pagos: el error está en el certificado.\n\nLo renuevo enseguida y después le escribo, para que pueda volver a probar con calma junto a sus compañeros.\n¿Puede decirme qué navegador usa?"},
		"fr": {"Le lun. 23 nov. 2026 à 15:00, %s a écrit :", "Le 23 nov. 2026 à 15:00, %s a écrit :", "Le 23/11/2026 à 15:00, %s a écrit :",
			"Le 23 novembre 2026 15:00:00 GMT+01:00, %s a écrit :", "Lundi, Novembre 23, 2026 15:00 CET, %s a écrit:", "%s a écrit :",
			"De", "Envoyé", "À", "Objet", "lundi 23 novembre 2026 15:00",
			"----- Mail original -----", "Envoyé de mon iPhone", "Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>", "Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.",
			"RE: ", "eta demain 17:00",
			"Je regarde le journal des paiements : l'erreur vient du certificat expiré.\n\nJe le renouvelle tout de suite et je vous écris ensuite, pour que vous puissiez réessayer avec vos collègues.\nÀ quelle heure avez-vous vu l'erreur ?"},
		"en": {"On Mon, Nov 23, 2026 at 3:00 PM %s wrote:", "On 23 Nov 2026, at 15:00, %s wrote:", "On 11/23/26 15:00, %s wrote:",
			"On November 23, 2026 3:00:00 PM GMT+01:00, %s wrote:", "On Monday, November 23, 2026 15:00 CET, %s wrote:", "Quoting %s:",
			"From", "Sent", "To", "Subject", "Monday, November 23, 2026 3:00 PM",
			"----- Original Message -----", "Sent from my iPhone", "Get Outlook for Android<https://aka.ms/AAb9ysg>", "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
			"AW: ", "eta tomorrow 5pm",
			"I am looking at the payment log: the error is in the certificate.\n\nI am renewing it right now and will write to you then, so that you can try again with your colleagues.\nWhich browser do you use?"},
	}
}

// composed is a reply on its way through a mail program.
type composed struct {
	tongue
	text string             // what the person types
	old  *mailparse.Message // what is answered
	who  string             // its author, as programs name him
}

const author = "assistenza <" + support + ">"

func (c composed) plainOld() string  { return strings.TrimSpace(c.old.Text) }
func (c composed) quotedOld() string { return "> " + strings.ReplaceAll(c.plainOld(), "\n", "\n> ") }

// block is the header block that programs put above an older mail, with a line break of their own.
func (c composed) block(nl, open, shut string, escape func(string) string) string {
	row := func(label, value string) string { return open + label + ":" + shut + " " + escape(value) }
	return strings.Join([]string{row(c.from, author), row(c.sent, c.day), row(c.to, "Anna Verdi <"+anna+">"), row(c.subject, c.old.Subject)}, nl)
}

// page writes lines as paragraphs of a program's kind.
func (c composed) page(open, empty, shut string) string {
	var b strings.Builder
	for _, line := range strings.Split(c.text, "\n") {
		if line == "" {
			line = empty
		} else {
			line = html.EscapeString(line)
		}
		b.WriteString(open + line + shut + "\r\n")
	}
	return b.String()
}

// attributed fills an attribution and breaks it in two lines as Gmail does where it is long.
func attributed(form, who string) string {
	line := fmt.Sprintf(form, who)
	if at := strings.Index(line, "<"); len(line) > 72 && at > 0 {
		line = line[:at+1] + "\n" + line[at+1:]
	}
	return line
}

func wrapAt(text string, n int, end string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		for len(line) > n {
			at := strings.LastIndexByte(line[:n], ' ')
			if at <= 0 {
				break
			}
			out, line = append(out, line[:at]+end), line[at+1:]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func part(kind, text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	w.Close()
	return "Content-Type: " + kind + "; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b.String()
}

func part64(kind, text string) string {
	b := base64.StdEncoding.EncodeToString([]byte(text))
	var lines []string
	for len(b) > 76 {
		lines, b = append(lines, b[:76]), b[76:]
	}
	return "Content-Type: " + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Join(append(lines, b), "\r\n") + "\r\n"
}

func alternative(plain, page string) string {
	return "Content-Type: multipart/alternative; boundary=\"0000000a1\"\r\n\r\n--0000000a1\r\n" + plain + "\r\n--0000000a1\r\n" + page + "\r\n--0000000a1--\r\n"
}

// programs lists mail programs by how they write an answer.
func programs() map[string]func(c composed) string {
	esc := html.EscapeString
	same := func(s string) string { return s }
	return map[string]func(c composed) string{
		"gmail": func(c composed) string {
			by := attributed(c.gmail, author)
			return alternative(part("text/plain", wrapAt(c.text, 76, "")+"\n\n"+by+"\n\n"+c.quotedOld()+"\n"),
				part("text/html", `<div dir="ltr">`+c.page("<div>", "<br>", "</div>")+`</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">`+esc(by)+`<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">`+c.old.HTML+`</blockquote></div>`))
		},
		"gmail, page alone, signature": func(c composed) string {
			return part("text/html", `<div dir="ltr">`+c.page("<div>", "<br>", "</div>")+`<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature"><div dir="ltr">Anna Verdi<div>MB srl</div></div></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">`+esc(fmt.Sprintf(c.gmail, author))+`<br></div><blockquote class="gmail_quote">`+c.old.HTML+`</blockquote></div>`)
		},
		"outlook, page alone": func(c composed) string {
			return part64("text/html", `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=IT><div class=WordSection1>`+c.page("<p class=MsoNormal><span>", "<o:p>&nbsp;</o:p>", "<o:p></o:p></span></p>")+
				`<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>`+c.block("<br>", "<b>", "</b>", esc)+`<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>`+c.old.HTML+`</div></body></html>`)
		},
		"outlook, both": func(c composed) string {
			return alternative(part("text/plain", strings.ReplaceAll(c.text, "\n", "\n\n")+"\n\n \n\n"+c.block("\n", "", "", same)+"\n\n \n\n"+c.plainOld()+"\n"), part("text/html", "<html><body>"+c.page("<p>", "&nbsp;", "</p>")+"</body></html>"))
		},
		"outlook, plain": func(c composed) string {
			return part("text/plain", c.text+"\n\n-----"+strings.Trim(c.original, "- ")+"-----\n"+c.block(" \n", "", "", same)+"\n\n"+c.plainOld()+"\n")
		},
		"outlook on the web": func(c composed) string {
			return alternative(part("text/plain", c.text+"\n\n________________________________\n"+c.block("\n", "", "", same)+"\n\n"+c.plainOld()+"\n"),
				part("text/html", `<html><body dir="ltr">`+c.page(`<div class="elementToProof">`, "<br>", "</div>")+`<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">`+c.block("<br>", "<b>", "</b>", esc)+`</font><div>&nbsp;</div></div>`+c.old.HTML+`</body></html>`))
		},
		"outlook on the web, page alone": func(c composed) string {
			return part64("text/html", `<html><body dir="ltr">`+c.page(`<div class="elementToProof">`, "<br>", "</div>")+`<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">`+c.block("<br>", "<b>", "</b>", esc)+`</font><div>&nbsp;</div></div>`+c.old.HTML+`</body></html>`)
		},
		"outlook on a phone": func(c composed) string {
			return part("text/plain", c.text+"\n\n"+c.outlook+"\n________________________________\n"+c.block("\n", "", "", same)+"\n\n"+c.plainOld()+"\n")
		},
		"apple mail": func(c composed) string {
			return alternative(part("text/plain", c.text+"\n\n> "+fmt.Sprintf(c.apple, author)+"\n> \n"+c.quotedOld()+"\n\n"),
				part("text/html", `<html><body style="overflow-wrap: break-word;">`+c.page("<div>", "<br>", "</div>")+`<br><div><blockquote type="cite"><div>`+esc(fmt.Sprintf(c.apple, author))+`</div><br class="Apple-interchange-newline"><div>`+c.old.HTML+`</div></blockquote></div></body></html>`))
		},
		"apple mail, page alone": func(c composed) string {
			return part("text/html", `<html><body style="overflow-wrap: break-word;">`+c.page("<div>", "<br>", "</div>")+`<br><div><blockquote type="cite"><div>`+esc(fmt.Sprintf(c.apple, author))+`</div><br class="Apple-interchange-newline"><div>`+c.old.HTML+`</div></blockquote></div></body></html>`)
		},
		"ios mail": func(c composed) string {
			return alternative(part("text/plain", c.text+"\n\n"+c.iphone+"\n\n> "+fmt.Sprintf(c.apple, author)+"\n> \n> \ufeff"+strings.TrimPrefix(c.quotedOld(), "> ")+"\n"),
				part("text/html", `<html><body dir="auto">`+c.page("<div>", "<br>", "</div>")+`<div dir="ltr">`+c.iphone+`</div><div dir="ltr"><br><blockquote type="cite">`+esc(fmt.Sprintf(c.apple, author))+`<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">`+c.old.HTML+`</div></blockquote></body></html>`))
		},
		"thunderbird": func(c composed) string {
			return "Content-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
				strings.ReplaceAll(wrapAt(c.text, 72, " ")+"\n\n"+fmt.Sprintf(c.bird, "assistenza")+"\n"+strings.ReplaceAll(c.quotedOld(), "> >", ">>")+"\n", "\n", "\r\n")
		},
		"thunderbird, page alone, signature": func(c composed) string {
			return part("text/html", `<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body>`+c.page("<p>", "<br>", "</p>")+`<pre class="moz-signature" cols="72">-- `+"\nAnna Verdi\nMB srl"+`</pre><div class="moz-cite-prefix">`+esc(fmt.Sprintf(c.bird, "assistenza"))+`<br></div><blockquote type="cite" cite="mid:x@mb.example">`+c.old.HTML+`</blockquote></body></html>`)
		},
		"k-9": func(c composed) string {
			return part("text/plain", c.text+"\n-- \n"+c.android+"\n\n"+fmt.Sprintf(c.k9, author)+"\n"+strings.ReplaceAll(c.quotedOld(), "> ", ">")+"\n")
		},
		"k-9, footer without mark": func(c composed) string {
			return alternative(part("text/plain", c.text+"\n\n"+c.android+"\n\n"+fmt.Sprintf(c.k9, author)+"\n"+c.quotedOld()+"\n"), part("text/html", "<html><body>"+c.page("", "", "<br>")+"</body></html>"))
		},
		"fairemail": func(c composed) string {
			return part("text/html", `<!DOCTYPE html><html><body>`+c.page("<p>", "<br>", "</p>")+`<br><p>23/11/2026 15:00:00 `+esc(author)+`:</p><blockquote dir="auto">`+c.old.HTML+`</blockquote></body></html>`)
		},
		"mutt": func(c composed) string {
			return "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
				strings.ReplaceAll(wrapAt(c.text, 72, "")+"\n\nOn Mon, Nov 23, 2026 at 03:00:00PM +0100, assistenza wrote:\n"+c.quotedOld()+"\n\n-- \nAnna Verdi\n", "\n", "\r\n")
		},
		"alpine": func(c composed) string {
			return "Content-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n" +
				strings.ReplaceAll(wrapAt(c.text, 72, " ")+"\n\nOn Mon, 23 Nov 2026, assistenza wrote:\n\n"+c.quotedOld()+"\n", "\n", "\r\n")
		},
		"roundcube": func(c composed) string {
			return part("text/plain", c.text+"\n\n-- \nAnna Verdi\nTel. 02 1234567\n\n"+strings.NewReplacer("23/11/2026", "2026-11-23", "11/23/26", "2026-11-23").Replace(fmt.Sprintf(c.bird, "assistenza"))+"\n"+c.quotedOld()+"\n")
		},
		"sogo": func(c composed) string {
			return part("text/html", `<html>`+c.page("", "", "<br>")+`<br><br>`+esc(fmt.Sprintf(c.sogo, author))+`<br>&nbsp;<blockquote type="cite" cite="x@mb.example">`+c.old.HTML+`</blockquote></html>`)
		},
		"zimbra": func(c composed) string {
			return alternative(part("text/plain", c.text+"\n\n\n"+c.original+"\n"+c.block("\n", "", "", same)+"\n\n"+c.plainOld()+"\n"),
				part("text/html", `<html><body><div style="font-family: arial">`+c.page("<div>", "<br>", "</div>")+`<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid">`+c.block("<br>", "<b>", "</b>", esc)+`</blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote>`+c.old.HTML+`</blockquote></div></div></body></html>`))
		},
		"horde": func(c composed) string {
			return "Content-Type: text/plain; charset=utf-8; format=flowed; DelSp=Yes\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
				strings.ReplaceAll(wrapAt(c.text, 72, "  ")+"\n\n\n"+fmt.Sprintf(c.horde, author)+"\n\n"+c.quotedOld()+"\n", "\n", "\r\n")
		},
	}
}

// subjects lists how programs write a long subject that is not ASCII.
func subjects() []func(string) string {
	return []func(string) string{
		func(s string) string { return mime.QEncoding.Encode("utf-8", s) },
		func(s string) string {
			return strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", s), "?= =?", "?=\r\n =?")
		},
		func(s string) string { // words that need it, the rest as it is, one to a line
			words := strings.Fields(s)
			for i, w := range words {
				words[i] = mime.QEncoding.Encode("iso-8859-15", w)
			}
			return strings.Join(words, "\r\n ")
		},
		func(s string) string { // raw UTF-8, folded before the token
			return strings.Replace(s, " (rb:", "\r\n\t(rb:", 1)
		},
		func(s string) string { // cut into words wherever they are full, the token too
			var words []string
			for r := []rune(s); len(r) > 0; {
				n := min(len(r), 17)
				words, r = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(string(r[:n])))+"?="), r[n:]
			}
			return strings.Join(words, "\r\n ")
		},
	}
}

// Genuine answers of people are heard, and the customer gets their words and no others.
func TestClients(t *testing.T) {
	t.Parallel() // a long one
	total, heard, exact := 0, 0, 0
	encoders := subjects()
	for name, write := range programs() {
		for language, in := range tongues() {
			for what, text := range map[string]string{"ok": "ok", "words": "ok\n\n" + in.words, "estimate": in.eta + "\n" + in.words} {
				if total++; testing.Short() && total%5 != 0 {
					continue
				}
				s := play(t, agency(t))
				s.arrives(mail{from: mario, subject: "Perché il carrello non accetta più pagamenti da stamattina alle 8:30?", text: request})
				s.post()
				old := mailparse.Parse(s.last(anna).Bytes)
				raw := strings.Join([]string{
					"From: Anna Verdi <" + anna + ">", "To: " + author, "Subject: " + encoders[total%len(encoders)](in.prefix+old.Subject), "Date: Mon, 23 Nov 2026 15:01:00 +0100",
					"Message-ID: <c" + fmt.Sprint(total) + "@client.example>", "In-Reply-To: <" + old.MessageID + ">", "References: <" + old.MessageID + ">", "MIME-Version: 1.0", "",
				}, "\r\n") + write(composed{in, text, old, author})
				s.delivers([]byte(raw), "")
				s.post()
				letters := s.letters(mario)
				if len(letters) != 1 {
					r := s.ticket(1).Refusals
					t.Errorf("%s, %s, %s: not heard: %+v; the last mail says\n%.900s", name, language, what, r, mailparse.Parse(s.last(anna).Bytes).Text)
					continue
				}
				heard++
				want := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, in.eta), "ok"))
				if got := s.decidedWords(1); folded(got) != folded(want) {
					t.Errorf("%s, %s, %s: the letter says %q, want %q", name, language, what, got, want)
					continue
				}
				exact++
			}
		}
	}
	t.Logf("genuine: %d, heard %d, words exact %d", total, heard, exact)
	if total < 200 {
		t.Errorf("only %d", total)
	}
}

// decidedWords are a person's own words in the last letter decided.
func (s *scenario) decidedWords(n int64) string {
	s.Helper()
	words := ""
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, n) {
		if err != nil {
			s.Fatal(err)
		}
		if r.Kind == kind.Decided {
			words = s.event(r).Body.Text
		}
	}
	return words
}

func (s *scenario) event(r logbook.Record) ticket.Event {
	s.Helper()
	e, err := r.Event()
	if err != nil {
		s.Fatal(err)
	}
	return e
}

// Words between quotes and above a signature nobody marked come back first: the person sees what would go.
func TestUncertainCutsComeBack(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"between quotes":     {"ok\n\nRispondo qui sotto.\n\nIl 23/11/2026 15:00, assistenza ha scritto:\n> Quando?\n\nDomani alle nove.\n\n> Quanto costa?\n\nNulla, è in garanzia.\n", []string{"Domani alle nove", "Nulla, è in garanzia"}},
		"a colleague called": {"ok\n\n@Marco, puoi controllare tu prima di sera?\n\n" + quotedBelow, []string{"@Marco, puoi controllare"}},
		"unmarked signature": {"ok\n\n" + words + "\n\nAnna Verdi\nTel. +39 06 1234567\nwww.mb.example\n\n" + quotedBelow, []string{"certificato scaduto"}},
		"gateway's notice":   {"ok\n\n" + words + "\n\n" + quotedBelow + "\nMB srl, via Roma 1, informa che la posta è controllata.\n", []string{"certificato scaduto"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			m := s.answer(s.last(anna), anna, "")
			m.text = c.text
			s.arrives(m)
			s.post()
			s.wantLetters(0)
			shown := mailparse.Parse(s.last(anna).Bytes).Text
			s.says(anna, "ok")
			s.wantLetters(1)
			sent := mailparse.Parse(s.last(mario).Bytes).Text
			for _, w := range c.want {
				if !strings.Contains(shown, w) || !strings.Contains(sent, w) {
					t.Errorf("%q was shown: %v, sent: %v", w, strings.Contains(shown, w), strings.Contains(sent, w))
				}
			}
		})
	}
}

// A program that quotes without a mark and without a word of introduction leaves the words that were mailed: what stands above them is the
// person's, for certain, and one "ok" is enough. Words below the quote, or within it, are nobody's until a person looked.
func TestQuotesKnownByTheirWords(t *testing.T) {
	for name, c := range map[string]struct {
		write func(old string) string
		heard bool
	}{
		"as it was":           {func(old string) string { return old }, true},
		"broken anew":         {func(old string) string { return strings.Join(strings.Fields(old), "\n") }, true},
		"below a line":        {func(old string) string { return "__________\n\n" + old }, true},
		"its beginning alone": {func(old string) string { return old[:len(old)/2] }, true},
		"introduced somehow":  {func(old string) string { return "Az assistenza ezt írta\n\n" + old }, false},
		"words below":         {func(old string) string { return old + "\n\nAnzi, domani alle nove." }, false},
		"words within": {func(old string) string {
			return strings.Replace(old, "SCADENZE", "Anzi, domani alle nove.\n\nSCADENZE", 1)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			l := s.last(anna)
			m := s.answer(l, anna, "")
			m.text = "ok\n\n" + words + "\n\n" + c.write(mailparse.Parse(l.Bytes).Text)
			s.arrives(m)
			s.post()
			if got := len(s.letters(mario)) == 1; got != c.heard {
				t.Fatalf("heard: %t, want %t; the last mail says\n%.600s", got, c.heard, mailparse.Parse(s.last(anna).Bytes).Text)
			}
			if c.heard && s.decidedWords(1) != words {
				t.Errorf("the letter says %q", s.decidedWords(1))
			}
		})
	}
}
