#include "base/rule.h"

enum { DAY_MIN = 1440, YEARS_AHEAD_DAYS = 800 };

static int64_t day_of(rule_slot slot)
{
	return slot >= 0 ? slot / DAY_MIN : (slot - DAY_MIN + 1) / DAY_MIN;
}

/* The first minute of the rule in a day at or after minute; -1: none. */
static int minute_from(const struct rule *r, int minute)
{
	int steps;

	if (minute <= r->from_min) {
		return r->from_min;
	}
	if (r->every_min <= 0 || r->to_min <= r->from_min) {
		return -1;
	}
	steps = (minute - r->from_min + r->every_min - 1) / r->every_min;
	minute = r->from_min + steps * r->every_min;
	return minute <= r->to_min ? minute : -1;
}

static bool is_sane(const struct rule *r)
{
	return (r->days & RULE_EVERY_DAY) && r->from_min >= 0 && r->from_min < DAY_MIN &&
	       r->to_min < DAY_MIN;
}

bool rule_next(const struct rule *r, const struct zone *z, rule_slot last_slot, int64_t from_utc_s,
	rule_slot *slot_out, int64_t *utc_s_out)
{
	/* A day early: a slot in a gap happens later than its own local time. */
	rule_slot from = (zone_day(z, from_utc_s) - 1) * DAY_MIN;
	rule_slot slot = last_slot + 1 > from ? last_slot + 1 : from;
	int64_t day, last_day;

	if (!is_sane(r)) {
		return false;
	}
	day = day_of(slot);
	last_day = day + YEARS_AHEAD_DAYS;
	for (int minute = (int)(slot - day * DAY_MIN); day < last_day; day++, minute = 0) {
		enum zone_fit fit;
		int64_t utc_s;

		if (!(r->days >> civil_weekday(day) & 1)) {
			continue;
		}
		while ((minute = minute_from(r, minute)) >= 0) {
			utc_s = zone_utc(z, day, minute, &fit);
			if (fit == ZONE_NO_DAY) {
				break;
			}
			if (utc_s >= from_utc_s) {
				*slot_out = day * DAY_MIN + minute;
				*utc_s_out = utc_s;
				return true;
			}
			minute++;
		}
	}
	return false;
}
