# SPDX-License-Identifier: GPL-2.0-only
#
# `make` builds build/wirewall, `make help` lists the rest.
#
#	V=1		show commands
#	SAN=1		ASan + UBSan, in build-san/
#	CC=clang	in build-clang/
#	BUILD=DIR	somewhere else
#	WERROR=1	a warning is an error (so it is with CI=true)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
export PATH := $(PATH):/usr/sbin:/sbin

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG  ?= clang
Q      := $(if $(V),,@)
say     = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

is_clang := $(findstring clang,$(notdir $(CC)))
ifdef FUZZ
BUILD ?= build-fuzz
else
BUILD ?= build$(if $(SAN),-san)$(if $(is_clang),-clang)
endif

PREFIX ?= /usr/local
nicdb_dir := share/wirewall/nicdb

# Flags

CFLAGS   ?= -O2 -g
# What an initialiser leaves out is 0, as the language has it.
warnings := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	    -Wno-missing-field-initializers \
	    $(if $(CI)$(WERROR),-Werror)
sanitize := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	    -fno-omit-frame-pointer
ifdef FUZZ
mode     := $(sanitize) -fsanitize=fuzzer-no-link
else ifdef SAN
mode     := $(sanitize)
endif

# Asked once and only when something is compiled: on a fresh machine `make
# check` and `make demo` install pkg-config first.
packages  := libbpf libelf libnl-3.0 libnl-route-3.0 libnl-genl-3.0 jansson \
	     libmd libpcap libsystemd libmicrohttpd
pkg        = $(or $(shell pkg-config $(1)),$(error pkg-config $(1) failed: \
	     run `sudo ci/deps` to install what is missing))
pkg_cflags = $(eval pkg_cflags := $$(call pkg,--cflags $(packages)))$(pkg_cflags)
pkg_libs   = $(eval pkg_libs := $$(call pkg,--libs $(packages)))$(pkg_libs)
test_libs  = $(eval test_libs := $$(call pkg,--libs cmocka))$(test_libs)

# -iquote, never -I.: our bpf/*.h must not stand before libbpf's <bpf/*.h>.
# $(BUILD)/bpf has the skeletons.
includes := -D_GNU_SOURCE -iquote . -iquote $(BUILD)/bpf
compile   = $(CC) -std=gnu11 $(CFLAGS) $(warnings) $(mode) $(includes) \
	    $(pkg_cflags) $(CPPFLAGS)
bpf_flags = -O2 -g -target bpf -mcpu=v3 -Wall -Werror -iquote . \
	    -fdebug-compilation-dir=. \
	    -I/usr/include/$(shell gcc -dumpmachine)

# Sources

