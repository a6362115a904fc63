package dovecot

import (
	_ "embed" // for template
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"replyby/mailhost"
)

// nobody owns the mail when root runs the test; Dovecot touches none as root.
const nobody = 65534

// template is the configuration with capital words to be replaced.
//
//go:embed dovecot.conf
var template string

// config fills the template for root or for an ordinary user.
func (s *Server) config() string {
	internal, login, group := "dovecot", "dovenull", "dovecot"
	if os.Getuid() != 0 {
		internal, group = names()
		login = internal
	}
	return strings.NewReplacer(
		"DIR", s.dir, "PORT", s.port, "INTERNAL", internal, "LOGIN", login, "GROUP", group,
	).Replace(template)
}

// names are the user and group the test runs under.
func names() (owner, group string) {
	owner, group = fmt.Sprint(os.Getuid()), fmt.Sprint(os.Getgid())
	if u, err := user.Current(); err == nil {
		owner = u.Username
		if g, err := user.LookupGroupId(u.Gid); err == nil {
			group = g.Name
		}
	}
	return owner, group
}

// owner is whom the mail belongs to.
func owner() (uid, gid int) {
	if os.Getuid() == 0 {
		return nobody, nobody
	}
	return os.Getuid(), os.Getgid()
}

// users is a passwd file with one line for each account; the homes are made.
func users(dir string, accounts []mailhost.Account) string {
	uid, gid := owner()
	var lines strings.Builder
	for _, a := range accounts {
		home := filepath.Join(dir, "home", a.Address)
		_ = os.MkdirAll(home, 0o755) // Dovecot says it better where this fails
		_ = os.Chown(home, uid, gid)
		fmt.Fprintf(&lines, "%s:{PLAIN}%s:%d:%d::%s::\n", a.Address, a.Password, uid, gid, home)
	}
	return lines.String()
}

func (s *Server) home(address string) string { return filepath.Join(s.dir, "home", address) }
