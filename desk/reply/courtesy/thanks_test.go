package courtesy

import "testing"

func TestThanks(t *testing.T) {
	for text, want := range map[string]bool{
		"Grazie, buone feste anche a voi!":                                             true,
		"grazie, altrettanto":                                                          true,
		"Grazie mille per l'informazione,\nbuon Natale\n\nMario":                       true,
		"Buone feste a tutto lo staff 🎄":                                               true,
		"Gracias, igualmente. Felices fiestas a todo el equipo":                        true,
		"Muchas gracias, igualmente para vosotros":                                     true,
		"Merci, joyeuses fêtes à vous aussi !":                                         true,
		"Merci bien, bonne année à toute l'équipe":                                     true,
		"Thanks, happy holidays to you too!\n\nMario Rossi\nRossi srl\n+39 06 1234567": true,
		"Thank you for letting us know.":                                               true,
		"Perfetto, grazie":                                                             true,
		"Buongiorno":                                                                   false,
		"Ok":                                                                           false,
		"":                                                                             false,
		"Grazie, ma il carrello non va":                                                false,
		"Grazie. E per le urgenze?":                                                    false,
		"Grazie, attendo risposta":                                                     false,
		"Grazie, il problema resta":                                                    false,
		"Thanks, but it still does not work":                                           false,
		"Gracias, sigue igual":                                                         false,
		"Merci d'avance pour votre aide":                                               false,
		"Grazie in anticipo per la pronta risposta":                                    false,
	} {
		if got := Thanks(text, "Mario Rossi <mario@cliente.example>"); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
