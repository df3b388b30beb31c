/* Alarm words against tests/unit/alarms.tsv: every phrase of the families, the guards with both of
 * their columns, and everyday talk; then what typing does to a phrase. */
#include "flow/alarm.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *table_arena, *arena;
static struct alarm_table *table;

static const char *name_of(const struct alarm_hit *hit)
{
	static const char *const names[] = {
		[ALARM_NONE] = "NONE",
		[ALARM_GENTLE] = "GENTLE",
		[ALARM_OTHER] = "OTHER",
		[ALARM_ASK_REST] = "REST",
		[ALARM_ASK_NOW] = "NOW",
		[ALARM_SCREEN] = "SCREEN",
		[ALARM_HIT] = "HIT",
	};

	return hit->verdict == ALARM_HIT ? triage_level_name(hit->level) : names[hit->verdict];
}

static bool is_as_wanted(const char *want, const char *family, const char *text)
{
	struct alarm_hit hit;
	bool ok;

	arena_reset(arena);
	alarm_scan(arena, table, text, NULL, &hit);
	ok = strcmp(name_of(&hit), want) == 0 &&
	     (*family == '*' || *family == '-' || (hit.family && !strcmp(hit.family, family)));
	if (!ok) {
		print_error("%s %s wanted, %s %s (%s) found: %s\n", want, family, name_of(&hit),
			hit.family ? hit.family : "-", hit.guard ? hit.guard : "no guard", text);
	}
	return ok;
}

struct counts {
	int rows, alarms, quiet, bad;
};

static void test_row(char *line, struct counts *n)
{
	char *family = strchr(line, '\t'), *text = family ? strchr(family + 1, '\t') : NULL;

	if (*line == '#' || !text) {
		return;
	}
	*family++ = '\0';
	*text++ = '\0';
	n->rows++;
	n->quiet += strcmp(line, "NONE") == 0;
	n->alarms += strcmp(line, "NONE") != 0;
	n->bad += !is_as_wanted(line, family, text);
}

