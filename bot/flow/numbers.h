/* Numbers to call, by country: emergency, medical advice, crisis line. From
 * prompts/triage/numbers.yaml. */
#ifndef FLOW_NUMBERS_H
#define FLOW_NUMBERS_H

#include "base/mem.h"

#include <stddef.h>

struct number_row {
	const char *country;   /* ISO 3166, "" for the row of an unknown country */
	const char *emergency; /* "112", "999 or 112", or a sentence when the country is unknown */
	const char *advice;    /* NULL when we know none */
	const char *crisis;    /* NULL when we know none */
};

struct number_set;
/* NULL with *errors ("file:line:column: sentence", one a line, in the arena) on any fault. */
struct number_set *numbers_load(struct arena *, const char *path, const char **errors);
/* Never NULL: an unknown country gives the row that is safe everywhere. */
const struct number_row *numbers_find(const struct number_set *, const char *country);
/* For tests and listings; NULL past the end. */
const struct number_row *numbers_at(const struct number_set *, size_t i);

#endif
