/* Conditions: what they mean, and what is refused before it can be quietly false. */
#include "base/clock.h"
#include "flow/expr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const nights[] = {"good", "broken", "bad", NULL};
static const char *const places[] = {"hip", "leg", "left_side", NULL};

static const struct expr_name names[] = {
	{"pain", VALUE_NUMBER, NULL}, {"stiffness", VALUE_NUMBER, NULL},
	{"has_fever", VALUE_NUMBER, NULL}, {"night", VALUE_TEXT, nights},
	{"places", VALUE_TEXT, places}, {"note", VALUE_TEXT, NULL}, {"tags", VALUE_TEXT, NULL},
	{"order", VALUE_NUMBER, NULL}, /* a word of SQL */
};
enum { NAMES = sizeof names / sizeof *names };

struct fixture {
	struct arena *arena;
	struct expr_engine *engine;
};

static int setup(void **state)
{
	struct fixture *f = mem_alloc(1, sizeof *f);

	f->arena = arena_create();
	f->engine = expr_engine_create();
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	expr_engine_destroy(f->engine);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

/* pain 7, night bad, places "hip left_side", order 1; the rest is unknown */
static struct value lookup(void *ctx, const char *name)
{
	(void)ctx;
	if (!strcmp(name, "pain")) {
		return value_number(7);
	}
	if (!strcmp(name, "order")) {
		return value_number(1);
	}
	if (!strcmp(name, "night")) {
		return value_text("bad");
	}
	if (!strcmp(name, "tags")) {
		return value_text("left_side sideways side_b");
	}
	return strcmp(name, "places") ? value_null() : value_text("hip left_side");
}

static const struct {
	const char *text;
	int expected;
} meanings[] = {
	{"pain >= 7", 1},
	{"pain > 7", 0},
	{"pain = 7.0", 1},
	{"pain <> 7", 0},
	{"pain != 6", 1},
	{"pain == 7", 1},
	{"pain between 4 and 7", 1},
	{"pain not between 4 and 7", 0},
	{"pain between 4 and 6 or night = 'bad'", 1},
	{"pain between 1 and 9 and night = 'bad'", 1},
	{"pain in (5, 6, 7)", 1},
	{"pain not in (5, 6, 7)", 0},
	{"night = 'bad'", 1},
	{"night in ('good', 'broken')", 0},
	{"NIGHT", -2},
	{"night = 'bad' AND NOT pain < 7", 1},
	{"has(places, 'hip')", 1},
	{"has(places, 'leg')", 0},
	{"has(note, 'x')", -1},
	{"has(tags, 'side')", 0},
	{"has(tags, 'sideways')", 1},
	{"has(tags, '')", 0},
	{"has ( places, 'left_side' )", 1},
	{"not has(places, 'leg')", 1},
	{"has_fever", -1},
	{"not has_fever", -1},
	{"has_fever is null", 1},
	{"has_fever is not null", 0},
	{"pain is not null", 1},
	{"stiffness > 30", -1},
	{"stiffness > 30 or pain > 5", 1},
	{"stiffness > 30 and pain > 9", 0},
	{"coalesce(stiffness, 0) = 0", 1},
	{"coalesce(stiffness, pain, 3) = 7", 1},
	{"abs(pain - 10) = 3", 1},
	{"min(pain, 3) = 3", 1},
	{"max(pain, 9) = 9", 1},
	{"round(pain / 2) = 4", 1},
	{"-pain < 0", 1},
	{"pain - -1 = 8", 1},
	{"pain", 1},
	{"pain - 7", 0},
	{"order = 1", 1},
	{"(pain > 3 and (night = 'bad'))", 1},
	{"(night = 'bad') = 1", 1},
	{"pain\n>\t3", 1},
	{"note = 'it''s'", -1},
	{"1", 1},
	{"0", 0},
	{"null", -1},
};

static void test_meanings(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		const char *error = "", *text = meanings[i].text;
		struct expr *e = expr_prepare(f->engine, f->arena, text, names, NAMES, &error);
		int found = e ? expr_eval(e, lookup, NULL) : -2;

		if (found != meanings[i].expected) {
			fail_msg("%s: %d, not %d (%s)", text, found, meanings[i].expected, error);
		}
		expr_destroy(e);
	}
}

