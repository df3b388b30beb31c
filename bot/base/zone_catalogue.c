/* Four tables become lists of names, all folded to plain lower-case words: tzdata.zi (zones and
 * links), zone.tab (the zones of each country), iso3166.tab (countries) and our own of cities. */
#include "base/zone_catalogue.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/zone_names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { TABLE_MAX = 1 << 20 };

/* Read when first asked for, kept for the life of the process. */
static struct zone_catalogue *catalogue;

/* ---- the directory ---- */

void zone_catalogue_path(struct buf *out, const char *name)
{
	const char *dir = getenv("TZDIR");

	buf_printf(out, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", name);
}

static struct timespec table_changed(void)
{
	struct buf path = {0};
	struct stat st = {0};

	zone_catalogue_path(&path, "zone.tab");
	if (stat(buf_text(&path), &st) < 0) {
		st.st_mtim.tv_sec = 0;
	}
	buf_finish(&path);
	return st.st_mtim;
}

/* ---- names as keys ---- */

/* The letters that decomposition leaves as they are. */
static const char *plain_letter(ucs4_t c)
{
	static const struct {
		ucs4_t letter;
		const char *plain;
	} letters[] = {{0xf8, "o"}, {0x142, "l"}, {0x111, "d"}, {0x131, "i"}, {0xe6, "ae"},
		{0x153, "oe"}, {0xdf, "ss"}, {'&', " and "}};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (letters[i].letter == c) {
			return letters[i].plain;
		}
	}
	return NULL;
}

static bool is_dropped(ucs4_t c)
{
	return c == '\'' || c == 0x2019 || c == '.' || c == '`' ||
	       uc_is_general_category(c, UC_CATEGORY_Mn);
}

static void add_letter(struct buf *out, ucs4_t c)
{
	const char *plain = plain_letter(c);
	uint8_t bytes[6];
	int n;

	if (is_dropped(c)) {
		return;
	}
	if (plain) {
		buf_adds(out, plain);
	} else if (uc_is_alnum(c)) {
		n = u8_uctomb(bytes, c, sizeof bytes);
		buf_add(out, bytes, n > 0 ? (size_t)n : 0);
	} else {
		buf_addc(out, ' ');
	}
}

/* One space between words, none around them, "saint" as "st", no article. */
static void tidy_words(char *text, char *out)
{
	size_t n = 0;

	out[0] = '\0';
	for (char *rest, *word = strtok_r(text, " ", &rest); word;
		word = strtok_r(NULL, " ", &rest)) {
		const char *plain = strcmp(word, "saint") == 0 ? "st" : word;
		size_t len = strlen(plain);

		if ((n == 0 && strcmp(word, "the") == 0) || n + len + 2 > ZONE_KEY_LEN) {
			continue;
		}
		if (n) {
			out[n++] = ' ';
		}
		memcpy(out + n, plain, len + 1);
		n += len;
	}
}

void zone_fold(const char *text, size_t text_len, char *out)
{
	size_t len = 0;
	uint8_t *flat = u8_normalize(UNINORM_NFKD, (const uint8_t *)text, text_len, NULL, &len);
	struct buf letters = {0};
	ucs4_t c;

	for (size_t i = 0; flat && i < len;) {
		i += (size_t)u8_mbtouc(&c, flat + i, len - i);
		add_letter(&letters, uc_tolower(c));
	}
	free(flat);
	buf_addc(&letters, ' ');
	tidy_words(letters.data, out);
	buf_finish(&letters);
}

/* ---- the catalogue ---- */

static void list_add(
	struct zone_catalogue *c, struct zone_list *list, const char *key, const char *value)
{
	struct zone_pair *p = arena_alloc(c->arena, sizeof *p);

	p->key = key;
	p->value = value;
	if (!list->last) {
		list->last = &list->first;
	}
	*list->last = p;
	list->last = &p->next;
}

static void list_add_folded(
	struct zone_catalogue *c, struct zone_list *list, const char *name, const char *value)
{
	char key[ZONE_KEY_LEN];

	zone_fold(name, strlen(name), key);
	list_add(c, list, arena_strdup(c->arena, key), value);
}

const char *zone_catalogue_find(const struct zone_list *list, const char *key)
{
	for (const struct zone_pair *p = list->first; p; p = p->next) {
		if (strcmp(p->key, key) == 0) {
			return p->value;
		}
	}
	return NULL;
}

/* Calls fn for each line of a table of the directory, cut at any of the separators. */
static void read_table(struct zone_catalogue *c, const char *name, const char *separators,
	void (*fn)(struct zone_catalogue *, char *const *fields, size_t count))
{
	struct buf path = {0}, text = {0};
	const char *error;

	zone_catalogue_path(&path, name);
	if (buf_read_file(&text, buf_text(&path), TABLE_MAX, &error) && text.len &&
		text_is_utf8(text.data, text.len)) {
		char *rest, *more;

		for (char *line = strtok_r(text.data, "\n", &rest); line;
			line = strtok_r(NULL, "\n", &rest)) {
			char *fields[4];
			size_t n = 0;

			for (char *f = strtok_r(line, separators, &more); f && n < 4;
				f = strtok_r(NULL, separators, &more)) {
				fields[n++] = f;
			}
			if (n && fields[0][0] != '#') {
				fn(c, fields, n);
			}
		}
	}
	buf_finish(&path);
	buf_finish(&text);
}

