package dovecot

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"replyby/mailhost"
)

// nobody owns the mail when root runs the test; Dovecot touches none as root.
const nobody = 65534

// config is the least Dovecot needs to serve one folder. For an ordinary user
// every process runs under his name and none is shut into a root of its own.
func (s *Server) config() string {
	internal, login, group := "dovecot", "dovenull", "dovecot"
	if os.Getuid() != 0 {
		internal, group = names()
		login = internal
	}
	return strings.NewReplacer(
		"DIR", s.dir, "PORT", s.port, "INTERNAL", internal, "LOGIN", login, "GROUP", group,
	).Replace(`
base_dir = DIR/run
state_dir = DIR/run
log_path = DIR/log
listen = 127.0.0.1
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = INTERNAL
default_internal_group = GROUP
default_login_user = LOGIN
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mail_plugins =
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u DIR/users
}
userdb {
  driver = passwd-file
  args = username_format=%u DIR/users
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Junk {
    auto = create
    special_use = \Junk
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = PORT
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`)
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

// users is a passwd file with one line for each account; the homes are made.
func users(dir string, accounts []mailhost.Account) string {
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = nobody, nobody
	}
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
