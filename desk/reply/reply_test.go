package reply

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"replyby/desk/reply/verb"
)

// now is Monday 23 November 2026, 15:00 in Rome.
func now(t testing.TB) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 23, 15, 0, 0, 0, rome)
}

func TestDoubts(t *testing.T) {
	for _, c := range []struct {
		text    string
		code    string
		nearest verb.Verb
	}{
		{"okk\nCi penso io", "verb", verb.OK},
		{"ok?", "verb", verb.OK},
		{"k", "verb", verb.OK},
		{"tkae", "verb", verb.Take},
		{"clsoe", "verb", verb.Close},
		{"ok\nfixd\nfatto", "verb", verb.Fixed},
		{"nte il cliente ha chiamato", "verb", verb.Note},
		{"assing Marco", "verb", verb.Assign},
		{"etta domani 17:00", "verb", verb.ETA},
		{"bil 30", "verb", verb.Bill},
		{"eta", "instant", verb.ETA},
		{"eta quando posso", "instant", verb.ETA},
		{"eta 2026-02-30 10:00", "impossible", verb.ETA},
		{"eta 11/24", "impossible", verb.ETA},
		{"eta ieri", "past", verb.ETA},
		{"eta 2026-11-20 10:00", "past", verb.ETA},
		{"eta 24/11/2029", "far", verb.ETA},
		{"eta mar 24", "ambiguous", verb.ETA},
		{"assente fino a boh", "instant", verb.Absent},
		{"absent", "instant", verb.Absent},
		{"noeta", "argument", verb.NoETA},
		{"note", "argument", verb.Note},
		{"note 👍", "argument", verb.Note},
		{"Note that the cache is full", "sentence", verb.Note},
		{"ok\nDomanda: che versione usa?", "sentence", verb.Question},
		{"ok\nurgente il cliente telefona", "sentence", verb.Urgent},
		{"wait for the log", "sentence", verb.Wait},
		{"attente du client ?", "sentence", verb.Wait},
		{"ok: Gentile cliente, ci penso io", "argument", verb.OK},
		{"refund 49,00", "argument", verb.Refund}, // of what?
		{"refund EUR", "argument", verb.Refund},
		{"refund all", "argument", verb.Refund},
		{"refuse 3 e 4", "argument", verb.Refuse},
		{"refuse 8: files changed", "argument", verb.Refuse},
		{"eta quando posso: non so", "instant", verb.ETA},
		{"field order:", "argument", verb.Field},
		{"refuse", "argument", verb.Refuse},
		{"refuse 7", "argument", verb.Refuse},
		{"care maybe", "argument", verb.Care},
		{"patch domani", "argument", verb.Patch},
		{"assign", "argument", verb.Assign},
		{"merge", "argument", verb.Merge},
		{"merge MB-", "argument", verb.Merge},
		{"bill molto", "argument", verb.Bill},
		{"bill 0", "argument", verb.Bill},
		{"bill -30 euro", "argument", verb.Bill},
		{"customer", "argument", verb.Customer},
		{"customer mario@example", "argument", verb.Customer},
		{"customer mаrio@verdi.example", "argument", verb.Customer}, // a Cyrillic letter
		{"customer a@b.example, c@d.example", "argument", verb.Customer},
		{"customer a@b.example<mailto:x@y.example>", "argument", verb.Customer},
		{"adopt", "argument", verb.Adopt},
		{"o\u200bk\nsì", "hidden", verb.OK},
		{"APPR\u200dOVE", "hidden", verb.OK},
		{"»ok", "verb", verb.OK},
		{"оk", "verb", verb.OK}, // a Cyrillic letter
		{"note \u202eodnom oaic", "hidden", verb.Note},
		{"take\nassign Marco", "rivals", verb.Assign},
		{"eta domani\nnoeta non so", "rivals", verb.NoETA},
		{"fixed\nrefund", "rivals", verb.Refund},
		{"resend\nfixed", "rivals", verb.Fixed},
		{"close\nresend", "rivals", verb.Resend},
		{"eta domani 17:00\neta domani 18:00", "twice", verb.ETA},
		{"- ok\n- invia", "twice", verb.OK},
		{strings.Repeat("note a\nnote b\n", 20), "many", ""},
		{strings.Repeat("take\n", 200), "many", ""},
		{"note " + strings.Repeat("a ", 3000), "long", verb.Note},
	} {
		r := Parse(c.text, now(t))
		if r.Doubt == nil || len(r.Commands) != 0 || r.Words != "" {
			t.Errorf("%.30q: %+v, want a doubt and nothing else", c.text, r)
			continue
		}
		if r.Doubt.Nearest != c.nearest || r.Doubt.Code != c.code || r.Doubt.Reason == "" {
			t.Errorf("%.30q: %+v, want %s %s", c.text, *r.Doubt, c.code, c.nearest)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, text, commands, words string }{
		{"verb and words", "ok\n\nCi penso io.\nA dopo", "ok", "Ci penso io.\nA dopo"},
		{"capitals and a full stop", "OK.\nCi penso io", "ok", "Ci penso io"},
		{"synonym", "Enviar\nVoy a verlo", "ok", "Voy a verlo"},
		{"accented synonym", "résolu\nC'est réglé", "fixed", "C'est réglé"},
		{"several", "take\nurgent\nok\nCi penso io", "take, urgent, ok", "Ci penso io"},
		{"all recipients", "ok all\nCi penso io", "ok all", "Ci penso io"},
		{"all recipients in Italian", "ok a tutti!", "ok all", ""},
		{"the same twice", "take\ntake", "take", ""},
		{"two notes", "note a\nnote b", "note a, note b", ""},
		{"two messages", "adopt a1\nadopt b2", "adopt a1, adopt b2", ""},

		{"no verb", "Ci penso io\nok", "", "Ci penso io\nok"},
		{"ok in a sentence", "ok, la guardo domani", "", "ok, la guardo domani"},
		{"ok with thanks", "ok grazie", "", "ok grazie"},
		{"take in a sentence", "take a look at the log first", "", "take a look at the log first"},
		{"a quoted verb", "> ok\nsì", "", "> ok\nsì"},
		{"a quoted verb of another program", "| ok", "", "| ok"},
		{"a quoted verb without a blank", ">ok", "", ">ok"},
		{"crossed out", "o\u0336k\u0336", "", "o\u0336k\u0336"},
		{"turned around", "\u202eko", "", "\u202eko"},
		{"only a picture", "👍", "", "👍"},
		{"nothing", " \n\n", "", ""},
		{"words after a command may begin like one", "ok\nPatch 1.2 è pubblicata da questa mattina", "ok", "Patch 1.2 è pubblicata da questa mattina"},
		{"a customer in a sentence", "Cliente contattato ieri, tutto bene", "", "Cliente contattato ieri, tutto bene"},

		{"bold", "*ok*\nsì", "ok", "sì"},
		{"very bold", "**ok**", "ok", ""},
		{"bold verb", "*eta* domani 17:00", "eta 2026-11-24T16:00:00Z", ""},
		{"bold line", "*eta domani 17:00*", "eta 2026-11-24T16:00:00Z", ""},
		{"italic", "_take_", "take", ""},
		{"quotes", "\"ok\"", "ok", ""},
		{"curly quotes", "“ok”.", "ok", ""},
		{"angle quotes", "«ok»", "ok", ""},
		{"brackets", "(ok)", "ok", ""},
		{"code", "`ok`", "ok", ""},
		{"as in help", "eta <domani 17:00>", "eta 2026-11-24T16:00:00Z", ""},
		{"bullet", "- ok\n- take", "ok, take", ""},
		{"round bullet", "• ok\n• urgent", "ok, urgent", ""},
		{"bullet without blank", "-ok", "ok", ""},
		{"numbers", "1. take\n2) ok", "take, ok", ""},
		{"emoji behind", "ok 👍🏽", "ok", ""},
		{"emoji in front", "✅ ok", "ok", ""},
		{"joined emoji", "take 👩‍💻 :-)", "take", ""},
		{"heart with its colour", "ok ❤️", "ok", ""},
		{"exclamation", "ok!!! :)", "ok", ""},
		{"ellipsis", "ok…", "ok", ""},
		{"dotted", "O.K.", "ok", ""},
		{"full width", "ＯＫ　ＡＬＬ", "ok all", ""},
		{"byte order mark", "\ufeffok\nsì", "ok", "sì"},
		{"invisible at the edges", "\u200bok\u200b\u2060\nsì", "ok", "sì"},
		{"a line of nothing", "\u200b\nok", "ok", ""},
		{"no-break space", "eta\u00a0domani 17:00", "eta 2026-11-24T16:00:00Z", ""},
		{"windows line ends", "ok\r\nVa bene così\r\n", "ok", "Va bene così"},
		{"old line ends", "ok\rVa bene", "ok", "Va bene"},
		{"separators", "ok\u2028Va bene", "ok", "Va bene"},
		{"NUL", "ok\x00", "ok", ""},
		{"hyphens", "pre-sale\nre-open", "presale, reopen", ""},

		{"note keeps its words", "note il cliente ha chiamato :)", "note il cliente ha chiamato :)", ""},
		{"note with a colon", "nota:ha chiamato", "note ha chiamato", ""},
		{"noeta", "noeta dipende dal fornitore", "noeta dipende dal fornitore", ""},
		{"two words", "prossimo aggiornamento domani 17:00", "next 2026-11-24T16:00:00Z", ""},
		{"a reason", "normal non è bloccante", "normal non è bloccante", ""},
		{"a reason with a colon", "urgente: il negozio è fermo", "urgent il negozio è fermo", ""},
		{"a reason with a dash", "guasto – carrello", "fault carrello", ""},
		{"a reason with because", "urgente perché il negozio è fermo", "urgent perché il negozio è fermo", ""},
		{"not urgent", "non urgente: è estetico", "normal è estetico", ""},
		{"a reason in English", "fault the cart is empty", "fault the cart is empty", ""},
		{"wait", "attesa: log del cliente", "wait log del cliente", ""},
		{"wait asks", "ok\nattente : quel navigateur utilisez-vous ?", "ok, wait quel navigateur utilisez-vous ?", ""},
		{"wait asks in Spanish", "espera: ¿qué navegador usa?", "wait ¿qué navegador usa?", ""},
		{"a French term", "délai demain 17h", "eta 2026-11-24T16:00:00Z", ""},
		{"a French approval", "Validé.", "ok", ""},
		{"closed in French", "clôture\nfusionne MB-2", "close, merge MB-2", ""},
		{"next in French", "prochain point demain 17h", "next 2026-11-24T16:00:00Z", ""},
		{"undo in French", "annulez", "undo", ""},
		{"assign", "assegna a Marco Rossi.", "assign Marco Rossi", ""},
		{"refuse", "refuse 3\nNon è nel prodotto", "refuse 3", "Non è nel prodotto"},
		{"refuse for care", "rifiuto care", "refuse care", ""},
		{"refuse for contract", "refuse no contract", "refuse contract", ""},
		{"refuse by ground", "rechazar motivo 6", "refuse 6", ""},
		{"patch", "patch v1.2.3\nProvi ora", "patch 1.2.3", "Provi ora"},
		{"patch in words", "correctif version 2.0", "patch 2.0", ""},
		{"refund", "rimborso", "refund", ""},
		{"care", "care sì\ntake", "care yes, take", ""},
		{"no care", "care scaduto", "care no", ""},
		{"absent", "assente fino a venerdì", "absent 2026-11-27T17:00:00Z", ""},
		{"absent in French", "absente jusqu'au 27 novembre", "absent 2026-11-27T17:00:00Z", ""},
		{"absent in Spanish", "ausente hasta el viernes", "absent 2026-11-27T17:00:00Z", ""},
		{"absent without until", "absent friday 18:00", "absent 2026-11-27T17:00:00Z", ""},
		{"customer", "customer mario@verdi.example", "customer mario@verdi.example", ""},
		{"customer with a name", "cliente Mario Verdi <mario@verdi.example>", "customer mario@verdi.example", ""},
		{"customer as Outlook writes it", "customer mario@verdi.example<mailto:mario@verdi.example>", "customer mario@verdi.example", ""},
		{"merge", "merge MB-12", "merge MB-12", ""},
		{"merge as a subject", "unisci con [mb-12]", "merge MB-12", ""},
		{"merge by number", "merge #12", "merge 12", ""},
		{"adopt", "adopt <CAF+x=1@mail.example>", "adopt CAF+x=1@mail.example", ""},
		{"bill", "bill 90", "bill 90", ""},
		{"bill the work", "bill 90: spostare il negozio", "bill 90: spostare il negozio", ""},
		{"consent", "consenso", "consent", ""},
		{"what was done", "Risolto: era la cache", "fixed era la cache", ""},
		{"closed, and why", "chiudo: nessuna risposta da un mese", "close nessuna risposta da un mese", ""},
		{"refuse with what was found", "refuse 6: override di Cart.php modificato.", "refuse 6: override di Cart.php modificato", ""},
		{"refuse no care, and why", "rifiuto care - scaduto a giugno", "refuse care: scaduto a giugno", ""},
		{"refund an amount", "rimborso 49,00 EUR", "refund 49,00 EUR", ""},
		{"refund a sign", "refund €1.249,00", "refund €1.249,00", ""},
		{"refund behind", "rembourser 49.90 €", "refund 49.90 €", ""},
		{"a field", "campo ordine: XKCD-4711", "field order: XKCD-4711", ""},
		{"two fields", "field product: Caveau Pro\nfield shop: https://a.example", "field product: Caveau Pro, field shop_url: https://a.example", ""},
		{"field of words", "Field trips are fun: ask me", "", "Field trips are fun: ask me"},
		{"why the date moves", "eta domani 17:00: il fornitore ritarda", "eta 2026-11-24T16:00:00Z: il fornitore ritarda", ""},
		{"why in a clause", "eta 24/11 - 17:00 perché il fornitore ritarda: scusate", "eta 2026-11-24T16:00:00Z: il fornitore ritarda: scusate", ""},
		{"why in French", "eta demain 17h car le fournisseur tarde", "eta 2026-11-24T16:00:00Z: le fournisseur tarde", ""},
		{"bill hours", "facturar 1h30", "bill 90", ""},
		{"bill half hours", "bill 1,5 ore", "bill 90", ""},
		{"bill clock", "bill 1:30", "bill 90", ""},
		{"bill words", "addebita 45 minuti", "bill 45", ""},
		{"spam", "spam", "spam", ""},
		{"original", "originale", "original", ""},
		{"a question", "status?", "status", ""},
		{"a mark", "?", "help", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Parse(c.text, now(t))
			if r.Doubt != nil {
				t.Fatalf("doubt %+v", *r.Doubt)
			}
			var commands []string
			for _, k := range r.Commands {
				commands = append(commands, k.String())
			}
			if got := strings.Join(commands, ", "); got != c.commands || r.Words != c.words {
				t.Errorf("commands %q words %q, want %q and %q", got, r.Words, c.commands, c.words)
			}
		})
	}
}

