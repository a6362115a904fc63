package text_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"replyby/letter/text"
)

func texts(t testing.TB) *text.Texts {
	t.Helper()
	x, err := text.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// full has a value for every placeholder.
func full() map[string]string {
	v := map[string]string{}
	for _, name := range text.Placeholders() {
		v[name] = "<" + name + ">"
	}
	return v
}

func TestBadOverrides(t *testing.T) {
	for name, c := range map[string]struct{ key, body, want string }{
		"unknown text":        {"acknowledge.it", "x", "no such text"},
		"unknown language":    {"ack_eta.de", "x", "no such text"},
		"no language":         {"ack_eta", "x", "no such text"},
		"path":                {"../ack_eta.it", "x", "no such text"},
		"no subject":          {"ack_eta.it", "{personal}", "Subject"},
		"subject too many":    {"ground_1.it", "Subject: x\n\nbody", "Subject"},
		"unknown placeholder": {"ack_eta.it", "Subject: x\n\n{personal} {pasword}", "{pasword}"},
		"no personal part":    {"ack_eta.it", "Subject: x\n\nthanks", "{personal}"},
		"personal in subject": {"ack_eta.it", "Subject: {personal}\n\n{personal}", "{personal}"},
		"template language":   {"ack_eta.it", "Subject: x\n\n{personal} {{env \"HOME\"}}", "brace"},
		"lone brace":          {"ack_eta.it", "Subject: x\n\n{personal} }", "brace"},
		"empty":               {"ground_1.it", " \n", "empty"},
		"not UTF-8":           {"ack_eta.it", "Subject: x\n\n{personal} \xff", "UTF-8"},
		"NUL":                 {"ack_eta.it", "Subject: x\n\n{personal} \x00", "UTF-8"},
		"too long":            {"ack_eta.it", "Subject: x\n\n{personal}" + strings.Repeat("x", 70000), "UTF-8"},
	} {
		_, err := text.New(map[string][]byte{c.key: []byte(c.body)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
	}
}

func TestOverride(t *testing.T) {
	x, err := text.New(map[string][]byte{"ack_eta.it.txt": []byte("\ufeffSubject: [{ref}] Ok\r\n\r\nCiao {agent}\r\n\r\n{personal}\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	f, err := x.Fill("ack_eta", "it", full())
	if err != nil || f.Subject != "[<ref>] Ok" || f.Body != "Ciao <agent>\n\n<personal>\n" {
		t.Errorf("filled %+v, %v", f, err)
	}
}

// TestClosure holds that every text exists in all languages, asks for the same things in each, and can be completed.
func TestClosure(t *testing.T) {
	x := texts(t)
	ids := x.IDs()
	if len(ids) != 26 {
		t.Errorf("%d texts, want 26: %q", len(ids), ids)
	}
	for _, id := range ids {
		want := sorted(x.Needs(id, "it"))
		for _, lang := range text.Languages() {
			subject, body, ok := x.Source(id, lang)
			if !ok {
				t.Errorf("%s has no %s", id, lang)
			}
			if got := sorted(x.Needs(id, lang)); !slices.Equal(got, want) {
				t.Errorf("%s needs %v in %s, %v in it", id, got, lang, want)
			}
			f, err := x.Fill(id, lang, full())
			if err != nil || f.Missing != nil || f.Dropped != nil || strings.ContainsAny(f.Subject+f.Body, "{}|") {
				t.Errorf("%s %s filled: %+v, %v", id, lang, f, err)
			}
			for _, name := range text.Placeholders() {
				if strings.Contains(subject+body, "{"+name) != strings.Contains(f.Subject+f.Body, "<"+name+">") {
					t.Errorf("%s %s: {%s} is lost", id, lang, name)
				}
			}
		}
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func TestFill(t *testing.T) {
	x := texts(t)
	v := map[string]string{
		"ref": "MB-7", "tag": "MB-7", "subject": "Carrello lento", "received": "lunedì 23 novembre 2026, ore 10:05", "agent": "Anna", "customer": "Carla",
		"personal": "Ho visto che il carrello\nimpiega dieci secondi.", "eta": "martedì 24 novembre 2026, ore 18:00",
	}
	f, err := x.Fill("ack_eta", "it", v)
	if err != nil {
		t.Fatal(err)
	}
	want := text.Filled{
		Subject: "[MB-7] Presa in carico: Carrello lento",
		Body: `Buongiorno Carla,

ho preso in carico la Sua richiesta di lunedì 23 novembre 2026, ore 10:05.

Ho visto che il carrello
impiega dieci secondi.

Prevedo di risolvere entro martedì 24 novembre 2026, ore 18:00: se la previsione dovesse cambiare La avviso prima di quel momento. Le scrivo in ogni caso a richiesta risolta.

Per aggiungere informazioni basta rispondere a questo messaggio, lasciando [MB-7] nell'oggetto.

Cordiali saluti
Anna
`,
		Dropped: []string{"Avrà mie notizie entro {next_update?}.", "{team?}"},
	}
	want.Share = f.Share
	if d := cmp.Diff(want, f); d != "" {
		t.Error(d)
	}
	if f.Share < 0.05 || f.Share > 0.2 {
		t.Errorf("share %v of %d runes", f.Share, len([]rune(f.Body)))
	}
	delete(v, "eta")
	delete(v, "customer")
	delete(v, "agent")
	v["personal"] = ""
	if f, err = x.Fill("ack_eta", "it", v); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.Body, "Buongiorno,\n\nho preso in carico") || strings.Contains(f.Body, "Prevedo") ||
		!strings.Contains(f.Body, "\n\nLe scrivo in ogni caso a richiesta risolta.\n\n") || !slices.Equal(f.Missing, []string{"agent"}) || f.Share != 0 {
		t.Errorf("filled %+v", f)
	}
	if _, err := x.Fill("ack_eta", "de", v); err == nil {
		t.Error("a language that does not exist was filled")
	}
}

// TestGround holds that a ground fits into the refusal.
func TestGround(t *testing.T) {
	x := texts(t)
	for _, lang := range text.Languages() {
		g, err := x.Fill("ground_2", lang, map[string]string{"product": "SEO Pro", "shop_url": "https://shop.example"})
		if err != nil || g.Missing != nil || g.Subject != "" || strings.HasSuffix(g.Body, "\n") {
			t.Fatalf("%+v, %v", g, err)
		}
		v := full()
		v["ground"], v["alternative"] = g.Body, ""
		f, err := x.Fill("refusal", lang, v)
		if err != nil || f.Missing != nil || !strings.Contains(f.Body, g.Body) || len(f.Dropped) != 1 {
			t.Errorf("%+v, %v", f, err)
		}
	}
}

// TestValuesAreData holds I12: whatever a value holds, it comes out as itself, in its place, once.
func TestValuesAreData(t *testing.T) {
	x := texts(t)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(x.IDs()).Draw(t, "id")
		lang := rapid.SampledFrom(text.Languages()).Draw(t, "lang")
		hostile := rapid.OneOf(
			rapid.SampledFrom([]string{"{{.}}", `{{env "X"}}`, "{agent}", "{personal}", " || ", "a. b", "%s", "$1", "\\1", "=?utf-8?q?x?="}),
			rapid.StringMatching(`[a-zA-Z{}?|.! àé]{1,40}`),
		)
		v := full()
		name := rapid.SampledFrom(text.Placeholders()).Draw(t, "name")
		v[name] = "A" + hostile.Draw(t, "value") + "Z"
		f, err := x.Fill(id, lang, v)
		if err != nil {
			t.Fatal(err)
		}
		if f.Missing != nil || f.Dropped != nil {
			t.Fatalf("a filled text misses %v and dropped %v", f.Missing, f.Dropped)
		}
		plain, err := x.Fill(id, lang, full())
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(strings.Fields(v[name]), " ")
		want := strings.ReplaceAll(plain.Subject+"\n"+plain.Body, "<"+name+">", said)
		if got := strings.ReplaceAll(f.Subject+"\n"+f.Body, v[name], said); got != want {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	})
}

func TestNoControls(t *testing.T) {
	v := full()
	for name := range v {
		v[name] = "a\r\nBcc: x@evil.example\x00\u202e\u2028b"
	}
	x := texts(t)
	for _, id := range x.IDs() {
		f, err := x.Fill(id, "en", v)
		if err != nil || strings.ContainsAny(f.Subject, "\r\n\x00\u202e\u2028") || strings.ContainsAny(f.Body, "\r\x00\u202e\u2028") {
			t.Errorf("%s: %q, %v", id, f.Subject, err)
		}
	}
}

// FuzzOverride holds that a replaced text, whatever it is, is either refused or can be filled without a brace left over.
func FuzzOverride(f *testing.F) {
	for _, seed := range []string{
		"Subject: x\n\n{personal}", "Subject: {ref?} || y\n\n{personal} {eta?}. b! c? {during?}\n{agent}", "Subject:\n\n{personal}", "{personal}", "Subject: x {", "Subject: a\r\n\r\n{personal} || x",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := text.New(map[string][]byte{"ack_eta.en": data})
		if err != nil {
			return
		}
		got, err := x.Fill("ack_eta", "en", full())
		if err != nil || got.Missing != nil || strings.ContainsAny(got.Subject+got.Body, "{}\r\x00") || strings.Contains(got.Subject, "\n") {
			t.Fatalf("%+v, %v", got, err)
		}
		if none, err := x.Fill("ack_eta", "en", nil); err != nil || none.Share != 0 || len(none.Missing) != len(x.Needs("ack_eta", "en")) && len(none.Dropped) == 0 && !bytes.Contains(data, []byte("||")) {
			t.Fatalf("%+v, %v", none, err)
		}
	})
}

// No line of a French letter may begin or end with its punctuation, wherever the customer's mail program breaks it; what a person wrote stays as he
// wrote it.
func TestFrenchSpaces(t *testing.T) {
	own := map[string][]byte{"reply.fr": []byte("Subject: [{ref}] Réponse\n\n{personal}\n\nÀ bientôt !")}
	replaced, err := text.New(own)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]*text.Texts{"built-in": texts(t), "own": replaced} {
		for _, id := range []string{"ack_eta", "extra_billing", "reply"} {
			f, err := x.Fill(id, "fr", map[string]string{"personal": "Voilà : « fait » !", "work": "x", "rate": "y", "eta": "demain", "customer": "Zoé", "received": "z"})
			if err != nil {
				t.Fatal(err)
			}
			ours := strings.Replace(f.Body, "Voilà : « fait » !", "", 1)
			if ours == f.Body || regexp.MustCompile(` [:;?!»]|« `).MatchString(ours) {
				t.Errorf("%s %s:\n%s", name, id, f.Body)
			}
		}
	}
}
