package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// requested opens a ticket of the customer's and lets the person acknowledge it, a minute later.
func (s *scenario) requested(subject, text string) {
	s.Helper()
	s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: subject, text: text})
	s.post()
}

func (s *scenario) acknowledged(subject string) {
	s.Helper()
	s.requested(subject, request)
	s.says(anna, "ok\n"+words)
}

// wantText says that the latest letter to somebody has some words, and none of others.
func (s *scenario) wantText(who string, words ...string) {
	s.Helper()
	text := s.text(who)
	for _, w := range words {
		want := !strings.HasPrefix(w, "!")
		if strings.Contains(text, strings.TrimPrefix(w, "!")) != want {
			s.Errorf("the latest mail to %s: %q wanted %v:\n%s", who, strings.TrimPrefix(w, "!"), want, text)
		}
	}
}

func (s *scenario) wantState(n uint64, want ticket.State) {
	s.Helper()
	if got := s.ticket(n).State; got != want {
		s.Fatalf("ticket %d is %s, want %s", n, got, want)
	}
}

// "una data / ora di risoluzione": an estimate that moves is told with the one before and why; the new clock runs once the letter is out.
func TestEstimateMoves(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "eta 2026-11-24 16:00\n"+words)
	s.wantText(mario, "Prevedo di risolvere entro martedì 24 novembre 2026")
	s.at("15:10").says(anna, "eta 2026-11-25 17:00 perché il fornitore risponde domani.\nVi tengo al corrente.")
	s.wantText(mario, "avevo previsto di risolvere entro martedì 24 novembre 2026, ore 16:00", "perché il fornitore risponde domani.", "La nuova previsione è mercoledì 25 novembre 2026, ore 17:00")
	if eta, _ := s.ticket(1).Duty("eta"); eta.From.In(s.cfg.Zone).Day() != 25 {
		t.Errorf("promised for %s", eta.From)
	}
	s.at("15:20").says(anna, "eta 2026-11-26 17:00")
	s.says(anna, "ok")
	s.wantRefused(1, "too_short") // neither a reason nor words
	s.at("15:30").says(anna, "eta 2026-11-26 17:00\nCi serve ancora un giorno per provare il rinnovo.")
	s.wantText(mario, "la previsione cambia. Ci serve ancora un giorno", "giovedì 26 novembre 2026")
	s.at("15:40").says(anna, "eta 2026-11-26 17:00\nTutto confermato per quel giorno.")
	s.wantText(mario, "!la previsione cambia", "Prevedo di risolvere entro giovedì 26 novembre 2026")
	s.wantLetters(4)
	s.checkFold()
}

// An estimate also moves to an earlier day, and from a day that has passed: then nothing "will not be possible".
func TestEstimateMovesEarlierOrLate(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "eta 2026-11-25 17:00\n"+words)
	s.at("15:10").says(anna, "eta 2026-11-23 17:00: il fornitore ha già risposto\nFaccio prima del previsto.")
	s.wantText(mario, "avevo previsto di risolvere entro mercoledì 25 novembre 2026", "!non sarà possibile", "La nuova previsione è lunedì 23 novembre 2026, ore 17:00")
	s.at("17:05").says(anna, "eta 2026-11-24 17:00: la prova non è riuscita\nRiprovo domani con il fornitore.")
	s.wantText(mario, "avevo previsto di risolvere entro lunedì 23 novembre 2026, ore 17:00", "!non sarà possibile", "La nuova previsione è martedì 24 novembre 2026")
	s.checkFold()
}

