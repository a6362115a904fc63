package urgency_test

import (
	"mime"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
	"io"

	"replyby/classifier/urgency"
)

// row is one line of testdata/urgent_subjects.tsv, which was made and labelled
// by hand for this project.
type row struct {
	id, label, contract, hint, context, subject string
}

func rows(t *testing.T) []row {
	t.Helper()
	b, err := os.ReadFile("../testdata/urgent_subjects.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 7 {
			continue
		}
		out = append(out, row{f[0], f[1], f[2], f[3], f[5], decode(t, f[6])})
	}
	return out
}

// decode undoes the escapes of the table and RFC 2047 words.
func decode(t *testing.T, s string) string {
	t.Helper()
	if strings.Contains(s, `\u`) {
		u, err := strconv.Unquote(`"` + s + `"`)
		if err != nil {
			t.Fatal(err)
		}
		s = u
	}
	d := mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(r), nil
	}}
	out, err := d.DecodeHeader(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judge reads a row the way the classifier and the desk do.
func judge(t *testing.T, r row) urgency.Verdict {
	t.Helper()
	c := map[string]string{}
	for part := range strings.SplitSeq(r.context, ";") {
		k, v, _ := strings.Cut(part, "=")
		c[k] = v
	}
	var products []string
	if p := c["products"]; p != "" {
		products = []string{p}
	}
	u, err := urgency.New(nil, products)
	if err != nil {
		t.Fatal(err)
	}
	switch kind := c["kind"]; kind {
	case "bounce", "receipt", "calendar":
		return urgency.Automatic(kind)
	}
	subject := r.subject
	if form, ok := c["form_subject"]; ok {
		if form == "-" {
			return urgency.NoSubject()
		}
		subject = form
	}
	v := u.Reply(subject, c["last"], c["last_by"] == "us")
	return u.Weigh(v, urgency.Signs{XPriority: c["x-priority"], Priority: c["priority"], Body: c["body"]})
}

func TestTable(t *testing.T) {
	all := rows(t)
	if len(all) < 135 {
		t.Fatalf("read %d rows, want 135", len(all))
	}
	yes := map[bool]string{true: "yes", false: "no"}
	for _, r := range all {
		v := judge(t, r)
		if string(v.Label) != r.label || yes[v.Contract] != r.contract || yes[v.Hint] != r.hint {
			t.Errorf("%s %q (%s): got %s contract=%v hint=%v, want %s %s %s; %q",
				r.id, r.subject, r.context, v.Label, v.Contract, v.Hint, r.label, r.contract, r.hint, v.Reasons)
		}
		if len(v.Reasons) == 0 {
			t.Errorf("%s %q: no reason", r.id, r.subject)
		}
	}
}

// TestOther reads subjects the table does not hold.
func TestOther(t *testing.T) {
	u, _ := urgency.New(nil, nil)
	for subject, want := range map[string]string{
		"URGENTE":                             "urgent contract",
		"urgente!!!":                          "urgent contract",
		"UR\u00adGENTE sito giù":              "urgent contract",
		"\u202eURGENTE\u202c sito":            "urgent contract",
		"POSTA CERTIFICATA: URGENTE sito":     "urgent contract",
		"Priorità: urgente":                   "urgent contract",
		"Il sito non va ed è urgente":         "urgent contract",
		"non risponde, urgente":               "urgent contract",
		"[MB-1042] R: URGENTE":                "urgent contract",
		"U_R_G_E_N_T_E sito":                  "urgent contract",
		"Urgente: sì":                         "urgent contract",
		"Urgenza: sito giù":                   "urgent",
		"URGENCE : site en panne":             "urgent",
		"Dringlich: Shop offline":             "urgent",
		"Non c'è urgenza":                     "negated",
		"Non c’è nessuna urgenza":             "negated",
		"Niente di urgente":                   "negated",
		"Senza urgenza":                       "negated",
		"Urgente? No":                         "negated",
		"No es urgente":                       "negated",
		"No es muy urgente":                   "negated",
		"Rien d'urgent":                       "negated",
		"Aucune urgence":                      "negated",
		"Il n'y a pas d'urgence":              "negated",
		"Le module ne marche pas URGENT":      "urgent",
		"Panier ne se valide pas très urgent": "urgent",
		"Le site n'affiche pas urgent":        "urgent",
		"Ce n'est pas urgent":                 "negated",
		"Ne me semble pas urgent":             "negated",
		"Demande pas urgente":                 "negated",
		"This is not urgent":                  "negated",
		"Non-urgent question":                 "negated",
		"not at all urgent":                   "negated",
		"Kein dringender Fall":                "negated",
		"Das eilt nicht":                      "negated",
		"Não é urgente":                       "negated",
		"Urgent ? Pas du tout":                "negated",
		"Urgency: low":                        "negated",
		"codice sorgente":                     "not_urgent",
		"emergente":                           "not_urgent",
		"Divergenze":                          "not_urgent",
		"Heilig Abend geöffnet?":              "not_urgent",
		"Gestione urgenze: nuovo modulo":      "not_urgent",
		"[SPAM] URGENTE fattura":              "not_urgent",
		"SOS urgnte":                          "not_urgent hint",
		"Alta priorità: ordini":               "not_urgent hint",
		"Please answer ASAP":                  "not_urgent hint",
		"U\u0440gent3 Kyrillic and a digit":   "not_urgent",
	} {
		v := u.Read(subject)
		got := string(v.Label)
		if v.Contract {
			got += " contract"
		}
		if v.Hint {
			got += " hint"
		}
		if got != want {
			t.Errorf("%q: got %s, want %s; %q", subject, got, want, v.Reasons)
		}
	}
}

func TestContractTermIsOneWord(t *testing.T) {
	if _, err := urgency.New([]string{"MOLTO URGENTE"}, nil); err == nil {
		t.Fatal("a term of two words was accepted")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"URGENTE", "non urgente", "U R G E N T E", "=?", "Re: Re: I: [MB-1] urg\u0435nte", "\xff\xfe"} {
		f.Add(s)
	}
	u, err := urgency.New(nil, []string{"Urgent Delivery"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := u.Weigh(u.Reply(s, s, true), urgency.Signs{Body: s})
		if len(v.Reasons) == 0 {
			t.Error("no reason")
		}
		if v.Contract && v.Label != urgency.Urgent || v.Hint && v.Label != urgency.NotUrgent {
			t.Errorf("contradiction: %+v", v)
		}
	})
}