func TestMinutes(t *testing.T) {
	c, _ := Parse("bill 2h15", now(t)).Has(verb.Bill)
	if c.Minutes != 135 || c.Args != "135" {
		t.Errorf("%+v", c)
	}
}

func TestGrammar(t *testing.T) {
	owner, first := map[string]row{}, map[verb.Verb]bool{}
	for _, r := range grammar() {
		if !first[r.verb] && (r.names.all()[0] != string(r.verb) || r.effect == "") {
			t.Errorf("%s: the first name is %s, its effect %q", r.verb, r.names.all()[0], r.effect)
		}
		first[r.verb] = true
		for _, n := range r.names.all() {
			if other, taken := owner[n]; taken && (other.verb != r.verb || other.takes != r.takes) {
				t.Errorf("%q means %s %s and %s %s", n, other.verb, other.takes, r.verb, r.takes)
			}
			if words := strings.Fields(n); len(words) > longestName || part(bare(n), len(words)).name != n {
				t.Errorf("%q can never be read", n)
			}
			owner[n] = r
		}
	}
}

// sample is a correct argument of each kind.
func sample(t takes) string {
	return map[takes]string{
		instant: "tomorrow 17:00", until: "until tomorrow", text: "Marco called", reason: "", because: "", person: "Marco", version: "1.2",
		ground: "3", yesNo: "yes", address: "a@b.example", ref: "MB-1", id: "x1", minutes: "90", promise: "tomorrow 17:00", field: "order: 4711",
	}[t]
}

