/* Texts with {name} placeholders. "{{" is a brace. Pure. */
#ifndef FLOW_TEMPLATE_H
#define FLOW_TEMPLATE_H

#include "base/mem.h"
#include "flow/values.h"

typedef struct value (*template_lookup_fn)(void *ctx, const char *name);
/* The text with every placeholder shown by value_show(); unknown ones become "". */
const char *template_fill(struct arena *, const char *text, template_lookup_fn lookup, void *ctx);
/* The names that stand in the text, NULL-terminated; NULL with *error when a brace is not closed
 * or a name is not [a-z_0-9]+. */
const char *const *template_names(struct arena *, const char *text, const char **error);

#endif
