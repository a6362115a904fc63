package reply

import (
	"slices"
	"strings"
)

// takes says what may follow a verb.
type takes int

const (
	nothing takes = iota // nothing: with anything behind it the line is words ("ok, I will look at it")
	all                  // nothing, or the word "all"
	instant              // a date and time
	free                 // anything, also nothing
	some                 // at least one word
)

type sense struct {
	verb  Verb
	takes takes
	names []string // folded synonyms in it, es, fr, en; the first is the verb itself
}

// grammar is the whole language. A synonym that is also an ordinary first word of a sentence takes nothing behind it.
func grammar() []sense {
	return []sense{
		{OK, all, []string{"ok", "okay", "invia", "enviar", "envia", "envoyer", "envoie", "send", "approvo", "apruebo", "approuve", "approve"}},
		{ETA, instant, []string{"eta", "previsione", "prevision", "estimate"}},
		{NoETA, some, []string{"noeta", "nostima", "sinprevision", "sansprevision"}},
		{Next, instant, []string{"next", "aggiornamento", "actualizacion", "pointsuivant"}},
		{Note, some, []string{"note", "nota"}},
		{Wait, free, []string{"wait", "attendo", "espero", "attendre"}},
		{Fixed, nothing, []string{"fixed", "risolto", "resuelto", "resolu", "solved"}},
		{Posted, nothing, []string{"posted", "pubblicato", "publicado", "publie"}},
		{Take, nothing, []string{"take", "prendo", "tomo", "prends", "mio", "mia", "mine"}},
		{Assign, some, []string{"assign", "assegna", "asigna", "attribuer"}},
		{Fault, free, []string{"fault", "guasto", "anomalia", "fallo", "anomalie"}},
		{Question, free, []string{"question", "domanda", "pregunta"}},
		{Presale, free, []string{"presale", "prevendita", "preventa", "avantvente"}},
		{Urgent, free, []string{"urgent", "urgente"}},
		{Normal, free, []string{"normal", "normale"}},
		{Close, nothing, []string{"close", "chiudi", "cerrar", "cierra", "fermer"}},
		{Reopen, nothing, []string{"reopen", "riapri", "reabrir", "rouvrir"}},
		{Resend, nothing, []string{"resend", "rispedisci", "reenviar", "renvoyer"}},
		{Leave, nothing, []string{"leave", "lascia", "dejar", "laisser"}},
		{Undo, nothing, []string{"undo", "annulla", "deshacer", "annuler"}},
		{Status, nothing, []string{"status", "stato", "estado", "etat"}},
		{Help, nothing, []string{"help", "aiuto", "ayuda", "aide"}},
	}
}

func (s sense) named(word string) bool { return slices.Contains(s.names, word) }

// fits says whether what stands behind the verb lets the line be a command. A date that cannot be read still fits: it is
// a doubt then, not words.
func (s sense) fits(rest string) bool {
	switch s.takes {
	case nothing:
		return rest == ""
	case all:
		return rest == "" || slices.Contains([]string{"all", "tutti", "todos", "tous"}, fold(rest))
	case some, instant:
		return rest != ""
	}
	return true
}

// nearest finds a verb at edit distance 1 (insertion, deletion, replacement or a swap of neighbours) of a word of at least
// two letters.
func nearest(word string) (Verb, bool) {
	if len([]rune(word)) < 2 || strings.ContainsAny(word, "'’") {
		return "", false
	}
	for _, s := range grammar() {
		for _, n := range s.names {
			if len(n) > 2 && oneEdit([]rune(word), []rune(n)) || len(n) == 2 && len(word) == 3 && strings.Contains(word, n) {
				return s.verb, true
			}
		}
	}
	return "", false
}

func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		if i == len(a) {
			return false
		}
		swap := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
		return swap || slices.Equal(a[i+1:], b[i+1:])
	case 1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}
