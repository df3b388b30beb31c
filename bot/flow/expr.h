/* Conditions of flows, evaluated by SQLite's own expression engine on a private in-memory
 * connection. Unknown names, functions off the list, comparisons of a number with a text and
 * anything that is not one expression are refused when prepared, and so is a text that a choice
 * cannot be. */
#ifndef FLOW_EXPR_H
#define FLOW_EXPR_H

#include "base/mem.h"
#include "flow/values.h"

#include <stdbool.h>
#include <stddef.h>

struct expr_engine; /* one per process: holds the connection */
struct expr_engine *expr_engine_create(void);
void expr_engine_destroy(struct expr_engine *);

struct expr_name {
	const char *name;
	enum value_type type;       /* VALUE_NUMBER or VALUE_TEXT */
	const char *const *options; /* the texts that it can be, NULL-terminated; NULL: any */
};

struct expr;
/* names: what the expression may mention. NULL with *error (in arena, one sentence) when it is
 * not acceptable. has(list, 'id') tells whether a list of ids contains one. */
struct expr *expr_prepare(struct expr_engine *, struct arena *, const char *text,
	const struct expr_name *names, size_t count, const char **error);
void expr_destroy(struct expr *);
/* The names it really uses. */
size_t expr_uses(const struct expr *, const char *const **names_out);
/* True, false, or unknown (NULL): 1, 0, -1. lookup fetches a value by name. */
typedef struct value (*expr_lookup_fn)(void *ctx, const char *name);
int expr_eval(struct expr *, expr_lookup_fn lookup, void *ctx);

#endif
