#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# FTP where connection tracking and its helper are modules: the same situation as on
# kernels that have them built in. Programs of Linux 6.1 cannot ask for the host:
# --static.
#
# guest-files: tests/kernel/situations/ftp.sh tests/kernel/situations/lib.sh

cd "$(dirname "$0")/../../.." || exit 1
OPTIONS=--static TIERS=native exec bash tests/kernel/situations/ftp.sh
