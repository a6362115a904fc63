#!/bin/sh
# Installs the mail server that the tests talk to, where that can be done without asking: on Debian, as root.
set -eu
if command -v dovecot >/dev/null 2>&1 && [ -x /usr/lib/dovecot/lmtp ]; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "servers: installing dovecot-imapd and dovecot-lmtpd for the tests"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd dovecot-lmtpd >/dev/null
	exit 0
fi
echo "servers: no Dovecot; its tests will be skipped. To run them: apt-get install dovecot-imapd dovecot-lmtpd"
