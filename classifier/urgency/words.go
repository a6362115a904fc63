package urgency

import (
	"slices"
	"strings"
)

// family are the words that call a matter urgent, folded. Plurals that are
// topics (urgenze, urgencias, urgences) are left out on purpose.
const family = ` urgente urgenti urgentissimo urgentissima urgentissimi urgentissime urgenza` +
	` urgentes urgentisimo urgentisima urgentisimos urgentisimas urgencia` +
	` urgent urgents urgentes urgentissimos urgentissimas urgentissime urgence` +
	` urgency dringend dringende dringender dringendes dringenden dringlich eilig eilt `

// deniers turn a term into its opposite.
const deniers = ` non no not nessun nessuna nessuno niente nulla mica poco poca senza neanche nemmeno` +
	` nada sin ninguna ningun tampoco poca nunca never nothing hardly` +
	` nicht kein keine keiner keinen keinerlei ohne nie pas sans aucun aucune ne jamais guere rien aucunement nullement nichts keineswegs keins isnt aint tutt zero` +
	` nao sem pouco nenhuma nenhum niet geen `

// copulas are French verbs that say of something how it is, so that a "pas" behind them denies that.
const copulas = ` est etait etaient sera seront serait seraient sont soit semble semblait parait reste a ai as avons avez ont avait `

// passing are words a denial reaches across.
const passing = ` is e es est ist sind era was are so cosi molto muy tres sehr muito particolarmente piu plus mas mais` +
	` longer that this very too d de di c ce l hay ha ho ho have has a an any un una une it really particularly especially` +
	` davvero veramente tan tao trop si vraiment realmente mehr besonders sonderlich allzu all assolutamente proprio` +
	` particularmente terribly super eine at tutto the y il la el le affatto che altro du tout wirklich really tem tiene tengo corre abbiamo hat haben besteht gibt ci nous avons `

// lowValues are what a form writes beside "urgent" to say that it is not.
const lowValues = ` no non nein nao bassa basso baja bajo basse bas faible low none niedrig gering nessuna ninguna aucune nenhuma baixa false 0 normale normal `

// hints look urgent without being a term.
const hints = ` urgentemente urgemment urgently dringlichst emergenza emergency emergencia notfall asap urg `

// topics must not be taken for misspelt terms.
const topics = ` urgenze urgenza urgence urgences urgencias urgencies urge urges urged urgen `

func listed(list, word string) bool {
	return word != "" && !strings.Contains(word, " ") && strings.Contains(list, " "+word+" ")
}

func isFamily(t token) bool {
	return t.kind == word && !t.disguised && strings.IndexByte("ude", t.text[0]) >= 0 && listed(family, t.text)
}

// deniesByPrefix tells "nonurgent" and its sisters.
func deniesByPrefix(t token) bool {
	rest, ok := strings.CutPrefix(t.text, "non")
	return t.kind == word && ok && listed(family, rest)
}

// denial returns the words that deny the term at i, or "".
func denial(tokens []token, i int) string {
	const reach = 5
	for k := i - 1; k >= 0 && k >= i-reach; k-- {
		t := tokens[k]
		if t.kind != word {
			break
		}
		if listed(deniers, t.text) && !deniesVerb(tokens[:k+1]) {
			return t.text
		}
		if !listed(passing, t.text) {
			break
		}
	}
	if i+1 < len(tokens) && tokens[i].text == "eilt" && listed(deniers, tokens[i+1].text) {
		return tokens[i+1].text // German denies a verb from behind
	}
	return denialBehind(tokens[i+1:])
}

// deniesVerb reports whether a French "pas" at the end of the tokens has a verb of its own: "ne marche pas URGENT" is urgent, "n'est pas urgent"
// is not.
func deniesVerb(tokens []token) bool {
	k := len(tokens) - 1
	if k < 2 || tokens[k].text != "pas" || tokens[k-1].kind != word || listed(copulas, tokens[k-1].text) {
		return false
	}
	return slices.ContainsFunc(tokens[max(0, k-3):k-1], func(t token) bool { return t.kind == word && (t.text == "ne" || t.text == "n") })
}

// denialBehind reads "? no" anywhere and ": no" where a form's value ends:
// "URGENTE: no funciona" is no denial.
func denialBehind(after []token) string {
	if len(after) < 2 || after[0].kind != mark || after[1].kind != word {
		return ""
	}
	value := after[1].text
	switch after[0].text {
	case "?":
		if listed(lowValues, value) || listed(deniers, value) {
			return "the answer " + value
		}
	case ":", "=":
		ends := len(after) == 2 || after[2].kind == mark && strings.Contains("|;/])}-", after[2].text)
		if ends && listed(lowValues, value) {
			return "the value " + value
		}
	}
	return ""
}

// hint finds the first word that only looks urgent.
func hint(tokens []token) (string, bool) {
	for i, t := range tokens {
		if t.kind != word {
			continue
		}
		switch {
		case t.disguised, strings.IndexByte("udena", t.text[0]) >= 0 && listed(hints, t.text), misspelt(t.text):
			return t.text, true
		case t.text == "priorita" || t.text == "prioridad" || t.text == "priorite" || t.text == "priority" || t.text == "prioritat" || t.text == "prioridade":
			if near(tokens, i, "alta", "haute", "high", "hohe", "hoch", "highest", "maxima", "massima", "elevee", "top") {
				return t.text, true
			}
		}
	}
	return "", false
}

// near reports whether one of the words stands within two tokens of i.
func near(tokens []token, i int, words ...string) bool {
	for k := max(0, i-2); k <= min(len(tokens)-1, i+2); k++ {
		for _, w := range words {
			if tokens[k].kind == word && tokens[k].text == w {
				return true
			}
		}
	}
	return false
}

// misspelt tells a word one slip away from a term. It must begin with u: the
// Italian word for source code is two letters away and is everywhere in this
// trade.
func misspelt(w string) bool {
	if !strings.HasPrefix(w, "u") || len(w) < 5 || listed(topics, w) {
		return false
	}
	return oneSlip(w, "urgente") || oneSlip(w, "urgent")
}

// oneSlip reports whether two ASCII words differ by one insertion, omission,
// exchange or transposition (Damerau distance 1).
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	switch len(b) - len(a) {
	case 1:
		return a[n:] == b[n+1:]
	case 0:
		if n == len(a) {
			return false
		}
		swapped := n+1 < len(a) && a[n] == b[n+1] && a[n+1] == b[n] && a[n+2:] == b[n+2:]
		return swapped || a[n+1:] == b[n+1:]
	}
	return false
}
