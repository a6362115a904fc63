package strict_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"replyby/config/strict"
)

type mood string

func (m *mood) UnmarshalText(text []byte) error {
	if string(text) == "sad" {
		return fmt.Errorf("%q is not allowed here", text)
	}
	*m = mood(text)
	return nil
}

type login struct {
	User string `toml:"user" doc:"Who."`
	Pass string `toml:"pass" doc:"Not told."`
}

type door struct {
	Width int     `toml:"width" default:"80" doc:"Centimetres."`
	Ratio float64 `toml:"ratio"`
	Mood  mood    `toml:"mood" default:"calm" doc:"How it looks."`
	login
}

type room struct {
	Name   string `toml:"name" doc:"What people call it."`
	Door   door   `toml:"door" doc:"The way in."`
	Window *door  `toml:"window" doc:"The way out."`
}

type house struct {
	Number uint8           `toml:"number" default:"7" doc:"On the street."`
	Lit    bool            `toml:"lit"`
	Tags   []string        `toml:"tags" default:"[\"old\"]" doc:"Words."`
	Built  time.Time       `toml:"built"`
	Rooms  []room          `toml:"room" doc:"A room."`
	Cellar map[string]door `toml:"cellar" doc:"By name."`
}

// Every way a document can be wrong, with the line, path, text and hint it gets.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"number = ", "1: : expected value, not end of input"},
		{"number = 1\nnumber = 2", "2: number: "},
		{"\n[[room]]\n[room.door]\nwidht = 1", "4: room.door.widht: unknown key (did you mean width?)"},
		{"[[room]]\nname = 'a'\n[[room]]\nnmae = 'b'", "4: room.nmae: unknown key (did you mean name?)"},
		{"[[room]]\ndoor = {width = 1,\n hight = 2}", "3: room.door.hight: unknown key (known in room.door: width, ratio, mood, user, pass)"},
		{"name = 'x'", "1: name: unknown key (name belongs into [room])"},
		{"zzzzzz = 1", "1: zzzzzz: unknown key (known in the file: number, lit, tags, built, room, cellar)"},
		{"[roof]\nx = 1", "1: roof: unknown key (did you mean room?)"},
		{"number = 'seven'", "1: number: wants a number, has text"},
		{"number = 300", "1: number: 300 is out of range"},
		{"number = -1", "1: number: -1 is out of range"},
		{"lit = 'yes'", "1: lit: wants true or false, has text"},
		{"tags = 'old'", `1: tags: wants a list, has text (write ["…"])`},
		{"tags = ['a',\n 3]", "2: tags: wants text in quotes, has a number"},
		{"built = 2026-01-02", "1: built: wants a date and time with an offset, has a date or time (write it like"},
		{"built = '2026-01-02T03:04:05Z'", "1: built: wants a date and time with an offset, has text"},
		{"room = 3", "1: room: wants a list"},
		{"[[room]]\ndoor = 'open'", "2: room.door: wants a table, has text"},
		{"[[room]]\n[room.door]\nmood = 'sad'", `3: room.door.mood: "sad" is not allowed here`},
		{"[[room]]\n[room.window]\nmood = 7", "3: room.window.mood: wants text in quotes, has a number"},
		{"[cellar.wine]\nwidth = 'x'", "2: cellar.wine.width: wants a number, has text"},
		{"cellar = 1", "1: cellar: wants a table, has a number"},
		{"[room]\nname = 'a'", "1: room: wants a list, has a table (write [[room]])"},
		{"[[room]]\nname = x'", "2: : unexpected character U+0078 'x' at start of value (a line is key = value: "},
		{"[[room]]\nname = “x”", "2: : unexpected character U+00E2 'â' at start of value (a line is key = value: "},
	} {
		var h house
		d := strict.Decode([]byte(c.doc), &h)
		var got []string
		for _, p := range d.Problems {
			got = append(got, fmt.Sprintf("%d: %s: %s (%s)", p.Line, p.Path, p.Text, p.Hint))
		}
		if len(got) != 1 || !strings.HasPrefix(strings.ReplaceAll(got[0], " ()", ""), c.want) && !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%q\n got %q\nwant %q", c.doc, got, c.want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	h := house{Number: 1}
	d := strict.Decode([]byte("nunber = 1\nlit = 2\n[[room]]\nname = 3\n"), &h)
	d.Add("room[0].name", "later", "")
	d.Add("room[0].door.width", "absent: the line of its table", "")
	d.Sort()
	var lines []int
	for _, p := range d.Problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 4}, lines); diff != "" {
		t.Error(diff, d.Problems)
	}
	if h.Number != 1 || len(h.Rooms) > 0 {
		t.Errorf("a wrong document was half applied: %+v", h)
	}
}

