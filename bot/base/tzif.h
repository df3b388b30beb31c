/* One TZif file (RFC 9636) in memory: the 64-bit table of transitions and, after its end, the
 * POSIX rule of the footer. Pure. */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TZIF_OFFSET_MAX =
		26 * 3600, /* no zone is farther from UTC; files that say so are refused */
	TZIF_RULE_LEN = 64,
	TZIF_FILE_MAX = 256 * 1024,
};

/* When a footer's clock change happens in a year. */
struct tzif_change {
	char kind;            /* 'J' day 1..365 without 29 Feb, 'D' day 0..365, 'M' below */
	int month, week, day; /* 'M': month, 1..5 (5 is the last), 0 Sunday; else day only */
	int second;           /* local time of that day, may be negative or beyond a day */
};

struct tzif_rule {
	char text[TZIF_RULE_LEN]; /* as written, "" when the file has none */
	bool has_dst;
	int32_t offset, dst_offset; /* seconds east of UTC */
	struct tzif_change start, end;
};

struct tzif {
	size_t count;
	int64_t *at;     /* UTC seconds, ascending */
	int32_t *offset; /* seconds east of UTC from at[i] on */
	int32_t first_offset;
	struct tzif_rule rule;
};

/* False: damaged, from before 2005 (version 1), or counting leap seconds. On true the caller ends
 * it by tzif_finish(). */
bool tzif_parse(const void *data, size_t len, struct tzif *out);
void tzif_finish(struct tzif *);
/* Seconds east of UTC at an instant. */
int32_t tzif_offset(const struct tzif *, int64_t utc_s);
/* The first transition after an instant (its offset may be the same); false: none follows. */
bool tzif_next(const struct tzif *, int64_t utc_s, int64_t *at_out);

#endif