// A question to the customer makes the ticket wait once it has arrived; no clock of the contract stands still for it.
func TestMissingInformation(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	fix, _ := s.ticket(1).Duty("fix")
	s.cfg.Hold = 2 * time.Minute
	s.restart()
	s.says(anna, "wait: la versione installata e il registro degli errori\nnext 2026-11-24 12:00\nok\n"+words)
	s.wantText(anna, "Al cliente si chiede: la versione installata")
	s.wantState(1, ticket.New)
	s.at("15:02").tick()
	s.wantText(mario, "Per andare avanti mi servono", "la versione installata e il registro degli errori", "Avrà comunque mie notizie entro martedì 24 novembre 2026, ore 12:00",
		"!la previsione") // there is none, and `next` is a promise of ours
	s.wantState(1, ticket.Waiting)
	if now, _ := s.ticket(1).Duty("fix"); !now.Running() || !now.Limit.Equal(fix.Limit) {
		t.Errorf("the 30 days: %+v, were %+v", now, fix)
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.MetBy == "" {
		t.Error("a person's question takes the request in charge")
	}
	s.at("15:30").arrives(s.answer(s.last(mario), mario, "È la 4.2."))
	s.wantState(1, ticket.Open)
	s.checkFold()
}

// What crosses on the way is not buried: the customer who has answered already is not waited for.
func TestMissingInformationCrosses(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.cfg.Hold = 2 * time.Minute
	s.restart()
	s.at("15:10").says(anna, "wait: la versione\nok\nMi serve ancora una cosa.")
	s.at("15:11").arrives(s.answer(s.last(mario), mario, "Dimenticavo: la versione è la 4.2."))
	s.at("15:12").tick()
	s.wantLetters(2)
	s.wantState(1, ticket.Open)
	if next, _ := s.ticket(1).Duty("next_reply"); !next.Running() {
		t.Error("nobody has read the customer's message, and no clock runs")
	}
}

// Whoever wrote something that is no command is told why in his own language.
func TestDoubtInTheReadersLanguage(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	for said, want := range map[string]string{
		"nte il cliente ha chiamato": "Non è un comando che conosco", "eta domani alle 5": "La data si può leggere in due modi", "eta 31/2": "Quel giorno o quell'ora non esiste",
		"eta ieri 10:00": "già passato", "assign Topolino Paperino e Pluto": "", "ok\nundo": "Contraddice", "bill tanto": "Il comando non si usa così",
	} {
		s.says(anna, said)
		s.wantText(anna, want, "!this", "!cannot", "!takes", "!contradicts")
	}
}

// The six grounds and the two others, each with its own paragraph; what a paragraph needs is demanded.
func TestGroundsOfRefusal(t *testing.T) {
	const product = "\nfield product: Modulo SEO"
	for _, c := range []struct{ said, want, lacks string }{
		{"refuse 1" + product, "non riguarda una funzione annunciata nella scheda di Modulo SEO", ""},
		{"refuse 2\nfield shop: https://altro.example" + product, "la richiesta riguarda https://altro.example", "refuse 2" + product},
		{"refuse 3\nfield alternative: scriva al Suo fornitore di hosting", "Che cosa può fare: scriva al Suo fornitore di hosting", ""},
		{"refuse 3: il tema riscrive il nostro file", "che non dipende da noi. In particolare: il tema riscrive il nostro file.", ""},
		{"refuse 4\nfield version: 1.6.1" + product, "la versione del Suo negozio (1.6.1)", "refuse 4" + product},
		{"refuse 5: un override del carrello" + product, "sviluppi aggiuntivi incompatibili con Modulo SEO: un override del carrello.", "refuse 5" + product},
		{"refuse 6: Cart.php modificato" + product, "risultano modificati rispetto a quelli distribuiti: Cart.php modificato.", "refuse 6" + product},
		{"refuse care\nfield shop: https://a.example" + product, "non risulta attivo l'abbonamento di assistenza", "refuse care" + product},
		{"refuse contract\nfield rate: 60 EUR l'ora", "tariffe del servizio di supporto (60 EUR l'ora)", "refuse contract"},
	} {
		t.Run(c.said, func(t *testing.T) {
			s := play(t, careDesk(t))
			s.requested("Il modulo non stampa", request)
			if c.lacks != "" {
				s.says(anna, c.lacks+"\n"+words)
				s.wantRefused(1, "incomplete")
			}
			s.says(anna, c.said+"\n"+words)
			s.wantText(mario, c.want, "certificato scaduto", "Se ritiene che ci sia un malinteso")
			s.wantState(1, ticket.Closed)
			s.wantText(anna, "se il cliente risponde si riapre da sola")
			for _, name := range []duty.Name{"ack", "fix"} {
				if o, _ := s.ticket(1).Duty(name); o.Running() || name == "fix" && !o.Void {
					t.Errorf("%s: %+v", name, o)
				}
			}
			if s.count(1, kind.Refused) != 1 {
				t.Error("no refusal in the log")
			}
			s.at("15:30").arrives(s.answer(s.last(mario), mario, "Non sono d'accordo, il modulo è originale."))
			s.wantState(1, ticket.Open)
			if next, _ := s.ticket(1).Duty("next_reply"); !next.Running() {
				t.Error("the customer's answer has no clock")
			}
			s.checkFold()
		})
	}
}

// "Verificare sempre": where the contract is on record, it is no ground that there is none.
func TestRefusalAgainstTheBook(t *testing.T) {
	s := play(t, both(t))
	s.contracts("mario@cliente.example,agency,,2026-01-01,2026-12-31,")
	s.requested("Carrello", request)
	for _, ground := range []string{"care\nfield product: Sito\nfield shop: x", "contract\nfield rate: 60 EUR"} {
		s.at(s.now.Add(61*time.Minute).In(s.cfg.Zone).Format("15:04")).says(anna, "refuse "+ground+"\n"+words)
		s.wantRefused(1, "contract_active")
		s.wantText(anna, "Il contratto risulta attivo", "care no")
	}
	s.wantLetters(0)
	s.says(anna, "care no\nrefuse contract\nfield rate: 60 EUR l'ora\n"+words)
	s.wantLetters(1)
	s.wantState(1, ticket.Closed)
}

// I1, I10: a refusal that comes back has told nobody: the ticket is open and what closing voided is owed again.
func TestRefusalComesBack(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.says(anna, "refuse 3\n"+words)
	s.wantState(1, ticket.Closed)
	s.comesBack(s.last(mario))
	s.wantState(1, ticket.New)
	for _, name := range []duty.Name{"ack", "fix"} {
		if o, _ := s.ticket(1).Duty(name); !o.Running() {
			t.Errorf("%s does not run: %+v", name, o)
		}
	}
	s.says(anna, "ok\n"+words+" Lo scrivo di nuovo.")
	s.wantLetters(2)
	s.checkFold()
}

// A letter taken back in time takes back all that it would have done.
func TestUndoTakesAllBack(t *testing.T) {
	for _, said := range []string{"refuse 3", "close: nessuna risposta\nok", "wait: il registro\nok", "eta 2026-11-24 16:00", "fixed: rinnovato il certificato"} {
		t.Run(said, func(t *testing.T) {
			cfg := agency(t)
			cfg.Hold = 2 * time.Minute
			s := play(t, cfg)
			s.requested("Carrello", request)
			s.says(anna, said+"\n"+words)
			s.wantText(anna, "Hai tempo fino alle 15:02")
			s.at("15:01").says(anna, "undo")
			s.at("15:10").tick()
			s.wantLetters(0)
			tk := s.ticket(1)
			if tk.State != ticket.New && tk.State != ticket.Open {
				t.Errorf("the ticket is %s", tk.State)
			}
			for _, o := range tk.Duties {
				if o.Running() != (o.Name == "ack") {
					t.Errorf("%s: %+v", o.Name, o)
				}
			}
			s.says(anna, "ok\n"+words)
			s.at("15:20").tick()
			s.wantLetters(1)
			s.checkFold()
		})
	}
}

// "rimborsare al Cliente il prezzo di acquisto": agreed with order and amount, and Business Care ends with it.
func TestRefund(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.says(anna, "refund\n"+words)
	s.wantRefused(1, "incomplete")
	s.says(anna, "refund 49,00 EUR\nfield order: XK-4711\nfield product: Modulo SEO\n"+words)
	s.wantText(mario, "rimborso", "XK-4711, 49,00 EUR", "Modulo SEO")
	s.wantState(1, ticket.Closed)
	if fix, _ := s.ticket(1).Duty("fix"); fix.MetBy == "" {
		t.Errorf("the refund falls due with the correction: %+v", fix)
	}
	s.at("15:30").arrives(s.answer(s.last(mario), mario, "Va bene, grazie. Ma come disinstallo il modulo?"))
	s.post()
	if said := s.knows(anna); !strings.Contains(said, "scaduto") || !strings.Contains(said, "23/11/2026") {
		t.Errorf("after the refund the contract is %q", said)
	}
	s.contracts("mario@cliente.example,business-care,,2026-01-01,2026-12-31,")
	s.requested("Un altro guasto", request)
	if said := s.knows(anna); !strings.HasPrefix(said, "non trovato") {
		t.Errorf("in a later ticket the contract is %q", said)
	}
	s.at("2026-11-25 15:00").contracts("mario@cliente.example,business-care,,2026-11-24,2027-11-23,")
	s.requested("Comprato di nuovo", request)
	if said := s.knows(anna); !strings.HasPrefix(said, "attivo") {
		t.Errorf("bought again, the contract is %q", said)
	}
	s.checkFold()

	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "refund 49,00 EUR\nfield order: 1\nfield product: Sito\n"+words)
	s.wantRefused(1, "no_refund")
	s.wantLetters(0)
}

