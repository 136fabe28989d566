// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/own.h"
#include "net/facts.h"
#include "net/xtables.h"

static void read_names(FILE *file, const char *path, struct fact *nat,
		       struct fact *raw, unsigned int *tables)
{
	char line[64];

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		*tables |= facts_table(line);
		if (strcmp(line, "nat") == 0)
			fact_yes(nat, "%s lists a table nat", path);
		if (strcmp(line, "raw") == 0)
			fact_yes(raw, "%s lists a table raw", path);
	}
	if (!ferror(file))
		return;
	fact_unknown(nat, "%s cannot be read to its end", path);
	fact_unknown(raw, "%s cannot be read to its end", path);
}

/*
 * The file lists the tables of this network namespace, also empty ones. It is
 * there once the legacy iptables of a family is in the kernel, so that only
 * ENOENT below a readable /proc/net means that there are none.
 */
void xtables_read(struct host_facts *facts)
{
	static const char *const paths[] = { "/proc/net/ip_tables_names",
					     "/proc/net/ip6_tables_names" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		OWN_FILE FILE *file = fopen(paths[i], "re");
		struct fact *nat = &facts->has_nat[i];
		struct fact *raw = &facts->has_raw[i];

		if (file) {
			read_names(file, paths[i], nat, raw,
				   &facts->legacy_tables[i]);
			continue;
		}
		const char *why = strerror(errno);
		if (errno == ENOENT && access("/proc/net", X_OK) == 0)
			continue;
		fact_unknown(nat, "%s cannot be read (%s)", paths[i], why);
		fact_unknown(raw, "%s cannot be read (%s)", paths[i], why);
	}
}