// Every name of every verb is read, and what is read is written so that it is read again as the same.
func TestCommandsRoundTrip(t *testing.T) {
	for _, r := range grammar() {
		for _, n := range r.names.all() {
			line := strings.TrimSpace(strings.ToUpper(n[:1]) + n[1:] + " " + sample(r.takes))
			got := Parse(line, now(t))
			if len(got.Commands) != 1 || got.Commands[0].Verb != r.verb || got.Doubt != nil || got.Words != "" {
				t.Errorf("%q: %+v", line, got)
				continue
			}
			c := got.Commands[0]
			again := Parse(c.String(), now(t))
			if len(again.Commands) != 1 {
				t.Errorf("%q, written as %q: %+v", line, c, again)
				continue
			}
			a := again.Commands[0]
			if c.At.IsZero() && a.Args != c.Args || !a.At.Equal(c.At) || a.Verb != c.Verb || a.Minutes != c.Minutes || a.String() != c.String() {
				t.Errorf("%q: %+v, written as %q: %+v", line, c, c, a)
			}
		}
	}
}

// Whatever commands a mail is made of: all of them are read in order, or none counts; junk around lines changes nothing.
func TestMailsOfCommands(t *testing.T) {
	rows := grammar()
	rapid.Check(t, func(rt *rapid.T) {
		var plainText, dressed []string
		for range rapid.IntRange(1, 5).Draw(rt, "n") {
			r := rapid.SampledFrom(rows).Draw(rt, "row")
			line := strings.TrimSpace(rapid.SampledFrom(r.names.all()).Draw(rt, "name") + " " + sample(r.takes))
			plainText = append(plainText, line)
			front := rapid.SampledFrom([]string{"", "- ", "• ", "\ufeff", "\u00a0", "✅ ", "1. "}).Draw(rt, "front")
			dressed = append(dressed, front+line+rapid.SampledFrom([]string{"", " ", "\u200b", "\r", "\t"}).Draw(rt, "back"))
		}
		a := Parse(strings.Join(plainText, "\n"), now(t))
		b := Parse(strings.Join(dressed, "\n"), now(t))
		if (a.Doubt == nil) != (b.Doubt == nil) || len(a.Commands) != len(b.Commands) || a.Words != "" || b.Words != "" {
			rt.Fatalf("%q: %+v\n%q: %+v", plainText, a, dressed, b)
		}
		if a.Doubt != nil && len(a.Commands) > 0 {
			rt.Fatalf("%q: a doubt with effects", plainText)
		}
		for i := range a.Commands {
			if a.Commands[i].String() != b.Commands[i].String() {
				rt.Fatalf("%q is not %q", b.Commands[i], a.Commands[i])
			}
		}
	})
}