// "ove comunque realizzate prioritariamente su richiesta del cliente saranno soggette a tariffazione extra": first the offer, then the
// customer's word, then the minutes, in this order only.
func TestExtraBilling(t *testing.T) {
	cfg := agency(t)
	cfg.ExtraRate = "60 EUR l'ora"
	s := play(t, cfg)
	s.requested("URGENTE: colore del bottone", request)
	s.at("15:05").says(anna, "bill 90")
	s.wantRefused(1, "no_consent")
	s.at("15:06").says(anna, "consent")
	s.wantRefused(1, "no_offer")
	s.at("15:10").says(anna, "normal: non blocca le vendite\nbill 90\nok\n"+words)
	s.wantText(mario, "indicata come urgente", "intervento prioritario a pagamento (60 EUR l'ora)", "La stima è di 1 h 30 min.", "senza conferma non viene addebitato nulla")
	if tk := s.ticket(1); tk.Verdict.Urgency != "not_urgent" || tk.Billed != 0 {
		t.Errorf("urgency %s, billed %d", tk.Verdict.Urgency, tk.Billed)
	}
	offer := s.last(mario)
	s.at("16:10").says(anna, "consent")
	s.wantRefused(1, "no_offer") // the customer has not written since
	s.at("16:15").says(anna, "bill 90")
	s.wantRefused(1, "no_consent")
	s.at("16:20").arrives(s.answer(offer, mario, "Confermo, procedete pure."))
	s.post()
	s.at("17:20").says(anna, "consent\nbill 75: colore del bottone")
	s.wantText(anna, "accetta il lavoro a pagamento", "in tutto: 75 min")
	s.says(anna, "bill 60")
	tk := s.ticket(1)
	if tk.Billed != 60 || tk.AgreedTo != offer.ID || s.count(1, kind.Billed) != 2 {
		t.Errorf("billed %d, agreed to %q, %d lines", tk.Billed, tk.AgreedTo, s.count(1, kind.Billed))
	}
	s.wantLetters(1)
	s.checkFold()
}

