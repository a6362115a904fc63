package when

import "strings"

// table says in the words of the reader what people write. Each line is a meaning, a colon, and the phrases for it in
// Italian, Spanish, French and English, folded, apostrophes and hyphens as blanks. The longest phrase that fits is taken.
// A meaning "skip" is left out; a meaning of two words stands for both.
const table = `
skip: per, lo, la, i, gli, los, un, una, une, on, by, di, de, del, dell, della, du, des, l, d, para, por, pour, of, verso, circa, vers, hacia, sobre, around, about, non oltre, al piu tardi, a mas tardar, como muy tarde, au plus tard, at the latest, no later than, al, nel, nella
at: a, at, alle, all, alle ore, a las, a la, las, entro le, per le, verso le, para las, hacia las, sobre las, alle h
before: prima, prima di, prima del, antes de, antes del, avant, avant le, before
before at: prima delle, antes de las
the: il, le, el, the, il giorno, el dia, le jour, the day
in: in, tra, fra, dans, dentro de, within, sous, en
by: entro, d ici
in 1: in a, in an, within a, within an

today: oggi, hoy, aujourd hui, today, entro oggi, oggi stesso, hoy mismo
tomorrow: domani, manana, demain, tomorrow
aftertomorrow: dopodomani, dopo domani, domani l altro, pasado manana, apres demain, day after tomorrow, the day after tomorrow, overmorrow
yesterday: ieri, ayer, hier, yesterday
today morning: stamattina, stamane, questa mattina, esta manana, ce matin, this morning
today afternoon: questo pomeriggio, oggi pomeriggio, esta tarde, cet apres midi, this afternoon
today evening: stasera, questa sera, ce soir, this evening
today night: stanotte, questa notte, esta noche, cette nuit, tonight
tomorrow morning: domattina
monthend: fine mese, fine del mese, fin de mes, final de mes, fin de mois, fin du mois, end of month, end of the month

morning: mattina, mattinata, di mattina, della mattina, del mattino, mattino, la mattina, in mattinata, la manana, por la manana, de la manana, a la manana, en la manana, matin, matinee, au matin, du matin, le matin, dans la matinee, en matinee, morning, in the morning
afternoon: pomeriggio, di pomeriggio, del pomeriggio, nel pomeriggio, il pomeriggio, tarde, la tarde, por la tarde, de la tarde, a la tarde, en la tarde, apres midi, de l apres midi, dans l apres midi, l apres midi, afternoon, in the afternoon
evening: sera, serata, di sera, della sera, la sera, in serata, soir, soiree, au soir, du soir, le soir, en soiree, dans la soiree, evening, in the evening
night: notte, di notte, della notte, la notte, noche, la noche, por la noche, de la noche, en la noche, nuit, la nuit, de la nuit, dans la nuit, night, at night
dayend: in giornata, fine giornata, a fine giornata, fine della giornata, fin del dia, final del dia, al final del dia, a final del dia, fin de journee, en fin de journee, fin de la journee, end of day, end of the day, eod, cob, close of business
noon: mezzogiorno, a mezzogiorno, mediodia, a mediodia, al mediodia, el mediodia, midi, a midi, noon, at noon, midday
midnight: mezzanotte, a mezzanotte, medianoche, a medianoche, la medianoche, minuit, a minuit, midnight, at midnight

sunday: domenica, domingo, dimanche, sunday, dom, dim, sun
monday: lunedi, lunes, lundi, monday, lun, mon
tuesday: martedi, martes, mardi, tuesday, tue, tues
wednesday: mercoledi, miercoles, mercredi, wednesday, mer, mie, wed
thursday: giovedi, jueves, jeudi, thursday, gio, jue, jeu, thu, thur, thurs
friday: venerdi, viernes, vendredi, friday, ven, vie, fri
saturday: sabato, sabado, samedi, saturday, sab, sam, sat
mar: mar
next: prossimo, prossima, proximo, proxima, prochain, prochaine, next, que viene, che viene, qui vient
this: questo, questa, este, esta, ce, cet, cette, this

january: gennaio, enero, janvier, january, gen, ene, janv, jan
february: febbraio, febrero, fevrier, february, feb, fevr, fev
march: marzo, mars, march
april: aprile, abril, avril, april, apr, abr, avr
may: maggio, mayo, mai, may, mag
june: giugno, junio, juin, june, giu, jun
july: luglio, julio, juillet, july, lug, jul, juil
august: agosto, aout, august, ago, aug
september: settembre, septiembre, setiembre, septembre, september, set, sept, sep
october: ottobre, octubre, octobre, october, ott, oct
november: novembre, noviembre, november, nov
december: dicembre, diciembre, decembre, december, dic, dec

h: h, hs, o clock
hours: hrs, ora, hora, horas, heure, heures, hour, hours, ore
minutes: minuto, minuti, minutos, minute, minutes, min, mins
days: giorno, giorni, dia, dias, jour, jours, day, days, gg
weeks: settimana, settimane, semana, semanas, semaine, semaines, week, weeks
months: mese, mesi, mes, meses, mois, month, months
half: e mezza, e mezzo, y media, et demie, et demi, and a half
quarter: e un quarto, y cuarto, et quart
30 minutes: mezz ora, mezza ora, media hora, demi heure, une demi heure, half an hour, half hour
am: am, a m
pm: pm, p m
utc: z, utc, gmt

1: primo, primero, premier, one, uno
1 hours: un ora, una hora, une heure, an hour, one hour
1 days: un giorno, un dia, un jour, a day, one day
1 weeks: una settimana, una semana, une semaine, a week, one week
1 months: un mese, un mes, un mois, a month, one month
2: due, dos, deux, two
3: tre, tres, trois, three
4: quattro, cuatro, quatre, four
5: cinque, cinco, cinq, five
6: sei, seis, six
7: sette, siete, seven
7 days: sept jours
7 hours: sept heures
8: otto, ocho, huit, eight
9: nove, nueve, neuf, nine
10: dieci, diez, dix, ten
11: undici, once, onze, eleven
12: dodici, doce, douze, twelve
15: quindici, quince, quinze, fifteen
24: ventiquattro, veinticuatro, vingt quatre, twenty four
48: quarantotto, cuarenta y ocho, quarante huit, forty eight

workdays: giorni lavorativi, giorno lavorativo, dias laborables, dias habiles, dia habil, dia laborable, jours ouvres, jours ouvrables, jour ouvre, working days, working day, business days, business day, workdays
vague: prossima settimana, settimana prossima, semana que viene, proxima semana, semaine prochaine, next week, next month, prossimo mese, mese prossimo, mes que viene, proximo mes, mois prochain, weekend, week end, fine settimana, fin de semana, fin de semaine, appena possibile, quanto prima, il prima possibile, presto, lo antes posible, cuanto antes, pronto, des que possible, bientot, as soon as possible, asap, soon
`

// longest is the number of words of the longest phrase of the table, with one to spare.
const longest = 5

// phrases is the table with each phrase leading to its meaning.
func phrases() map[string]string {
	m := make(map[string]string, 600)
	for line := range strings.Lines(table) {
		meaning, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		for phrase := range strings.SplitSeq(list, ", ") {
			m[phrase] = meaning
		}
	}
	return m
}

// place gives the number of a name among the words of a list, from 0.
func place(list, name string) (int, bool) {
	for i, w := range strings.Fields(list) {
		if w == name {
			return i, true
		}
	}
	return 0, false
}

const (
	dayNames     = "today tomorrow aftertomorrow"
	weekdayNames = "sunday monday tuesday wednesday thursday friday saturday"
	monthNames   = "january february march april may june july august september october november december"
)
