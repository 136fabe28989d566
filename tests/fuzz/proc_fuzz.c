// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts of /proc and /sys, whatever they say, and the tables of
 * iptables-legacy. The input is the files, each behind a line with its path:
 *
 *	@/proc/net/ip_tables_names
 *	filter
 *	@ filter
 *	(what the kernel returns for the entries of this table)
 *	@!/proc/net/packet		may not be read
 *	@-				/proc is not mounted
 *
 * Where a reader says that there is nothing, the text must not have anything:
 * this is asked of the text in another way than the reader does.
 */
#include <assert.h>
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <net/if.h> /* these two before linux/, which has its own */
#include <netinet/in.h>
#include <linux/if_ether.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <string.h>
#include <sys/socket.h>

#include "base/num.h"
#include "net/facts.h"
#include "net/helpers.h"
#include "net/logging.h"
#include "net/nic_parts.h"
#include "net/proc.h"
#include "net/readers.h"
#include "net/rules_mark.h"
#include "net/xtables.h"
#include "tests/fuzz/answers.h"

#define IFACE	"lo"
#define IFINDEX 1

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *input;
static size_t input_size;

struct text {
	const char *at; /* NULL: there is none */
	size_t size;
};

/* What stands behind the line "@NAME", up to the next one of this kind. */
static struct text find(const char *name)
{
	const char *end = input + input_size;
	struct text found = { 0 };

	for (const char *line = input; line && line < end;) {
		const char *feed = memchr(line, '\n', end - line);
		const char *next = feed ? feed + 1 : end;
		size_t length = (feed ? feed : end) - line;

		if (*line == '@' && found.at)
			break;
		if (*line == '@' && length == strlen(name) + 1 &&
		    !memcmp(line + 1, name, length - 1))
			found.at = next;
		else if (found.at)
			found.size = next - found.at;
		line = next;
	}
	return found;
}

static bool is_refused(const char *path)
{
	char name[160];

	snprintf(name, sizeof(name), "!%s", path);
	return find(name).at;
}

static bool is_mounted(void)
{
	return !find("-").at;
}

static bool is_ours(const char *path)
{
	return !strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5);
}

/* These stand in for the C library's, which the fuzzer itself uses as well. */
FILE *fopen(const char *path, const char *mode)
{
	static FILE *(*real)(const char *, const char *);
	static char nothing[1];

	if (!input || !is_ours(path)) {
		if (!real)
			*(void **)&real = dlsym(RTLD_NEXT, "fopen");
		return real(path, mode);
	}
	struct text text = find(path);
	errno = is_mounted() && is_refused(path) ? EACCES : ENOENT;
	if (!text.at || !is_mounted() || is_refused(path))
		return NULL;
	return fmemopen(text.size ? (void *)text.at : nothing, text.size, "r");
}

int access(const char *path, int mode)
{
	(void)path, (void)mode;
	return is_mounted() ? 0 : -1;
}

unsigned int if_nametoindex(const char *name)
{
	return strcmp(name, IFACE) ? 0 : IFINDEX;
}

/* The entries of a table, at most 64 KiB. */
static int tell_table(int name, struct ipt_getinfo *info, socklen_t size)
{
	struct ipt_get_entries *table = (void *)info;
	char section[XT_TABLE_MAXNAMELEN + 2];

	snprintf(section, sizeof(section), " %.31s", info->name);
	struct text text = find(section);
	if (!text.at)
		return -1;
	text.size = text.size < 65536 ? text.size : 65536;
	if (name == IPT_SO_GET_INFO) {
		info->size = text.size;
		return 0;
	}
	assert(size >= sizeof(*table) + text.size);
	memcpy(table->entrytable, text.at, text.size);
	return 0;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	(void)fd;
	errno = ENOENT;
	return level == IPPROTO_IP || level == IPPROTO_IPV6
		       ? tell_table(name, value, *size)
		       : -1;
}

/* Is nothing claimed? Then the file is not there, and /proc is. */
static bool is_absent(const char *path)
{
	return is_mounted() && !is_refused(path) && !find(path).at;
}

/* Is there a line that is this word? */
static bool has_line(struct text text, const char *word)
{
	const char *end = text.at + text.size;

	for (const char *line = text.at; line < end;) {
		const char *feed = memchr(line, '\n', end - line);
		size_t length = (feed ? feed : end) - line;

		if (length == strlen(word) && !memcmp(line, word, length))
			return true;
		line += length + 1;
	}
	return false;
}

