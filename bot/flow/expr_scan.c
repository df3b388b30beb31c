/* Conditions, cut into tokens before SQLite sees them. Only tokens of a short list pass, and SQLite
 * gets a text put together from them again, so nothing else can reach it. The grammar is SQLite's.
 */
#include "flow/expr_scan.h"

#include "flow/yaml.h"

#include <string.h>
#include <strings.h>

const struct expr_function expr_functions[] = {
	{"has", VALUE_TEXT, VALUE_NUMBER},
	{"coalesce", VALUE_NULL, VALUE_NULL},
	{"abs", VALUE_NUMBER, VALUE_NUMBER},
	{"min", VALUE_NUMBER, VALUE_NUMBER},
	{"max", VALUE_NUMBER, VALUE_NUMBER},
	{"round", VALUE_NUMBER, VALUE_NUMBER},
	{0},
};

static const struct {
	const char *word;
	enum expr_token_kind kind;
} words[] = {
	{"and", EXPR_AND},
	{"or", EXPR_OR},
	{"not", EXPR_NOT},
	{"null", EXPR_NULL},
	{"between", EXPR_BETWEEN},
	{"in", EXPR_IN},
	{"is", EXPR_COMPARE},
};

/* Longest first. */
static const struct {
	const char *sign;
	enum expr_token_kind kind;
} signs[] = {
	{"<=", EXPR_COMPARE},
	{">=", EXPR_COMPARE},
	{"<>", EXPR_COMPARE},
	{"!=", EXPR_COMPARE},
	{"==", EXPR_COMPARE},
	{"=", EXPR_COMPARE},
	{"<", EXPR_COMPARE},
	{">", EXPR_COMPARE},
	{"+", EXPR_MATH},
	{"-", EXPR_MATH},
	{"*", EXPR_MATH},
	{"/", EXPR_MATH},
	{"%", EXPR_MATH},
	{"(", EXPR_OPEN},
	{")", EXPR_CLOSE},
	{",", EXPR_COMMA},
};

/* What people write who know other languages, and what they mean here. */
static const struct {
	const char *sign, *hint;
} foreign[] = {
	{"--", "comments are not part of a condition"},
	{"/*", "comments are not part of a condition"},
	{"&&", "write \"and\" instead of &&"},
	{"||", "write \"or\" instead of ||"},
	{"\"", "texts stand in single quotes: 'bad'"},
};

bool expr_scan_fail(struct expr_scan *s, const char *error)
{
	if (!s->error) {
		s->error = error;
	}
	return false;
}

static struct expr_token *add(
	struct expr_scan *s, enum expr_token_kind kind, const char *text, size_t len)
{
	struct expr_token *t;

	if (s->count >= EXPR_TOKENS_MAX) {
		expr_scan_fail(s, "the condition is too long: split it over two rules or steps");
		return NULL;
	}
	t = &s->token[++s->count];
	t->kind = kind;
	t->text = arena_strndup(s->arena, text, len);
	return t;
}

/* ---- cutting ---- */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool unknown_name(struct expr_scan *s, const char *word)
{
	const char **all = arena_alloc(s->arena, (s->name_count + 1) * sizeof *all);
	const char *near;

	for (size_t i = 0; i < s->name_count; i++) {
		all[i] = s->names[i].name;
	}
	near = yaml_nearest(word, all);
	if (near) {
		return expr_scan_fail(
			s, arena_printf(s->arena, "unknown name \"%s\", did you mean \"%s\"?", word,
				   near));
	}
	if (!strcmp(word, "yes") || !strcmp(word, "no") || !strcmp(word, "true") ||
		!strcmp(word, "false")) {
		return expr_scan_fail(s,
			arena_printf(s->arena, "unknown name \"%s\": yes is 1 and no is 0", word));
	}
	return expr_scan_fail(
		s, arena_printf(s->arena,
			   "unknown name \"%s\": it is no answer of this flow, set by no "
			   "action of it, and no fact",
			   word));
}

static bool add_name(struct expr_scan *s, struct expr_token *t)
{
	t->kind = EXPR_NAME;
	for (size_t i = 0; i < s->name_count; i++) {
		if (!strcmp(s->names[i].name, t->text)) {
			t->name = &s->names[i];
			return true;
		}
	}
	return unknown_name(s, t->text);
}

