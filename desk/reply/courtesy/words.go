package courtesy

// sends are words by which people say that a letter is to go.
const sends = `
ok okay okey oki send approve approved
invia inviala inviale invialo inviate inviare inviarla inviarlo l'invio mandare mandarla mandarlo manda mandala mandale mandalo mandate spedisci spediscila approvo approva approvato approvata
enviar envia enviala enviale envialo envielo enviela mandalo mandela mandelo apruebo aprobar aprobado aprobada
envoyer envoie envoyez approuver approuve
`

// agrees are words by which they agree, or have only read.
const agrees = `
yes yep yeah that's sure fine good great perfect lgtm agreed agree confirmed confirm correct go
bene perfetto perfetta ottimo d'accordo daccordo autorizzo confermo confermato confermata procedi proceda procedete procediamo si certo esatto giusto posto
vale acuerdo conforme adelante perfecto perfecta correcto confirmo confirmado dale venga si claro genial bien
d'accord parfait parfaite oui valide validee confirme bon entendu vas allez nickel
`

// beside are words that say nothing without those.
const beside = `
it is looks sounds please ahead the and all's this that
va pure cosi com'e il la lo le testo bozza tutto prego favore per e a
esta por favor asi el todo texto borrador y de
c'est est ca tout texte brouillon et s'il te plait vous je y
`

// leaves are words with which people greet, thank and take leave.
const leaves = `
buongiorno buonasera salve hola buenos dias bonjour bonsoir salut hello hi hey
thanks thank you many very much best kind warm regards cheers sincerely yours bye br
grazie mille tante molte anticipo ringrazio saluti saluto cordiali cordialmente cordialita distinti buona buon giornata serata pomeriggio lavoro ciao arrivederci presto
gracias muchas mil saludos saludo cordiales cordial abrazo un atentamente buen buenas dia tarde tardes
merci beaucoup cordialement bien cdt cdlt salutations bonne journee soiree bientot d'avance avance amicalement
`

// titles stand before a name.
const titles = `dr dott dottor dottore dottoressa ssa ing avv arch rag geom sig ra mr mrs ms mme mlle sr sra don`

// greetings are words, and pairs of them, with which a line begins that speaks to somebody.
const greetings = `
buongiorno buonasera buondi buon-giorno buona-sera buon-pomeriggio salve ciao gentile gentili gentilissimo gentilissima egregio egregia egregi spett spettabile caro cara cari care
hola buenos-dias buenas buenas-tardes buenas-noches buen-dia estimado estimada estimados estimadas querido querida apreciado apreciada
bonjour bonsoir salut cher chere chers cheres madame monsieur mesdames
hello hi hey dear good-morning good-afternoon good-evening
`

// farewells stand beside those words of leaves that take leave, and not alone.
const farewells = `
a con e i un una piu cordiale migliori vivi cari affettuosi sentiti
los las le y hasta luego pronto muy
bien et vous toi tout toute le les meilleures sinceres salutations plus
all the wishes with take care soon see to and
`
