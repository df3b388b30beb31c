/* Conditions, looked at token by token before SQLite sees them. Only tokens of a short list pass,
 * and SQLite gets a text put together from them again, so nothing else can reach it. The grammar
 * is SQLite's; only what SQL would accept and quietly call false is refused here: a number
 * compared with a text, a text that stands for true or false, an option that does not exist. */
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

static bool fail(struct expr_scan *s, const char *error)
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
		fail(s, "the condition is too long: split it over two rules or steps");
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
		return fail(s, arena_printf(s->arena, "unknown name \"%s\", did you mean \"%s\"?",
				       word, near));
	}
	if (!strcmp(word, "yes") || !strcmp(word, "no") || !strcmp(word, "true") ||
		!strcmp(word, "false")) {
		return fail(s,
			arena_printf(s->arena, "unknown name \"%s\": yes is 1 and no is 0", word));
	}
	return fail(s, arena_printf(s->arena,
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
	return fail(s, arena_printf(s->arena,
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
		return fail(s, arena_printf(s->arena, "\"%.*s\" is not a number",
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
		return fail(s, "a text is not closed: a single quote is missing");
	}
	++*p;
	return add(s, EXPR_TEXT, start, (size_t)(*p - start));
}

static bool cut_sign(struct expr_scan *s, const char **p)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (!strncmp(*p, foreign[i].sign, strlen(foreign[i].sign))) {
			return fail(s, foreign[i].hint);
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
		return fail(s, "write \"not\" instead of !");
	}
	if ((unsigned char)**p >= 0x80) {
		return fail(s, "a condition is of plain letters, numbers and signs");
	}
	return fail(s, arena_printf(s->arena, "\"%c\" has no place in a condition", **p));
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
	return s->count ? true : fail(s, "the condition is empty");
}

/* ---- brackets, and the "and" of "between 4 and 6" ---- */

static bool pair_brackets(struct expr_scan *s)
{
	size_t open[EXPR_DEPTH_MAX], depth = 0, between[EXPR_DEPTH_MAX + 1] = {0};

	for (size_t i = 1; i <= s->count; i++) {
		struct expr_token *t = &s->token[i];

		if (t->kind == EXPR_OPEN) {
			if (depth == EXPR_DEPTH_MAX) {
				return fail(s, "too many brackets inside one another");
			}
			open[depth++] = i;
			between[depth] = 0;
		} else if (t->kind == EXPR_CLOSE) {
			if (depth == 0) {
				return fail(s, "a ) has no ( before it");
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
	return depth ? fail(s, "a ( is not closed") : true;
}

/* ---- types ---- */

static bool is_operand(const struct expr_token *t)
{
	return t->kind == EXPR_NAME || t->kind == EXPR_NUMBER || t->kind == EXPR_TEXT;
}

static enum value_type token_type(const struct expr_token *t)
{
	switch (t->kind) {
	case EXPR_NAME:
		return t->name->type;
	case EXPR_NUMBER:
		return VALUE_NUMBER;
	case EXPR_TEXT:
		return VALUE_TEXT;
	default:
		return VALUE_NULL;
	}
}

/* What the brackets that open at i give: VALUE_NULL when it cannot be told. */
static enum value_type bracket_type(const struct expr_scan *s, size_t open)
{
	const struct expr_token *f = &s->token[open - 1];

	if (f->kind == EXPR_FUNCTION) {
		return f->function->gives != VALUE_NULL ? f->function->gives
							: token_type(&s->token[open + 1]);
	}
	/* One operand in brackets is itself; any operator makes a number. */
	return s->token[open].partner == open + 2 ? token_type(&s->token[open + 1]) : VALUE_NUMBER;
}

static enum value_type left_type(const struct expr_scan *s, size_t i)
{
	const struct expr_token *t = &s->token[i - 1];

	if (t->kind == EXPR_NOT) { /* "night not in (...)", "not between" */
		t--;
	}
	return t->kind == EXPR_CLOSE ? bracket_type(s, t->partner) : token_type(t);
}

static enum value_type right_type(const struct expr_scan *s, size_t i)
{
	size_t at = i + 1;

	if (s->token[at].kind == EXPR_NOT && s->token[i].kind == EXPR_COMPARE) { /* "is not" */
		at++;
	}
	switch (s->token[at].kind) {
	case EXPR_OPEN:
		return bracket_type(s, at);
	case EXPR_FUNCTION:
		return bracket_type(s, at + 1);
	case EXPR_MATH:
		return VALUE_NUMBER;
	default:
		return token_type(&s->token[at]);
	}
}

static bool is_boundary(const struct expr_scan *s, size_t i)
{
	const struct expr_token *t = &s->token[i];
	size_t open = t->kind == EXPR_CLOSE ? t->partner : i;

	switch (t->kind) {
	case EXPR_END:
	case EXPR_AND:
	case EXPR_OR:
		return true;
	case EXPR_NOT: /* but not that of "not in" and "not between" */
		return t[1].kind != EXPR_IN && t[1].kind != EXPR_BETWEEN;
	case EXPR_OPEN:
	case EXPR_CLOSE: /* brackets of a function or a list are no boundary */
		return s->token[open - 1].kind != EXPR_FUNCTION &&
		       s->token[open - 1].kind != EXPR_IN;
	default:
		return false;
	}
}

static bool check_truth(struct expr_scan *s, size_t i)
{
	const struct expr_token *t = &s->token[i];

	if (is_operand(t) && token_type(t) == VALUE_TEXT && is_boundary(s, i - 1) &&
		is_boundary(s, i + 1)) {
		return fail(s, arena_printf(s->arena,
				       "%s is a text and cannot be true by itself: compare it "
				       "(%s = '...')",
				       t->text, t->kind == EXPR_NAME ? t->text : "name"));
	}
	return true;
}

static const char *type_name(enum value_type type)
{
	return type == VALUE_NUMBER ? "number" : "text";
}

static bool check_pair(
	struct expr_scan *s, const char *sign, enum value_type left, enum value_type right)
{
	if (left == VALUE_NULL || right == VALUE_NULL || left == right) {
		return true;
	}
	return fail(s, arena_printf(s->arena, "\"%s\" compares a %s with a %s: it would never hold",
			       sign, type_name(left), type_name(right)));
}

/* A text that is compared with a choice must be one of its options. */
static bool check_option(
	struct expr_scan *s, const struct expr_token *name, const struct expr_token *text)
{
	const char *id, *near;

	if (name->kind != EXPR_NAME || text->kind != EXPR_TEXT || !name->name->options) {
		return true;
	}
	id = arena_strndup(s->arena, text->text + 1, strlen(text->text) - 2);
	for (const char *const *o = name->name->options; *o; o++) {
		if (!strcmp(*o, id)) {
			return true;
		}
	}
	near = yaml_nearest(id, name->name->options);
	return fail(s, near ? arena_printf(s->arena, "%s has no option '%s', did you mean '%s'?",
				      name->text, id, near)
			    : arena_printf(s->arena, "%s has no option '%s'", name->text, id));
}

static bool check_compare(struct expr_scan *s, size_t i)
{
	const struct expr_token *right = &s->token[i + 1];

	right += right->kind == EXPR_NOT;
	return check_pair(s, s->token[i].text, left_type(s, i), right_type(s, i)) &&
	       check_option(s, &s->token[i - 1], right) && check_option(s, right, &s->token[i - 1]);
}

static bool check_math(struct expr_scan *s, size_t i)
{
	if (left_type(s, i) == VALUE_TEXT || right_type(s, i) == VALUE_TEXT) {
		return fail(s,
			arena_printf(s->arena, "\"%s\" calculates with a text", s->token[i].text));
	}
	return true;
}

static bool check_between(struct expr_scan *s, size_t i)
{
	size_t and = i;

	while (and <= s->count && s->token[and].kind != EXPR_BETWEEN_AND) {
		and++;
	}
	return check_pair(s, "between", left_type(s, i), right_type(s, i)) &&
	       check_pair(s, "between", left_type(s, i), right_type(s, and));
}

static bool check_in(struct expr_scan *s, size_t i)
{
	const struct expr_token *left = &s->token[i - 1];

	left -= left->kind == EXPR_NOT;
	if (s->token[i + 1].kind != EXPR_OPEN) {
		return fail(s, "\"in\" wants a list in brackets: night in ('bad', 'fair')");
	}
	for (size_t k = i + 2; k < s->token[i + 1].partner; k++) {
		if (!check_pair(s, "in", left_type(s, i), token_type(&s->token[k])) ||
			!check_option(s, left, &s->token[k])) {
			return false;
		}
	}
	return true;
}

static bool check_function(struct expr_scan *s, size_t i)
{
	const struct expr_function *f = s->token[i].function;
	enum value_type wanted = f->takes;

	for (size_t k = i + 2; k < s->token[i + 1].partner; k++) {
		const struct expr_token *t = &s->token[k];

		if (!is_operand(t) ||
			(s->token[k - 1].kind != EXPR_OPEN && s->token[k - 1].kind != EXPR_COMMA)) {
			continue;
		}
		if (wanted == VALUE_NULL) {
			wanted = token_type(t);
		}
		if (token_type(t) != wanted) {
			return fail(s,
				arena_printf(s->arena, "%s() wants a %s, but %s is a %s", f->name,
					type_name(wanted), t->text, type_name(token_type(t))));
		}
	}
	return strcmp(f->name, "has") != 0 || check_option(s, &s->token[i + 2], &s->token[i + 4]);
}

static bool check_token(struct expr_scan *s, size_t i)
{
	switch (s->token[i].kind) {
	case EXPR_NAME:
	case EXPR_TEXT:
		return check_truth(s, i);
	case EXPR_COMPARE:
		return check_compare(s, i);
	case EXPR_MATH:
		return check_math(s, i);
	case EXPR_BETWEEN:
		return check_between(s, i);
	case EXPR_IN:
		return check_in(s, i);
	case EXPR_FUNCTION:
		return check_function(s, i);
	default:
		return true;
	}
}

bool expr_scan_read(struct expr_scan *s, const char *text)
{
	if (!cut(s, text) || !pair_brackets(s)) {
		return false;
	}
	for (size_t i = 1; i <= s->count; i++) {
		if (!check_token(s, i)) {
			return false;
		}
	}
	return true;
}
