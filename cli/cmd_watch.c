// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/config_files.h"
#include "cli/event.h"
#include "cli/keeper.h"
#include "cli/lookout.h"
#include "fallback/apply.h"
#include "fallback/claim.h"
#include "fallback/state.h"
#include "net/notices.h"

/* What notifies nobody is seen this often: sysctls, iptables-legacy, ... */
#define POLL_MS 400
/* Notices that come faster are looked at together. */
#define GAP_MS 40

struct watching {
	const char *directory;
	struct config *config;
	struct notices *notices;
	int claim, signals;
	struct watched *items;
	size_t count;
	const struct watched *planned; /* while it is planned for */
	size_t told;		       /* count, as systemd was told last */
	uint64_t device;	       /* notices about devices */
	struct facts_memory memory;
	bool must_end, must_reload;
};

static void watching_cleanup(struct watching *watching)
{
	for (size_t i = 0; i < watching->count; i++)
		watched_clear(&watching->items[i]);
	free(watching->items);
	config_free(watching->config);
	notices_free(watching->notices);
	if (watching->signals >= 0)
		close(watching->signals);
	if (watching->claim >= 0)
		close(watching->claim);
}
#define OWN_WATCHING __attribute__((cleanup(watching_cleanup)))

static int catch_signals(struct watching *watching, struct err *err)
{
	sigset_t caught;

	sigemptyset(&caught);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGINT);
	sigaddset(&caught, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &caught, NULL);
	watching->signals = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
	return watching->signals < 0
		       ? err_system(err, errno, "cannot wait for signals")
		       : 0;
}

static void read_signals(struct watching *watching)
{
	struct signalfd_siginfo info;

	while (read(watching->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			watching->must_reload = true;
		else
			watching->must_end = true;
	}
}

static struct watched *find(const struct watching *watching, const char *name)
{
	for (size_t i = 0; i < watching->count; i++) {
		if (!strcmp(watching->items[i].name, name))
			return &watching->items[i];
	}
	return NULL;
}

static int add(struct watching *watching, const char *name, struct err *err)
{
	struct watched *items;

	if (find(watching, name))
		return 0;
	items = reallocarray(watching->items, watching->count + 1,
			     sizeof(*items));
	if (!items)
		return err_no_memory(err);
	watching->items = items;
	items[watching->count] = (struct watched){ 0 };
	snprintf(items[watching->count++].name, IFNAMSIZ, "%.15s", name);
	return 0;
}

/* Interfaces that the configuration wants, or that have a program of ours. */
static int add_wanted(struct watching *watching,
		      const struct watch_world *world, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < world->count && result == 0; i++) {
		const struct link *link = &world->links[i];
		struct holder holder;
		struct err unseen;

		if (config_find(watching->config, link->name))
			result = add(watching, link->name, err);
		else if (link->xdp != XDP_STATE_NONE &&
			 !find(watching, link->name) &&
			 holder_find_any(link, &holder, &unseen) == 0 &&
			 holder.owner == OWNER_OURS)
			result = add(watching, link->name, err);
	}
	return result;
}

/* Names that neither the machine nor the configuration has any more. */
static void drop_unwanted(struct watching *watching,
			  const struct watch_world *world)
{
	size_t kept = 0;

	for (size_t i = 0; i < watching->count; i++) {
		struct watched *item = &watching->items[i];
		bool is_wanted = watch_find(world, item->name) ||
				 item->state.phase != WATCH_GONE ||
				 unstopped_has_any(&item->unstopped);

		if (is_wanted)
			watching->items[kept++] = *item;
		else
			watched_clear(item);
	}
	watching->count = kept;
}

static bool is_confirmation_waited_for(void)
{
	struct err unseen;

	return keeper_check_none(&unseen) < 0;
}

/* Whose files have the rules need not look at those that are loaded. */
static bool wants_own_rules(const struct config *config)
{
	for (size_t i = 0; i < config->count; i++) {
		if (config->sections[i].options.from_kernel)
			return true;
	}
	return false;
}

static void world_cleanup(struct watch_world *world)
{
	free(world->links);
}
#define OWN_WORLD __attribute__((cleanup(world_cleanup)))

/* Read, or read again, what is the same for all interfaces. */
static int see(struct watching *watching, struct watch_world *world,
	       struct err *err)
{
	free(world->links);
	*world = (struct watch_world){ .device = watching->device,
				       .memory = &watching->memory };
	if (watch_look(world, err) < 0)
		return -1;
	if (wants_own_rules(watching->config))
		world->rules = watch_look_rules();
	world->is_taken = is_confirmation_waited_for();
	return 0;
}

/*
 * While one is planned for: what others drop may have to stop. That one is the
 * planner's: what it attaches would be taken for what it is to replace.
 */
static void guard_all(void *context)
{
	struct watching *watching = context;
	OWN_WORLD struct watch_world world = { 0 };
	struct watch_view unused;
	struct err unseen;

	if (see(watching, &world, &unseen) < 0)
		return;
	for (size_t i = 0; i < watching->count; i++) {
		struct watched *item = &watching->items[i];

		if (item != watching->planned)
			watched_guard(item,
				      config_find(watching->config, item->name),
				      &world, clock_ms(), &unused);
	}
}

/* Returns true when the world was planned for: that takes its time. */
static bool look_at(struct watching *watching, struct watched *item,
		    const struct watch_world *world, bool *has_acted)
{
	const struct config_section *section =
		config_find(watching->config, item->name);
	struct lookout lookout;
	struct watch_view view;

	if (!watched_guard(item, section, world, clock_ms(), &view))
		return false;
	watching->planned = item;
	lookout_begin(&lookout, watching->items, watching->count, guard_all,
		      watching);
	*has_acted |= watched_plan(item, section, &view);
	lookout_end(&lookout, watching->items, item);
	return true;
}

