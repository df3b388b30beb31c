/* Zones against glibc on every zone that the system has, local times that are missing or double. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/tzif.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char zoneinfo[] = "/usr/share/zoneinfo";

/* ---- every zone against glibc ---- */

static uint64_t random_state = 20260302;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

struct tally {
	size_t zones, instants, overlaps, gaps;
};

static void compare_instant(const struct zone *z, int64_t utc_s)
{
	time_t t = utc_s;
	struct tm tm;
	struct civil c;

	localtime_r(&t, &tm);
	zone_local(z, utc_s, &c);
	if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday ||
		c.hour != tm.tm_hour || c.minute != tm.tm_min || c.second != tm.tm_sec) {
		fail_msg("%s at %lld: ours %d-%d-%d %d:%d:%d, glibc's %d-%d-%d %d:%d:%d",
			zone_name(z), (long long)utc_s, c.year, c.month, c.day, c.hour, c.minute,
			c.second, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			tm.tm_min, tm.tm_sec);
	}
	assert_int_equal(zone_minute(z, utc_s), tm.tm_hour * 60 + tm.tm_min);
	assert_int_equal(zone_day(z, utc_s), civil_day(c.year, c.month, c.day));
}

/* Seconds since 1970 of the local reading that glibc gives an instant, as if it were UTC. */
static int64_t glibc_reading(int64_t utc_s)
{
	time_t t = utc_s;
	struct tm tm;

	localtime_r(&t, &tm);
	return timegm(&tm);
}

/* Does glibc show the reading at any instant from..to? Offsets are constant between steps, so the
 * offsets of both ends and of every hour in between are all there are to try. */
static bool is_shown(int64_t reading, int64_t from, int64_t to)
{
	for (int64_t t = from; t <= to; t += 900) {
		int64_t offset = glibc_reading(t) - t;

		if (reading - offset >= from && reading - offset <= to &&
			glibc_reading(reading - offset) == reading) {
			return true;
		}
	}
	return false;
}

static void compare_reading(const struct zone *z, int64_t reading, struct tally *tally)
{
	enum zone_fit fit;
	int64_t day = (reading - (reading % 86400 + 86400) % 86400) / 86400;
	int minute = (int)((reading - day * 86400) / 60);
	int64_t t = zone_utc(z, day, minute, &fit);

	reading = day * 86400 + minute * 60;
	switch (fit) {
	case ZONE_EXACT:
		assert_int_equal(glibc_reading(t), reading);
		break;
	case ZONE_OVERLAP:
		assert_int_equal(glibc_reading(t), reading);
		assert_true(is_shown(reading, t + 1, t + 90000));
		assert_false(is_shown(reading, t - 90000, t - 1));
		tally->overlaps++;
		break;
	default:
		assert_true(glibc_reading(t) > reading);
		assert_true(glibc_reading(t - 1) < reading);
		tally->gaps++;
	}
}

static void compare_zone(const char *name, const struct zone *z, struct tally *tally)
{
	struct buf path = {0}, bytes = {0};
	const char *error;
	struct tzif data;
	int64_t at;

	buf_printf(&path, "%s/%s", zoneinfo, name);
	assert_true(buf_read_file(&bytes, buf_text(&path), TZIF_FILE_MAX, &error));
	assert_true(tzif_parse(buf_text(&bytes), bytes.len, &data));
	setenv("TZ", name, 1);
	tzset();
	at = -2500000000;
	while (tzif_next(&data, at, &at) && at < 4102444800) {
		for (int64_t t = at - 1; t <= at + 1; t++) {
			compare_instant(z, t);
			tally->instants++;
		}
		if (at > 0 && tally->zones % 8 == 0) {
			compare_reading(z, at + tzif_offset(&data, at - 1) - 60, tally);
			compare_reading(z, at + tzif_offset(&data, at - 1) + 60, tally);
			compare_reading(z, at + tzif_offset(&data, at) - 60, tally);
			compare_reading(z, at + tzif_offset(&data, at) + 60, tally);
		}
	}
	for (int i = 0; i < 500; i++) {
		int64_t t = (int64_t)(random_next() % 4102444800);

		compare_instant(z, t);
		compare_reading(z, t, tally);
		tally->instants++;
	}
	tally->zones++;
	tzif_finish(&data);
	buf_finish(&path);
	buf_finish(&bytes);
}