layers       := base rules nicdb net bpf offload fallback report cli
bpf_sources  := $(wildcard bpf/*.bpf.c)
lib_sources  := $(filter-out $(bpf_sources) cli/main.c, \
		  $(foreach layer,$(layers),$(wildcard $(layer)/*.c)))
lib_objects  := $(lib_sources:%.c=$(BUILD)/%.o)
skeletons    := $(bpf_sources:%.bpf.c=$(BUILD)/%.skel.h)
test_sources := $(wildcard tests/lib/*.c)
test_objects := $(test_sources:%.c=$(BUILD)/%.o)
unit_sources := $(wildcard tests/unit/*_test.c)
unit_tests   := $(unit_sources:%.c=$(BUILD)/%)
diff_sources := $(wildcard tests/diff/*.c tests/hw/*.c)
diff_tests   := $(diff_sources:%.c=$(BUILD)/%)
hw_sources   := $(wildcard tests/hw/objects/*.bpf.c)
hw_objects   := $(hw_sources:%.bpf.c=$(BUILD)/%.bpf.o)
bench_sources := $(wildcard tests/bench/*.c)
bench_bpf    := $(filter %.bpf.c,$(bench_sources))
bench_tool   := $(BUILD)/tests/bench/pump
bench_tools  := $(bench_tool) $(BUILD)/tests/bench/flood \
		$(BUILD)/tests/bench/lookup $(BUILD)/tests/bench/random_coverage
fuzz_sources := $(wildcard tests/fuzz/*_fuzz.c)
fuzzers      := $(fuzz_sources:%.c=$(BUILD)/%)
fuzz_parts   := tests/fuzz/answers.c tests/fuzz/told.c
host_sources := $(lib_sources) cli/main.c $(test_sources) $(unit_sources) \
		$(diff_sources) $(fuzz_sources) $(fuzz_parts) \
		$(filter-out $(bench_bpf),$(bench_sources))

library      := $(BUILD)/libwirewall.a
test_library := $(BUILD)/tests/libtest.a
binary       := $(BUILD)/wirewall

# Building

.PHONY: all tests
all: $(binary) ## the program (build/wirewall)

tests: $(unit_tests) $(diff_tests) $(bench_tools) $(hw_objects) ## the test programs, without running them

$(binary): $(BUILD)/cli/main.o $(library)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(mode) -o $@ $^ $(LDFLAGS) $(pkg_libs)

$(library): $(lib_objects)
$(test_library): $(test_objects)
$(library) $(test_library):
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(unit_tests) $(diff_tests) $(bench_tools): %: %.o $(test_library) $(library)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(mode) -o $@ $^ $(LDFLAGS) $(test_libs) $(pkg_libs)

# What stands in for the C library is no part of a library.
fuzzer = $(1:%=$(BUILD)/tests/fuzz/%_fuzz)
$(call fuzzer,netlink nic proc): $(BUILD)/tests/fuzz/answers.o
$(call fuzzer,nic probe): $(BUILD)/tests/fuzz/told.o
$(fuzzers): %: %.o $(test_library) $(library)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(mode) -fsanitize=fuzzer -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(LDFLAGS) \
		$(pkg_libs)

$(BUILD)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(compile) -MMD -MP -c -o $@ $<

$(BUILD)/%.bpf.o: %.bpf.c Makefile
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(bpf_flags) -MMD -MP -c -o $@ $<

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)bpftool gen skeleton $< name $(notdir $*) >$@

# The facts about drivers are built in, and looked for where they are installed.
$(BUILD)/nicdb/load.o: nicdb/drivers.conf
$(BUILD)/nicdb/load.o $(BUILD)/cli/survey.o: CPPFLAGS += \
	-DNICDB_INSTALLED='"$(PREFIX)/$(nicdb_dir)/drivers.conf"'

$(bench_tools:=.o): CPPFLAGS += -iquote $(BUILD)/tests/bench
$(bench_tools:=.o): | $(bench_bpf:%.bpf.c=$(BUILD)/%.skel.h)

# Which objects include a skeleton is known only after the first build.
$(filter $(BUILD)/bpf/%,$(lib_objects)): | $(skeletons)

-include $(wildcard $(host_sources:%.c=$(BUILD)/%.d) \
	   $(bpf_sources:%.c=$(BUILD)/%.d))

# What `wirewall help` writes about itself: manual pages and completion.
docs_dir := $(BUILD)/docs
units    := $(wildcard packaging/systemd/*.service.in)
SYSTEMD  ?= $(PREFIX)/lib/systemd/system
share     = $(DESTDIR)$(PREFIX)/share

.PHONY: docs
docs: $(docs_dir)/done ## manual pages and shell completion (build/docs)
$(docs_dir)/done: $(binary)
	$(call say,DOCS,$(docs_dir))
	$(Q)mkdir -p $(@D)
	$(Q)$(binary) help --man >$(@D)/wirewall.8
	$(Q)set -e; for word in $$($(binary) help --words); do \
		$(binary) help --man=$$word >$(@D)/wirewall-$$word.8; \
	done
	$(Q)$(binary) help --bash >$(@D)/wirewall.bash
	$(Q)$(binary) help --zsh >$(@D)/_wirewall
	$(Q)touch $@

.PHONY: install
install: all docs ## into DESTDIR= PREFIX= (/usr/local), units into SYSTEMD=
	install -D -m 0755 $(binary) $(DESTDIR)$(PREFIX)/sbin/wirewall
	install -D -m 0644 nicdb/drivers.conf \
		$(DESTDIR)$(PREFIX)/$(nicdb_dir)/drivers.conf
	install -d $(share)/man/man5 $(share)/man/man8 \
		$(DESTDIR)$(SYSTEMD)
	install -m 0644 $(docs_dir)/*.8 $(share)/man/man8
	install -m 0644 docs/man/*.5 $(share)/man/man5
	install -D -m 0644 $(docs_dir)/wirewall.bash \
		$(share)/bash-completion/completions/wirewall
	install -D -m 0644 $(docs_dir)/_wirewall \
		$(share)/zsh/vendor-completions/_wirewall
	for unit in $(units); do \
		name=$${unit##*/}; \
		sed 's,@sbindir@,$(PREFIX)/sbin,' $$unit \
			>$(DESTDIR)$(SYSTEMD)/$${name%.in} || exit; \
		chmod 0644 $(DESTDIR)$(SYSTEMD)/$${name%.in}; \
	done

.PHONY: deb
deb: ## a Debian package in build-deb/ (nothing is installed by it)
	@$(MAKE) --no-print-directory BUILD=build-deb PREFIX=/usr all docs
	@packaging/deb build-deb build-deb

# Testing

.PHONY: deps check demo unit golden kernel soak mutants fuzz golden-update \
	layers lint
deps:
	@[ "$$(id -u)" -ne 0 ] || ci/deps

check: deps ## everything that this machine can test (as root: all of it)
	@ci/check

demo: deps ## two namespaces, a veth, a server's rules: watch it work (as root)
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@WIREWALL=$(binary) demo/demo.sh