// A slip of one letter in a verb never has an effect of another verb, unless it makes the name of one.
func TestSlips(t *testing.T) {
	names := lexiconOf(grammar())
	slips, doubts := 0, 0
	for _, r := range grammar() {
		for _, n := range r.names.all() {
			for i := range n {
				slip := n[:i] + n[i+1:]
				if _, is := names[slip]; is || len(n) < 4 || strings.ContainsAny(n, " ?.") {
					continue
				}
				got := Parse(slip+" "+sample(r.takes), now(t))
				if slips++; got.Doubt != nil {
					doubts++
				}
				if len(got.Commands) > 0 {
					t.Errorf("%q is read as %v", slip, got.Commands)
				}
			}
		}
	}
	t.Logf("%d slips, %d doubts", slips, doubts)
	if doubts*100 < slips*97 {
		t.Errorf("of %d slips only %d come back with a question", slips, doubts)
	}
}

// A hostile text costs work in line with its length, whatever it is made of: a hundred times the text allocates no more than
// a hundred times as often.
func TestLinear(t *testing.T) {
	for _, line := range []string{"a", "\n", "ok\n", "note a\n", " \n", "\u200b\n", "*", "(", "👍", "ok ", "e\u0301", "eta domani "} {
		small, large := strings.Repeat(line, 100_000/len(line)), strings.Repeat(line, 10_000_000/len(line))
		want := testing.AllocsPerRun(1, func() { Parse(small, now(t)) })
		if got := testing.AllocsPerRun(1, func() { Parse(large, now(t)) }); got > 110*want {
			t.Errorf("%q: %v allocations for 10 MB, %v for 100 kB", line, got, want)
		}
	}
}

