/* What people call zones: cities, countries and their own spellings. Names come from the system's
 * tzdata; only large cities that it does not have and short names of countries are listed here. */
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_DIR "/usr/share/zoneinfo"

enum { KEY_MAX = 64, TYPO_FROM_LETTERS = 5 };

struct city {
	const char *name; /* folded: "new york" */
	const char *zone;
};

static const struct city more_cities[] = {
	{"aberdeen", "Europe/London"},
	{"ahmedabad", "Asia/Kolkata"},
	{"ankara", "Europe/Istanbul"},
	{"antwerp", "Europe/Brussels"},
	{"atlanta", "America/New_York"},
	{"austin", "America/Chicago"},
	{"baltimore", "America/New_York"},
	{"bangalore", "Asia/Kolkata"},
	{"barcelona", "Europe/Madrid"},
	{"basel", "Europe/Zurich"},
	{"beijing", "Asia/Shanghai"},
	{"belo horizonte", "America/Sao_Paulo"},
	{"bengaluru", "Asia/Kolkata"},
	{"bern", "Europe/Zurich"},
	{"bilbao", "Europe/Madrid"},
	{"birmingham", "Europe/London"},
	{"bologna", "Europe/Rome"},
	{"bonn", "Europe/Berlin"},
	{"bordeaux", "Europe/Paris"},
	{"boston", "America/New_York"},
	{"brasilia", "America/Sao_Paulo"},
	{"bremen", "Europe/Berlin"},
	{"bristol", "Europe/London"},
	{"bruges", "Europe/Brussels"},
	{"busan", "Asia/Seoul"},
	{"calgary", "America/Edmonton"},
	{"canberra", "Australia/Sydney"},
	{"cape town", "Africa/Johannesburg"},
	{"cardiff", "Europe/London"},
	{"charlotte", "America/New_York"},
	{"chennai", "Asia/Kolkata"},
	{"christchurch", "Pacific/Auckland"},
	{"cologne", "Europe/Berlin"},
	{"cork", "Europe/Dublin"},
	{"dallas", "America/Chicago"},
	{"delhi", "Asia/Kolkata"},
	{"dortmund", "Europe/Berlin"},
	{"dresden", "Europe/Berlin"},
	{"durban", "Africa/Johannesburg"},
	{"dusseldorf", "Europe/Berlin"},
	{"düsseldorf", "Europe/Berlin"},
	{"edinburgh", "Europe/London"},
	{"eindhoven", "Europe/Amsterdam"},
	{"essen", "Europe/Berlin"},
	{"florence", "Europe/Rome"},
	{"frankfurt", "Europe/Berlin"},
	{"galway", "Europe/Dublin"},
	{"gdansk", "Europe/Warsaw"},
	{"geneva", "Europe/Zurich"},
	{"genoa", "Europe/Rome"},
	{"ghent", "Europe/Brussels"},
	{"glasgow", "Europe/London"},
	{"gothenburg", "Europe/Stockholm"},
	{"granada", "Europe/Madrid"},
	{"graz", "Europe/Vienna"},
	{"guadalajara", "America/Mexico_City"},
	{"guangzhou", "Asia/Shanghai"},
	{"hamburg", "Europe/Berlin"},
	{"hannover", "Europe/Berlin"},
	{"hanoi", "Asia/Bangkok"},
	{"houston", "America/Chicago"},
	{"hyderabad", "Asia/Kolkata"},
	{"innsbruck", "Europe/Vienna"},
	{"islamabad", "Asia/Karachi"},
	{"izmir", "Europe/Istanbul"},
	{"kansas city", "America/Chicago"},
	{"koln", "Europe/Berlin"},
	{"köln", "Europe/Berlin"},
	{"krakow", "Europe/Warsaw"},
	{"kyoto", "Asia/Tokyo"},
	{"lahore", "Asia/Karachi"},
	{"las vegas", "America/Los_Angeles"},
	{"leeds", "Europe/London"},
	{"leipzig", "Europe/Berlin"},
	{"lille", "Europe/Paris"},
	{"linz", "Europe/Vienna"},
	{"liverpool", "Europe/London"},
	{"lyon", "Europe/Paris"},
	{"malaga", "Europe/Madrid"},
	{"malmo", "Europe/Stockholm"},
	{"manchester", "Europe/London"},
	{"marrakesh", "Africa/Casablanca"},
	{"marseille", "Europe/Paris"},
	{"medellin", "America/Bogota"},
	{"memphis", "America/Chicago"},
	{"miami", "America/New_York"},
	{"milan", "Europe/Rome"},
	{"milwaukee", "America/Chicago"},
	{"minneapolis", "America/Chicago"},
	{"montreal", "America/Toronto"},
	{"mumbai", "Asia/Kolkata"},
	{"munich", "Europe/Berlin"},
	{"münchen", "Europe/Berlin"},
	{"nagoya", "Asia/Tokyo"},
	{"nantes", "Europe/Paris"},
	{"naples", "Europe/Rome"},
	{"nashville", "America/Chicago"},
	{"new delhi", "Asia/Kolkata"},
	{"new orleans", "America/Chicago"},
	{"newcastle", "Europe/London"},
	{"nice", "Europe/Paris"},
	{"nottingham", "Europe/London"},
	{"nuremberg", "Europe/Berlin"},
	{"nyc", "America/New_York"},
	{"orlando", "America/New_York"},
	{"osaka", "Asia/Tokyo"},
	{"ottawa", "America/Toronto"},
	{"oxford", "Europe/London"},
	{"palermo", "Europe/Rome"},
	{"philadelphia", "America/New_York"},
	{"pittsburgh", "America/New_York"},
	{"portland", "America/Los_Angeles"},
	{"porto", "Europe/Lisbon"},
	{"poznan", "Europe/Warsaw"},
	{"pretoria", "Africa/Johannesburg"},
	{"pune", "Asia/Kolkata"},
	{"quebec", "America/Toronto"},
	{"rio", "America/Sao_Paulo"},
	{"rio de janeiro", "America/Sao_Paulo"},
	{"rotterdam", "Europe/Amsterdam"},
	{"sacramento", "America/Los_Angeles"},
	{"saint petersburg", "Europe/Moscow"},
	{"salt lake city", "America/Denver"},
	{"salzburg", "Europe/Vienna"},
	{"san antonio", "America/Chicago"},
	{"san diego", "America/Los_Angeles"},
	{"san francisco", "America/Los_Angeles"},
	{"san jose", "America/Los_Angeles"},
	{"san jose", "America/Costa_Rica"},
	{"sao paulo", "America/Sao_Paulo"},
	{"seattle", "America/Los_Angeles"},
	{"seville", "Europe/Madrid"},
	{"sheffield", "Europe/London"},
	{"shenzhen", "Asia/Shanghai"},
	{"st louis", "America/Chicago"},
	{"strasbourg", "Europe/Paris"},
	{"stuttgart", "Europe/Berlin"},
	{"surabaya", "Asia/Jakarta"},
	{"tampa", "America/New_York"},
	{"tel aviv", "Asia/Jerusalem"},
	{"the hague", "Europe/Amsterdam"},
	{"toulouse", "Europe/Paris"},
	{"turin", "Europe/Rome"},
	{"utrecht", "Europe/Amsterdam"},
	{"valencia", "Europe/Madrid"},
	{"venice", "Europe/Rome"},
	{"verona", "Europe/Rome"},
	{"washington", "America/New_York"},
	{"wellington", "Pacific/Auckland"},
	{"wroclaw", "Europe/Warsaw"},
	{"yokohama", "Asia/Tokyo"},
};

