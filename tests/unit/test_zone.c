/* Zones against glibc on every zone that the system has, then the places where people trip. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/tzif.h"
#include "base/zone_names.h"

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

/* ---- names that must not reach the file system, files that must not be believed ---- */

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

/* Footers that no zone of today uses, hour by hour over eight years against glibc. */
static void test_footer_glibc(void **state)
{
	static const char *const rules[] = {"AAA3BBB,J60/2,J300/2", "AAA3BBB,59/2,299/2",
		"AAA3BBB,J59/167,J300/-167", "AAA-12BBB-13,M10.1.0,M3.3.0/3",
		"AAA-12:34:56BBB,M2.5.6/25,M11.1.4", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"};

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

/* ---- tzdata is updated under us ---- */

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

/* ---- names that people type ---- */

static const struct {
	const char *typed, *zones; /* joined by a space; "..." for more */
} searches[] = {
	{"Berlin", "Europe/Berlin"},
	{"berlin", "Europe/Berlin"},
	{" BERLIN. ", "Europe/Berlin"},
	{"europe/berlin", "Europe/Berlin"},
	{"Europe/Berlin", "Europe/Berlin"},
	{"america/new york", "America/New_York"},
	{"new york", "America/New_York"},
	{"New_York", "America/New_York"},
	{"new yrok", "America/New_York"},
	{"Berln", "Europe/Berlin"},
	{"Merlin", ""},
	{"Lublin", "Europe/Warsaw"},
	{"Oslo", "Europe/Oslo"},
	{"Munich", "Europe/Berlin"},
	{"M\xc3\xbcnchen", "Europe/Berlin"},
	{"muenchen", "Europe/Berlin"},
	{"Z\xc3\xbcrich", "Europe/Zurich"},
	{"S\xc3\xa3o Paulo", "America/Sao_Paulo"},
	{"sao paulo", "America/Sao_Paulo"},
	{"K\xc3\xb8"
	 "benhavn",
		"Europe/Copenhagen"},
	{"St. John's", "America/St_Johns"},
	{"Saint Petersburg", "Europe/Moscow"},
	{"Port au Prince", "America/Port-au-Prince"},
	{"buenos aires", "America/Argentina/Buenos_Aires"},
	{"Calcutta", "Asia/Kolkata"},
	{"kiev", "Europe/Kyiv"},
	{"Mumbai", "Asia/Kolkata"},
	{"The Hague", "Europe/Amsterdam"},
	{"San Francisco", "America/Los_Angeles"},
	{"Germany", "Europe/Berlin"},
	{"germany", "Europe/Berlin"},
	{"Germny", "Europe/Berlin"},
	{"DE", "Europe/Berlin"},
	{"uk", "Europe/London"},
	{"U.K.", "Europe/London"},
	{"england", "Europe/London"},
	{"Holland", "Europe/Amsterdam"},
	{"the netherlands", "Europe/Amsterdam"},
	{"spain", "Europe/Madrid Atlantic/Canary"},
	{"usa", "America/New_York America/Chicago ..."},
	{"Japan", "Asia/Tokyo"},
	{"Trinidad & Tobago", "America/Port_of_Spain"},
	{"Singapore", "Asia/Singapore"},
	{"birmingham", "Europe/London America/Chicago"},
	{"Birmingham, UK", "Europe/London"},
	{"Birmingham, Alabama", "America/Chicago"},
	{"Birmingham, AL", "America/Chicago"},
	{"Boston, MA", "America/New_York"},
	{"Paris, France", "Europe/Paris"},
	{"Manchester", "Europe/London"},
	{"Manchester, NH", "America/New_York"},
	{"Paris, Texas", ""},
	{"Nowhere, Germany", "Europe/Berlin"},
	{"Nowhere, USA", ""},
	{"Georgia", "America/New_York Asia/Tbilisi"},
	{"UTC", "Etc/UTC"},
	{"US/Pacific", "America/Los_Angeles"},
	{"CET", ""},
	{"EST", ""},
	{"GMT", ""},
	{"PST8PDT", ""},
	{"Eastern", ""},
	{"north", ""},
	{"no", ""},
	{"is", ""},
	{"Norway", "Europe/Oslo"},
	{"Atlantis", ""},
	{"7:15", ""},
	{"", ""},
	{"  ,  ", ""},
	{",Germany", "Europe/Berlin"},
	{"\xff\xfe", ""},
	{"../../etc/passwd", ""},
};

static void test_search(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(searches); i++) {
		const char *names[8];
		size_t count = zone_search(searches[i].typed, names, COUNT(names));
		const char *more = strstr(searches[i].zones, "...");
		struct buf got = {0};

		for (size_t j = 0; j < count && j < (more ? 2 : COUNT(names)); j++) {
			buf_printf(&got, "%s%s", j ? " " : "", names[j]);
		}
		buf_adds(&got, more && count > 2 ? " ..." : "");
		if (strcmp(buf_text(&got), searches[i].zones) != 0) {
			fail_msg("\"%s\": %s, not %s", searches[i].typed, buf_text(&got),
				searches[i].zones);
		}
		buf_finish(&got);
	}
}

static void test_search_bounds(void **state)
{
	const char *names[2] = {NULL, "untouched"};
	char text[400];

	(void)state;
	assert_true(zone_search("usa", names, 1) > 4);
	assert_string_equal(names[0], "America/New_York");
	assert_string_equal(names[1], "untouched");
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(zone_search(text, names, 2), 0);
	memset(text, ' ', sizeof text - 1);
	assert_int_equal(zone_search(text, names, 2), 0);
}

/* Our own table names zones that exist, and each of its cities is found. */
static void test_our_names(void **state)
{
	(void)state;
	for (const struct zone_place *p = zone_places; p->name; p++) {
		const char *names[32];
		size_t i = 0, count = zone_search(p->name, names, COUNT(names));

		while (i < count && strcmp(names[i], p->zone) != 0) {
			i++;
		}
		if (i == count || !zone_find(p->zone) || !*zone_country(p->zone)) {
			fail_msg("%s: %s", p->name, p->zone);
		}
	}
	for (const struct zone_place *p = zone_state_codes; p->name; p++) {
		assert_non_null(zone_find(p->zone));
	}
	for (const struct zone_country_alias *a = zone_country_aliases; a->name; a++) {
		if (!zone_country_find(a->name) ||
			strcmp(zone_country_find(a->name), a->iso) != 0) {
			fail_msg("%s: %s", a->name, a->iso);
		}
	}
}

static void test_countries(void **state)
{
	static const struct {
		const char *typed, *iso;
	} typed[] = {{"Germany", "DE"}, {"de", "DE"}, {"uk", "GB"}, {"United Kingdom", "GB"},
		{"U.S.A.", "US"}, {"america", "US"}, {"Schweiz", "CH"},
		{"C\xc3\xb4te d'Ivoire", "CI"}, {"south korea", "KR"}, {"Swedem", "SE"},
		{"Atlantis", NULL}, {"", NULL}, {"no", NULL}, {"\xff", NULL}};

	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++) {
		const char *iso = zone_country_find(typed[i].typed);

		if (!iso != !typed[i].iso || (iso && strcmp(iso, typed[i].iso) != 0)) {
			fail_msg("\"%s\": %s", typed[i].typed, iso ? iso : "none");
		}
	}
	assert_string_equal(zone_country("Europe/Berlin"), "DE");
	assert_string_equal(zone_country("Europe/Oslo"), "NO");
	assert_string_equal(zone_country("Asia/Calcutta"), "IN");
	assert_string_equal(zone_country("Etc/UTC"), "");
	assert_string_equal(zone_country("Nowhere/At_All"), "");
	assert_string_equal(zone_country_name("DE"), "Germany");
	assert_string_equal(zone_country_name("GB"), "United Kingdom");
	assert_null(zone_country_name("XX"));
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
		{"2026-1-1", false, 0}, {"2026-01-01 ", false, 0}, {"2026-01-00", false, 0},
		{"", false, 0}, {"0001-01-01", true, -719162}};

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
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_footer_glibc),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_bounds),
		cmocka_unit_test(test_countries),
		cmocka_unit_test(test_our_names),
		cmocka_unit_test(test_glibc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
