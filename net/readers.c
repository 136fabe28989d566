// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_ether.h>
#include <net/if.h>
#include <string.h>

#include "net/proc.h"
#include "net/readers.h"

static const char *protocol_name(unsigned int protocol)
{
	switch (protocol) {
	case ETH_P_ALL:
		return "all protocols";
	case ETH_P_IP:
		return "IPv4";
	case ETH_P_IPV6:
		return "IPv6";
	default:
		return NULL; /* what is not IP is never dropped */
	}
}

/*
 * One line of /proc/net/packet (packet_seq_show(), net/packet/af_packet.c):
 * socket, references, type, protocol, interface (0: all), whether it runs.
 */
static void look_at(const char *line, const char *iface, unsigned int ifindex,
		    struct fact *fact)
{
	unsigned int protocol, at, is_running;

	/* Blanks are asked for: of "6d" the d is no protocol. */
	if (sscanf(line, "%*s%*[ ]%*d%*[ ]%*d%*[ ]%x%*[ ]%u%*[ ]%u", &protocol,
		   &at, &is_running) != 3) {
		fact_unknown(fact, "/proc/net/packet has the line \"%.80s\"",
			     line);
		return;
	}
	const char *name = protocol_name(protocol);
	if (!name || !is_running || (at != 0 && at != ifindex))
		return;
	fact_yes(fact,
		 "a packet socket reads %s on %s: it does not see what dies "
		 "early",
		 name, at ? iface : "every interface");
}

void readers_read(const char *iface, struct fact *fact)
{
	OWN_FILE FILE *file = proc_open("/proc/net/packet", fact);
	unsigned int ifindex = if_nametoindex(iface);
	bool is_heading = true;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!is_heading)
			look_at(line, iface, ifindex, fact);
		is_heading = false;
	}
	if (file && ferror(file))
		fact_unknown(fact,
			     "/proc/net/packet cannot be read to its end");
}