static const struct {
	const char *name, *iso;
} short_countries[] = {
	{"america", "US"},
	{"britain", "GB"},
	{"czech republic", "CZ"},
	{"czechia", "CZ"},
	{"deutschland", "DE"},
	{"england", "GB"},
	{"great britain", "GB"},
	{"holland", "NL"},
	{"ivory coast", "CI"},
	{"northern ireland", "GB"},
	{"scotland", "GB"},
	{"south korea", "KR"},
	{"korea", "KR"},
	{"north korea", "KP"},
	{"taiwan", "TW"},
	{"the netherlands", "NL"},
	{"turkey", "TR"},
	{"uae", "AE"},
	{"uk", "GB"},
	{"united kingdom", "GB"},
	{"united states", "US"},
	{"united states of america", "US"},
	{"usa", "US"},
	{"u.s.", "US"},
	{"u.s.a.", "US"},
	{"u.k.", "GB"},
	{"vietnam", "VN"},
	{"wales", "GB"},
};

/* ---- the system's tables, read once ---- */

struct country {
	char iso[3];
	char *name;
};

struct place { /* a line of zone.tab */
	char iso[3];
	char *zone;
};

static struct { /* a cache of the system's files, not state of ours */
	bool is_loaded;
	struct country *countries;
	size_t country_count;
	struct place *places;
	size_t place_count;
	struct zone_entry {
		char *name, *target; /* target: NULL, or what a link stands for */
	} * zones;                   /* every zone and link of tzdata.zi */
	size_t zone_count;
} tables;

