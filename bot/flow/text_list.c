/* Growing by doubling inside an arena: the old half is wasted, and all goes in one. */
#include "flow/text_list.h"

#include <stdbool.h>
#include <string.h>

/* Texts that share a context (the steps of an exercise) are added one after the other. */
static bool is_known(const struct text_list *list, const char *context, const char *source)
{
	for (size_t i = list->count; i > 0; i--) {
		const struct text_item *item = &list->items[i - 1];

		if (strcmp(item->context, context) != 0) {
			return false;
		}
		if (strcmp(item->source, source) == 0) {
			return true;
		}
	}
	return false;
}

void text_list_add(
	struct arena *arena, struct text_list *list, const char *context, const char *source)
{
	if (!source || is_known(list, context, source)) {
		return;
	}
	if (list->count == list->room) {
		struct text_item *old = list->items;

		list->room = list->room ? list->room * 2 : 256;
		list->items = arena_alloc(arena, list->room * sizeof *list->items);
		if (old) {
			memcpy(list->items, old, list->count * sizeof *old);
		}
	}
	list->items[list->count++] = (struct text_item){context, source};
}

const char *text_list_at(const struct text_list *list, size_t i, const char **context_out)
{
	if (i >= list->count) {
		return NULL;
	}
	*context_out = list->items[i].context;
	return list->items[i].source;
}
