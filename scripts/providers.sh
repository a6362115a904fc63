#!/bin/sh
# Writes desk/company/providers.txt anew from the npm package email-providers: VERSION below, or the one that is given. Needs npm and node.
set -eu
version=${1:-2.26.0}
into=$(cd "$(dirname "$0")/../desk/company" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "email-providers@$version" >/dev/null
tar -xzf "email-providers-$version.tgz"
{
	echo "# The domains of all.json of the npm package email-providers, version $version (scripts/providers.sh), https://github.com/derhuerst/email-providers"
	sed 's/^/# /; s/ $//' package/license.md
	node -e '
		const all = require("./package/all.json").filter((d) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(d))
		console.log([...new Set(all)].sort().join("\n"))'
} >"$into/providers.txt"
wc -l "$into/providers.txt"
