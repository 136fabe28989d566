#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fails without a word about it.

exit 3
