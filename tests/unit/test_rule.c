/* Rules in the zones where clocks do strange things. A row gives the rule, what was handled last
 * and the moment from which to look, and lists the occurrences that follow. */
#include "base/rule.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { MON = 1, TUE = 2, WED = 4, THU = 8, FRI = 16, SAT = 32, SUN = 64 };

static const struct {
	const char *about, *zone;
	struct rule rule; /* days, from, to, every */
	const char *last; /* local moment of the last slot, or NULL */
	const char *from; /* UTC */
	const char *then; /* "slot=UTC instant", joined by ", " */
} rows[] = {
	{"the same day, later", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL,
		"2026-03-02 05:00",
		"2026-03-02 07:15=2026-03-02 06:15, "
		"2026-03-03 07:15=2026-03-03 06:15"},
	{"exactly now", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL, "2026-03-02 06:15",
		"2026-03-02 07:15=2026-03-02 06:15"},
	{"a minute too late", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL,
		"2026-03-02 06:16", "2026-03-03 07:15=2026-03-03 06:15"},
	{"handled today", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, "2026-03-02 07:15",
		"2026-03-02 05:00", "2026-03-03 07:15=2026-03-03 06:15"},
	{"over the change to summer time", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL,
		"2026-03-28 00:00",
		"2026-03-28 07:15=2026-03-28 06:15, 2026-03-29 07:15=2026-03-29 05:15"},
	{"over the change to winter time", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL,
		"2026-10-24 00:00",
		"2026-10-24 07:15=2026-10-24 05:15, 2026-10-25 07:15=2026-10-25 06:15"},
	{"02:30 does not exist", "Europe/Berlin", {RULE_EVERY_DAY, 150, 150, 0}, NULL,
		"2026-03-29 00:00",
		"2026-03-29 02:30=2026-03-29 01:00, 2026-03-30 02:30=2026-03-30 00:30"},
	{"02:30 comes twice: the first", "Europe/Berlin", {RULE_EVERY_DAY, 150, 150, 0}, NULL,
		"2026-10-25 00:00",
		"2026-10-25 02:30=2026-10-25 00:30, 2026-10-26 02:30=2026-10-26 01:30"},
	{"between the two 02:30", "Europe/Berlin", {RULE_EVERY_DAY, 150, 150, 0}, NULL,
		"2026-10-25 00:45", "2026-10-26 02:30=2026-10-26 01:30"},
	{"midnight does not exist", "Africa/Cairo", {RULE_EVERY_DAY, 0, 0, 0}, NULL,
		"2026-04-23 12:00",
		"2026-04-24 00:00=2026-04-23 22:00, 2026-04-25 00:00=2026-04-24 21:00"},
	{"a gap over midnight, seen after it", "America/Nuuk", {RULE_EVERY_DAY, 1410, 1410, 0},
		NULL, "2026-03-29 01:00", "2026-03-28 23:30=2026-03-29 01:00"},
	{"the south", "Australia/Sydney", {RULE_EVERY_DAY, 435, 435, 0}, NULL, "2026-10-02 21:00",
		"2026-10-03 07:15=2026-10-02 21:15, 2026-10-04 07:15=2026-10-03 20:15"},
	{"the day that Samoa skipped", "Pacific/Apia", {RULE_EVERY_DAY, 435, 435, 0}, NULL,
		"2011-12-29 12:00",
		"2011-12-29 07:15=2011-12-29 17:15, 2011-12-31 07:15=2011-12-30 17:15"},
	{"Fridays, one of them skipped", "Pacific/Apia", {FRI, 435, 435, 0}, NULL,
		"2011-12-24 12:00", "2012-01-06 07:15=2012-01-05 17:15"},
	{"29 February", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, NULL, "2028-02-28 12:00",
		"2028-02-29 07:15=2028-02-29 06:15, 2028-03-01 07:15=2028-03-01 06:15"},
	{"moved west after today's", "America/New_York", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-02 07:15", "2026-03-02 07:00", "2026-03-03 07:15=2026-03-03 12:15"},
	{"moved west before today's", "America/New_York", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-01 07:15", "2026-03-02 04:00", "2026-03-02 07:15=2026-03-02 12:15"},
	{"moved east after today's", "Asia/Tokyo", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-02 07:15", "2026-03-02 07:00", "2026-03-03 07:15=2026-03-02 22:15"},
	{"moved east past today's time", "Asia/Tokyo", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-01 07:15", "2026-03-02 05:00", "2026-03-03 07:15=2026-03-02 22:15"},
	{"over the date line, a date twice", "Pacific/Honolulu", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-03 07:15", "2026-03-02 20:00", "2026-03-04 07:15=2026-03-04 17:15"},
	{"over the date line, a date less", "Pacific/Kiritimati", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-01 07:15", "2026-03-02 12:00", "2026-03-03 07:15=2026-03-02 17:15"},
	{"the clock was set back by an hour", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-02 07:15", "2026-03-02 05:15", "2026-03-03 07:15=2026-03-03 06:15"},
	{"the clock was set back by a month", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0},
		"2026-03-02 07:15", "2026-02-02 05:15", "2026-03-03 07:15=2026-03-03 06:15"},
	{"a year without power", "Europe/Berlin", {RULE_EVERY_DAY, 435, 435, 0}, "2025-03-02 07:15",
		"2026-03-02 12:00", "2026-03-03 07:15=2026-03-03 06:15"},
	{"working days, on a Friday", "Europe/Berlin", {RULE_WEEKDAYS, 435, 435, 0},
		"2026-03-06 07:15", "2026-03-06 06:15", "2026-03-09 07:15=2026-03-09 06:15"},
	{"once a week", "Europe/Berlin", {MON, 435, 435, 0}, NULL, "2026-03-03 00:00",
		"2026-03-09 07:15=2026-03-09 06:15, 2026-03-16 07:15=2026-03-16 06:15"},
	{"Tuesdays and Saturdays", "Europe/Berlin", {TUE | SAT, 435, 435, 0}, NULL,
		"2026-03-02 12:00",
		"2026-03-03 07:15=2026-03-03 06:15, "
		"2026-03-07 07:15=2026-03-07 06:15"},
	{"the weekday is the local one", "Pacific/Auckland", {MON, 435, 435, 0}, NULL,
		"2026-03-01 12:00", "2026-03-02 07:15=2026-03-01 18:15"},
	{"a desk, every 90 minutes", "Europe/Berlin", {RULE_WEEKDAYS, 540, 1020, 90}, NULL,
		"2026-03-06 12:00",
		"2026-03-06 13:30=2026-03-06 12:30, 2026-03-06 15:00=2026-03-06 14:00, "
		"2026-03-06 16:30=2026-03-06 15:30, 2026-03-09 09:00=2026-03-09 08:00"},
	{"a window's last minute counts", "Europe/Berlin", {RULE_EVERY_DAY, 540, 600, 60}, NULL,
		"2026-03-02 08:30",
		"2026-03-02 10:00=2026-03-02 09:00, 2026-03-03 09:00=2026-03-03 08:00"},
	{"a window that is not a multiple", "Europe/Berlin", {RULE_EVERY_DAY, 540, 599, 60}, NULL,
		"2026-03-02 08:30", "2026-03-03 09:00=2026-03-03 08:00"},
	{"half hours in the gap are one", "Europe/Berlin", {RULE_EVERY_DAY, 90, 210, 30}, NULL,
		"2026-03-29 00:00",
		"2026-03-29 01:30=2026-03-29 00:30, 2026-03-29 03:00=2026-03-29 01:00, "
		"2026-03-29 03:30=2026-03-29 01:30"},
	{"quarter hours in the overlap once", "Europe/Berlin", {RULE_EVERY_DAY, 150, 195, 15},
		"2026-10-25 02:30", "2026-10-25 00:30",
		"2026-10-25 02:45=2026-10-25 00:45, 2026-10-25 03:00=2026-10-25 02:00, "
		"2026-10-25 03:15=2026-10-25 02:15"},
	{"no day", "Europe/Berlin", {0, 435, 435, 0}, NULL, "2026-03-02 05:00", ""},
	{"bits that are no day", "Europe/Berlin", {0x80, 435, 435, 0}, NULL, "2026-03-02 05:00",
		""},
	{"no distance", "Europe/Berlin", {RULE_EVERY_DAY, 540, 600, 0}, NULL, "2026-03-02 05:00",
		""},
	{"an end before the beginning", "Europe/Berlin", {RULE_EVERY_DAY, 600, 540, 60}, NULL,
		"2026-03-02 05:00", ""},
	{"beyond the day", "Europe/Berlin", {RULE_EVERY_DAY, 1440, 1440, 0}, NULL,
		"2026-03-02 05:00", ""},
	{"a negative minute", "Europe/Berlin", {RULE_EVERY_DAY, -1, -1, 0}, NULL,
		"2026-03-02 05:00", ""},
};

/* "2026-03-02 07:15" as minutes since 1970, without a zone. */
static int64_t minutes(const char *text)
{
	char date[11] = "";
	int64_t day;

	memcpy(date, text, 10);
	assert_true(civil_parse_date(date, &day));
	return day * 1440 + atoi(text + 11) * 60 + atoi(text + 14);
}

static void print_minutes(struct buf *out, int64_t at)
{
	buf_printf(out, "%s %02d:%02d", civil_format_date(at / 1440).text, (int)(at % 1440 / 60),
		(int)(at % 60));
}

/* The occurrences as the schedule meets them: each begins where the one before was handled. */
static void follow(size_t row, size_t count, struct buf *out)
{
	const struct zone *zone = zone_find(rows[row].zone);
	rule_slot slot = rows[row].last ? minutes(rows[row].last) : 0;
	int64_t utc_s = minutes(rows[row].from) * 60;

	assert_non_null(zone);
	for (size_t i = 0; i < count; i++) {
		if (!rule_next(&rows[row].rule, zone, slot, utc_s, &slot, &utc_s)) {
			return;
		}
		buf_adds(out, i ? ", " : "");
		print_minutes(out, slot);
		buf_adds(out, "=");
		print_minutes(out, utc_s / 60);
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf got = {0};
		size_t count = 1;

		for (const char *p = rows[i].then; (p = strchr(p, ',')); p++) {
			count++;
		}
		follow(i, count, &got);
		if (strcmp(buf_text(&got), rows[i].then) != 0) {
			fail_msg("%s: %s", rows[i].about, buf_text(&got));
		}
		buf_finish(&got);
	}
}

/* Ten years in odd zones: every local date that exists has exactly one check-in. */
static void test_every_date_once(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Africa/Cairo",
		"Africa/Casablanca", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu",
		"Pacific/Chatham", "America/St_Johns", "Antarctica/Troll"};
	static const int wake[] = {0, 30, 120, 150, 179, 435, 1410, 1439};
	const struct rule every_day = {.days = RULE_EVERY_DAY};

	(void)state;
	for (size_t z = 0; z < COUNT(zones); z++) {
		for (size_t w = 0; w < COUNT(wake); w++) {
			const struct zone *zone = zone_find(zones[z]);
			struct rule rule = every_day;
			rule_slot slot = 0;
			int64_t utc_s = 1767225600, day = 0;

			assert_non_null(zone);
			rule.from_min = rule.to_min = wake[w];
			for (int i = 0; i < 3653; i++) {
				int64_t before_s = utc_s;

				assert_true(rule_next(&rule, zone, slot, utc_s, &slot, &utc_s));
				assert_true(i == 0 || slot / 1440 == day + 1);
				assert_true(utc_s > before_s || i == 0);
				day = slot / 1440;
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_date_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
