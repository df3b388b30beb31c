/* The reply reader against tables of realistic replies (tests/unit/replies). A row is what a
 * careful human would expect, a tab, the reply; "# ..." describes the rows below it, "! ..."
 * changes the question. A value where the table has another one, or a question, is silently wrong,
 * and there may be none of those. */
#include "base/buf.h"
#include "base/zone.h"
#include "flow/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include <cmocka.h>

static const char lexicon_path[] = "prompts/lexicon/en.yaml";

static const struct read_option nights[] = {
	{"good", "Slept well", (const char *const[]){"good", "well", NULL}},
	{"ok", "So-so", (const char *const[]){"okay", "not bad", NULL}},
	{"broken", "Broken sleep", (const char *const[]){"woke up a lot", NULL}},
	{"bad", "Hardly at all", (const char *const[]){"badly", "terrible", NULL}},
};
static const struct read_option places[] = {
	{"back", "Lower back", NULL},
	{"hip", "Hip", (const char *const[]){"hips", NULL}},
	{"left_leg", "Left leg", NULL},
	{"right_leg", "Right leg", NULL},
	{"neck", "Neck or shoulders", NULL},
};

struct table {
	const char *name;
	const char *file;
	size_t least; /* rows that the table must have */
	struct read_question question;
};

static const struct table tables[] = {
	{"pain", "tests/unit/replies/pain.tsv", 650,
		{.type = READ_SCALE, .max = 10, .subject = "pain", .in_answer = true}},
	{"minutes", "tests/unit/replies/minutes.tsv", 100,
		{.type = READ_MINUTES, .max = 240, .subject = "stiffness", .in_answer = true}},
	{"number", "tests/unit/replies/number.tsv", 40,
		{.type = READ_NUMBER, .max = 120, .subject = "age", .in_answer = true}},
	{"time", "tests/unit/replies/time.tsv", 80,
		{.type = READ_TIME, .in_answer = true, .now_min = 600}},
	{"date", "tests/unit/replies/date.tsv", 60,
		{.type = READ_DATE, .in_answer = true, .past_only = true}},
	{"zone", "tests/unit/replies/zone.tsv", 40, {.type = READ_ZONE, .in_answer = true}},
	{"yesno", "tests/unit/replies/yesno.tsv", 120, {.type = READ_YESNO, .in_answer = true}},
	{"choice", "tests/unit/replies/choice.tsv", 60,
		{.type = READ_CHOICE, .in_answer = true, .options = nights, .option_count = 4}},
};

struct run {
	struct arena *arena; /* of the lexicon */
	const struct lexicon *lex;
	struct read_question question;
};

struct score {
	size_t rows, right, wrong;
};

static int open_lexicon(void **state)
{
	struct run *run = mem_alloc(1, sizeof *run);
	const char *error = NULL;

	run->arena = arena_create();
	run->lex = lexicon_load(run->arena, lexicon_path, &error);
	if (!run->lex) {
		print_error("%s\n", error);
		return -1;
	}
	*state = run;
	return 0;
}

static int close_lexicon(void **state)
{
	struct run *run = *state;

	arena_destroy(run->arena);
	free(run);
	return 0;
}

/* ---- a row ---- */

/* "6", "unsure", "ask 5|6", "none" */
static const char *show(struct arena *arena, const struct reading *r)
{
	const char *text = "ask ";

	if (r->result == READ_NONE) {
		return "none";
	}
	if (r->result == READ_VALUE) {
		return r->value.type == VALUE_NULL ? "unsure" : value_show(arena, r->value);
	}
	for (size_t i = 0; i < r->guess_count; i++) {
		text = arena_printf(
			arena, "%s%s%s", text, i ? "|" : "", value_show(arena, r->guess[i]));
	}
	return text;
}