/* tzdata.zi: "Z name ..." is a zone, "L target name" a link */
static void add_zone(struct zone_catalogue *c, char *const *fields, size_t count)
{
	if (count >= 2 && strcmp(fields[0], "Z") == 0) {
		const char *name = arena_strdup(c->arena, fields[1]);

		list_add(c, &c->zones, name, name);
	} else if (count >= 3 && strcmp(fields[0], "L") == 0) {
		list_add(c, &c->zones, arena_strdup(c->arena, fields[2]),
			arena_strdup(c->arena, fields[1]));
	}
}

/* zone.tab: country, coordinates, zone, comment */
static void add_country_zone(struct zone_catalogue *c, char *const *fields, size_t count)
{
	if (count >= 3) {
		list_add(c, &c->by_country, arena_strdup(c->arena, fields[0]),
			arena_strdup(c->arena, fields[2]));
	}
}

/* Codes that are words in a sentence: "no" is an answer before it is Norway. */
static bool is_word(const char *iso)
{
	static const char words[] =
		"AD AM AS AT BE BY DO ID IN IS IT LA ME MM MS MY NO PM SO TO TV";
	const char *at = strstr(words, iso);

	return strlen(iso) == 2 && at && (at - words) % 3 == 0;
}

/* iso3166.tab: code, name */
static void add_country(struct zone_catalogue *c, char *const *fields, size_t count)
{
	if (count >= 2) {
		const char *iso = arena_strdup(c->arena, fields[0]);
		const char *name = arena_strdup(c->arena, fields[1]);

		list_add(c, &c->countries, iso, name);
		if (!is_word(iso)) {
			list_add_folded(c, &c->nations, iso, iso);
		}
		list_add_folded(c, &c->nations, name, iso);
	}
}

const char *zone_catalogue_country(const struct zone_catalogue *c, const char *zone)
{
	for (const struct zone_pair *p = c->by_country.first; p; p = p->next) {
		if (strcmp(p->value, zone) == 0) {
			return p->key;
		}
	}
	return NULL;
}

const char *zone_catalogue_name(const struct zone_catalogue *c, const char *zone)
{
	const char *target =
		zone_catalogue_country(c, zone) ? NULL : zone_catalogue_find(&c->zones, zone);

	return target ? target : zone;
}

/* Is the last part of a zone's name a city (or an island)? Not in the old regions, whose parts are
 * "Eastern" and the like. */
static bool names_a_place(const char *zone)
{
	static const char *const regions[] = {"Africa/", "America/", "Antarctica/", "Arctic/",
		"Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"};
	static const char *const not_places[] = {
		"North", "South", "West", "East", "ACT", "LHI", "Easter"};
	const char *last = strrchr(zone, '/');

	for (size_t i = 0; last && i < sizeof not_places / sizeof *not_places; i++) {
		if (strcmp(last + 1, not_places[i]) == 0) {
			return false;
		}
	}
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		if (strncmp(zone, regions[i], strlen(regions[i])) == 0) {
			return true;
		}
	}
	return false;
}

static void add_places(struct zone_catalogue *c)
{
	for (const struct zone_pair *p = c->zones.first; p; p = p->next) {
		if (names_a_place(p->key)) {
			list_add_folded(c, &c->places, strrchr(p->key, '/') + 1,
				zone_catalogue_name(c, p->key));
		}
	}
	for (const struct zone_place *p = zone_places; p->name; p++) {
		list_add_folded(c, &c->places, p->name, p->zone);
	}
	for (const struct zone_country_alias *a = zone_country_aliases; a->name; a++) {
		list_add_folded(c, &c->nations, a->name, a->iso);
	}
}

/* A system without tzdata.zi still has the countries' zones. */
static void add_listed_zones(struct zone_catalogue *c)
{
	for (const struct zone_pair *p = c->by_country.first; p; p = p->next) {
		list_add(c, &c->zones, p->value, p->value);
	}
}

const struct zone_catalogue *zone_catalogue(void)
{
	struct zone_catalogue *c;

	if (catalogue && !catalogue->is_stale) {
		return catalogue;
	}
	c = mem_alloc(1, sizeof *c);
	c->arena = arena_create();
	c->changed = table_changed();
	c->older = catalogue;
	read_table(c, "zone.tab", "\t", add_country_zone);
	read_table(c, "iso3166.tab", "\t", add_country);
	read_table(c, "tzdata.zi", " ", add_zone);
	if (!c->zones.first) {
		add_listed_zones(c);
	}
	add_places(c);
	catalogue = c;
	return c;
}

void zone_catalogue_reload(void)
{
	struct timespec now = table_changed();

	if (catalogue) {
		catalogue->is_stale = now.tv_sec != catalogue->changed.tv_sec ||
				      now.tv_nsec != catalogue->changed.tv_nsec;
	}
}
