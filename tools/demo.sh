#!/bin/sh
# What `make demo` shows: makes one sample phone with planted traces and one
# without (encrypted backups, as a phone makes them), checks both with the same
# indicators, and says where the reports are.
# usage: tools/demo.sh build/release/telassay [DIR]
set -eu

telassay=$1
dir=${2:-$(mktemp -d /tmp/telassay-demo-XXXXXX)}
rm -rf "$dir/infected" "$dir/clean" "$dir"/*-report
mkdir -p "$dir"

make_phone() { # make_phone NAME [option ...]
	name=$1
	shift
	"$telassay" sample "$dir/$name" --encrypt --password-file "$dir/password" \
		--size 10 "$@"
}

check_phone() { # check_phone NAME EXIT-CODE
	echo
	echo "== the $1 phone"
	code=0
	"$telassay" check "$dir/$1" -i "$dir/campaign.stix2" \
		--password-file "$dir/password" -o "$dir/$1-report" \
		>"$dir/$1.txt" || code=$?
	sed '/^What was read/,$d' "$dir/$1.txt"
	tail -n 1 "$dir/$1.txt"
	if [ "$code" != "$2" ]; then
		echo "demo: check of the $1 phone ended with $code, not $2" >&2
		exit 1
	fi
}

echo "password of a demo" >"$dir/password"
echo "making two encrypted sample phones below $dir"
make_phone infected --seed 1 --stix "$dir/campaign.stix2" \
	--plant ios.datausage=s00.example.implantd:pair \
	--plant ios.osanalytics_addaily=s00.example.implantd \
	--plant ios.sms=spy.example:attributed \
	--plant ios.safari_history=spy.example:redirect \
	--plant ios.sms_attachments=/private/var/tmp/implant/stage-1
make_phone clean --seed 2
check_phone infected 1
check_phone clean 0
echo
echo "reports to look at:"
for name in infected clean; do
	echo "  $dir/$name-report/report.html"
done