// Who offers paid work where no rate is configured reads how to say it, and nothing of what other letters may lack.
func TestBillWithoutRate(t *testing.T) {
	s := play(t, both(t))
	s.requested("Carrello", request)
	s.says(anna, "bill 90: spostare il negozio\nok\n"+words)
	s.wantRefused(1, "incomplete")
	s.wantText(anna, "manca ancora: la tariffa", "aggiungi, prima delle tue parole: - field rate: …", "!field order")
	s.says(anna, "bill 90: spostare il negozio\nfield rate: 60 EUR l'ora\nok\n"+words)
	s.wantText(mario, "60 EUR l'ora")
}

// Whoever reads the customer's yes is told that there is a command for it, until it has been given: what nobody notes is never billed.
func TestConsentIsOffered(t *testing.T) {
	cfg := both(t)
	cfg.ExtraRate = "60 EUR l'ora"
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.wantText(anna, "!consent")
	s.says(anna, "bill 90: spostare il negozio\nok\n"+words)
	yes := mail{from: mario, subject: "Re: Carrello", text: "Confermo, procedete pure.", reply: []string{s.last(mario).MessageID}}
	s.at("15:10").arrives(yes)
	s.post()
	s.wantText(anna, "consent Con questo messaggio il cliente accetta")
	s.says(anna, "consent")
	s.at("15:20").arrives(yes)
	s.post()
	s.wantText(anna, "!consent")
}

