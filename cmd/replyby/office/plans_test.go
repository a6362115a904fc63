package office

import (
	"testing"

	"replyby/config"
)

// OneDesk plans a desk with one member of staff that keeps its mail, for the tests of this package and those that see it from outside.
func OneDesk(t testing.TB) []Plan {
	t.Helper()
	f, err := config.Parse("test.toml", []byte(`
[[calendar]]
name = "always"
timezone = "Europe/Rome"
open = ["24x7"]
[[desk]]
name = "agency"
prefix = "MB"
address = "assistenza@mail.test"
policy = "agency"
service_calendar = "always"
timezone = "Europe/Rome"
managers = ["direzione@mail.test"]
password_file = "password"
imap.host = "127.0.0.1"
imap.tls = "none"
imap.since = "all"
hold = "0s"
smtp.host = "127.0.0.1"
smtp.tls = "none"
[[desk.staff]]
name = "Anna Bianchi"
addresses = ["anna@mail.test"]
`))
	if err != nil {
		t.Fatal(err)
	}
	plans, err := Plans(f)
	if err != nil {
		t.Fatal(err)
	}
	return plans
}