unit: layers $(unit_tests) $(hw_objects) golden ## without root, in seconds: layers, unit tests (T=pattern), goldens
	@BUILD=$(BUILD) tests/unit/run

golden: all ## what the program prints against tests/golden
	@WIREWALL=$(binary) tests/golden/run

golden-update: all ## write what the program prints now to tests/golden
	@WIREWALL=$(binary) tests/golden/run --update

kernel: all $(diff_tests) $(hw_objects) ## tests/kernel/*.sh against this kernel, in namespaces (as root; T=pattern)
	@BUILD=$(BUILD) tests/kernel/run

.PHONY: vm
vm: all $(hw_objects) ## tests/vm/cases/*.sh in a guest with Debian's kernel (T=pattern)
	@BUILD=$(BUILD) tests/vm/run

.PHONY: check-hw
check-hw: all $(diff_tests) $(hw_objects) ## tests/hw/cases/*.sh in that guest, with simulated cards (T=pattern)
	@BUILD=$(BUILD) tests/hw/run

.PHONY: fuzzers
fuzzers: $(fuzzers) $(hw_objects)

ifdef FUZZ
fuzz: fuzzers
	@BUILD=$(BUILD) tests/fuzz/run $(or $(T),60)
else
fuzz: ## libFuzzer with sanitizers over every parser, T=60 seconds each at most
	@$(MAKE) --no-print-directory FUZZ=1 CC=$(CLANG) fuzz
endif

soak: all $(diff_tests) $(BUILD)/tests/unit/rules_flatten_exhaustive_test ## all random tests with new seeds, for SECONDS=600 (as root)
	@BUILD=$(BUILD) tests/diff/soak.sh $(or $(SECONDS),600)

.PHONY: bench
bench: all $(bench_tools) ## cost against rules, beside iptables and others (as root; QUICK=1, CORPUS=DIR)
	@BUILD=$(BUILD) tests/bench/bench.py

.PHONY: bench-hw
bench-hw: all $(diff_tests) ## the card's instructions, lookups and entries against rules (CORPUS=DIR, CARD=name, LARGE=1)
	@BUILD=$(BUILD) tests/hw/bench

.PHONY: bench-flood bench-lookup bench-watch coverage
bench-flood: all $(bench_tools) ## a TCP transfer under floods, into docs/flood.svg and README.md (as root; RATES, SECONDS_EACH)
	@BUILD=$(BUILD) tests/bench/flood.sh $(BUILD)/flood.txt
	@gnuplot -e "table='$(BUILD)/flood.txt'; picture='docs/flood.svg'" \
		tests/bench/flood.gnuplot
	@tests/bench/flood_table.py $(BUILD)/flood.txt README.md

bench-lookup: $(bench_tools) ## what asking connection tracking costs (as root)
	@$(BUILD)/tests/bench/lookup

bench-watch: all ## how soon wrong drops stop after each kind of change, under the watcher (as root; ROUNDS=50, KINDS)
	@BUILD=$(BUILD) tests/bench/watch.sh $(BUILD)/watch.txt

coverage: all $(bench_tools) ## share of drops that die early, worst ruleset first (FILES=..., WISHES="--log-sample 10", TIER=native|hw|hw-syn, TABLE=1)
	@WIREWALL=$(binary) tests/bench/coverage.py --wishes "$(WISHES)" \
		--tier $(or $(TIER),native) $(if $(TABLE),--table) \
		$(or $(FILES),demo/server.rules tests/golden/plan/server.save \
		tests/golden/fmt/docker.save tests/golden/fmt/kubernetes.save)
	@$(BUILD)/tests/bench/random_coverage

mutants: ## does a test notice each mistake of tests/mutants? (as root; T=pattern)
	@tests/mutants/run

layers: ## may every file include what it includes?
	@ci/layers

lint: ## formatting, cppcheck, shellcheck
	@ci/lint

# Tools

.PHONY: format compdb clean help
format: ## clang-format every committed C file
	$(Q)git ls-files '*.c' '*.h' | xargs clang-format -i

compdb: $(skeletons) ## compile_commands.json for editors
	$(call say,COMPDB,compile_commands.json)
	$(Q)separator='['; for source in $(host_sources); do \
		printf '%s\n{ "directory": "%s", "file": "%s", "command": "%s" }' \
			"$$separator" '$(CURDIR)' "$$source" \
			'$(compile) -c '"$$source"; \
		separator=,; \
	done >compile_commands.json
	$(Q)echo ']' >>compile_commands.json

clean: ## all build directories
	rm -rf build build-* compile_commands.json

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | \
		while IFS="$$(printf '\t')" read -r target text; do \
			printf '  %-14s %s\n' "$$target" "$$text"; \
		done
	@sed -n 's/^#\(	[A-Z].*\)/\1/p' Makefile
