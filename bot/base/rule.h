/* When something repeats in a person's own local time. Pure. The next moment is always computed
 * from the rule in the zone, never by adding 24 hours. */
#ifndef BASE_RULE_H
#define BASE_RULE_H

#include "base/zone.h"

#include <stdint.h>

/* A slot is a local moment: local day number * 1440 + minute of the day. It orders occurrences
 * as the person's wall clock does and makes an occurrence identifiable across zone changes. */
typedef int64_t rule_slot;

struct rule {
	unsigned days; /* bit 0 Monday .. bit 6 Sunday; 0 never */
	int from_min;  /* first minute of the day, 0..1439 */
	int to_min;    /* last minute (inclusive); equal to from_min for once a day */
	int every_min; /* distance inside the window; ignored when from == to */
};
enum { RULE_EVERY_DAY = 0x7f, RULE_WEEKDAYS = 0x1f };

/* The next occurrence whose slot is after last_slot and whose instant is at or after
 * from_utc_s. A slot in a clock gap happens at the first instant after the gap; in an overlap at
 * the earlier one; a date the zone skipped has none. False: the rule never fires. */
bool rule_next(const struct rule *, const struct zone *, rule_slot last_slot, int64_t from_utc_s,
	rule_slot *slot_out, int64_t *utc_s_out);

#endif
