/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Files of /proc that may be absent because their module is. */
#include "base/own.h"
#include "net/fact.h"

/*
 * Opened for reading. NULL when the file is not there (*@fact stays as it is)
 * or cannot be read (*@fact becomes unknown).
 */
FILE *proc_open(const char *path, struct fact *fact);

/* *@fact becomes true when the file has a number other than 0. */
void proc_read_switch(const char *path, struct fact *fact);

/* *@fact becomes true when the file has more than @heading lines. */
void proc_read_list(const char *path, unsigned int heading, const char *what,
		    struct fact *fact);
