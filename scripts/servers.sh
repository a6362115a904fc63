#!/bin/sh
# Installs the mail server and the mail clients that the tests talk to, where that can be done without asking: on Debian, as root.
set -eu
server= clients=
command -v dovecot >/dev/null 2>&1 && [ -x /usr/lib/dovecot/lmtp ] || server="dovecot-imapd dovecot-lmtpd"
command -v swaks >/dev/null 2>&1 || clients="swaks"
command -v neomutt >/dev/null 2>&1 || clients="$clients neomutt"
command -v strace >/dev/null 2>&1 || clients="$clients strace"
[ -n "$server$clients" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "servers: tests will be skipped for want of them. To run them all: apt-get install" $server $clients
	exit 0
fi
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
echo "servers: installing" $server $clients "for the tests"
apt-get update -qq
[ -z "$server" ] || install $server
[ -z "$clients" ] || install $clients || echo "servers: could not install" $clients "; the tests with real mail clients, or with failing disks, will be skipped"
