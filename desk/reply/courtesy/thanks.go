package courtesy

import (
	"slices"
	"strings"

	"replyby/desk/reply/plain"
)

// thanks are words by which people thank, or wish others well.
const thanks = `
thanks thank wishes holidays christmas cheers likewise
grazie ringrazio ringraziamo ringraziamenti auguri feste festivita altrettanto
gracias agradezco agradecemos fiestas felices navidad igualmente
merci remercie remercions fetes noel voeux egalement pareillement
`

// around are words that stand beside those and ask for nothing.
const around = `
happy merry new year season's greetings same to all too team our we i enjoy break vacation received noted got for letting me us know info information update reply quick kind nice weekend and the you're very
buone buon feste natale natalizie natalizia anno nuovo felice felici sereno serene sereni ferie vacanze pasqua riposo anche per il la lo le e tutto noi voi vi ci a tutti tutte te ti lei lo allo team staff ricevuto ricevuta preso presa nota atto dell'informazione
l'informazione informazione dell'avviso l'avviso avviso della del comunicazione vostra sua risposta pronta gentilissimo gentilissima gentilissimi gentili rapida celere velocita di cuore fine meritate meritato infinite davvero da parte mia nostra weekend settimana
felices feliz prospero ano nuevo ustedes usted vosotros nosotros tambien para y todo todos todas equipo vacaciones descanso recibido recibida anotado enterado enterada informacion aviso avisar informar por la el del respuesta rapida semana fin muchisimas os les le
joyeuses joyeux bonnes bonne annee nouvelle meilleurs tous toutes aussi pour toute l'equipe equipe conges vacances repos bien recu recue note l'information l'info info message votre reponse rapide le les tout semaine week end de la a vous nous et infiniment
`

// before are words that thank for what is still to come.
const before = `anticipo anticipado antemano avance d'avance advance`

// Thanks reports whether a mail says thanks, or wishes well, and nothing else. Writer is its author, by name and address.
func Thanks(text, writer string) bool {
	const longest = 400
	if len(text) > longest || strings.Contains(text, "?") || plain.Hidden(plain.Line(text)) || plain.Reversed(text) {
		return false
	}
	writer = strings.Join(tokens(writer), " ")
	found, lines := false, strings.Split(text, "\n")
	for i, line := range lines {
		words := tokens(line)
		if found && len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !names(w, writer) }) && card(lines[i:]) {
			return true
		}
		for _, w := range words {
			switch {
			case plain.Lists(before, w):
				return false
			case plain.Lists(thanks, w):
				found = true
			case !plain.Lists(leaves, w) && !plain.Lists(agrees, w) && !plain.Lists(around, w) && !names(w, writer):
				return false
			}
		}
	}
	return found
}
