package banner

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// warnings as gateways write them in the four languages, each a line.
func warnings() []string {
	return []string{
		"[EXTERNAL]", "[External Email]", "**EXTERNAL EMAIL**", "EXTERNAL", "***EXTERNAL***", "[EXT]", "[MAIL ESTERNA]", "[Correo externo]", "[E-mail externe]", "EXTERNAL SENDER",
		"CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
		"CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you can confirm the sender and know the content is safe.",
		"**CAUTION:** This email originated from outside of the organisation.",
		"WARNING: This email originated outside MB Servizi. Please be careful with links and attachments!",
		"[EXTERNAL] This message came from outside your company. Use caution with links and attachments.",
		"External email: This message was sent from outside the company. Please do not click links or open attachments unless you recognise the source of this email and know the content is safe.",
		"ATTENZIONE: questa mail proviene dall'esterno. Non cliccare sui link e non aprire gli allegati se non si riconosce il mittente.",
		"ATTENZIONE: Questa e-mail proviene dall’esterno dell’organizzazione. Non fare clic su collegamenti o aprire allegati a meno che non si riconosca il mittente.",
		"Attenzione! Questo messaggio è stato inviato da un mittente esterno all'azienda. Prestare attenzione a link e allegati.",
		"Attention : ce message provient de l'extérieur.",
		"ATTENTION : Cet e-mail provient de l’extérieur de l’organisation. Ne cliquez pas sur les liens et n’ouvrez pas les pièces jointes sauf si vous connaissez l’expéditeur.",
		"AVISO: este correo procede de fuera de la organización. No haga clic en enlaces ni abra archivos adjuntos si no reconoce al remitente.",
		"PRECAUCIÓN: Este correo electrónico proviene de un remitente externo. Tenga cuidado con los enlaces y los adjuntos.",
		"You don't often get email from anna@mail.example. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
		"[You don't often get email from anna@mail.example. Learn why this is important at https://aka.ms/LearnAboutSenderIdentification ]",
		"Non si ricevono spesso messaggi di posta elettronica da anna@mail.example. Scopri perché è importante<https://aka.ms/LearnAboutSenderIdentification>",
		"Vous n’obtenez pas souvent d’e-mail à partir de anna@mail.example. Pourquoi c’est important<https://aka.ms/LearnAboutSenderIdentification>",
		"No suele recibir correos electrónicos de anna@mail.example. Descubra por qué esto es importante<https://aka.ms/LearnAboutSenderIdentification>",
	}
}

func TestWarnings(t *testing.T) {
	for _, w := range warnings() {
		for _, text := range []string{w + "\n\nok\n\nHo visto.", w + "\nok\n\nHo visto.", "\n\n" + w + "\n________________________________\nok\n\nHo visto.", "*****\n" + w + "\n*****\n\nok\n\nHo visto.",
			"[EXTERNAL]\n" + w + "\n\nok\n\nHo visto."} {
			if strings.Contains(text, "aka.ms") && !strings.Contains(text, w+"\n\n") {
				continue // it has no end but that of its paragraph
			}
			if rest, _ := Below(text); rest != "ok\n\nHo visto." {
				t.Errorf("%q: left %q", text, rest)
			}
		}
	}
}

// What somebody writes who speaks of such mail, or to whom it was said, is his; and so are the words beside a warning.
func TestWords(t *testing.T) {
	for _, text := range []string{
		"", "ok", "ok\n\nHo visto.", "-- \nAnna", "external", "Esterno", "Attenzione: il sito è offline.", "ATTENZIONE", "AVISO: mañana cerramos.", "EXTERNAL ok", "[EXTERNAL] ok",
		"Non cliccare sui link della mail che ha ricevuto.", "CAUTION: Do not click links.", "This email originated from you?", "Attenzione: questa mail proviene dall'esterno, ma va bene.",
		"CAUTION: This email originated from outside of the organization. Send it.", "CAUTION: This email originated from outside of the organization. ok",
		"CAUTION: This email originated from outside of the organization. Do not click links or open attachments\nok\nHo visto.",
		"This message was sent from the office.", "Le message vient de vous ?", "You don't often get email from me.", "---\nok",
		"CAUTION: This email originated from outside\nok\n\nHo visto.", // nobody breaks a line there
		"CAUTION: This email originated from outside of the organization. Send us the\nlinks today.\n\nok",
		"> CAUTION: This email originated from outside of the organization.\n\nok",
		"Ciao\n\n[EXTERNAL]\n\nok",
	} {
		if rest, sure := Below(text); rest != text || !sure {
			t.Errorf("%q: left %q, %t", text, rest, sure)
		}
	}
}

// A line tightly below a warning that warns, too, may be the writer's.
func TestDoubt(t *testing.T) {
	const text = "ATTENZIONE: questa mail proviene dall'esterno.\nNon aprire gli allegati della mail ricevuta.\n\nCi penso io."
	if rest, sure := Below(text); rest != "Ci penso io." || sure {
		t.Errorf("left %q, %t", rest, sure)
	}
	if rest, sure := Below("ATTENZIONE: questa mail proviene dall'esterno.\n\nNon aprire gli allegati della mail ricevuta."); rest != "Non aprire gli allegati della mail ricevuta." || !sure {
		t.Errorf("left %q, %t", rest, sure)
	}
}

// A gateway that writes plain text breaks its warning as programs break lines. The last of them may still be the writer's.
func TestBrokenWarnings(t *testing.T) {
	for _, w := range warnings() {
		for _, width := range []int{64, 72, 78} {
			lines := wrapped(w, width)
			if !strings.Contains(lines, "\n") {
				continue
			}
			for _, text := range []string{lines + "\n\nok\n\nHo visto.", "\n" + lines + "\n________________________________\nok\n\nHo visto."} {
				if rest, sure := Below(text); rest != "ok\n\nHo visto." || sure {
					t.Errorf("%q: left %q, %t", text, rest, sure)
				}
			}
		}
	}
}

func wrapped(s string, width int) string {
	text, n := "", 0
	for w := range strings.FieldsSeq(s) {
		if n+1+len(w) > width && n > 0 {
			text, n = text+"\n"+w, len(w)
			continue
		}
		text, n = strings.TrimLeft(text+" "+w, " "), n+1+len(w)
	}
	return text
}

// What is left is always the end of the text, a second look changes nothing, and any words in a paragraph of their own stay whole below any warnings.
func TestWordsStayWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.StringMatching(`[a-zA-Z0-9èùç.,:!?>\[\]*-]{1,12}( [a-zA-Z0-9è.,]{1,10}){0,8}(\n\n?[a-z >-]{1,20}){0,3}`).Draw(rt, "words")
		if rest, _ := Below(words); rest != words {
			rt.Fatalf("%q: left %q", words, rest)
		}
		above := strings.Join(rapid.SliceOfN(rapid.SampledFrom(warnings()), 1, mostBanners).Draw(rt, "above"), "\n\n")
		if rest, sure := Below(above + "\n\n" + words); rest != undrawn(words) || !sure {
			rt.Fatalf("%q: left %q, %t", above+"\n\n"+words, rest, sure)
		}
	})
}

func FuzzBelow(f *testing.F) {
	for _, w := range warnings() {
		f.Add(w + "\n\nok")
	}
	f.Add("[\n***\n\xff\nCAUTION:")
	f.Fuzz(func(t *testing.T, text string) {
		rest, _ := Below(text)
		if !strings.HasSuffix(text, rest) {
			t.Errorf("%q: left %q, which is not its end", text, rest)
		}
	})
}
