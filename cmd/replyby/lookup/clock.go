package lookup

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/config/strict"
)

// clockFlags choose whose calendars and policies a question about time is meant for.
type clockFlags struct {
	config, desk, country, zone string
	hours, closures             command.List
}

func (c *clockFlags) add(fs *flag.FlagSet) {
	fs.StringVar(&c.config, "config", command.DefaultConfig, "")
	fs.StringVar(&c.desk, "desk", "", "")
	fs.Var(&c.hours, "hours", "")
	fs.StringVar(&c.country, "country", "", "")
	fs.StringVar(&c.zone, "timezone", "", "")
	fs.Var(&c.closures, "closure", "")
}

// clockDesk is the desk asked about: one of the configuration, or, where hours are given or no file is there, one that
// nobody works at.
func clockDesk(e *command.Env, c clockFlags) (d *config.Desk, code int, ok bool) {
	f, code, ok := clockFile(e, c)
	if !ok {
		return nil, code, false
	}
	for _, text := range c.closures {
		closure, err := parseClosure(text)
		if err == nil {
			err = f.AddClosures(closure)
		}
		if err != nil {
			return nil, e.Fail(command.Usage, command.Hinted(err, "write -closure 2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00, or without @ where nobody was told")), false
		}
	}
	return e.Desk(f, c.desk)
}

func clockFile(e *command.Env, c clockFlags) (f *config.File, code int, ok bool) {
	own := len(c.hours) > 0 || c.country != "" || c.zone != ""
	if _, err := os.Stat(e.Path(c.config)); !own && (err == nil || c.config != command.DefaultConfig || !errors.Is(err, os.ErrNotExist)) {
		return e.Load(c.config)
	}
	f, err := config.Parse("flags", []byte(nobody(c)))
	if err != nil {
		text, hint := command.Problem(err)
		return nil, e.Fail(command.Usage, command.Hinted(fmt.Errorf("the flags make no calendar: %s", text), hint)), false
	}
	return f, command.Good, true
}

// nobodys is the address of a desk that exists only to be asked.
const nobodys = "nobody@desk.invalid"

// nobody writes the configuration of a desk that exists only to be asked about its hours. Those of the assistance contract
// stand where none are given.
func nobody(c clockFlags) string {
	hours, country := []string(c.hours), c.country
	if len(hours) == 0 {
		hours = []string{"mon-fri 15:00-18:00"}
	}
	if country == "" {
		country = "IT"
	}
	text := fmt.Sprintf("[[desk]]\nname = \"service\"\naddress = %s\nhours = %s\ncountry = %s\n",
		strict.Literal(nobodys), strict.Literal(hours), strict.Literal(country))
	if c.zone != "" {
		text += "timezone = " + strict.Literal(c.zone) + "\n"
	}
	return text + `imap.host = "localhost"
smtp.host = "localhost"
password_env = "NONE"
[[desk.staff]]
name = "Nobody"
addresses = ["staff@desk.invalid"]
`
}

// parseClosure reads "from..to@notified".
func parseClosure(text string) (config.Closure, error) {
	span, notified, told := strings.Cut(text, "@")
	from, to, both := strings.Cut(span, "..")
	if !both {
		return config.Closure{}, fmt.Errorf("-closure %q has no .. between its days", text)
	}
	var c config.Closure
	if err := errors.Join(c.From.UnmarshalText([]byte(from)), c.To.UnmarshalText([]byte(to))); err != nil {
		return c, fmt.Errorf("-closure: %w", err)
	}
	if told {
		at, err := time.Parse(time.RFC3339, notified)
		if err != nil {
			return c, fmt.Errorf("-closure: %q is no instant", notified)
		}
		c.NotifiedAt = at
	}
	return c, nil
}
