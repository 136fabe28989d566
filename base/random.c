// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>

#include "base/random.h"

struct random random_make(uint64_t seed, uint64_t index)
{
	struct random rnd = { seed };

	rnd.state = random_next(&rnd) ^ index * 0xd1342543de82ef95;
	return rnd;
}

uint64_t random_next(struct random *rnd)
{
	uint64_t z = rnd->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

u128 random_wide(struct random *rnd)
{
	u128 high = random_next(rnd);

	return high << 64 | random_next(rnd);
}

unsigned int random_below(struct random *rnd, size_t limit)
{
	assert(limit > 0);
	return random_next(rnd) % limit;
}

bool random_chance(struct random *rnd, unsigned int percent)
{
	return random_below(rnd, 100) < percent;
}