static bool add_function(struct expr_scan *s, struct expr_token *t)
{
	t->kind = EXPR_FUNCTION;
	for (const struct expr_function *f = expr_functions; f->name; f++) {
		if (!strcmp(f->name, t->text)) {
			t->function = f;
			return true;
		}
	}
	return expr_scan_fail(
		s, arena_printf(s->arena,
			   "\"%s\" is not a function of conditions: those are has, coalesce, "
			   "abs, min, max and round",
			   t->text));
}

static bool cut_word(struct expr_scan *s, const char **p)
{
	const char *start = *p, *after;
	struct expr_token *t;

	while (is_name_char(**p)) {
		++*p;
	}
	t = add(s, EXPR_NAME, start, (size_t)(*p - start));
	if (!t) {
		return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!strcasecmp(words[i].word, t->text)) {
			t->kind = words[i].kind;
			return true;
		}
	}
	after = *p + strspn(*p, " \t\n");
	return *after == '(' ? add_function(s, t) : add_name(s, t);
}

static bool cut_number(struct expr_scan *s, const char **p)
{
	const char *start = *p;

	*p += strspn(*p, "0123456789");
	if (**p == '.') {
		*p += 1 + strspn(*p + 1, "0123456789");
	}
	if (is_name_char(**p) || **p == '.' || *p - start > 12) {
		return expr_scan_fail(s, arena_printf(s->arena, "\"%.*s\" is not a number",
						 (int)(*p - start + 1), start));
	}
	return add(s, EXPR_NUMBER, start, (size_t)(*p - start));
}

static bool cut_text(struct expr_scan *s, const char **p)
{
	const char *start = (*p)++;

	while (**p && (**p != '\'' || (*p)[1] == '\'')) {
		*p += **p == '\'' ? 2 : 1;
	}
	if (!**p) {
		return expr_scan_fail(s, "a text is not closed: a single quote is missing");
	}
	++*p;
	return add(s, EXPR_TEXT, start, (size_t)(*p - start));
}

static bool cut_sign(struct expr_scan *s, const char **p)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (!strncmp(*p, foreign[i].sign, strlen(foreign[i].sign))) {
			return expr_scan_fail(s, foreign[i].hint);
		}
	}
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].sign);

		if (!strncmp(*p, signs[i].sign, len)) {
			*p += len;
			return add(s, signs[i].kind, signs[i].sign, len);
		}
	}
	if (**p == '!') {
		return expr_scan_fail(s, "write \"not\" instead of !");
	}
	if ((unsigned char)**p >= 0x80) {
		return expr_scan_fail(s, "a condition is of plain letters, numbers and signs");
	}
	return expr_scan_fail(s, arena_printf(s->arena, "\"%c\" has no place in a condition", **p));
}

static bool cut(struct expr_scan *s, const char *p)
{
	for (p += strspn(p, " \t\n"); *p; p += strspn(p, " \t\n")) {
		bool ok = *p >= '0' && *p <= '9' ? cut_number(s, &p)
			  : *p == '\''           ? cut_text(s, &p)
			  : is_name_char(*p)     ? cut_word(s, &p)
						 : cut_sign(s, &p);

		if (!ok) {
			return false;
		}
	}
	return s->count ? true : expr_scan_fail(s, "the condition is empty");
}

/* ---- brackets, and the "and" of "between 4 and 6" ---- */

static bool pair_brackets(struct expr_scan *s)
{
	size_t open[EXPR_DEPTH_MAX], depth = 0, between[EXPR_DEPTH_MAX + 1] = {0};

	for (size_t i = 1; i <= s->count; i++) {
		struct expr_token *t = &s->token[i];

		if (t->kind == EXPR_OPEN) {
			if (depth == EXPR_DEPTH_MAX) {
				return expr_scan_fail(s, "too many brackets inside one another");
			}
			open[depth++] = i;
			between[depth] = 0;
		} else if (t->kind == EXPR_CLOSE) {
			if (depth == 0) {
				return expr_scan_fail(s, "a ) has no ( before it");
			}
			t->partner = open[--depth];
			s->token[t->partner].partner = i;
		} else if (t->kind == EXPR_BETWEEN) {
			between[depth]++;
		} else if (t->kind == EXPR_AND && between[depth]) {
			t->kind = EXPR_BETWEEN_AND;
			between[depth]--;
		}
	}
	return depth ? expr_scan_fail(s, "a ( is not closed") : true;
}

bool expr_scan_read(struct expr_scan *s, const char *text)
{
	return cut(s, text) && pair_brackets(s) && expr_types_check(s);
}
