/* Texts and the code that says them, both ways: every id in the sources exists in prompts/answers,
 * and every text there is said somewhere. */
#include "base/buf.h"
#include "bot/bot.h"
#include "bot/prompts.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct prompts *prompts;
static struct buf steps;    /* literals in calls of turn_ask(), the same way */
static struct buf literals; /* "\n" id "\n" ..., patterns end with "*" */

/* "checkin.pain": a text id; "triage.tier_%s": the beginning of some. */
static bool is_id(const char *text, size_t len)
{
	size_t dots = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.') {
			dots++;
		} else if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_%", text[i])) {
			return false;
		}
	}
	return dots > 0 && len > 2 && text[0] != '.' && text[len - 1] != '.';
}

static void take(const char *text, size_t len)
{
	const char *percent = memchr(text, '%', len);

	if (is_id(text, len)) {
		buf_addc(&literals, '\n');
		buf_add(&literals, text, percent ? (size_t)(percent - text) : len);
		buf_adds(&literals, percent ? "*" : "");
	}
}

/* turn_ask() names a step beside its text. */
static bool is_asked(const char *source, const char *open)
{
	const char *begin = open, *ask;

	while (begin > source && !strchr(";{}", begin[-1])) {
		begin--;
	}
	ask = strstr(begin, "turn_ask(");
	return ask && ask < open;
}

static void scan(const char *path)
{
	struct buf source = {0};
	const char *error, *open, *close;

	assert_true(buf_read_file(&source, path, 1 << 22, &error));
	for (open = strchr(buf_text(&source), '"'); open; open = strchr(close + 1, '"')) {
		close = open + 1;
		while (*close && (*close != '"' || close[-1] == '\\') && *close != '\n') {
			close++;
		}
		if (*close == '\0') {
			break;
		}
		if (*close == '"') {
			take(open + 1, (size_t)(close - open - 1));
			if (is_asked(buf_text(&source), open)) {
				buf_printf(&steps, "\n%.*s\n", (int)(close - open - 1), open + 1);
			}
		}
	}
	buf_finish(&source);
}

static int set_up(void **state)
{
	static const char *const patterns[] = {
		"bot/*.c", "bot/flow/*.c", "handlers/*.c", "prompts/triage/*.yaml", NULL};
	char *errors = NULL;
	glob_t g;

	(void)state;
	prompts = prompts_load("prompts", bot_vocabulary(), &errors);
	if (!prompts) {
		fputs(errors, stderr);
	}
	assert_non_null(prompts);
	for (const char *const *p = patterns; *p; p++) {
		if (glob(*p, 0, NULL, &g) == 0) {
			for (size_t i = 0; i < g.gl_pathc; i++) {
				scan(g.gl_pathv[i]);
			}
			globfree(&g);
		}
	}
	buf_addc(&literals, '\n');
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_finish(&literals);
	buf_finish(&steps);
	prompts_destroy(prompts);
	return 0;
}

static bool is_said(const char *id)
{
	struct buf key = {0};
	bool found;

	buf_printf(&key, "\n%s\n", id);
	found = strstr(buf_text(&literals), buf_text(&key)) != NULL;
	/* Built by printf: some pattern's beginning fits. */
	for (size_t len = strlen(id) - 1; !found && len > 2; len--) {
		buf_clear(&key);
		buf_printf(&key, "\n%.*s*\n", (int)len, id);
		found = strchr(id, '.') < id + len &&
			strstr(buf_text(&literals), buf_text(&key)) != NULL;
	}
	buf_finish(&key);
	return found;
}

/* YAML names texts without quotes as well ("text: triage.pregnancy_test"). */
static bool is_named_in_triage(const char *id)
{
	glob_t g;
	bool found = false;

	if (glob("prompts/triage/*.yaml", 0, NULL, &g) != 0) {
		return false;
	}
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct buf source = {0};
		const char *error;

		found |= buf_read_file(&source, g.gl_pathv[i], 1 << 22, &error) &&
			 strstr(buf_text(&source), id) != NULL;
		buf_finish(&source);
	}
	globfree(&g);
	return found;
}

static void every_text_is_said(void **state)
{
	const char *id;
	int unused = 0;

	(void)state;
	for (size_t i = 0; prompts_text_at(prompts, i, &id); i++) {
		if (!is_said(id) && !is_named_in_triage(id)) {
			fprintf(stderr, "no code says %s\n", id);
			unused++;
		}
	}
	assert_int_equal(unused, 0);
}