static void walk_zones(const char *under, struct tally *tally)
{
	struct buf path = {0};
	struct dirent *e;
	DIR *dir;

	buf_printf(&path, "%s/%s", zoneinfo, under);
	dir = opendir(buf_text(&path));
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char name[300];
		struct stat st;

		snprintf(name, sizeof name, "%s%s%s", under, *under ? "/" : "", e->d_name);
		buf_clear(&path);
		buf_printf(&path, "%s/%s", zoneinfo, name);
		if (e->d_name[0] == '.' || strcmp(name, "right") == 0 ||
			strcmp(name, "posix") == 0 || stat(buf_text(&path), &st) < 0) {
			continue;
		}
		if (S_ISDIR(st.st_mode)) {
			walk_zones(name, tally);
		} else if (zone_find(name)) {
			compare_zone(name, zone_find(name), tally);
		}
	}
	closedir(dir);
	buf_finish(&path);
}

static void test_glibc(void **state)
{
	struct tally tally = {0};

	(void)state;
	walk_zones("", &tally);
	print_message("%zu zones, %zu instants, %zu gaps, %zu overlaps\n", tally.zones,
		tally.instants, tally.gaps, tally.overlaps);
	assert_true(tally.zones > 400);
	assert_true(tally.gaps > 500 && tally.overlaps > 500);
}

/* ---- local times that are missing or double ---- */

static const struct {
	const char *about, *zone, *date;
	int minute;
	enum zone_fit fit;
	int64_t utc_s;
} fits[] = {
	{"an ordinary morning", "Europe/Berlin", "2026-03-02", 435, ZONE_EXACT, 1772432100},
	{"before the gap", "Europe/Berlin", "2026-03-29", 119, ZONE_EXACT, 1774745940},
	{"first minute of the gap", "Europe/Berlin", "2026-03-29", 120, ZONE_GAP, 1774746000},
	{"in the gap", "Europe/Berlin", "2026-03-29", 150, ZONE_GAP, 1774746000},
	{"after the gap", "Europe/Berlin", "2026-03-29", 180, ZONE_EXACT, 1774746000},
	{"before the overlap", "Europe/Berlin", "2026-10-25", 119, ZONE_EXACT, 1792886340},
	{"in the overlap", "Europe/Berlin", "2026-10-25", 150, ZONE_OVERLAP, 1792888200},
	{"after the overlap", "Europe/Berlin", "2026-10-25", 180, ZONE_EXACT, 1792893600},
	{"a gap of half an hour", "Australia/Lord_Howe", "2026-10-04", 135, ZONE_GAP, 1791041400},
	{"midnight does not exist", "Africa/Cairo", "2026-04-24", 0, ZONE_GAP, 1776981600},
	{"a gap over midnight", "America/Nuuk", "2026-03-28", 1410, ZONE_GAP, 1774746000},
	{"the day that Samoa skipped", "Pacific/Apia", "2011-12-30", 435, ZONE_NO_DAY, 1325239200},
	{"its last minute", "Pacific/Apia", "2011-12-30", 1439, ZONE_NO_DAY, 1325239200},
	{"the day after it", "Pacific/Apia", "2011-12-31", 0, ZONE_EXACT, 1325239200},
	{"the day before it", "Pacific/Apia", "2011-12-29", 1439, ZONE_EXACT, 1325239140},
	{"a footer far in the future", "Europe/Berlin", "2099-07-01", 720, ZONE_EXACT, 4086583200},
	{"a quarter of an hour", "Asia/Kathmandu", "2026-01-01", 0, ZONE_EXACT, 1767204900},
};

static void test_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fits); i++) {
		const struct zone *z = zone_find(fits[i].zone);
		enum zone_fit fit;
		int64_t day, utc_s;

		assert_non_null(z);
		assert_true(civil_parse_date(fits[i].date, &day));
		utc_s = zone_utc(z, day, fits[i].minute, &fit);
		if (utc_s != fits[i].utc_s || fit != fits[i].fit) {
			fail_msg("%s: %lld fit %d", fits[i].about, (long long)utc_s, fit);
		}
		assert_int_equal(zone_utc(z, day, fits[i].minute, NULL), utc_s);
	}
}

