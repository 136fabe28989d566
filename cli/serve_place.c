// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/own.h"
#include "cli/serve_place.h"

#define UNIX_PREFIX "unix:"
#define QUEUE	    16

static int refuse(const char *where, struct err *err)
{
	return err_set(err, ERR_USAGE, EINVAL,
		       "--listen %s: expected unix:/PATH, 127.0.0.1:PORT or "
		       "[::1]:PORT: nobody else than this machine is served",
		       where);
}

static int parse_path(const char *where, const char *path,
		      struct serve_place *out, struct err *err)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&out->address;

	if (path[0] != '/' || strlen(path) >= sizeof(un->sun_path))
		return refuse(where, err);
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, path);
	out->size = sizeof(*un);
	out->path = path;
	return 0;
}

/* 0: it is none. */
static uint16_t parse_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && port <= UINT16_MAX
		       ? (uint16_t)port
		       : 0;
}

int serve_place_parse(const char *where, struct serve_place *out,
		      struct err *err)
{
	static const char ipv4[] = "127.0.0.1:", ipv6[] = "[::1]:";
	struct sockaddr_in *in = (struct sockaddr_in *)&out->address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&out->address;

	*out = (struct serve_place){ 0 };
	if (!strncmp(where, UNIX_PREFIX, strlen(UNIX_PREFIX)))
		return parse_path(where, where + strlen(UNIX_PREFIX), out, err);
	if (!strncmp(where, ipv4, strlen(ipv4))) {
		in->sin_family = AF_INET;
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		in->sin_port = htons(parse_port(where + strlen(ipv4)));
		out->size = sizeof(*in);
		return in->sin_port ? 0 : refuse(where, err);
	}
	if (!strncmp(where, ipv6, strlen(ipv6))) {
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = in6addr_loopback;
		in6->sin6_port = htons(parse_port(where + strlen(ipv6)));
		out->size = sizeof(*in6);
		return in6->sin6_port ? 0 : refuse(where, err);
	}
	return refuse(where, err);
}

static int find_group(const char *group, gid_t *out, struct err *err)
{
	const struct group *entry = group ? getgrnam(group) : NULL;

	*out = entry ? entry->gr_gid : 0;
	if (group && !entry)
		return err_set(err, ERR_USAGE, EINVAL,
			       "there is no group \"%s\": groupadd --system %s",
			       group, group);
	return 0;
}

/* Nobody before its owner and mode are right: the umask sees to that. */
static int bind_path(int fd, const struct serve_place *place, gid_t group)
{
	mode_t before = umask(0177);
	int result = bind(fd, (const struct sockaddr *)&place->address,
			  place->size) < 0
			     ? -errno
			     : 0;

	umask(before);
	if (result == 0 && (chown(place->path, (uid_t)-1, group) < 0 ||
			    chmod(place->path, 0660) < 0))
		result = -errno;
	return result;
}

/* Left by one that has died? Then nobody answers. */
static void remove_left_over(const struct serve_place *place)
{
	OWN_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat status;

	if (lstat(place->path, &status) == 0 && S_ISSOCK(status.st_mode) &&
	    connect(fd, (const struct sockaddr *)&place->address, place->size) <
		    0 &&
	    errno == ECONNREFUSED)
		unlink(place->path);
}

int serve_place_open(const struct serve_place *place, const char *group,
		     struct err *err)
{
	const int on = 1;
	gid_t gid = 0;
	int result = find_group(group, &gid, err);

	if (result < 0)
		return result;
	OWN_FD int fd =
		socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_system(err, errno, "cannot open a socket");
	if (place->path) {
		remove_left_over(place);
		result = bind_path(fd, place, gid);
	} else {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (bind(fd, (const struct sockaddr *)&place->address,
			 place->size) < 0)
			result = -errno;
	}
	if (result == 0 && listen(fd, QUEUE) < 0)
		result = -errno;
	if (result < 0)
		return err_system(err, -result, "cannot listen at %s",
				  place->path ? place->path
					      : "this address and port");
	return take_fd(&fd);
}
