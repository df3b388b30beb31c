/* Names of places that people type and tzdata does not have. Read by zone_search.c only. */
#ifndef BASE_ZONE_NAMES_H
#define BASE_ZONE_NAMES_H

#include <stdbool.h>

struct zone_place {
	const char *name, *zone; /* a name may stand more than once, the likeliest zone first */
};
/* Large cities, and the states of the USA. Ended by a NULL name. */
extern const struct zone_place zone_places[];
/* States of the USA by their post code: after a comma only, alone "DE" is Germany. */
extern const struct zone_place zone_state_codes[];

struct zone_country_alias {
	const char *iso, *name;
	bool is_shown; /* better than tzdata's own name: "United Kingdom" for "Britain (UK)" */
};
/* Short and former names of countries. Ended by a NULL name. */
extern const struct zone_country_alias zone_country_aliases[];

#endif