static void check_tables(void)
{
	static const char *const paths[] = { "/proc/net/ip_tables_names",
					     "/proc/net/ip6_tables_names" };
	static struct host_facts facts;

	memset(&facts, 0, sizeof(facts));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		fact_begin(&facts.has_nat[i], "no nat");
		fact_begin(&facts.has_raw[i], "no raw");
	}
	xtables_read(&facts);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct text text = find(paths[i]);
		bool is_read = is_mounted() && text.at && !is_refused(paths[i]);

		assert(facts.has_nat[i].value ||
		       (is_read ? !has_line(text, "nat")
				: is_absent(paths[i])));
		assert(facts.has_raw[i].value ||
		       (is_read ? !has_line(text, "raw")
				: is_absent(paths[i])));
		assert(!is_read || !has_line(text, "filter") ||
		       facts.legacy_tables[i] & HOST_TABLE_FILTER);
	}
}

/* A number behind blanks, and that is 0: or the file is not there. */
static bool is_off(const char *path)
{
	struct text text = find(path);
	size_t at = 0;

	if (!text.at || is_refused(path) || !is_mounted())
		return is_absent(path);
	while (at < text.size && isspace((unsigned char)text.at[at]))
		at++;
	if (at < text.size && (text.at[at] == '-' || text.at[at] == '+'))
		at++;
	if (at == text.size || text.at[at] != '0')
		return false;
	while (at < text.size && text.at[at] == '0')
		at++;
	return at == text.size || !isdigit((unsigned char)text.at[at]);
}

static bool has_lines(const char *path, size_t heading)
{
	struct text text = find(path);
	size_t lines = 0;

	for (size_t i = 0; i < text.size; i++)
		lines += text.at[i] == '\n';
	return lines > heading;
}

static void check_logging(void)
{
	static struct host_facts facts;

	fact_begin(&facts.logs_invalid, "off");
	fact_begin(&facts.logs_martians, "off");
	logging_read(IFACE, &facts);
	assert(facts.logs_invalid.value ||
	       is_off("/proc/sys/net/netfilter/nf_conntrack_log_invalid"));
	assert(facts.logs_martians.value ||
	       (is_off("/proc/sys/net/ipv4/conf/all/log_martians") &&
		is_off("/proc/sys/net/ipv4/conf/" IFACE "/log_martians")));
}

static void check_helpers(void)
{
	struct fact fact;

	fact_begin(&fact, "none");
	helpers_read(&fact);
	assert(fact.value ||
	       (is_off("/proc/sys/net/netfilter/nf_conntrack_helper") &&
		!has_lines("/proc/net/nf_conntrack_expect", 0) &&
		!has_lines("/proc/net/ip_vs", 3)));
}

/* A line of a packet socket that does not see what dies early, or of nobody
 * knows what. */
static bool is_of_reader(const char *line, size_t length)
{
	OWN_MEM char *copy = strndup(line, length);
	char *rest = NULL, *words[6];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = strtok_r(i ? NULL : copy, " \t\r\v\f", &rest);
		if (!words[i])
			return true;
	}
	unsigned int protocol = strtoul(words[3], NULL, 16);
	unsigned int at = strtoul(words[4], NULL, 10);
	unsigned int is_running = strtoul(words[5], NULL, 10);

	return is_running && (at == 0 || at == IFINDEX) &&
	       (protocol == ETH_P_ALL || protocol == ETH_P_IP ||
		protocol == ETH_P_IPV6);
}

static void check_readers(void)
{
	static const char path[] = "/proc/net/packet";
	struct text text = find(path);
	struct fact fact;

	fact_begin(&fact, "none");
	readers_read(IFACE, &fact);
	if (!text.at || is_refused(path) || !is_mounted()) {
		assert(fact.value || is_absent(path));
		return;
	}
	const char *end = text.at + text.size;
	const char *line = memchr(text.at, '\n', text.size);
	for (line = line ? line + 1 : end; line < end;) {
		const char *feed = memchr(line, '\n', end - line);
		size_t length = (feed ? feed : end) - line;

		assert(fact.value || !is_of_reader(line, length));
		line += length + 1;
	}
}

static void check_device(void)
{
	static struct nic nic = {
		.link = { .name = IFACE, .ifindex = IFINDEX },
		.driver = "virtio_net",
	};
	struct text text = find("/sys/class/net/" IFACE "/device/features");

	nic.has_guest_offloads = false;
	nic.vfs = 0;
	nic_read_vfs(&nic);
	if (nic_read_virtio(&nic) == 1 && nic.has_guest_offloads)
		assert(memchr(text.at, '1', text.size));
}

/* Twice the same. */
static void check_mark(void)
{
	struct rules_mark mark, again;

	rules_mark_read(&mark);
	rules_mark_read(&again);
	assert(mark.legacy == again.legacy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	answers_begin(NULL, 0);
	input = (const char *)data;
	input_size = size;
	check_tables();
	check_logging();
	check_helpers();
	check_readers();
	check_device();
	check_mark();
	input = NULL;
	return 0;
}