// The offer that is not about urgency, and who needs none.
func TestBillWithoutContract(t *testing.T) {
	cfg := both(t)
	cfg.ExtraRate = "60 EUR l'ora"
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.says(anna, "bill 90\nok\n"+words)
	s.wantRefused(1, "incomplete") // what work?
	s.says(anna, "bill 90: spostare il negozio\nok\n"+words)
	s.wantText(mario, "Le propongo il seguente lavoro a pagamento: spostare il negozio.", "60 EUR l'ora", "1 h 30 min", "mi risponda \"confermo\"",
		"senza la Sua conferma non viene addebitato nulla", "!Se non è d'accordo", "!eseguo") // silence agrees to nothing
	s.wantText(anna, "Non si fattura nulla finché non accetta")
	if s.ticket(1).Billed != 0 {
		t.Error("an offer is no bill")
	}
	s.contracts("altro@cliente.example,agency,,2026-01-01,2026-12-31,")
	s.says(anna, "bill 90")
	if s.ticket(1).Billed != 90 {
		t.Errorf("without a contract the rates of the support service hold: %d minutes", s.ticket(1).Billed)
	}
	s.contracts("mario@cliente.example,agency,,2026-01-01,2026-12-31,")
	s.says(anna, "bill 120")
	s.wantRefused(1, "no_consent")
}

// Without a rate nothing can be offered, and nothing offered can be agreed to.
func TestNoRateNoOffer(t *testing.T) {
	s := play(t, agency(t))
	s.requested("URGENTE: colore del bottone", request)
	s.says(anna, "normal: non blocca le vendite\nok\n"+words)
	s.wantText(mario, "indicata come urgente", "con i tempi ordinari", "!pagamento", "!confermo")
	s.at("15:30").arrives(s.answer(s.last(mario), mario, "Confermo."))
	s.post()
	s.says(anna, "consent")
	s.wantRefused(1, "no_offer")
}

// What a person raised himself he lowers without telling the customer that he had called it urgent.
func TestOwnUrgency(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "urgent")
	s.says(anna, "normal: è tornato da solo\nok\n"+words)
	s.wantText(mario, "!indicata come urgente", "certificato scaduto")
}

