/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Names that one process at a time holds, in this network namespace and
 * without any file: abstract UNIX sockets (unix(7)), which the kernel keeps
 * per network namespace, as it does interfaces, and which end with their
 * process. Neither /run nor anything else needs to be there or writable.
 *
 * Anybody can hold such a name. So everybody who finds one held asks the
 * kernel by whom: only root and this process's own user are believed.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

#define CLAIM_APPLY   "apply"	/* changes what is attached */
#define CLAIM_CONFIRM "confirm" /* waits for a confirmation */
#define CLAIM_WATCH   "watch"	/* the watcher */

/*
 * Hold @name: an fd that listens, or -EADDRINUSE with a sentence that names
 * the process which holds it, or -errno. Closing the fd gives the name up.
 */
int claim_take(const char *name, struct err *err);

/*
 * The same, but wait until it is free. -ETIMEDOUT after @milliseconds;
 * -EACCES: somebody holds it whom nobody needs to wait for.
 */
int claim_wait(const char *name, int milliseconds, struct err *err);

/*
 * Talk to whoever holds @name: an fd, -ENOENT when nobody does who is to be
 * believed, or -errno. *@pid (NULL is fine) is the holder.
 */
int claim_connect(const char *name, pid_t *pid, struct err *err);

/* Does somebody hold @name who is to be believed? */
bool claim_is_held(const char *name);

/* For a holder of @fd with nothing to tell: who asked has seen who it is. */
void claim_turn_away(int fd);

/* Is who is at the other end of @fd to be believed? */
bool claim_trusts(int fd);
