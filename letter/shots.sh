#!/bin/sh
# Takes pictures of the HTML form of our mails at the width of a desk and of a phone: shots.sh FOLDER [MAIL...]
# Needs Chromium. Look at them before changing the layout.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$0")"
go test . -run TestPages -pages "$out" -count=1 >/dev/null
for mail in ${*:-review digest}; do
	# A headless window has a least width, so the phone is a frame in a wider one.
	printf '<body style="margin:0"><iframe src="%s.html" style="border:0;width:390px;height:2400px"></iframe>' "$mail" >"$out/$mail-phone.html"
	shoot() { chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files \
		--window-size="$1" --screenshot="$out/$2.png" "file://$out/$3.html" >/dev/null 2>&1; }
	shoot 1100,1900 "$mail-1100" "$mail"
	shoot 500,2400 "$mail-390" "$mail-phone"
done
ls "$out"/*.png
