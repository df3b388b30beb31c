#include "io/backoff.h"

int64_t backoff_next_ms(struct backoff *b, int64_t at_least_ms, double random01)
{
	int64_t cap = b->failures > BACKOFF_MANY ? BACKOFF_MANY_CAP_MS : BACKOFF_CAP_MS;
	int64_t limit = BACKOFF_FIRST_MS, wait;

	for (unsigned i = 0; i < b->failures && limit < cap; i++) {
		limit *= 2;
	}
	b->failures++;
	wait = (int64_t)(random01 * (double)(limit < cap ? limit : cap));
	return wait > at_least_ms ? wait : at_least_ms;
}

void backoff_reset(struct backoff *b)
{
	b->failures = 0;
}