/* Calls fn for each line that is not a comment. */
static void each_line(const char *file, void (*fn)(char *line))
{
	struct buf path = {0}, source = {0};
	const char *error;
	char *line, *rest;

	buf_printf(&path, ZONE_DIR "/%s", file);
	if (buf_read_file(&source, buf_text(&path), 1 << 20, &error)) {
		for (rest = source.data; rest && *rest;) {
			line = rest;
			rest = strchr(line, '\n');
			if (rest) {
				*rest++ = '\0';
			}
			if (*line && *line != '#') {
				fn(line);
			}
		}
	}
	buf_finish(&source);
	buf_finish(&path);
}

static void add_country(char *line)
{
	struct country *c;

	if (strlen(line) < 4 || line[2] != '\t') {
		return;
	}
	tables.countries =
		mem_resize(tables.countries, tables.country_count + 1, sizeof *tables.countries);
	c = &tables.countries[tables.country_count++];
	snprintf(c->iso, sizeof c->iso, "%.2s", line);
	c->name = mem_strdup(line + 3);
}

static void add_place(char *line)
{
	char *zone = strchr(line + 3, '\t');
	struct place *p;

	if (!zone) {
		return;
	}
	zone++;
	zone[strcspn(zone, "\t")] = '\0';
	tables.places = mem_resize(tables.places, tables.place_count + 1, sizeof *tables.places);
	p = &tables.places[tables.place_count++];
	snprintf(p->iso, sizeof p->iso, "%.2s", line);
	p->zone = mem_strdup(zone);
}

/* "Z Europe/Berlin ..." and "L target link" */
static void add_zone(char *line)
{
	char *name = line + 2, *target = NULL;

	if (line[0] == 'L' && line[1] == ' ') {
		target = name;
		name = strchr(name, ' ');
		if (name) {
			*name++ = '\0';
		}
	} else if (line[0] != 'Z' || line[1] != ' ') {
		return;
	}
	if (!name || !strchr(name, '/')) {
		return; /* "CET", "EST5EDT": never decides */
	}
	name[strcspn(name, " ")] = '\0';
	tables.zones = mem_resize(tables.zones, tables.zone_count + 1, sizeof *tables.zones);
	tables.zones[tables.zone_count++] = (struct zone_entry){
		.name = mem_strdup(name), .target = target ? mem_strdup(target) : NULL};
}

static void load_tables(void)
{
	if (!tables.is_loaded) {
		tables.is_loaded = true;
		each_line("iso3166.tab", add_country);
		each_line("zone.tab", add_place);
		each_line("tzdata.zi", add_zone);
	}
}

/* ---- comparing ---- */

/* Lower case, "_" as a space, nothing around: what people type and what the tables have. */
static void fold(const char *text, char *out, size_t len)
{
	size_t n = 0;

	while (isspace((unsigned char)*text)) {
		text++;
	}
	for (; *text && n < len - 1; text++) {
		out[n++] = *text == '_' ? ' ' : (char)tolower((unsigned char)*text);
	}
	while (n && (isspace((unsigned char)out[n - 1]) || strchr(".,!?", out[n - 1]))) {
		n--;
	}
	out[n] = '\0';
}

struct search {
	char wanted[KEY_MAX];
	size_t typos; /* allowed */
	const char **names;
	size_t count, max;
};

static bool fits(const struct search *s, const char *name)
{
	char key[KEY_MAX];

	fold(name, key, sizeof key);
	return s->typos ? text_distance(s->wanted, key, s->typos) <= s->typos
			: strcmp(s->wanted, key) == 0;
}

/* Zones that tell the same time this year and next are one choice for a person. */
static bool tells_same_time(const char *a, const char *b)
{
	const struct zone *za = zone_find(a), *zb = zone_find(b);
	int64_t day = civil_day(2026, 1, 15);

	for (int i = 0; i < 24; i++, day += 30) {
		if (!za || !zb || zone_utc(za, day, 720, NULL) != zone_utc(zb, day, 720, NULL)) {
			return false;
		}
	}
	return true;
}

/* The zone of a large city stands for those that tell the same time. */
static bool is_major(const char *zone)
{
	for (size_t i = 0; i < sizeof more_cities / sizeof *more_cities; i++) {
		if (strcmp(more_cities[i].zone, zone) == 0) {
			return true;
		}
	}
	return false;
}

