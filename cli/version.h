/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#define VERSION	     "0.1"
#define VERSION_DATE "2026-11-25" /* of manual pages */