func TestCloseWithALetter(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.says(anna, "close\nNon avendo avuto risposta chiudo la richiesta.")
	s.wantLetters(1) // words alone go nowhere
	s.wantState(1, ticket.Open)
	s.wantText(anna, "nessun comando che lo invii", "chiudo la Sua richiesta di")
	s.says(anna, "ok")
	s.wantText(mario, "chiudo la Sua richiesta di", "Non avendo avuto risposta")
	s.wantState(1, ticket.Closed)
	s.at("15:40").arrives(s.answer(s.last(mario), mario, "Scusate il ritardo, succede ancora."))
	s.wantState(1, ticket.Open)
	s.says(anna, "close")
	s.wantState(1, ticket.Closed)
	s.wantLetters(2)
}

// The texts for a question before a purchase and for a solution say what they are given.
func TestPresaleAndSolution(t *testing.T) {
	s := seller(t)
	s.judge.Sources[0].Reply = ""
	s.restart()
	s.acknowledged("Carrello")
	s.says(anna, "fixed: rinnovato il certificato del gestore\nPuò riprendere a vendere.")
	s.wantText(mario, "la Sua richiesta di lunedì 23 novembre 2026, ore 15:00 (ora italiana) è risolta", "!problema", "Che cosa è stato fatto: rinnovato il certificato del gestore", "Può riprendere a vendere.")
	s.wantState(1, ticket.Resolved)
	s.requested("Prima di comprare", "Buongiorno, il modulo funziona con la versione 8? Vorrei saperlo prima di comprarlo.")
	s.says(anna, "presale\nfield product: Modulo SEO\nok\n"+words+" Sì, funziona.")
	s.wantText(mario, "certificato scaduto", "grazie per l'interesse per Modulo SEO")
	if fix, _ := s.ticket(2).Duty("fix"); fix.Running() {
		t.Error("a question before a purchase has no clock of correction")
	}
}

// B11: the words of an answer are for this case: the same ones are refused whoever got them, also this customer.
func TestSameWordsAgain(t *testing.T) {
	s := play(t, careDesk(t))
	s.acknowledged("Il modulo non stampa")
	s.requested("Un altro problema", request+" Ancora.")
	s.at("16:10").says(anna, "ok\n"+words)
	s.wantRefused(2, "same_words")
	s.wantLetters(1)
	share := 0
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind == kind.Decided {
			share = s.event(r).Body.Share
		}
	}
	if share < 10 || share > 60 {
		t.Errorf("the person wrote %d %% of the letter", share)
	}
	s.comesBack(s.last(mario))
	s.says(anna, "ok\n"+words) // nobody has read them
	s.wantLetters(2)
}

// comesBack delivers the report that a letter could not be delivered.
func (s *scenario) comesBack(l store.Letter) {
	s.Helper()
	s.delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", l.MessageID)), "")
	s.post()
}

// What is to be billed stands in the digest until a month has passed.
func TestBillsInTheDigest(t *testing.T) {
	s := play(t, both(t))
	s.contracts("altro@cliente.example,agency,,2026-01-01,2026-12-31,")
	s.requested("Spostare il negozio", request)
	s.says(anna, "ok\n"+words)
	s.says(anna, "bill 90: spostare il negozio\nclose")
	s.tick()
	s.at("2026-11-24 14:00").tick()
	s.wantText(boss, "DA FATTURARE (1)", "90 min", "senza contratto")
}

// A mail that puts something into the draft and has it mailed back does all else it says, and the mail that comes back tells of it: a note is
// not lost beside a promise.
func TestCommandsBesideADraft(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "note: il cliente ha due negozi\ntake\nfield order: 4711\noriginal")
	if got := s.ticket(1); got.Assignee != anna || s.count(1, kind.Noted) != 1 || got.Draft.Values["order"] != "4711" {
		t.Errorf("assigned to %q, order %q: %v", got.Assignee, got.Draft.Values["order"], s.events(1))
	}
	s.wantText(anna, "Nota interna aggiunta: il cliente ha due negozi", "La richiesta è tua", "In allegato il messaggio originale")
	if n := len(mailparse.Parse(s.last(anna).Bytes).Attachments); n != 1 {
		t.Errorf("%d files, want the customer's mail", n)
	}
	s.wantLetters(0)
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)

	s.says(anna, "spam\nnext domani 17:00") // what is promised in a closed ticket nobody would read
	s.wantRefused(1, "closed")
	s.wantState(1, ticket.Open)
	s.says(anna, "close\nfield order: 4711\nnote: chiusa per telefono")
	s.wantState(1, ticket.Open)
	s.wantText(anna, "Nota interna aggiunta: chiusa per telefono", "!Richiesta chiusa.")
	s.checkFold()
}

