/* TZif files as they should not be, and footers that no zone of today uses. */
#include "base/tzif.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint64_t random_state = 20260302;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Seconds since 1970 of the local reading that glibc gives an instant, as if it were UTC. */
static int64_t glibc_reading(int64_t utc_s)
{
	time_t t = utc_s;
	struct tm tm;

	localtime_r(&t, &tm);
	return timegm(&tm);
}

static void read_berlin(struct buf *out)
{
	const char *error;

	assert_true(buf_read_file(out, "/usr/share/zoneinfo/Europe/Berlin", 1 << 20, &error));
}

/* Cut anywhere it is refused; with any one byte changed it is refused or still answers. */
static void test_damage(void **state)
{
	struct buf file = {0};
	struct tzif data;
	char *copy;

	(void)state;
	read_berlin(&file);
	for (size_t len = 0; len < file.len; len++) {
		copy = malloc(len + 1);
		memcpy(copy, file.data, len);
		assert_false(tzif_parse(copy, len, &data));
		free(copy);
	}
	copy = malloc(file.len);
	for (size_t i = 0; i < file.len; i++) {
		memcpy(copy, file.data, file.len);
		copy[i] ^= (char)(1 + random_next() % 255);
		if (tzif_parse(copy, file.len, &data)) {
			int64_t at;

			tzif_offset(&data, (int64_t)(random_next() % 4102444800));
			tzif_next(&data, (int64_t)(random_next() % 4102444800), &at);
			tzif_finish(&data);
		}
	}
	free(copy);
	buf_finish(&file);
}

static const struct {
	const char *about, *footer;
	bool ok;
} footers[] = {
	{"none", "", true},
	{"fixed", "UTC0", true},
	{"named by a number", "<+0545>-5:45", true},
	{"two changes", "CET-1CEST,M3.5.0,M10.5.0/3", true},
	{"a negative hour", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true},
	{"Julian days", "AAA3BBB,J60/2,J300/2", true},
	{"days from 0", "AAA3BBB,59/2,299/2", true},
	{"summer that never ends", "XXX3EDT4,0/0,J365/23", true},
	{"summer without dates", "CET-1CEST", false},
	{"one date", "CET-1CEST,M3.5.0", false},
	{"the 13th month", "CET-1CEST,M13.5.0,M10.5.0", false},
	{"the sixth week", "CET-1CEST,M3.6.0,M10.5.0", false},
	{"an eighth day", "CET-1CEST,M3.5.7,M10.5.0", false},
	{"day 366", "AAA3BBB,366,10", false},
	{"Julian day 0", "AAA3BBB,J0,J10", false},
	{"a short name", "CE-1", false},
	{"an open name", "<CET-1", false},
	{"no offset", "CET", false},
	{"an offset with a plus sign", "AAA+3", true},
	{"60 minutes", "AAA1:60", false},
	{"60 seconds", "AAA1:30:60", false},
	{"no minutes", "AAA1:", false},
	{"month 0", "CET-1CEST,M0.5.0,M10.5.0", false},
	{"a month alone", "CET-1CEST,M3,M10.5.0", false},
	{"a month and a week", "CET-1CEST,M3.5,M10.5.0", false},
	{"summer with a bad offset", "CET-1CEST-99,M3.5.0,M10.5.0", false},
	{"summer without a name", "CET-1,M3.5.0,M10.5.0", false},
	{"something after it", "UTC0 ", false},
	{"25 hours", "AAA25", false},
	{"168 hours", "AAA3BBB,J1/168,J300", false},
	{"longer than any rule",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0", false},
};

/* A file of one type and no transition, with this footer. */
static void make_file(struct buf *out, const char *footer)
{
	static const char header[44] = {'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4};
	static const char block[10] = {0, 0, 0, 0, 0, 0, 'U', 'T', 'C', 0};

	for (int i = 0; i < 2; i++) {
		buf_add(out, header, sizeof header);
		buf_add(out, block, sizeof block);
	}
	buf_printf(out, "\n%s\n", footer);
}

static void test_footer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(footers); i++) {
		struct buf file = {0};
		struct tzif data;
		bool ok;

		make_file(&file, footers[i].footer);
		ok = tzif_parse(file.data, file.len, &data);
		if (ok != footers[i].ok) {
			fail_msg("%s: \"%s\"", footers[i].about, footers[i].footer);
		}
		if (ok) {
			tzif_finish(&data);
		}
		buf_finish(&file);
	}
}

