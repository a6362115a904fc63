package reply

import "replyby/desk/reply/plain"

// everyday are words that begin sentences and lie one edit from a verb ("notre", "esta"): they are no slips of the pen.
const everyday = `
absence absents adopte adopto aida aider aides aidez aiuti anule approuves approuvez assegni assegno assenti assigns attenda attende attendi
ausentes await ayudo ball bills billy bugs but cancele car cara card caro cart chiuda chiude chose cierre clientes clienti clients closet
como correctifs correzioni corriges corrigez cure customers dear dejad dejan dejas dejo domande domandi envie envio envoi envoye envoyes era
esperan esperas esta estada estados estimated estimates etait etant etats etc ete falla fallos faults faut ferma fermez fermo fill forme
held hell helps invio io ko laisses laissez lasci lascio lease leaves lend match mere mi mie mina mini mis mise mixed mo nest nexo nome none
normales normali not noted noter notes notez noti noto notre notte nove o of oh on originali originals ou parches path pitch plaza
plazos poste postez preguntas pregunto prenda prende prendi previsiones previsioni previsions publier publies questions rechazos refus
refused refuses refusez renvoi renvois resolve resolver resolves resueltas resueltos rifiuti risolte risolti risolvo sends sent solucionados
solve solves spend sta stata state stati stats statuto statuts stime stimo taken takes tale text till todo toma tome tono uni unio unira
unit unite urgence urgentes urgenti urgents vault vote waits want will
`

// ordinary reports whether a folded word is such a word.
func ordinary(word string) bool { return plain.Lists(everyday, word) }
