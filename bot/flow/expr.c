/* Conditions are evaluated by SQLite: each is a prepared "select (...)" whose names are parameters.
 * The text that SQLite compiles is put together from checked tokens (expr_scan.c); the authorizer
 * and the limits are the second fence, should the first have a hole. */
#include "flow/expr.h"

#include "base/buf.h"
#include "base/text.h"
#include "flow/expr_scan.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct expr_engine {
	sqlite3 *db;
};

struct expr {
	sqlite3_stmt *stmt;
	const char **uses; /* parameter ?1 is uses[0] */
	size_t use_count;
};

/* ---- the engine ---- */

static void on_has(sqlite3_context *context, int count, sqlite3_value **args)
{
	(void)count;
	if (sqlite3_value_type(args[0]) == SQLITE_TEXT &&
		sqlite3_value_type(args[1]) == SQLITE_TEXT) {
		sqlite3_result_int(context, text_has_id((const char *)sqlite3_value_text(args[0]),
						    (const char *)sqlite3_value_text(args[1])));
	}
}

static int on_authorize(void *ctx, int action, const char *a, const char *function, const char *db,
	const char *trigger)
{
	(void)ctx, (void)a, (void)db, (void)trigger;
	if (action == SQLITE_SELECT) {
		return SQLITE_OK;
	}
	for (const struct expr_function *f = expr_functions; f->name; f++) {
		if (action == SQLITE_FUNCTION && function && !strcmp(f->name, function)) {
			return SQLITE_OK;
		}
	}
	return SQLITE_DENY;
}

static void set_limits(sqlite3 *db)
{
	static const struct {
		int id, max;
	} limits[] = {
		{SQLITE_LIMIT_LENGTH, 1 << 16},
		{SQLITE_LIMIT_SQL_LENGTH, 1 << 13},
		{SQLITE_LIMIT_COLUMN, 2},
		{SQLITE_LIMIT_EXPR_DEPTH, 60},
		{SQLITE_LIMIT_COMPOUND_SELECT, 1},
		{SQLITE_LIMIT_VDBE_OP, 2000},
		{SQLITE_LIMIT_FUNCTION_ARG, 8},
		{SQLITE_LIMIT_ATTACHED, 0},
		{SQLITE_LIMIT_VARIABLE_NUMBER, 64},
		{SQLITE_LIMIT_TRIGGER_DEPTH, 1},
		{SQLITE_LIMIT_WORKER_THREADS, 0},
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		sqlite3_limit(db, limits[i].id, limits[i].max);
	}
}

struct expr_engine *expr_engine_create(void)
{
	struct expr_engine *e = mem_alloc(1, sizeof *e);
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

	if (sqlite3_open_v2(":memory:", &e->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, NULL) ||
		sqlite3_create_function_v2(
			e->db, "has", 2, flags, NULL, on_has, NULL, NULL, NULL)) {
		/* Only memory can be short here: every prepare will then say so. */
		sqlite3_close(e->db);
		e->db = NULL;
		return e;
	}
	set_limits(e->db);
	sqlite3_set_authorizer(e->db, on_authorize, NULL);
	return e;
}

void expr_engine_destroy(struct expr_engine *e)
{
	if (e) {
		sqlite3_close(e->db);
		free(e);
	}
}

/* ---- one condition ---- */

/* The parameter number of a name, which is added when it is new. */
static size_t find_use(struct expr *e, const char *name)
{
	for (size_t i = 0; i < e->use_count; i++) {
		if (!strcmp(e->uses[i], name)) {
			return i + 1;
		}
	}
	e->uses[e->use_count++] = name;
	return e->use_count;
}

static void write_sql(struct buf *sql, struct expr *e, const struct expr_scan *s)
{
	buf_adds(sql, "select (");
	for (size_t i = 1; i <= s->count; i++) {
		if (s->token[i].kind == EXPR_NAME) {
			buf_printf(sql, "?%zu ", find_use(e, s->token[i].text));
		} else {
			buf_printf(sql, "%s ", s->token[i].text);
		}
	}
	buf_adds(sql, ")");
}

/* SQLite's words for a text that is no expression, made plain. */
static const char *explain(struct arena *arena, const char *message)
{
	const char *near = strstr(message, "near \"");
	const char *stop = near ? strstr(near, "\": ") : NULL;

	if (stop && strncmp(near, "near \")\"", 8) != 0) {
		return arena_printf(arena, "not a condition: it goes wrong at %.*s\"",
			(int)(stop - near - 5), near + 5);
	}
	return near ? "not a condition: something is missing at its end"
		    : arena_printf(arena, "not a condition: %s", message);
}

static bool compile(struct expr_engine *engine, struct arena *arena, struct expr *e,
	const struct expr_scan *s, const char **error)
{
	struct buf sql = {0};
	const char *rest = "";
	int code;

	write_sql(&sql, e, s);
	code = engine->db ? sqlite3_prepare_v3(engine->db, buf_text(&sql), (int)sql.len + 1,
				    SQLITE_PREPARE_PERSISTENT, &e->stmt, &rest)
			  : SQLITE_NOMEM;
	if (code == SQLITE_OK && (*rest || sqlite3_column_count(e->stmt) != 1)) {
		code = SQLITE_ERROR;
		*error = "not one condition";
	} else if (code != SQLITE_OK) {
		*error = explain(arena,
			engine->db ? sqlite3_errmsg(engine->db) : "no memory for conditions");
	}
	buf_finish(&sql);
	return code == SQLITE_OK;
}

struct expr *expr_prepare(struct expr_engine *engine, struct arena *arena, const char *text,
	const struct expr_name *names, size_t count, const char **error)
{
	struct expr_scan *s = mem_alloc(1, sizeof *s);
	struct expr *e = mem_alloc(1, sizeof *e);
	bool ok;

	s->arena = arena;
	s->names = names;
	s->name_count = count;
	ok = expr_scan_read(s, text);
	if (ok) {
		e->uses = arena_alloc(arena, s->count * sizeof *e->uses);
		ok = compile(engine, arena, e, s, error);
	} else {
		*error = s->error;
	}
	free(s);
	if (!ok) {
		expr_destroy(e);
		return NULL;
	}
	return e;
}

void expr_destroy(struct expr *e)
{
	if (e) {
		sqlite3_finalize(e->stmt);
		free(e);
	}
}

size_t expr_uses(const struct expr *e, const char *const **names_out)
{
	*names_out = e->uses;
	return e->use_count;
}

static void bind(sqlite3_stmt *stmt, int i, struct value v)
{
	switch (v.type) {
	case VALUE_NULL:
		sqlite3_bind_null(stmt, i);
		break;
	case VALUE_NUMBER:
		sqlite3_bind_double(stmt, i, v.number);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text(stmt, i, v.text, -1, SQLITE_STATIC);
		break;
	}
}

int expr_eval(struct expr *e, expr_lookup_fn lookup, void *ctx)
{
	int result = -1;

	for (size_t i = 0; i < e->use_count; i++) {
		bind(e->stmt, (int)i + 1, lookup(ctx, e->uses[i]));
	}
	/* An error (a text beyond the limits) makes the condition unknown, never true. */
	if (sqlite3_step(e->stmt) == SQLITE_ROW && sqlite3_column_type(e->stmt, 0) != SQLITE_NULL) {
		result = sqlite3_column_double(e->stmt, 0) != 0;
	}
	sqlite3_reset(e->stmt);
	sqlite3_clear_bindings(e->stmt);
	return result;
}