static const struct {
	const char *text, *error;
} refusals[] = {
	{"", "is empty"},
	{"  ", "is empty"},
	{"pian > 7", "unknown name \"pian\", did you mean \"pain\"?"},
	{"weather > 7", "unknown name \"weather\": it is no answer"},
	{"has_fever = yes", "yes is 1 and no is 0"},
	{"Pain > 7", "did you mean \"pain\"?"},
	{"pain > '7'", "compares a number with a text"},
	{"'7' < pain", "compares a text with a number"},
	{"night = 2", "compares a text with a number"},
	{"night is 2", "compares a text with a number"},
	{"night is not 2", "compares a text with a number"},
	{"pain = night", "compares a number with a text"},
	{"pain in (1, 'two')", "compares a number with a text"},
	{"night not in (1)", "compares a text with a number"},
	{"pain between 'a' and 'b'", "compares a number with a text"},
	{"pain between 1 and 'b'", "compares a number with a text"},
	{"has(places, 'hip') = 'yes'", "compares a number with a text"},
	{"coalesce(night, 'bad') = 1", "compares a text with a number"},
	{"(night) = 1", "cannot be true by itself"},
	{"pain + 1 = 'x'", "compares a number with a text"},
	{"-night", "calculates with a text"},
	{"night + 1 > 2", "calculates with a text"},
	{"night", "cannot be true by itself"},
	{"pain between 1 and 9 and night", "cannot be true by itself"},
	{"not night", "cannot be true by itself"},
	{"pain > 3 and night", "cannot be true by itself"},
	{"pain > 3 or 'x'", "cannot be true by itself"},
	{"(night) or pain", "cannot be true by itself"},
	{"night = 'bda'", "night has no option 'bda', did you mean 'bad'?"},
	{"'horrible' = night", "night has no option 'horrible'"},
	{"night in ('good', 'god')", "did you mean 'good'?"},
	{"has(places, 'arm')", "places has no option 'arm'"},
	{"has(pain, 'x')", "has() wants a text, but pain is a number"},
	{"has(places, 1)", "has() wants a text, but 1 is a number"},
	{"has(places)", "wrong number of arguments"},
	{"abs(night) = 1", "abs() wants a number"},
	{"coalesce(night, 0) = 'x'", "coalesce() wants a text, but 0 is a number"},
	{"length(night) > 3", "\"length\" is not a function"},
	{"load_extension('x')", "\"load_extension\" is not a function"},
	{"random() > 3", "\"random\" is not a function"},
	{"pain >", "something is missing at its end"},
	{"pain > > 7", "goes wrong at \">\""},
	{"pain 7", "goes wrong at \"7\""},
	{"and pain", "goes wrong at \"and\""},
	{"(pain > 7", "a ( is not closed"},
	{"pain > 7)", "a ) has no ( before it"},
	{"1) union select (2", "unknown name \"union\""},
	{"1) or (2", "a ) has no ( before it"},
	{"1, 2", "not"},
	{"pain; drop table x", "\";\" has no place"},
	{"pain -- always", "comments are not part"},
	{"pain /* always */", "comments are not part"},
	{"pain && night", "write \"and\""},
	{"pain || night", "write \"or\""},
	{"!pain", "write \"not\""},
	{"night = \"bad\"", "single quotes"},
	{"night = 'bad", "a text is not closed"},
	{"pain > 7x", "is not a number"},
	{"pain > 1.2.3", "is not a number"},
	{"pain > 0x10", "is not a number"},
	{"pain > 1e3", "is not a number"},
	{"pain > 99999999999999999999", "is not a number"},
	{"pain > ?1", "\"?\" has no place"},
	{"pain > :x", "\":\" has no place"},
	{"pain ≥ 7", "plain letters"},
	{"(select 1)", "unknown name \"select\""},
	{"exists(select 1)", "\"exists\" is not a function"},
	{"pain > 7 group by pain", "unknown name \"group\""},
	{"pain collate nocase = 1", "unknown name \"collate\""},
	{"case when pain then 1 end", "unknown name \"case\""},
	{"pain in 5", "wants a list in brackets"},
	{"((((((((((((((((((pain))))))))))))))))))", "too many brackets"},
};

static void test_refusals(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const char *error = "", *text = refusals[i].text;
		struct expr *e = expr_prepare(f->engine, f->arena, text, names, NAMES, &error);

		if (e || !strstr(error, refusals[i].error)) {
			fail_msg("%s: %s (expected: %s)", text, e ? "accepted" : error,
				refusals[i].error);
		}
	}
}

static void test_too_long(void **state)
{
	struct fixture *f = *state;
	const char *error = "", *text = "pain > 0";

	for (int i = 0; i < 100; i++) {
		text = arena_printf(f->arena, "%s or pain > 0", text);
	}
	assert_null(expr_prepare(f->engine, f->arena, text, names, NAMES, &error));
	assert_string_equal(error, "the condition is too long: split it over two rules or steps");
}

static void test_uses(void **state)
{
	struct fixture *f = *state;
	const char *error = "", *const * uses;
	struct expr *e = expr_prepare(f->engine, f->arena, "pain > 3 and night = 'bad' or pain < 1",
		names, NAMES, &error);

	assert_non_null(e);
	assert_int_equal(expr_uses(e, &uses), 2);
	assert_string_equal(uses[0], "pain");
	assert_string_equal(uses[1], "night");
	expr_destroy(e);
}

static struct value huge_lookup(void *ctx, const char *name)
{
	(void)name;
	return value_text(ctx);
}

/* What goes beyond the engine's limits is unknown, never true. */
static void test_huge_text(void **state)
{
	struct fixture *f = *state;
	char *huge = arena_alloc(f->arena, (1 << 17) + 1);
	const char *error = "";
	struct expr *e = expr_prepare(f->engine, f->arena, "note = 'x' or 1", names, NAMES, &error);

	memset(huge, 'x', 1 << 17);
	assert_non_null(e);
	assert_int_equal(expr_eval(e, huge_lookup, huge), 1);
	expr_destroy(e);
}

static void test_speed(void **state)
{
	struct fixture *f = *state;
	enum { ROUNDS = 20000 };
	const char *error = "";
	struct expr *e = expr_prepare(f->engine, f->arena,
		"pain >= 7 and not has_fever or night = 'bad'", names, NAMES, &error);
	int64_t start_us = clock_mono_us(), took_us;
	int sum = 0;

	for (int i = 0; i < ROUNDS; i++) {
		sum += expr_eval(e, lookup, NULL);
	}
	took_us = clock_mono_us() - start_us;
	assert_int_equal(sum, ROUNDS);
	print_message("%.0f evaluations a second\n", ROUNDS * 1e6 / (double)(took_us + 1));
	expr_destroy(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_meanings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(test_uses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_huge_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_speed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
