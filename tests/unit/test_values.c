/* Values, their JSON, and the texts they are filled into. */
#include "flow/template.h"
#include "flow/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_list(void **state)
{
	struct arena *arena = arena_create();
	struct values *v = values_create(arena);
	char text[] = "hip leg", name[4];
	struct value got;

	(void)state;
	for (int i = 0; i < 26; i++) {
		memcpy(name, "v_a", sizeof name);
		name[2] = (char)('a' + i);
		values_set(v, name, value_number(i));
	}
	values_set(v, "v_c", value_text(text));
	text[0] = 'x'; /* it was copied */
	values_set(v, "v_d", value_null());
	values_remove(v, "v_a");
	values_remove(v, "absent");
	assert_int_equal(values_count(v), 25);
	assert_string_equal(values_at(v, 0, &got), "v_b");
	assert_true(values_get(v, "v_c", &got));
	assert_true(value_equal(got, value_text("hip leg")));
	assert_true(values_get(v, "v_d", &got));
	assert_true(value_equal(got, value_null()));
	assert_false(values_get(v, "v_a", &got));
	assert_int_equal(got.type, VALUE_NULL);
	assert_false(value_equal(value_number(0), value_null()));
	arena_destroy(arena);
}

static void test_json(void **state)
{
	struct arena *arena = arena_create();
	struct values *v = values_create(arena);

	(void)state;
	values_set(v, "pain", value_number(6.5));
	values_set(v, "age", value_number(60));
	values_set(v, "note", value_text("say \"hi\"\n"));
	values_set(v, "unsure", value_null());
	assert_string_equal(values_to_json(arena, v),
		"{\"pain\":6.5,\"age\":60,\"note\":\"say \\\"hi\\\"\\n\",\"unsure\":null}");
	v = values_from_json(arena, values_to_json(arena, v));
	assert_string_equal(values_to_json(arena, v),
		"{\"pain\":6.5,\"age\":60,\"note\":\"say \\\"hi\\\"\\n\",\"unsure\":null}");
	assert_null(values_from_json(arena, "[1]"));
	assert_null(values_from_json(arena, "{\"a\":[1]}"));
	assert_null(values_from_json(arena, "{\"a\":"));
	assert_null(values_from_json(arena, ""));
	arena_destroy(arena);
}

static void test_show(void **state)
{
	struct arena *arena = arena_create();

	(void)state;
	assert_string_equal(value_show(arena, value_number(6)), "6");
	assert_string_equal(value_show(arena, value_number(6.5)), "6.5");
	assert_string_equal(value_show(arena, value_number(-0.0)), "0");
	assert_string_equal(value_show(arena, value_null()), "");
	assert_string_equal(value_show(arena, value_text("07:15")), "07:15");
	arena_destroy(arena);
}

static struct value lookup(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "pain")  ? value_number(6)
	       : !strcmp(name, "tag") ? value_text("{pain}")
				      : value_null();
}

static void test_template(void **state)
{
	static const struct {
		const char *description, *text, *filled;
		size_t names; /* 99: a fault */
	} rows[] = {
		{"nothing to fill", "Hello", "Hello", 0},
		{"a number", "{pain} of 10.", "6 of 10.", 1},
		{"unknown becomes nothing", "a{nobody}b", "ab", 1},
		{"a filled text is not filled again", "<{tag}>", "<{pain}>", 1},
		{"a doubled brace", "{{pain} {pain}", "{pain} 6", 1},
		{"two side by side", "{pain}{pain}", "66", 2},
		{"an open brace", "a {pain", "a {pain", 99},
		{"a wrong name", "a {Pain}", "a {Pain}", 99},
		{"an empty name", "{}", "{}", 99},
		{"other scripts", "Schmerz: {pain} é", "Schmerz: 6 é", 1},
		{"empty", "", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		const char *error = NULL;
		const char *const *names = template_names(arena, rows[i].text, &error);
		size_t n = 0;

		assert_string_equal(
			template_fill(arena, rows[i].text, lookup, NULL), rows[i].filled);
		while (names && names[n]) {
			n++;
		}
		if ((names ? n : 99) != rows[i].names || !names == !error) {
			fail_msg("%s: %zu names", rows[i].description, n);
		}
		arena_destroy(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
