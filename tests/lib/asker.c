// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>

#include "base/own.h"
#include "rules/flatten.h"
#include "tests/lib/asker.h"

/* One region without conditions: it drops, but not in @state. */
static int load_without(enum family family, unsigned int state,
			const struct wire_settings *settings,
			struct loaded **out, struct err *err)
{
	static const uint8_t digest[32];
	const struct load_options options = { .digest = digest };
	struct region region = {
		.drop = WORLDS(STAGE_PREROUTING, CT_ALL & ~state),
		.rules = { 0, NO_RULE, NO_RULE },
	};
	struct flat_rule rule = { .is_drop = true };
	const struct flat flat = {
		.family = family,
		.regions = &region,
		.region_count = 1,
		.rules = &rule,
		.rule_count = 1,
	};
	const struct flat *flats[WIRE_CLASS_COUNT] = { NULL };
	OWN(program) struct program *program = NULL;
	int ret;

	flats[family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6] = &flat;
	ret = program_make(flats, settings, &target_software, &program, err);
	return ret ? ret : load_program(program, &options, out, err);
}

int asker_make(enum family family, const struct wire_settings *settings,
	       struct asker *out, struct err *err)
{
	int ret = 0;

	*out = (struct asker){ 0 };
	for (int i = 0; i < WIRE_STATE_COUNT && !ret; i++)
		ret = load_without(family, 1u << i, settings, &out->without[i],
				   err);
	if (ret)
		asker_free(out);
	return ret;
}

void asker_free(struct asker *asker)
{
	for (int i = 0; i < WIRE_STATE_COUNT; i++)
		loaded_free(take(asker->without[i]));
}

int asker_states(const struct asker *asker, uint32_t ifindex,
		 const uint8_t *frame, size_t length, struct err *err)
{
	struct xdp_md context = {
		.data_end = (uint32_t)length,
		.ingress_ifindex = ifindex,
	};
	int states = 0;

	for (int i = 0; i < WIRE_STATE_COUNT; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
			    .data_size_in = (uint32_t)length,
			    .ctx_in = &context, .ctx_size_in = sizeof(context),
			    .repeat = 1);

		if (bpf_prog_test_run_opts(asker->without[i]->prog_fd, &opts))
			return err_system(err, errno, "BPF_PROG_TEST_RUN");
		if (opts.retval != XDP_DROP)
			states |= 1 << i;
	}
	return states;
}