static void test_phrases(void **state)
{
	struct buf file = {0};
	struct counts n = {0};
	const char *error = NULL;
	char *save = NULL;

	(void)state;
	assert_true(buf_read_file(&file, "tests/unit/alarms.tsv", 1 << 20, &error));
	for (char *line = strtok_r(file.data, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		test_row(line, &n);
	}
	buf_finish(&file);
	print_message("%d phrases: %d alarms or questions, %d quiet; %d wrong\n", n.rows, n.alarms,
		n.quiet, n.bad);
	assert_true(n.rows >= 500);
	assert_int_equal(n.bad, 0);
}

/* A level below the wanted one after a change that people make when typing. */
static void check_still_alarm(const char *text, struct counts *n)
{
	struct alarm_hit hit;

	n->rows++;
	arena_reset(arena);
	alarm_scan(arena, table, text, NULL, &hit);
	if (hit.verdict != ALARM_HIT && hit.verdict != ALARM_SCREEN) {
		print_error(
			"lost (%s, %s): %s\n", name_of(&hit), hit.guard ? hit.guard : "-", text);
		n->bad++;
	}
}

/* Every alarm of the table in the shapes people type: shouted, with politeness before and after,
 * with stretched letters, with curly apostrophes, in the middle of a long day. */
static void test_shapes(void **state)
{
	static const char *const shapes[] = {"Hi, %s", "%s please help", "help %s", "%s!!!",
		"since this morning %s", "um so %s", "good morning. %s. it is raining here",
		"%s :(", "ok so basically %s and i am scared", "pain 6, %s"};
	struct buf file = {0};
	struct counts n = {0};
	const char *error = NULL;
	char *save = NULL, message[600];

	(void)state;
	assert_true(buf_read_file(&file, "tests/unit/alarms.tsv", 1 << 20, &error));
	for (char *line = strtok_r(file.data, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		char *text = strrchr(line, '\t');

		if (strncmp(line, "EMERGENCY", 9) != 0 && strncmp(line, "URGENT", 6) != 0) {
			continue;
		}
		for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
			const char *at = strstr(shapes[i], "%s");

			snprintf(message, sizeof message, "%.*s%s%s", (int)(at - shapes[i]),
				shapes[i], text + 1, at + 2);
			check_still_alarm(message, &n);
		}
		snprintf(message, sizeof message, "%s", text + 1);
		for (char *p = message; *p; p++) {
			*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
		}
		check_still_alarm(message, &n);
	}
	buf_finish(&file);
	print_message("%d shapes: %d lost\n", n.rows, n.bad);
	assert_int_equal(n.bad, 0);
}

/* G6: the bot's own question sent back is no alarm; an answer in the same words is. */
static void test_echo(void **state)
{
	struct alarm_hit hit;

	(void)state;
	alarm_scan(arena, table, "Is there chest pain?", "Is there chest pain?", &hit);
	assert_int_equal(hit.verdict, ALARM_NONE);
	alarm_scan(arena, table, "chest pain", "Is there chest pain?", &hit);
	assert_int_equal(hit.verdict, ALARM_HIT);
}

static void test_harm_is_asked(void **state)
{
	struct alarm_hit hit;

	(void)state;
	alarm_scan(arena, table, "i can't take it anymore", NULL, &hit);
	assert_true(hit.asks_harm);
	alarm_scan(arena, table, "no point living", NULL, &hit);
	assert_true(hit.asks_harm);
	assert_true(hit.to & TRIAGE_TO_CRISIS);
	alarm_scan(arena, table, "chest pain", NULL, &hit);
	assert_false(hit.asks_harm);
}

static void test_all_families(void **state)
{
	char want[8];
	size_t n = 0;

	(void)state;
	for (; alarm_family_at(table, n); n++) {
		snprintf(want, sizeof want, "F%zu", n + 1);
		assert_string_equal(alarm_family_at(table, n), want);
	}
	assert_int_equal(n, 23);
}

static void write_changed(const char *path, const char *from, const char *to)
{
	struct buf in = {0};
	const char *error, *at;
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(buf_read_file(&in, "prompts/triage/alarms.yaml", 1 << 20, &error));
	at = strstr(buf_text(&in), from);
	assert_non_null(at);
	fprintf(out, "%.*s%s%s", (int)(at - buf_text(&in)), buf_text(&in), to, at + strlen(from));
	fclose(out);
	buf_finish(&in);
}

static void test_faults(void **state)
{
	static const struct {
		const char *from, *to, *want;
	} rows[] = {
		{"to: [maternity]", "to: [maternty]", "to is pharmacist, maternity"},
		{"level: URGENT", "level: PANIC", "level is EMERGENCY"},
		{"families:", "familes:", "\"families\" is missing"},
	};
	char path[] = "/tmp/limberd-alarms-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *errors = "";

		write_changed(path, rows[i].from, rows[i].to);
		assert_null(alarm_load(arena, path, &errors));
		if (!strstr(errors, rows[i].want)) {
			print_error("%s: %s\n", rows[i].to, errors);
		}
		assert_non_null(strstr(errors, rows[i].want));
	}
	unlink(path);
}

/* Loading prompts holds them against the screens. */
static void test_rows(void **state)
{
	size_t n = 0;

	(void)state;
	while (alarm_row_at(table, n)) {
		n++;
	}
	assert_true(n > 20);
}

static void test_odd_bytes(void **state)
{
	static const char *const texts[] = {"", " ", "\xff\xfe", "....", "\xc3",
		"i can\xe2\x80\x99t pee", "I can\xc2\xb4t pee", "\xef\xbd\x83hest pain"};
	struct alarm_hit hit;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		alarm_scan(arena, table, texts[i], NULL, &hit);
		assert_int_equal(hit.verdict, i < 5 ? ALARM_NONE : ALARM_HIT);
	}
}

static int setup(void **state)
{
	const char *errors = NULL;

	(void)state;
	table_arena = arena_create();
	arena = arena_create();
	table = alarm_load(table_arena, "prompts/triage/alarms.yaml", &errors);
	if (!table) {
		print_error("%s\n", errors);
	}
	return table ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	arena_destroy(table_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phrases),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_harm_is_asked),
		cmocka_unit_test(test_all_families),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_odd_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