static void found(struct search *s, const char *zone)
{
	if (!zone_find(zone)) {
		return;
	}
	for (size_t i = 0; i < s->count && i < s->max; i++) {
		if (strcmp(s->names[i], zone) == 0 || tells_same_time(s->names[i], zone)) {
			if (is_major(zone) && !is_major(s->names[i])) {
				s->names[i] = zone;
			}
			return;
		}
	}
	if (s->count < s->max) {
		s->names[s->count] = zone;
	}
	s->count++;
}

static bool is_legacy(const char *zone)
{
	static const char *const prefixes[] = {
		"US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "Etc/", "SystemV/"};

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (strncmp(zone, prefixes[i], strlen(prefixes[i])) == 0) {
			return true;
		}
	}
	return false;
}

static void search_names(struct search *s)
{
	for (size_t i = 0; i < tables.zone_count; i++) {
		if (fits(s, tables.zones[i].name)) {
			found(s, tables.zones[i].name);
		}
	}
}

static void search_cities(struct search *s)
{
	for (size_t i = 0; i < tables.zone_count; i++) {
		const char *city = strrchr(tables.zones[i].name, '/') + 1;

		if (!is_legacy(tables.zones[i].name) && fits(s, city)) {
			found(s, tables.zones[i].name);
		}
	}
	for (size_t i = 0; i < sizeof more_cities / sizeof *more_cities; i++) {
		if (fits(s, more_cities[i].name)) {
			found(s, more_cities[i].zone);
		}
	}
}

static const char *find_country(const struct search *s)
{
	for (size_t i = 0; i < sizeof short_countries / sizeof *short_countries; i++) {
		if (fits(s, short_countries[i].name)) {
			return short_countries[i].iso;
		}
	}
	for (size_t i = 0; i < tables.country_count; i++) {
		if (fits(s, tables.countries[i].name) ||
			(!s->typos && fits(s, tables.countries[i].iso))) {
			return tables.countries[i].iso;
		}
	}
	return NULL;
}

static void search_country(struct search *s)
{
	const char *iso = find_country(s);

	for (size_t i = 0; iso && i < tables.place_count; i++) {
		if (strcmp(tables.places[i].iso, iso) == 0) {
			found(s, tables.places[i].zone);
		}
	}
}

/* "Berlin, Germany": the city decides when there is one, else the country. */
static void search_with_comma(struct search *s)
{
	char *comma = strchr(s->wanted, ',');
	char country[KEY_MAX];

	if (!comma) {
		return;
	}
	fold(comma + 1, country, sizeof country);
	*comma = '\0';
	search_cities(s);
	if (s->count == 0) {
		memcpy(s->wanted, country, sizeof country);
		search_country(s);
	}
}

size_t zone_search(const char *text, const char **names, size_t max)
{
	static void (*const places[])(struct search *) = {
		search_names, search_cities, search_country, search_with_comma};
	struct search s = {.names = names, .max = max};

	load_tables();
	if (strlen(text) >= KEY_MAX) {
		return 0;
	}
	for (s.typos = 0; s.typos <= 1 && s.count == 0; s.typos++) {
		fold(text, s.wanted, sizeof s.wanted);
		if (strlen(s.wanted) < (s.typos ? TYPO_FROM_LETTERS : 2)) {
			break;
		}
		for (size_t i = 0; i < sizeof places / sizeof *places && s.count == 0; i++) {
			places[i](&s);
		}
	}
	return s.count;
}

const char *zone_country(const char *zone)
{
	load_tables();
	for (size_t i = 0; i < tables.place_count; i++) {
		if (strcmp(tables.places[i].zone, zone) == 0) {
			return tables.places[i].iso;
		}
	}
	for (size_t i = 0; i < tables.zone_count; i++) {
		if (tables.zones[i].target && strcmp(tables.zones[i].name, zone) == 0) {
			return zone_country(tables.zones[i].target);
		}
	}
	return "";
}

const char *zone_country_name(const char *iso)
{
	load_tables();
	for (size_t i = 0; i < tables.country_count; i++) {
		if (strcmp(tables.countries[i].iso, iso) == 0) {
			return tables.countries[i].name;
		}
	}
	return NULL;
}

const char *zone_country_find(const char *text)
{
	struct search s = {0};
	const char *iso = NULL;

	load_tables();
	if (strlen(text) >= KEY_MAX) {
		return NULL;
	}
	fold(text, s.wanted, sizeof s.wanted);
	for (; !iso && s.typos <= 1; s.typos++) {
		if (strlen(s.wanted) < (s.typos ? TYPO_FROM_LETTERS : 2)) {
			break;
		}
		iso = find_country(&s);
	}
	return iso;
}
