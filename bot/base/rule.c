/* Slots of a rule are walked in the order of the person's wall clock, a day at a time, and each is
 * turned into an instant by the zone; that order is also the order of the instants. */
#include "base/rule.h"

#include <stdbool.h>

/* A weekly rule whose day the zone skips fires a week later; one day before the start because a
 * gap over midnight moves a slot to the next date. */
enum { DAYS_AHEAD = 17, DAY_MIN = 1440 };

static bool is_sound(const struct rule *r)
{
	return (r->days & RULE_EVERY_DAY) != 0 && r->from_min >= 0 && r->to_min < DAY_MIN &&
	       r->from_min <= r->to_min && (r->from_min == r->to_min || r->every_min > 0);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Slots that a gap moves to one instant are one occurrence: the last of them. */
static int last_at_once(
	const struct rule *r, const struct zone *zone, int64_t day, int minute, int64_t utc_s)
{
	enum zone_fit fit;

	while (r->from_min != r->to_min && minute + r->every_min <= r->to_min &&
		zone_utc(zone, day, minute + r->every_min, &fit) == utc_s) {
		minute += r->every_min;
	}
	return minute;
}

/* The first slot of a day that is after last_slot and not before from_utc_s. */
static bool next_of_day(const struct rule *r, const struct zone *zone, int64_t day,
	rule_slot last_slot, int64_t from_utc_s, rule_slot *slot_out, int64_t *utc_s_out)
{
	int step = r->from_min == r->to_min ? DAY_MIN : r->every_min;
	enum zone_fit fit;

	for (int minute = r->from_min; minute <= r->to_min; minute += step) {
		int64_t utc_s;

		if (day * DAY_MIN + minute <= last_slot) {
			continue;
		}
		utc_s = zone_utc(zone, day, minute, &fit);
		if (fit == ZONE_NO_DAY) {
			return false;
		}
		if (utc_s >= from_utc_s) {
			*slot_out = day * DAY_MIN + last_at_once(r, zone, day, minute, utc_s);
			*utc_s_out = utc_s;
			return true;
		}
	}
	return false;
}

bool rule_next(const struct rule *r, const struct zone *zone, rule_slot last_slot,
	int64_t from_utc_s, rule_slot *slot_out, int64_t *utc_s_out)
{
	int64_t last_day = floor_div(last_slot, DAY_MIN);
	int64_t day = zone_day(zone, from_utc_s) - 1;

	if (!is_sound(r)) {
		return false;
	}
	day = day > last_day ? day : last_day;
	for (int64_t end = day + DAYS_AHEAD; day < end; day++) {
		if (r->days >> civil_weekday(day) & 1 &&
			next_of_day(r, zone, day, last_slot, from_utc_s, slot_out, utc_s_out)) {
			return true;
		}
	}
	return false;
}
