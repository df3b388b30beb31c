/* The names under the zone directory, as lists to look things up in; between zone.c and
 * zone_search.c. */
#ifndef BASE_ZONE_CATALOGUE_H
#define BASE_ZONE_CATALOGUE_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/zone.h"

#include <time.h>

enum { ZONE_KEY_LEN = 96 };

struct zone_pair {
	const char *key, *value;
	struct zone_pair *next;
};

/* A list in the order of adding. */
struct zone_list {
	struct zone_pair *first, **last;
};

/* Everything read from the tables. Texts live in the arena. */
struct zone_catalogue {
	struct arena *arena;
	struct zone_list zones;       /* every name: the name it is a link to, or itself */
	struct zone_list by_country;  /* ISO code: zone */
	struct zone_list countries;   /* ISO code: English name */
	struct zone_list places;      /* folded name of a city or state: zone */
	struct zone_list nations;     /* folded name of a country: ISO code */
	struct timespec changed;      /* of zone.tab, as it was read */
	bool is_stale;                /* ... and has changed since */
	struct zone_catalogue *older; /* names handed out from it stay valid */
};

/* Appends the path of a file of the zone directory. */
void zone_catalogue_path(struct buf *out, const char *name);
/* Read when first asked for, kept for the life of the process. */
const struct zone_catalogue *zone_catalogue(void);
/* It is read again when next asked for, if its files have changed. */
void zone_catalogue_reload(void);

/* Folds valid UTF-8 to a key: lower case, no accents, one space between words. At most
 * ZONE_KEY_LEN bytes. */
void zone_fold(const char *text, size_t text_len, char *out);
/* The first value of a key, or NULL. */
const char *zone_catalogue_find(const struct zone_list *, const char *key);
/* The ISO code of the country that a zone is listed under, or NULL. */
const char *zone_catalogue_country(const struct zone_catalogue *, const char *zone);
/* The name to keep for a zone: a country's own, else what a link points to. */
const char *zone_catalogue_name(const struct zone_catalogue *, const char *zone);

/* Do two zones follow the same rule from the end of their tables on? */
bool zone_is_alike(const struct zone *, const struct zone *);

#endif