// What a receipt says was promised stands in the letter. Where the text that would go has no place for it nothing goes; the first answer has one
// for the next news.
func TestPromiseIsInTheLetter(t *testing.T) {
	for _, said := range []string{"fixed\neta domani 17:00", "refuse 3\neta domani 17:00", "ok\nclose\nnext domani 17:00", "wait: il log\neta domani 17:00", "refuse 3\nnext domani 17:00"} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, said+"\n\n"+words)
		s.wantRefused(1, "no_place")
		s.wantText(anna, "non dice al cliente", "domani 17:00")
		s.wantLetters(0)
		s.wantState(1, ticket.New)
	}
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext domani 17:00\n\n"+words)
	s.wantText(anna, "Prossimo aggiornamento al cliente: martedì 24 novembre 2026, ore 17:00", "Avrà mie notizie entro martedì 24 novembre 2026, ore 17:00")
	s.wantLetters(1)
	s.says(anna, "noeta attendo il fornitore\n\n"+words) // which only a first answer says
	s.wantRefused(1, "no_place")
	s.wantLetters(1)
}

// Words for a place that the text that would go does not have are refused, and not lost behind a receipt that says they are in it. Those for
// a letter that is still to be chosen are kept.
func TestFieldIsInTheLetter(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.says(anna, "field link: https://mb.example/guida\nok\n\n"+words)
	s.wantRefused(1, "no_place")
	s.wantText(anna, "non dice al cliente", "field link: https://mb.example/guida", "!Nella lettera")
	s.wantLetters(0)
	s.says(anna, "field product: Modulo Fatture")
	s.wantLetters(0)
	s.says(anna, "refuse 1\n\n"+words) // in the paragraph about the ground
	s.wantLetters(1)
	s.wantText(mario, "nella scheda di Modulo Fatture")
	s.checkFold()
}

// What is solved or closed waits for nobody: that is said, instead of a receipt for what did not come to pass.
func TestWaitNeedsWork(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.says(anna, "fixed\n\nAbbiamo corretto il carrello, ora funziona.")
	s.wantLetters(2)
	s.says(anna, "attendo")
	s.wantRefused(1, "resolved")
	s.wantText(anna, "segnata come risolta", "reopen")
	s.wantState(1, ticket.Resolved)
	s.says(anna, "close")
	s.says(marco, "wait: the log\nok")
	s.wantRefused(1, "closed")
	s.wantLetters(2)
	s.says(anna, "reopen\nattendo")
	s.wantState(1, ticket.Waiting)
}

// Words with which no command does anything are not lost in silence: a colleague for whom they are meant does not get them.
func TestWordsNobodyGets(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	const unused = "Il testo sotto i comandi non l'ho usato"
	for said, ignored := range map[string]bool{
		"assign Marco\n\nMarco, guarda per favore il log dei pagamenti.": true, "urgent\n\nIl negozio non vende più.": true, "status\n\nFammi sapere.": true,
		"take": false, "take\n\nAnna": false, "note: log\n\nIl log dei pagamenti è pieno.": false,
	} {
		s.says(anna, said)
		if strings.Contains(s.text(anna), unused) != ignored {
			t.Errorf("%q: said %t, want %t:\n%s", said, !ignored, ignored, s.text(anna))
		}
	}
	s.wantLetters(0)
}