func BenchmarkTenMegabytes(b *testing.B) {
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for _, line := range []string{"a", "\n", "ok\n", "\u200b\n"} {
		text := strings.Repeat(line, 10<<20/len(line))
		b.Run(strings.Trim(line, "\n"), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Parse(text, at)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"ok\nciao", "eta domani 17:00", "okk", "\x00\xff", "take\ntake", "- *ok all*", "bill 1h30", "customer a@b.example", "note: x"} {
		f.Add(s)
	}
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	all := everything()
	f.Fuzz(func(t *testing.T, s string) {
		r := Parse(s, at)
		if r.Doubt != nil && (len(r.Commands) > 0 || r.Words != "") {
			t.Errorf("a doubt with effects: %+v", r)
		}
		for _, c := range r.Commands {
			if !c.At.IsZero() && !c.At.After(at) {
				t.Errorf("%q promises the past", c.Line)
			}
			if strings.ContainsAny(c.Args, "\r\n") || !slices.Contains(all, c.Verb) {
				t.Errorf("%q: %+v", s, c)
			}
			if again := Parse(c.String(), at); len(again.Commands) != 1 || again.Commands[0].String() != c.String() {
				t.Errorf("%q is written %q and read %+v", c.Line, c, again)
			}
		}
	})
}

// What help teaches as the name of "ok all" copies everybody, as that does.
func TestNameOfOKAll(t *testing.T) {
	for language, want := range map[string]string{"es": "enviar a todos", "it": "invia a tutti", "fr": "envoyer à tous", "en": ""} {
		if got := Names("ok all", language); got != want || want != "" && Parse(got, now(t)).Commands[0].Args != "all" {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
}