static const struct {
	const char *about;
	size_t at;
	unsigned char byte;
} headers[] = {
	{"another kind of file", 0, 'X'},
	{"version 1", 4, '1'},
	{"no type", 39, 0},
	{"more types than there can be", 38, 2},
	{"no names", 43, 0},
	{"more names than there can be", 42, 9},
	{"leap seconds", 31, 1},
	{"more transitions than there can be", 34, 1},
	{"more standard flags than types", 27, 2},
	{"more UT flags than types", 23, 2},
	{"a type that is not there", 35, 1},
};

/* Each in the first header and in the second. */
static void test_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		for (size_t second = 0; second < 2; second++) {
			struct buf file = {0};
			struct tzif data;

			make_file(&file, "UTC0");
			file.data[second * 54 + headers[i].at] = (char)headers[i].byte;
			if (tzif_parse(file.data, file.len, &data)) {
				fail_msg("%s", headers[i].about);
			}
			buf_finish(&file);
		}
	}
}

static void test_file_bounds(void **state)
{
	struct buf file = {0};
	struct tzif data;

	(void)state;
	make_file(&file, "UTC0");
	file.data[file.len - 3] = '\0';
	assert_false(tzif_parse(file.data, file.len, &data));
	buf_finish(&file);
	make_file(&file, "UTC0");
	while (file.len <= TZIF_FILE_MAX) {
		buf_adds(&file, "more");
	}
	assert_false(tzif_parse(file.data, file.len, &data));
	buf_finish(&file);
	make_file(&file, "");
	assert_true(tzif_parse(file.data, file.len, &data));
	assert_int_equal(tzif_offset(&data, 1774746000), 0);
	tzif_finish(&data);
	buf_finish(&file);
}

/* Footers that no zone of today uses, hour by hour over eight years against glibc. */
static void test_footer_glibc(void **state)
{
	static const char *const rules[] = {"AAA3BBB,J60/2,J300/2", "AAA3BBB,59/2,299/2",
		"AAA3BBB,J59/167,J300/-167", "AAA-12BBB-13,M10.1.0,M3.3.0/3",
		"AAA-12:34:56BBB,M2.5.6/25,M11.1.4", "AAA-3BBB,M12.5.0,M2.1.1",
		"AAA3BBB2:30,M1.1.1/0,M12.4.6/24", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"};

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		struct buf file = {0};
		struct tzif data;

		make_file(&file, rules[i]);
		assert_true(tzif_parse(file.data, file.len, &data));
		setenv("TZ", rules[i], 1);
		tzset();
		for (int64_t t = 1700000000; t < 1700000000 + 8 * 366 * 86400LL; t += 3599) {
			if (glibc_reading(t) - t != tzif_offset(&data, t)) {
				fail_msg("%s at %lld: %d", rules[i], (long long)t,
					tzif_offset(&data, t));
			}
		}
		tzif_finish(&data);
		buf_finish(&file);
	}
}

/* RFC 9636's way to write it: each year's end is the next year's beginning. */
static void test_endless_summer(void **state)
{
	struct buf file = {0};
	struct tzif data;
	int64_t at = 1700000000;

	(void)state;
	make_file(&file, "XXX3EDT4,0/0,J365/23");
	assert_true(tzif_parse(file.data, file.len, &data));
	for (int i = 0; i < 20; i++) {
		assert_true(tzif_next(&data, at, &at));
		for (int64_t t = at - 1; t <= at + 1; t++) {
			assert_int_equal(tzif_offset(&data, t), -4 * 3600);
		}
	}
	tzif_finish(&data);
	buf_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_file_bounds),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_footer_glibc),
		cmocka_unit_test(test_endless_summer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
