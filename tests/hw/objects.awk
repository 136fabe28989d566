# SPDX-License-Identifier: GPL-2.0-only
#
# Compares verdicts on the objects of tests/hw/objects: first the sources (their
# first comments say what the driver should say), then the lines of trial. Prints a
# table, and what is wrong.

# of the JSON object in the line: a text, a number, a list
function field(name,	at, rest) {
	at = index($0, "\"" name "\": ")
	if (!at)
		return ""
	rest = substr($0, at + length(name) + 4)
	if (match(rest, /^"[^"]*"/))
		return substr(rest, 2, RLENGTH - 2)
	if (match(rest, /^\[[^\]]*\]/)) {
		rest = substr(rest, 2, RLENGTH - 2)
		gsub(/"/, "", rest)
		return rest
	}
	match(rest, /^[a-z0-9]+/)
	return substr(rest, 1, RLENGTH)
}

function word(verdict) {
	return verdict == "true" ? "accepts" : "refuses"
}

FNR == 1 && FILENAME ~ /\.bpf\.c$/ {
	name = FILENAME
	gsub(/^.*\/|\.bpf\.c$/, "", name)
	sources++
}
/^ \* driver: / {
	words[name] = $0
	sub(/^[^"]*"/, "", words[name])
	sub(/"$/, "", words[name])
}

/^\{"object"/ {
	name = field("object")
	sub(/\.bpf\.o$/, "", name)
	driver = field("accepted")
	ours = field("judged_accepted")
	said = field("words")
	count++
	printf "#   %-26s %-8s %-8s %s%s%s\n", name, word(driver), word(ours),
		said, said == "" ? "" : " | ", field("rules")
	if (driver != ours)
		disagreed = disagreed " " name
	if ((name ~ /^no_/) != (driver == "false"))
		print "not ok - the driver says of " name " what its name says"
	else if (words[name] != "" && !index($0, words[name]))
		print "not ok - the driver refuses " name ": " words[name]
	else
		as_said++
	length_is = field("card_insns")
	estimate = field("estimate")
	if (length_is && (3 * estimate < 2 * length_is ||
			  3 * estimate > 5 * length_is))
		far = far " " name " (" length_is ", not " estimate ")"
}

# what: a list; empty is right
function right(sentence, what) {
	print (what == "" ? "ok - " : "not ok - ") sentence what
}

BEGIN {
	printf "#   %-26s %-8s %-8s %s\n", "object", "driver", "ours",
		"the driver's words | our rules"
}

END {
	right("every object was judged", count == sources ? "" : ": " count)
	right("the driver says of each what its first comment says",
	      as_said == count ? "" : ": of " as_said)
	right("our judge and the driver disagree on none of " count,
	      disagreed == "" ? "" : ":" disagreed)
	right("no length is estimated badly", far == "" ? "" : ":" far)
}
