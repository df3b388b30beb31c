/* What SQL would accept and quietly call false is refused here: a number compared with a text, a
 * text that stands for true or false, an option that does not exist. */
#include "flow/expr_scan.h"

#include "flow/yaml.h"

#include <string.h>

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
		return expr_scan_fail(
			s, arena_printf(s->arena,
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
	return expr_scan_fail(
		s, arena_printf(s->arena, "\"%s\" compares a %s with a %s: it would never hold",
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
	return expr_scan_fail(
		s, near ? arena_printf(s->arena, "%s has no option '%s', did you mean '%s'?",
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
		return expr_scan_fail(s,
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
		return expr_scan_fail(
			s, "\"in\" wants a list in brackets: night in ('bad', 'fair')");
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
			return expr_scan_fail(s,
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

bool expr_types_check(struct expr_scan *s)
{
	for (size_t i = 1; i <= s->count; i++) {
		if (!check_token(s, i)) {
			return false;
		}
	}
	return true;
}