/* Is there any text under the id's first word? Then the literal means a text. */
static bool is_family(const char *id, size_t len)
{
	const char *other, *dot = memchr(id, '.', len);

	for (size_t i = 0; prompts_text_at(prompts, i, &other); i++) {
		if (strncmp(other, id, (size_t)(dot - id) + 1) == 0) {
			return true;
		}
	}
	return false;
}

/* "checkin.pain" in a source may also mean a step. */
static bool is_step(const char *id)
{
	char key[160];
	const struct flow *flow;

	snprintf(key, sizeof key, "\n%s\n", id);
	if (strstr(buf_text(&steps), key)) {
		return true;
	}

	for (size_t i = 0; (flow = prompts_flow_at(prompts, i)); i++) {
		size_t len = strlen(flow_name(flow));

		if (strncmp(id, flow_name(flow), len) != 0 || id[len] != '.') {
			continue;
		}
		for (const char *const *step = flow_steps(flow); *step; step++) {
			size_t step_len = strlen(*step);

			if (strncmp(id + len + 1, *step, step_len) == 0 &&
				(id[len + 1 + step_len] == '.' || !id[len + 1 + step_len])) {
				return true;
			}
		}
	}
	return false;
}

static void every_id_has_a_text(void **state)
{
	int missing = 0;

	(void)state;
	for (const char *p = buf_text(&literals); *p; p++) {
		size_t len = strcspn(p + 1, "\n");
		char id[128];

		if (len > 0 && len < sizeof id && p[len] != '*' && is_family(p + 1, len)) {
			snprintf(id, sizeof id, "%.*s", (int)len, p + 1);
			if (!prompts_text(prompts, id) && !is_step(id)) {
				fprintf(stderr, "no text %s in prompts/answers\n", id);
				missing++;
			}
		}
		p += len;
	}
	assert_int_equal(missing, 0);
}

struct seen { /* what prompts_each_text() gave */
	struct pair {
		const char *context, *source;
	} pairs[4096];
	size_t count;
};

static void note_pair(void *ctx, const char *context, const char *source)
{
	struct seen *seen = ctx;

	assert_true(seen->count < sizeof seen->pairs / sizeof *seen->pairs);
	seen->pairs[seen->count++] = (struct pair){context, source};
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = strcmp(x->context, y->context);

	return order ? order : strcmp(x->source, y->source);
}

/* Each kind of text reaches translators, under the context by which the bot asks for it; msgfmt
 * refuses a pair that comes twice. */
static void translators_get_every_text(void **state)
{
	static const char *const contexts[] = {
		"checkin.pain",           /* a flow's question */
		"flow.guess1",            /* the engine's own */
		"help.menu",              /* an answer */
		"triage.A.intro",         /* a screen */
		"triage.a_chest.ask",     /* a row */
		"triage.a_chest.brief",   /* ... in a list */
		"triage.a_chest.said",    /* ... for the doctor */
		"triage.a_chest.clearer", /* ... asked once more */
		"triage.p_preg.birth.label",
		"triage.C12.why", /* a rule */
		"triage.C12.text",
		"triage.numbers.unknown",
		"exercise.bridge.name",
		"exercise.bridge.steps",
		"exercise.bridge.cautions",
	};
	static struct seen seen;

	(void)state;
	seen.count = 0;
	prompts_each_text(prompts, note_pair, &seen);
	qsort(seen.pairs, seen.count, sizeof *seen.pairs, compare_pairs);
	for (size_t i = 1; i < seen.count; i++) {
		if (compare_pairs(&seen.pairs[i - 1], &seen.pairs[i]) == 0) {
			fail_msg("%s comes twice", seen.pairs[i].context);
		}
	}
	for (size_t c = 0; c < sizeof contexts / sizeof *contexts; c++) {
		size_t i = 0;

		while (i < seen.count && strcmp(seen.pairs[i].context, contexts[c]) != 0) {
			i++;
		}
		if (i == seen.count) {
			fail_msg("no text for %s", contexts[c]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_said),
		cmocka_unit_test(every_id_has_a_text),
		cmocka_unit_test(translators_get_every_text),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
