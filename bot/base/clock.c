#include "base/clock.h"

#include <stdbool.h>
#include <time.h>

/* The one piece of mutable global state besides the log level. */
static struct {
	bool is_set;
	int64_t fixed_ms;  /* answers this ... */
	int64_t offset_ms; /* ... or the real clock plus this */
} test_clock;

static int64_t read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t clock_utc_ms(void)
{
	if (test_clock.is_set) {
		return test_clock.fixed_ms;
	}
	return read_ns(CLOCK_REALTIME) / 1000000 + test_clock.offset_ms;
}

void clock_set_utc_ms(int64_t utc_ms)
{
	test_clock.is_set = true;
	test_clock.fixed_ms = utc_ms;
}

void clock_start_utc_ms(int64_t utc_ms)
{
	test_clock.is_set = false;
	test_clock.offset_ms = utc_ms - read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_mono_us(void)
{
	return read_ns(CLOCK_MONOTONIC) / 1000;
}