/* Look at everything once. Returns true when something was done. */
static bool look(struct watching *watching, struct err *err)
{
	OWN_WORLD struct watch_world world = { 0 };
	bool has_acted = false;

	if (see(watching, &world, err) < 0 ||
	    add_wanted(watching, &world, err) < 0)
		return false;
	for (size_t i = 0; i < watching->count; i++) {
		if (look_at(watching, &watching->items[i], &world,
			    &has_acted) &&
		    see(watching, &world, err) < 0)
			return has_acted;
	}
	drop_unwanted(watching, &world);
	return has_acted;
}

/* It is read so often that its warnings would fill the log. */
static int read_config(const struct watching *watching, struct config **out,
		       struct err *err)
{
	struct config *config = NULL;
	int result = config_files_read(watching->directory, &config, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < config->count; i++) {
		config->sections[i].options.is_quiet = true;
		config->sections[i].options.wishes.is_watched = true;
	}
	*out = config;
	return 0;
}

static void say_absent(const struct watching *watching)
{
	for (size_t i = 0; i < watching->config->count; i++) {
		const char *name = watching->config->sections[i].pattern;
		const struct event event = {
			.id = EVENT_ABSENT,
			.iface = name,
		};

		if (!config_is_pattern(name) && !find(watching, name))
			event_say(&event, "not on this machine (yet)");
	}
}

static void reload(struct watching *watching)
{
	struct config *config = NULL;
	struct err err;

	watching->must_reload = false;
	sd_notify(0, "RELOADING=1");
	if (read_config(watching, &config, &err) < 0) {
		event_say(&(struct event){ .id = EVENT_BAD_CONFIG },
			  "%s; what was read before is kept to", err.text);
	} else {
		config_free(watching->config);
		watching->config = config;
		for (size_t i = 0; i < watching->count; i++)
			watch_reset(&watching->items[i].state, clock_ms());
		event_say(&(struct event){ .id = EVENT_RELOADED },
			  "%s was read again", watching->directory);
	}
	sd_notify(0, "READY=1");
}

/* What `systemctl status` shows. */
static void tell_count(struct watching *watching)
{
	size_t count = watching->count;

	if (watching->told == count)
		return;
	watching->told = count;
	sd_notifyf(0, "STATUS=watching %zu interface%s", count,
		   count == 1 ? "" : "s");
}

/* How long may it sleep? */
static int patience(const struct watching *watching, long now)
{
	long least = POLL_MS;

	for (size_t i = 0; i < watching->count; i++) {
		long due = watch_due(&watching->items[i].state);

		if (due >= 0 && due - now < least)
			least = due - now;
	}
	return least > GAP_MS ? (int)least : GAP_MS;
}

static void wait_for_news(struct watching *watching)
{
	struct pollfd fds[NOTICES_FDS + 1];
	int milliseconds_left = patience(watching, clock_ms());

	notices_poll(watching->notices, fds);
	fds[NOTICES_FDS] = (struct pollfd){
		.fd = watching->signals,
		.events = POLLIN,
	};
	poll(fds, ARRAY_SIZE(fds), milliseconds_left);
	read_signals(watching);
	claim_turn_away(watching->claim);
}

/* What our own doing made the kernel tell is no news. */
static unsigned int read_notices(struct watching *watching, bool is_own)
{
	unsigned int notices = notices_read(watching->notices);

	if (!is_own && notices & (NOTICE_DEVICE | NOTICE_LOST))
		watching->device++;
	return notices;
}

static void keep_looking(struct watching *watching)
{
	while (!watching->must_end) {
		struct err err = { .text = "" };

		if (watching->must_reload)
			reload(watching);
		bool has_acted = look(watching, &err);
		if (err.text[0])
			event_say(&(struct event){ .id = EVENT_FAILED }, "%s",
				  err.text);
		tell_count(watching);
		sd_notify(0, "WATCHDOG=1");
		if (has_acted) {
			read_notices(watching, true);
			state_prune();
			continue;
		}
		/* A flood of notices is looked at GAP_MS by GAP_MS. */
		poll(NULL, 0, GAP_MS);
		wait_for_news(watching);
		read_notices(watching, false);
	}
}

int cmd_watch(const struct options *options, struct err *err)
{
	OWN_WATCHING struct watching watching = {
		.directory = options->config ? options->config : CONFIG_DIR,
		.claim = -1,
		.signals = -1,
		.told = SIZE_MAX,
	};
	int result = read_config(&watching, &watching.config, err);

	if (result < 0)
		return result;
	watching.claim = claim_take(CLAIM_WATCH, err);
	if (watching.claim < 0)
		return watching.claim;
	result = notices_open(&watching.notices, err);
	if (result == 0)
		result = catch_signals(&watching, err);
	if (result < 0)
		return result;
	event_say(&(struct event){ .id = EVENT_WATCHING }, "%s, %zu section%s",
		  watching.directory, watching.config->count,
		  watching.config->count == 1 ? "" : "s");
	look(&watching, err);
	say_absent(&watching);
	sd_notify(0, "READY=1");
	keep_looking(&watching);
	sd_notify(0, "STOPPING=1");
	event_say(&(struct event){ .id = EVENT_ENDED },
		  "what is attached stays attached, and nobody watches it");
	return 0;
}
