// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "rules/names.h"
#include "rules/ports.h"
#include "rules/values.h"

/* The service of that name, whatever its protocol if @proto has none. */
static bool find_service(const char *name, uint8_t proto, uint32_t *out)
{
	const struct protoent *entry = getprotobynumber(proto);
	const struct servent *service;

	if (names_find(NAMES_SERVICE, name, strlen(name), false, out))
		return true;
	service = entry ? getservbyname(name, entry->p_name) : NULL;
	if (!service)
		service = getservbyname(name, NULL);
	if (!service)
		return false;
	*out = ntohs(service->s_port);
	return true;
}

static int read_port(const char *text, uint8_t proto, uint16_t *out,
		     struct err *err)
{
	uint32_t port;

	if (values_number(text, 65535, "a port", &port, err) &&
	    !find_service(text, proto, &port))
		return err_input(
			err,
			"'%.64s' is not a port: expected a number up to "
			"65535 or the name of a service",
			text);
	*out = port;
	return 0;
}

/* @text is written to. */
static int read_one(char *text, uint8_t proto, struct port_range *out,
		    struct err *err)
{
	char *colon = strchr(text, ':');
	struct port_range range = { .min = 0, .max = 65535 };
	int result = 0;

	if (colon)
		*colon = '\0';
	if (*text || !colon)
		result = read_port(text, proto, &range.min, err);
	if (!colon)
		range.max = range.min;
	else if (!result && colon[1])
		result = read_port(colon + 1, proto, &range.max, err);
	if (result)
		return result;
	if (range.min > range.max)
		return err_input(err,
				 "the range of ports %u:%u ends before it "
				 "begins: write %u:%u",
				 range.min, range.max, range.max, range.min);
	*out = range;
	return 0;
}

int ports_read_range(const char *text, uint8_t proto, struct port_list *out,
		     struct err *err)
{
	OWN_MEM char *copy = strdup(text);
	struct port_list list = { .count = 1 };

	if (!copy)
		return err_no_memory(err);
	int result = read_one(copy, proto, &list.ranges[0], err);
	if (!result)
		*out = list;
	return result;
}

int ports_read_list(const char *text, uint8_t proto, struct port_list *out,
		    struct err *err)
{
	OWN_MEM char *copy = strdup(text);
	struct port_list list = { 0 };
	unsigned int used = 0; /* as xt_multiport counts */
	char *at = copy, *one;

	if (!copy)
		return err_no_memory(err);
	while ((one = strsep(&at, ","))) {
		used += strchr(one, ':') ? 2 : 1;
		if (used > PORTS_MAX)
			return err_input(
				err,
				"more than %d ports (a range counts as "
				"two): split the rule in two",
				PORTS_MAX);
		int result =
			read_one(one, proto, &list.ranges[list.count++], err);
		if (result)
			return result;
	}
	*out = list;
	return 0;
}
