/* A condition cut into tokens, each of which is known to be harmless. Private to expr*.c. */
#ifndef FLOW_EXPR_SCAN_H
#define FLOW_EXPR_SCAN_H

#include "flow/expr.h"

enum { EXPR_TOKENS_MAX = 200, EXPR_DEPTH_MAX = 16 };

enum expr_token_kind {
	EXPR_END, /* also stands before the first token */
	EXPR_NAME,
	EXPR_NUMBER,
	EXPR_TEXT,
	EXPR_FUNCTION, /* always followed by EXPR_OPEN */
	EXPR_OPEN,
	EXPR_CLOSE,
	EXPR_COMMA,
	EXPR_COMPARE, /* = != < ... and "is" */
	EXPR_MATH,
	EXPR_AND,
	EXPR_OR,
	EXPR_NOT,
	EXPR_NULL,
	EXPR_BETWEEN,
	EXPR_BETWEEN_AND,
	EXPR_IN,
};

struct expr_function {
	const char *name;
	enum value_type takes, gives; /* VALUE_NULL: any, but all arguments alike */
};
/* The functions of conditions, ended by a NULL name. */
extern const struct expr_function expr_functions[];

struct expr_token {
	enum expr_token_kind kind;
	const char *text; /* as SQL writes it; EXPR_NAME: the name */
	const struct expr_name *name;
	const struct expr_function *function;
	size_t partner; /* of OPEN and CLOSE: the other one's index */
};

struct expr_scan {
	struct arena *arena;
	const struct expr_name *names;
	size_t name_count;
	struct expr_token token[EXPR_TOKENS_MAX + 2]; /* [0] and [count + 1] are EXPR_END */
	size_t count;
	const char *error;
};

/* Cuts and checks; false with scan->error. */
bool expr_scan_read(struct expr_scan *, const char *text);
/* The check alone, of tokens whose brackets are paired (expr_types.c). */
bool expr_types_check(struct expr_scan *);
/* Keeps the first error; always false. */
bool expr_scan_fail(struct expr_scan *, const char *error);

#endif
