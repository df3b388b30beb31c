/* What people read, for translators: English texts with the context that tells equal ones apart
 * (gettext's msgctxt). */
#ifndef FLOW_TEXT_LIST_H
#define FLOW_TEXT_LIST_H

#include "base/mem.h"

#include <stddef.h>

struct text_list { /* begin with {0}; everything lives in the arena of the calls */
	struct text_item {
		const char *context, *source;
	} * items;
	size_t count, room;
};

/* Keeps the pointers. A NULL source, and one that the same context has just had, adds nothing. */
void text_list_add(struct arena *, struct text_list *, const char *context, const char *source);
/* NULL past the end. */
const char *text_list_at(const struct text_list *, size_t i, const char **context_out);

#endif