/* ---- names that must not reach the file system ---- */

static void test_hostile_names(void **state)
{
	static const char *const names[] = {"", "/etc/passwd", "../zoneinfo/UTC", "Europe/../UTC",
		"Europe", "Europe/", "tzdata.zi", "zone.tab", "Europe/Berlin\n", "europe/berlin ",
		"Europe\\Berlin", ":Europe/Berlin", "right/Europe/Berlin", "posix/Europe/Berlin",
		"localtime", "posixrules", "%s%n", "Europe/Berl\xc3\xafn", ".", "..", "./UTC",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};

	(void)state;
	assert_null(zone_find(NULL));
	for (size_t i = 0; i < COUNT(names); i++) {
		if (zone_find(names[i])) {
			fail_msg("\"%s\" is no zone", names[i]);
		}
	}
	assert_ptr_equal(zone_find("Europe/Berlin"), zone_find("Europe/Berlin"));
	assert_string_equal(zone_name(zone_find("Europe/Berlin")), "Europe/Berlin");
}

/* ---- tzdata is updated under us ---- */

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

static void write_file(const char *path, const struct buf *bytes, int64_t changed_s)
{
	struct timespec times[2] = {{.tv_sec = changed_s}, {.tv_sec = changed_s}};
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fwrite(bytes->data, 1, bytes->len, f);
	fclose(f);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_reload(void **state)
{
	char dir[] = "/tmp/limberd-zone-XXXXXX", path[64];
	struct buf fixed = {0}, summer = {0}, broken = {0};
	const struct zone *z;

	(void)state;
	make_file(&fixed, "AAA3");
	make_file(&summer, "AAA4");
	buf_adds(&broken, "TZif, or so it says");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/Reloaded", dir);
	setenv("TZDIR", dir, 1);
	write_file(path, &fixed, 1000);
	z = zone_find("Reloaded");
	assert_non_null(z);
	assert_int_equal(zone_minute(z, 86400), 21 * 60);
	write_file(path, &summer, 2000);
	assert_int_equal(zone_minute(z, 86400), 21 * 60);
	zone_reload();
	assert_int_equal(zone_minute(z, 86400), 20 * 60);
	write_file(path, &broken, 3000);
	zone_reload();
	assert_int_equal(zone_minute(z, 86400), 20 * 60);
	unlink(path);
	zone_reload();
	assert_ptr_equal(zone_find("Reloaded"), z);
	unsetenv("TZDIR");
	rmdir(dir);
	buf_finish(&fixed);
	buf_finish(&summer);
	buf_finish(&broken);
}

/* ---- the calendar ---- */

static void test_civil(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t day;
	} dates[] = {{"1970-01-01", true, 0}, {"2026-03-02", true, 20514},
		{"2024-02-29", true, 19782}, {"2026-02-29", false, 0}, {"1900-02-29", false, 0},
		{"2000-02-29", true, 11016}, {"2026-13-01", false, 0}, {"2026-00-01", false, 0},
		{"2026-1-1", false, 0}, {"2026-01-01 ", false, 0}, {"2026/01-01", false, 0},
		{"2026-01/01", false, 0}, {"2026-01-0x", false, 0}, {"2026-0x-01", false, 0},
		{"20260101", false, 0}, {"2026-01-00", false, 0}, {"", false, 0},
		{"0001-01-01", true, -719162}};

	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		int64_t day = 0;

		if (civil_parse_date(dates[i].text, &day) != dates[i].ok || day != dates[i].day) {
			fail_msg("\"%s\": %lld", dates[i].text, (long long)day);
		}
		if (dates[i].ok) {
			assert_string_equal(civil_format_date(day).text, dates[i].text);
		}
	}
	assert_int_equal(civil_weekday(20514), 0); /* a Monday */
	assert_int_equal(civil_weekday(-1), 2);
	for (int64_t day = -800000; day < 800000; day++) {
		struct civil c;

		civil_from_day(day, &c);
		assert_int_equal(civil_day(c.year, c.month, c.day), day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_civil),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_glibc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
