# SPDX-License-Identifier: GPL-2.0-only
#
# Reads what a guest printed and says what is wrong with it beyond the failures
# that it printed itself: a case that did not begin, did not end, printed no
# result, or ended badly and did not say so.
#
#	-v cases="A B ..."	the cases that should be there, in order
#	-v why="..."		why the guest ended early, as far as known

/^# begin / { current = $3; results = failures = 0; began[current] = 1 }
/^(ok|not ok|SKIP) - / { results++ }
/^not ok - / { failures++ }
/^# end / {
	ended[current] = 1
	status = $5 + 0
	if (status == 137)
		print "not ok - " current " ends within its time"
	else if (status != 0 && !failures)
		print "not ok - " current " ends with status 0 (it was " status ")"
	else if (!results)
		print "not ok - " current " tests something"
}

END {
	count = split(cases, expected, " ")
	for (i = 1; i <= count; i++)
		if (!(expected[i] in began))
			print "not ok - " expected[i] " begins: " why
		else if (!(expected[i] in ended))
			print "not ok - " expected[i] " runs to its end: " why
}