/* "\n" in a table is a new line in the reply. */
static void unescape(char *text)
{
	char *out = text;

	for (char *p = text; *p; p++) {
		if (p[0] == '\\' && p[1] == 'n') {
			*out++ = '\n';
			p++;
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
}

static void run_row(struct run *run, struct score *score, const char *expected, const char *reply,
	const char *where)
{
	struct arena *arena = arena_create();
	struct reading reading;
	const char *got;

	read_reply(arena, run->lex, &run->question, reply, &reading);
	got = show(arena, &reading);
	score->rows++;
	if (!strcmp(got, expected)) {
		score->right++;
	} else {
		bool is_silent = reading.result == READ_VALUE;

		score->wrong += is_silent;
		print_message("%s %-40s expected %-12s got %s%s\n", where, reply, expected, got,
			is_silent ? "   SILENTLY WRONG" : "");
	}
	arena_destroy(arena);
}

/* "! free", "! answer", "! choices", "! choice", "! bounds 180 720", "! future", "! zone X" */
static void change_question(struct run *run, const char *what)
{
	struct read_question *q = &run->question;

	if (!strcmp(what, "free") || !strcmp(what, "answer")) {
		q->in_answer = what[0] == 'a';
	} else if (!strcmp(what, "choices")) {
		q->type = READ_CHOICES;
		q->options = places;
		q->option_count = sizeof places / sizeof *places;
	} else if (!strcmp(what, "future")) {
		q->past_only = false;
	} else if (!strcmp(what, "weeks")) {
		q->subject = "weeks";
		q->max = 42;
	} else if (sscanf(what, "bounds %lf %lf", &q->min, &q->max) != 2) {
		fail_msg("unknown line \"! %s\"", what);
	}
}

static void run_table(struct run *run, const struct table *table, struct score *score)
{
	struct buf source = {0};
	const char *error;
	int number = 0;

	run->question = table->question;
	run->question.today = civil_day(2026, 3, 4); /* a Wednesday */
	if (!buf_read_file(&source, table->file, 1 << 20, &error)) {
		fail_msg("%s: %s", table->file, error);
	}
	for (char *line = source.data, *next; line && *line; line = next) {
		char *tab, where[64];

		number++;
		next = line + strcspn(line, "\n");
		next += *next ? (*next = '\0', 1) : 0;
		tab = strchr(line, '\t');
		snprintf(where, sizeof where, "%s:%d", table->name, number);
		if (line[0] == '!') {
			change_question(run, line + 2);
		} else if (line[0] != '#' && tab) {
			*tab = '\0';
			unescape(tab + 1);
			run_row(run, score, line, tab + 1, where);
		} else if (line[0] != '#' && line[0]) {
			fail_msg("%s: no tab in \"%s\"", where, line);
		}
	}
	buf_finish(&source);
}

static void test_tables(void **state)
{
	bool is_good = true;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct score score = {0};
		double percent;

		run_table(*state, &tables[i], &score);
		percent = score.rows ? 100.0 * (double)score.right / (double)score.rows : 0;
		printf("%s: %zu replies, %zu read right (%.1f %%), %zu silently wrong\n",
			tables[i].name, score.rows, score.right, percent, score.wrong);
		is_good = is_good && percent >= 98 && !score.wrong && score.rows >= tables[i].least;
	}
	assert_true(is_good);
}

/* ---- one reply, many spellings ---- */

static char *to_fullwidth(const char *text)
{
	struct buf out = {0};

	for (const char *p = text; *p; p++) {
		unsigned c = (unsigned char)*p + 0xfee0U;

		if (*p > ' ' && *p < 0x7f) {
			buf_addc(&out, (char)(0xe0 | (c >> 12)));
			buf_addc(&out, (char)(0x80 | ((c >> 6) & 0x3f)));
			buf_addc(&out, (char)(0x80 | (c & 0x3f)));
		} else {
			buf_addc(&out, *p);
		}
	}
	return buf_take(&out);
}

static char *respell(const char *text, int how)
{
	size_t len = 0;
	uint8_t *out;
	const uint8_t *in = (const uint8_t *)text;

	if (how == 2) {
		return to_fullwidth(text);
	}
	out = how == 0 ? u8_toupper(in, strlen(text) + 1, NULL, NULL, NULL, &len)
		       : u8_normalize(UNINORM_NFD, in, strlen(text) + 1, NULL, &len);
	return (char *)out;
}

static void check_spellings(struct run *run, const char *reply)
{
	struct arena *arena = arena_create();
	struct reading plain;
	const char *expected;

	read_reply(arena, run->lex, &run->question, reply, &plain);
	expected = show(arena, &plain);
	for (int how = 0; how < 3; how++) {
		struct reading other;
		char *spelled = respell(reply, how);

		read_reply(arena, run->lex, &run->question, spelled, &other);
		if (strcmp(show(arena, &other), expected) != 0) {
			fail_msg("\"%s\" is %s, but \"%s\" is %s", reply, expected, spelled,
				show(arena, &other));
		}
		free(spelled);
	}
	arena_destroy(arena);
}

/* Upper case, decomposed and full-width forms of all rows are read the same. */
static void test_spellings(void **state)
{
	struct run *run = *state;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct buf source = {0};
		const char *error;

		run->question = tables[i].question;
		run->question.today = civil_day(2026, 3, 4);
		assert_true(buf_read_file(&source, tables[i].file, 1 << 20, &error));
		for (char *line = strtok(source.data, "\n"); line; line = strtok(NULL, "\n")) {
			char *tab = strchr(line, '\t');

			if (tab && line[0] != '#') {
				check_spellings(run, tab + 1);
			}
		}
		buf_finish(&source);
	}
}

