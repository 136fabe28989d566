#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Takes the kernel with it.

echo "ok - it is about to panic"
echo c >/proc/sysrq-trigger
sleep 10
