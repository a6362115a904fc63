#!/bin/sh
# Installs the mail fetchers that `make bench-peers` measures us against, where that can be done without asking: on Debian, as root.
set -eu
missing=
command -v mbsync >/dev/null 2>&1 || missing="isync"
command -v fetchmail >/dev/null 2>&1 || missing="$missing fetchmail"
command -v getmail >/dev/null 2>&1 || missing="$missing getmail6"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "peers: those that are missing are left out: apt-get install" $missing
	exit 0
fi
echo "peers: installing" $missing
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
