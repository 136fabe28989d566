#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Takes longer than it may.

echo "ok - it began to hang"
sleep 1000
