/* Whole messages: clauses, cues, phrases; and what the lexicon's loader refuses. */
#include "flow/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct run {
	struct arena *arena;
	const struct lexicon *lex;
};

static int open_lexicon(void **state)
{
	struct run *run = mem_alloc(1, sizeof *run);
	const char *error = NULL;

	run->arena = arena_create();
	run->lex = lexicon_load(run->arena, "prompts/lexicon/en.yaml", &error);
	*state = run;
	return run->lex ? 0 : -1;
}

static int close_lexicon(void **state)
{
	struct run *run = *state;

	arena_destroy(run->arena);
	free(run);
	return 0;
}

static void test_clauses(void **state)
{
	static const struct {
		const char *description, *text, *clauses;
	} rows[] = {
		{"three topics", "6, stiff for 20 min, slept badly",
			"6|stiff for 20 min|slept badly"},
		{"a decimal comma", "6,5", "6,5"},
		{"a clock time", "7:15", "7:15"},
		{"a dotted time", "7.15 p.m.", "7.15 p.m."},
		{"a contrast stays one", "not 7, 4", "not 7, 4"},
		{"yesterday and today stay one", "it was 8 yesterday, 3 today",
			"it was 8 yesterday, 3 today"},
		{"a correction stays one", "6, no wait, 7", "6, no wait, 7"},
		{"and between topics", "6 and slept badly", "6|slept badly"},
		{"and inside a number", "six and a half", "six and a half"},
		{"and between choices", "hip and left leg", "hip and left leg"},
		{"between", "between 5 and 6", "between 5 and 6"},
		{"but", "pain 6 but slept well", "pain 6|slept well"},
		{"lines", "6\nstiff 20\n\nbad night", "6|stiff 20|bad night"},
		{"sentences", "Pain is 6. Slept well!", "Pain is 6|Slept well"},
		{"full-width comma", "6\xef\xbc\x8c 20", "6|20"},
		{"a dash", "6 - bad night", "6|bad night"},
		{"nothing", " ,; ", ""},
		{"empty", "", ""},
		{"at most twelve", "a;b;c;d;e;f;g;h;i;j;k;l;m;n", "a|b|c|d|e|f|g|h|i|j|k|l, m, n"},
	};
	struct run *run = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		const char *const *list = read_clauses(arena, run->lex, rows[i].text);
		const char *joined = "";

		for (const char *const *c = list; *c; c++) {
			joined = arena_printf(arena, "%s%s%s", joined, c == list ? "" : "|", *c);
		}
		if (strcmp(joined, rows[i].clauses) != 0) {
			fail_msg("%s: %s", rows[i].description, joined);
		}
		arena_destroy(arena);
	}
}

static void test_cues(void **state)
{
	static const char *const stiff[] = {"stiff", "loosen up", NULL};
	static const char *const stiffness[] = {"stiffness", NULL};
	static const char *const rest[] = {"leg", "fever", NULL};
	static const struct {
		const char *text;
		const char *const *cues;
		bool expected;
	} rows[] = {
		{"stiff for 20 min", stiff, true},
		{"STIFFNESS 20", stiff, true},
		{"a bit stiffer", stiff, true},
		{"stiff", stiffness, true},
		{"stifness 20", stiffness, true},
		{"needs 20 min to loosen up", stiff, true},
		{"loosen", stiff, false},
		{"I am still here", stiff, false},
		{"left leg", rest, true},
		{"legal", rest, false},
		{"feverish", rest, true},
		{"", rest, false},
		{"\xff leg", rest, false},
	};
	struct run *run = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();

		if (read_has_cue(arena, run->lex, rows[i].text, rows[i].cues) != rows[i].expected) {
			fail_msg("\"%s\"", rows[i].text);
		}
		arena_destroy(arena);
	}
}

static void test_phrases(void **state)
{
	static const char *const stop[] = {"stop", "unsubscribe", "leave me alone", NULL};
	static const char *const help[] = {"help", "my data", NULL};
	static const struct {
		const char *text;
		const char *const *phrases;
		bool expected;
	} rows[] = {
		{"stop", stop, true},
		{"STOP!!", stop, true},
		{"stop please", stop, true},
		{"please stop", stop, true},
		{"ok, stop now please.", stop, true},
		{"ｓｔｏｐ", stop, true},
		{"unsubscrib", stop, true},
		{"unsubscirbe", stop, true},
		{"leave me alone", stop, true},
		{"please leave me alone!", stop, true},
		{"stpo", stop, false},
		{"bus stop", stop, false},
		{"stop smoking", stop, false},
		{"don't stop", stop, false},
		{"Helpp!", help, true},
		{"help me", help, true},
		{"it did not help", help, false},
		{"my data", help, true},
		{"my date", help, false},
		{"", help, false},
		{"\xff", help, false},
	};
	struct run *run = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();

		if (read_is_phrase(arena, run->lex, rows[i].text, rows[i].phrases) !=
			rows[i].expected) {
			fail_msg("\"%s\"", rows[i].text);
		}
		arena_destroy(arena);
	}
}

/* Loads a lexicon of this source; what its error says behind the path. */
static const char *load_error(struct arena *arena, const char *source)
{
	char path[] = "/tmp/test_lexicon_XXXXXX";
	int fd = mkstemp(path);
	const char *error = NULL;
	struct lexicon *lex;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, source, strlen(source)), (ssize_t)strlen(source));
	close(fd);
	lex = lexicon_load(arena, path, &error);
	unlink(path);
	if (lex) {
		return lexicon_lang(lex);
	}
	assert_memory_equal(error, path, strlen(path));
	return error + strlen(path);
}

static void test_lexicon_faults(void **state)
{
	static const struct {
		const char *description, *source, *result;
	} rows[] = {
		{"small and good", "lang: de\nnumbers: {sechs: 6}\nyes: [ja]\n", "de"},
		{"no language", "yes: [ja]\n", ":1:1: \"lang: en\""},
		{"unknown section", "lang: de\nnubmers: {}\n",
			":2:1: unknown key \"nubmers\", did you mean \"numbers\"?"},
		{"twice in one section", "lang: de\nyes:\n  - ja\n  - JA\n",
			":4:1: \"ja\" stands twice in \"yes\" (line 3)"},
		{"two meanings in one section", "lang: de\nnumbers: {six: 6, Six: 7}\n",
			":2:1: \"six\" stands twice"},
		{"in two sections is fine", "lang: de\nyes: [ja]\nsafe: [ja]\n", "de"},
		{"not a number", "lang: de\nnumbers: {six: sex}\n", ":2:16: a number is wanted"},
		{"not a time", "lang: de\ntimes: {noon: 25:00}\n", ":2:15: a time such as"},
		{"an empty phrase", "lang: de\nyes: ['*']\n", ":2:7: \"*\" is not a phrase"},
		{"no list", "lang: de\nyes: ja\n", ":2:6: a list of phrases"},
		{"bad YAML", "lang: [de\n", ":2:1: a comma or ] is missing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		const char *result = load_error(arena, rows[i].source);

		if (strncmp(result, rows[i].result, strlen(rows[i].result)) != 0) {
			fail_msg("%s: %s", rows[i].description, result);
		}
		arena_destroy(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clauses, open_lexicon, close_lexicon),
		cmocka_unit_test_setup_teardown(test_cues, open_lexicon, close_lexicon),
		cmocka_unit_test_setup_teardown(test_phrases, open_lexicon, close_lexicon),
		cmocka_unit_test(test_lexicon_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
