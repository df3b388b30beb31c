/* Helpers for text, as tables. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_utf8(void **state)
{
	static const struct {
		const char *what, *text;
		size_t len;
		bool expected;
	} rows[] = {
		{"nothing", "", 0, true},
		{"two scripts", "a\xc3\xa4\xd0\xb1", 5, true},
		{"cut in the middle", "a\xc3", 2, false},
		{"longer than needed", "\xc0\x80", 2, false},
		{"half of a pair", "\xed\xa0\x80", 3, false},
		{"a NUL inside", "a\0b", 3, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (text_is_utf8(rows[i].text, rows[i].len) != rows[i].expected) {
			fail_msg("%s", rows[i].what);
		}
	}
}

static void test_trim(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"", ""}, {" \t\n", ""}, {" a  b ", "a  b"},
		{"\xe3\x80\x80six\xc2\xa0", "six"}, /* ideographic space, no-break space */
	};
	struct arena *a = arena_create();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(text_trim(a, rows[i].text), rows[i].expected);
	}
	arena_destroy(a);
}

static void test_word_count(void **state)
{
	static const struct {
		const char *text;
		size_t expected;
	} rows[] = {
		{"", 0},
		{"  ", 0},
		{"six", 1},
		{" six  of\tten\n", 3},
		{"6/10 after gardening", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(text_word_count(rows[i].text), rows[i].expected);
	}
}

static void test_has_id(void **state)
{
	static const struct {
		const char *list, *id;
		bool expected;
	} rows[] = {
		{"hip leg", "hip", true},
		{"hip leg", "leg", true},
		{"hip leg", "le", false},
		{"hip leg", "ip", false},
		{"hips hip", "hip", true},
		{"hip", "hip", true},
		{"hip", "", false},
		{"", "hip", false},
		{NULL, "hip", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (text_has_id(rows[i].list, rows[i].id) != rows[i].expected) {
			fail_msg("\"%s\" in \"%s\"", rows[i].id,
				rows[i].list ? rows[i].list : "(null)");
		}
	}
}

static void test_distance(void **state)
{
	static const struct {
		const char *what, *a, *b;
		size_t max, expected;
	} rows[] = {
		{"the same", "four", "four", 2, 0},
		{"neighbours swapped", "fuor", "four", 2, 1},
		{"one added", "fourr", "four", 2, 1},
		{"one dropped", "for", "four", 2, 1},
		{"one changed", "fous", "four", 2, 1},
		{"two", "fxus", "four", 2, 2},
		{"more than asked for", "abcd", "four", 2, 3},
		{"characters, not bytes",
			"r\xc3\xbc"
			"cken",
			"rucken", 2, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (text_distance(rows[i].a, rows[i].b, rows[i].max) != rows[i].expected) {
			fail_msg("%s", rows[i].what);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_word_count),
		cmocka_unit_test(test_has_id),
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