/* ---- anything at all ---- */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* Random bytes, and random mixtures of words that mean something, never crash; a value is always
 * inside the question's range. */
static void test_any_bytes(void **state)
{
	static const char *const bits[] = {"6", "10", " ", "/", "not ", "was ", "half", "and ",
		"to ", "-", ":", ",", ".", "pm ", "of ", "an ", "hour ", "min", "L5", "yesterday ",
		"a ", "\xf0\x9f\x91\x8d", "\xc2\xbd", "march ", "1:", "3/4", "no ", "yes ", "?",
		"one ", "hundred ", "point ", "e\xcc\x81", "\xef\xbc\x96", "\xff", "\n",
		"left leg "};
	struct run *run = *state;
	uint32_t seed = 20260304;

	for (int round = 0; round < 4000; round++) {
		const struct table *table =
			&tables[next_random(&seed) % (sizeof tables / sizeof *tables)];
		struct arena *arena = arena_create();
		struct reading reading;
		struct buf text = {0};

		for (uint32_t n = next_random(&seed) % 12; n > 0; n--) {
			if (round % 4 == 0) {
				buf_addc(&text, (char)(next_random(&seed) % 255 + 1));
			} else {
				buf_adds(&text,
					bits[next_random(&seed) % (sizeof bits / sizeof *bits)]);
			}
		}
		run->question = table->question;
		run->question.in_answer = round % 2;
		read_reply(arena, run->lex, &run->question, buf_text(&text), &reading);
		read_clauses(arena, run->lex, buf_text(&text));
		if (reading.result == READ_VALUE && reading.value.type == VALUE_NUMBER &&
			table->question.max > 0) {
			assert_true(reading.value.number >= 0);
			assert_true(reading.value.number <= table->question.max);
		}
		assert_true((reading.result == READ_ASK) == (reading.guess_count > 0));
		buf_finish(&text);
		arena_destroy(arena);
	}
}

static void test_limits(void **state)
{
	struct run *run = *state;
	struct arena *arena = arena_create();
	struct reading reading;
	char big[4002];

	run->question = tables[0].question;
	memset(big, ' ', sizeof big);
	big[0] = '6';
	big[4000] = '\0';
	read_reply(arena, run->lex, &run->question, big, &reading);
	assert_int_equal(reading.result, READ_VALUE);
	big[4000] = ' ';
	big[4001] = '\0';
	read_reply(arena, run->lex, &run->question, big, &reading);
	assert_int_equal(reading.result, READ_NONE);
	read_reply(arena, run->lex, &run->question, "6 \xc3\x28", &reading);
	assert_int_equal(reading.result, READ_NONE);
	run->question.type = READ_TEXT;
	read_reply(arena, run->lex, &run->question, " \n as it is \t", &reading);
	assert_string_equal(reading.value.text, "as it is");
	read_reply(arena, run->lex, &run->question, "  ", &reading);
	assert_int_equal(reading.result, READ_NONE);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tables, open_lexicon, close_lexicon),
		cmocka_unit_test_setup_teardown(test_spellings, open_lexicon, close_lexicon),
		cmocka_unit_test_setup_teardown(test_any_bytes, open_lexicon, close_lexicon),
		cmocka_unit_test_setup_teardown(test_limits, open_lexicon, close_lexicon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
