/* What people type when they are asked where they live. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/zone_names.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void write_file(const char *path, const struct buf *bytes, int64_t changed_s)
{
	struct timespec times[2] = {{.tv_sec = changed_s}, {.tv_sec = changed_s}};
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fwrite(bytes->data, 1, bytes->len, f);
	fclose(f);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A system with little: countries' zones only, lines that say nothing, a table that is no text. */
static void test_small_system(void **state)
{
	static const struct {
		const char *name, *text;
	} tables[] = {{"zone.tab", "# code\n\nDE\nDE\t+5230+01322\tEurope/Berlin\tmost\n"},
		{"iso3166.tab", "# code\nXX\nDE\tGermany\n"}, {"tzdata.zi", "Z\xff\n"}};
	char dir[] = "/tmp/limberd-zones-XXXXXX", path[64];
	const char *names[4];

	(void)state;
	assert_int_equal(zone_search("Reykjavik", names, 4), 1);
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < COUNT(tables); i++) {
		struct buf text = {0};

		buf_adds(&text, tables[i].text);
		snprintf(path, sizeof path, "%s/%s", dir, tables[i].name);
		write_file(path, &text, 1000);
		buf_finish(&text);
	}
	setenv("TZDIR", dir, 1);
	zone_reload();
	assert_int_equal(zone_search("Berlin", names, 4), 1);
	assert_int_equal(zone_search("Europe/Berlin", names, 4), 1);
	assert_int_equal(zone_search("Reykjavik", names, 4), 0);
	assert_string_equal(zone_country("Europe/Berlin"), "DE");
	assert_string_equal(zone_country_find("germany"), "DE");
	assert_null(zone_country_name("FR"));
	for (size_t i = 0; i < COUNT(tables); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, tables[i].name);
		unlink(path);
	}
	zone_reload();
	assert_int_equal(zone_search("Berlin", names, 4), 0);
	setenv("TZDIR", "", 1);
	zone_reload();
	assert_int_equal(zone_search("Reykjavik", names, 4), 1);
	zone_reload();
	assert_int_equal(zone_search("Reykjavik", names, 4), 1);
	unsetenv("TZDIR");
	rmdir(dir);
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
		{"Austrlia", NULL}, {"Atlantis", NULL}, {"", NULL}, {"no", NULL}, {"\xff", NULL}};

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_bounds),
		cmocka_unit_test(test_countries),
		cmocka_unit_test(test_our_names),
		cmocka_unit_test(test_small_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