func TestFillAndOverlay(t *testing.T) {
	var h house
	strict.Decode([]byte("[[room]]\nname = 'a'\n[room.door]\nmood = 'gay'\n[cellar.wine]\nratio = 1"), &h)
	strict.Overlay(&h.Rooms[0].Door, &door{Width: 70, Mood: "dull", login: login{User: "u"}})
	strict.Fill(&h)
	want := house{
		Number: 7, Tags: []string{"old"},
		Rooms:  []room{{Name: "a", Door: door{Width: 70, Mood: "gay", login: login{User: "u"}}}},
		Cellar: map[string]door{"wine": {Width: 80, Ratio: 1, Mood: "calm"}},
	}
	if diff := cmp.Diff(want, h, cmp.AllowUnexported(door{})); diff != "" {
		t.Error(diff)
	}
}

// What is printed reads back as what it was.
func TestPrintReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		h := house{
			Number: rapid.Uint8().Draw(t, "number"), Lit: rapid.Bool().Draw(t, "lit"),
			Tags: rapid.SliceOf(text).Draw(t, "tags"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "rooms") {
			r := room{Name: text.Draw(t, "name"), Door: door{Width: rapid.Int().Draw(t, "width"), login: login{Pass: text.Draw(t, "pass")}}}
			if rapid.Bool().Draw(t, "window") {
				r.Window = &door{Width: rapid.IntRange(0, 1).Draw(t, "window width")}
			}
			h.Rooms = append(h.Rooms, r)
		}
		if rapid.Bool().Draw(t, "cellar") {
			h.Cellar = map[string]door{text.Draw(t, "key"): {Width: 2}, text.Draw(t, "other key"): {}}
		}
		var b strings.Builder
		if err := strict.Print(&b, h); err != nil {
			t.Fatal(err)
		}
		var back house
		if d := strict.Decode([]byte(b.String()), &back); len(d.Problems) > 0 {
			t.Fatal(d.Problems, b.String())
		}
		if len(h.Tags) == 0 {
			h.Tags = back.Tags
		}
		if diff := cmp.Diff(h, back, cmp.AllowUnexported(door{})); diff != "" {
			t.Fatal(diff, b.String())
		}
	})
}

func TestPrint(t *testing.T) {
	h := house{Tags: []string{`a "b" \ c`, "two\nlines"}, Rooms: []room{{Name: "hall"}, {Name: "den", Door: door{Width: 3}}}}
	var b strings.Builder
	if err := strict.Print(&b, &h); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# On the street.\n# number = 7\n",
		`tags = ["a \"b\" \\ c", "two\u000Alines"]`,
		"# A room.\n[[room]]\n\n# What people call it.\nname = \"hall\"\n",
		"# The way in.\n# [room.door]\n",
		"# Centimetres.\n# width = 80\n",
		"# By name.\n# [cellar.NAME]\n# keys as in [room.door]\n",
		"[[room]]\nname = \"den\"\n\n[room.door]\nwidth = 3\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %q:\n%s", want, b.String())
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"host", "port", "tls", "password_file"}
	for word, want := range map[string]string{
		"hots": "host", "Host": "host", "hosts": "host", "prot": "port", "passwordfile": "password_file", "tsl": "tls",
		"zzzz": "", "": "", "completely": "",
	} {
		if got := strict.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "number = 1", "[[room]]\n[room.door]\nwidth=1", "a.b.c = {d = [1, {e = 2}]}", "[[x]]\n[x.y]\n[[x.y.z]]", "built=2026-01-02T00:00:00Z"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var h house
		d := strict.Decode(doc, &h)
		for _, p := range d.Problems {
			if p.Text == "" || p.Line < 0 || p.Line > strings.Count(string(doc), "\n")+1 {
				t.Errorf("%+v", p)
			}
		}
	})
}
