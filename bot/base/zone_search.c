/* What a person typed, looked up among the names of the catalogue: an exact name always wins over
 * one with a typo, and what follows a comma only takes away. */
#include "base/text.h"
#include "base/zone_catalogue.h"
#include "base/zone_names.h"

#include <string.h>
#include <strings.h>

enum { TYPED_MAX = 160, FOUND_MAX = 160, TYPO_MIN_LEN = 5 };

/* ---- finding ---- */

struct found {
	const char *zones[FOUND_MAX];
	size_t count;
};

static void found_add(struct found *f, const char *zone)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->zones[i], zone) == 0) {
			return;
		}
	}
	if (f->count < FOUND_MAX && zone_find(zone)) {
		f->zones[f->count++] = zone;
	}
}

/* Is the typed key this name: as it stands, or with one typo in it? */
static bool is_meant(const char *typed, const char *name, bool with_typo)
{
	if (!with_typo) {
		return strcmp(typed, name) == 0;
	}
	return typed[0] == name[0] && strlen(name) >= TYPO_MIN_LEN &&
	       strlen(typed) >= TYPO_MIN_LEN && text_distance(typed, name, 1) <= 1;
}

/* The zones of a country, those that keep the same time only once unless all are wanted. */
static void add_zones_of(
	const struct zone_catalogue *c, const char *iso, bool all, struct found *out)
{
	size_t from = out->count;

	for (const struct zone_pair *p = c->by_country.first; p; p = p->next) {
		const struct zone *zone = strcmp(p->key, iso) == 0 ? zone_find(p->value) : NULL;
		bool is_new = zone != NULL;

		for (size_t i = from; !all && is_new && i < out->count; i++) {
			is_new = !zone_is_alike(zone, zone_find(out->zones[i]));
		}
		if (is_new) {
			found_add(out, p->value);
		}
	}
}

static void find_places(const struct zone_catalogue *c, const char *typed, bool with_typo, bool all,
	struct found *out)
{
	for (const struct zone_pair *p = c->places.first; p; p = p->next) {
		if (is_meant(typed, p->key, with_typo)) {
			found_add(out, p->value);
		}
	}
	for (const struct zone_pair *p = c->nations.first; p; p = p->next) {
		if (is_meant(typed, p->key, with_typo)) {
			add_zones_of(c, p->value, all, out);
		}
	}
}

static void find_by_name(
	const struct zone_catalogue *c, const char *typed, bool all, struct found *out)
{
	if (!*typed) {
		return;
	}
	find_places(c, typed, false, all, out);
	if (out->count == 0) {
		find_places(c, typed, true, all, out);
	}
}

/* "europe/berlin", "America/new york", "utc": the name itself. */
static bool find_iana(
	const struct zone_catalogue *c, const char *text, size_t len, struct found *out)
{
	char name[TYPED_MAX + 1];

	memcpy(name, text, len);
	name[len] = '\0';
	for (char *p = name; *p; p++) {
		*p = *p == ' ' ? '_' : *p;
	}
	if (!strchr(name, '/') && strcasecmp(name, "UTC") != 0) {
		return false;
	}
	for (const struct zone_pair *p = c->zones.first; p; p = p->next) {
		if (strcasecmp(p->key, name) == 0) {
			found_add(out, zone_catalogue_name(c, p->key));
			return true;
		}
	}
	return false;
}

static void add_state(const char *typed, struct found *out)
{
	for (const struct zone_place *p = zone_state_codes; p->name; p++) {
		if (strcasecmp(p->name, typed) == 0) {
			found_add(out, p->zone);
		}
	}
}

/* Keeps of `f` what is also in `among`. A place that we do not know there is still in the one zone
 * of the country or state. */
static void narrow(struct found *f, const struct found *among, const struct found *country)
{
	struct found kept = {0};

	for (size_t i = 0; i < f->count; i++) {
		for (size_t j = 0; j < among->count; j++) {
			if (strcmp(f->zones[i], among->zones[j]) == 0) {
				found_add(&kept, f->zones[i]);
			}
		}
	}
	*f = kept.count == 0 && country->count == 1 ? *country : kept;
}

/* "place" or "place, country" */
static void find_all(
	const struct zone_catalogue *c, const char *text, size_t len, struct found *out)
{
	const char *comma = memchr(text, ',', len);
	size_t place_len = comma ? (size_t)(comma - text) : len;
	struct found among = {0}, country = {0};
	char key[ZONE_KEY_LEN];

	if (find_iana(c, text, len, out)) {
		return;
	}
	zone_fold(text, place_len, key);
	find_by_name(c, key, false, out);
	if (comma) {
		zone_fold(comma + 1, len - place_len - 1, key);
		find_by_name(c, key, true, &among);
		add_state(key, &among);
		add_state(key, &country);
		find_by_name(c, key, false, &country);
		narrow(out, &among, &country);
	}
}

size_t zone_search(const char *text, const char **names, size_t max)
{
	struct found found = {0};
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len && strchr(" \t\r\n.!", text[len - 1])) {
		len--;
	}
	if (len == 0 || len > TYPED_MAX || !text_is_utf8(text, len)) {
		return 0;
	}
	find_all(zone_catalogue(), text, len, &found);
	for (size_t i = 0; i < found.count && i < max; i++) {
		names[i] = found.zones[i];
	}
	return found.count;
}

/* ---- countries ---- */

const char *zone_country(const char *zone)
{
	const struct zone_catalogue *c = zone_catalogue();
	const char *iso = zone_catalogue_country(c, zone), *target;

	if (!iso) {
		target = zone_catalogue_find(&c->zones, zone);
		iso = target ? zone_catalogue_country(c, target) : NULL;
	}
	return iso ? iso : "";
}

const char *zone_country_name(const char *iso)
{
	for (const struct zone_country_alias *a = zone_country_aliases; a->name; a++) {
		if (a->is_shown && strcmp(a->iso, iso) == 0) {
			return a->name;
		}
	}
	return zone_catalogue_find(&zone_catalogue()->countries, iso);
}

/* The one country that is meant; two different ones are none. */
static const char *find_nation(const struct zone_catalogue *c, const char *typed, bool with_typo)
{
	const char *iso = NULL;

	for (const struct zone_pair *p = c->nations.first; p; p = p->next) {
		if (is_meant(typed, p->key, with_typo)) {
			if (iso && strcmp(iso, p->value) != 0) {
				return NULL;
			}
			iso = p->value;
		}
	}
	return iso;
}

const char *zone_country_find(const char *text)
{
	const struct zone_catalogue *c = zone_catalogue();
	size_t len = strlen(text);
	const char *iso;
	char key[ZONE_KEY_LEN];

	if (len > TYPED_MAX || !text_is_utf8(text, len)) {
		return NULL;
	}
	zone_fold(text, len, key);
	iso = *key ? find_nation(c, key, false) : NULL;
	return iso || !*key ? iso : find_nation(c, key, true);
}
