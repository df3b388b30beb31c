/* Exercises: all there, safe for everybody who may see them, found by the words people use, and
 * counted right. */
#include "flow/exercises.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct exercise_set *set;
static struct lexicon *lexicon;

static int setup(void **state)
{
	const char *errors = NULL;

	(void)state;
	arena = arena_create();
	set = exercises_load(arena, "prompts/exercises", &errors);
	if (!set) {
		print_error("%s\n", errors);
		return -1;
	}
	lexicon = lexicon_load(arena, "prompts/lexicon/en.yaml", &errors);
	return lexicon ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

/* ---- the data ---- */

/* clinical-content.md 1.2, by occasion */
static const char *const ids[] = {"belly-breath", "pelvic-tilt-lying", "knee-rocks", "log-roll-up",
	"single-knee-to-chest", "open-book", "seated-pelvic-rock", "standing-back-bend",
	"sit-to-stand-hinge", "hip-flexor-half-kneel", "figure-four", "hamstring-strap",
	"clamshell", "legs-up-rest", "child-pose", "cat-camel", "prone-press-up", "brisk-walk",
	"all-day-brace", "wall-pelvic-tilt", "bridge", "dead-bug", "bird-dog", "curl-up",
	"side-plank"};
enum { IDS = sizeof ids / sizeof *ids, FLAG_SETS = 1 << 12 };

static void test_all_are_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < IDS; i++) {
		if (!exercises_find(set, ids[i])) {
			fail_msg("%s is missing", ids[i]);
		}
	}
	assert_non_null(exercises_at(set, IDS - 1));
	assert_null(exercises_at(set, IDS));
	assert_null(exercises_find(set, "sit-up"));
}

/* Name, purpose, start and steps are one message, dose, variants and stop rule another. */
static void test_cards_are_short(void **state)
{
	const struct exercise *e;

	(void)state;
	for (size_t i = 0; (e = exercises_at(set, i)); i++) {
		size_t card = strlen(e->name) + strlen(e->purpose) + strlen(e->start) + 8;
		size_t dose = strlen(e->dose_words) + strlen(e->stop) + 60;

		for (int s = 0; e->steps[s]; s++) {
			card += strlen(e->steps[s]) + 4;
		}
		for (const char *const *v = exercise_variants(arena, e, FLAG_SETS - 1); *v; v++) {
			dose += strlen(*v) + 1;
		}
		if (card > 400 || dose > 400) {
			fail_msg("%s: card %zu, dose %zu", e->id, card, dose);
		}
	}
}

static const struct {
	const char *id;
	unsigned flags;
	const char *expect; /* "skip", the id of the replacement, or words of the variant */
} cautions[] = {
	{"belly-breath", EXERCISE_PREG, "side"},
	{"pelvic-tilt-lying", EXERCISE_FLEX, "small"},
	{"pelvic-tilt-lying", EXERCISE_FLARE, "half"},
	{"knee-rocks", EXERCISE_ABD, "small"},
	{"log-roll-up", EXERCISE_BAL, "30 seconds"},
	{"single-knee-to-chest", EXERCISE_FLEX, "skip"},
	{"single-knee-to-chest", EXERCISE_MORNING, "No pull"},
	{"single-knee-to-chest", EXERCISE_HIP, "straight up"},
	{"seated-pelvic-rock", EXERCISE_EXT, "slump to the middle"},
	{"seated-pelvic-rock", EXERCISE_FLEX | EXERCISE_EXT, "skip"},
	{"standing-back-bend", EXERCISE_EXT, "seated-pelvic-rock"},
	{"standing-back-bend", EXERCISE_BAL, "seated-pelvic-rock"},
	{"hip-flexor-half-kneel", EXERCISE_KNEE, "standing"},
	{"figure-four", EXERCISE_HIP, "skip"},
	{"child-pose", EXERCISE_MORNING, "skip"},
	{"child-pose", EXERCISE_OP, "half way"},
	{"cat-camel", EXERCISE_MORNING, "not round"},
	{"cat-camel", EXERCISE_MORNING | EXERCISE_EXT, "skip"},
	{"prone-press-up", EXERCISE_PREG, "skip"},
	{"prone-press-up", EXERCISE_EXT, "skip"},
	{"prone-press-up", EXERCISE_OP, "elbows"},
	{"brisk-walk", EXERCISE_FLARE, "not brisk"},
	{"dead-bug", EXERCISE_PREG, "bird-dog"},
	{"curl-up", EXERCISE_OP, "all-day-brace"},
	{"curl-up", EXERCISE_MORNING, "skip"},
	{"bridge", EXERCISE_MORNING, "skip"},
	{"bridge", EXERCISE_FLARE, "skip"},
	{"side-plank", EXERCISE_ARM, "wall"},
};

static void test_cautions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cautions / sizeof *cautions; i++) {
		const struct exercise *e = exercises_find(set, cautions[i].id);
		const struct exercise_caution *bar = exercise_barred(e, cautions[i].flags);
		const char *const *variants = exercise_variants(arena, e, cautions[i].flags);
		const char *got = !bar      ? variants[0] ? variants[0] : ""
				  : bar->by ? bar->by
					    : "skip";

		if (!strstr(got, cautions[i].expect)) {
			fail_msg("%s with %#x: \"%s\", expected \"%s\"", e->id, cautions[i].flags,
				got, cautions[i].expect);
		}
	}
}

/* Whatever somebody has: what is offered is not barred for them, nothing comes twice, and
 * something is left. */
static void test_every_set_of_flags(void **state)
{
	struct arena *scratch = arena_create();

	(void)state;
	for (unsigned flags = 0; flags < FLAG_SETS; flags++) {
		struct exercise_wish wish = {.flags = flags};
		const struct exercise *const *list = exercises_search(scratch, set, &wish);

		assert_non_null(list[0]);
		for (size_t i = 0; list[i]; i++) {
			assert_null(exercise_barred(list[i], flags));
			for (size_t j = 0; j < i; j++) {
				assert_ptr_not_equal(list[i], list[j]);
			}
		}
		arena_reset(scratch);
	}
	arena_destroy(scratch);
}

static void test_texts_for_translators(void **state)
{
	const char *text, *context;
	size_t purposes = 0, i;

	(void)state;
	for (i = 0; (text = exercises_text(set, i, &context)); i++) {
		assert_true(strncmp(context, "exercise.", 9) == 0 && *text);
		purposes += strstr(context, ".purpose") != NULL;
	}
	assert_int_equal(purposes, IDS);
	assert_true(i > 10 * IDS);
}

/* ---- finding ---- */

static const struct {
	const char *text;
	unsigned flags;
	const char *expect; /* the first of the list, or NULL: not understood */
} finds[] = {
	{"cat camel", 0, "cat-camel"},
	{"Cat-camel!", 0, "cat-camel"},
	{"child pose", 0, "child-pose"},
	{"hamstrng stretch", 0, "hamstring-strap"},
	{"bird dog", 0, "bird-dog"},
	{"walk", 0, "brisk-walk"},
	{"spasm", 0, "legs-up-rest"},
	{"spasm now", EXERCISE_FLARE, "legs-up-rest"},
	{"something stronger for my core", 0, "all-day-brace"},
	{"curl up", EXERCISE_PREG, "all-day-brace"},
	{"weather", 0, NULL},
	{"", 0, NULL},
};

static void test_finding(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		struct exercise_wish wish = {0};
		bool is_read = exercise_wish_read(arena, set, lexicon, finds[i].text, &wish);
		const struct exercise *const *list;

		wish.flags = finds[i].flags;
		list = exercises_search(arena, set, &wish);
		if (is_read != (finds[i].expect != NULL) ||
			(is_read && strcmp(list[0]->id, finds[i].expect) != 0)) {
			fail_msg("\"%s\": %s", finds[i].text,
				is_read ? list[0]->id : "not understood");
		}
	}
}

static void check_all(const char *text, bool (*fits)(const struct exercise *))
{
	struct exercise_wish wish = {0};
	const struct exercise *const *list;

	assert_true(exercise_wish_read(arena, set, lexicon, text, &wish));
	list = exercises_search(arena, set, &wish);
	assert_non_null(list[0]);
	for (size_t i = 0; list[i] && i < 3; i++) {
		if (!fits(list[i])) {
			fail_msg("\"%s\" offers %s", text, list[i]->id);
		}
	}
}

static bool is_for_hips(const struct exercise *e)
{
	return e->needs & exercises_bit(set, EXERCISE_NEED, "hips");
}

static bool is_for_desk(const struct exercise *e)
{
	return e->places & exercises_bit(set, EXERCISE_PLACE, "desk");
}

static bool is_for_evening(const struct exercise *e)
{
	return e->times & exercises_bit(set, EXERCISE_TIME, "evening");
}

static void test_wishes(void **state)
{
	(void)state;
	check_all("for tight hips", is_for_hips);
	check_all("at my desk", is_for_desk);
	check_all("before sleep", is_for_evening);
}

/* ---- counting ---- */

static const struct {
	const char *id;
	int level, beats, seconds; /* with the end; after the first word */
	const char *cues;
} counts[] = {
	{"single-knee-to-chest", 1, 5, 95, "GASLE"},
	{"single-knee-to-chest", 0, 3, 45, "GSE"},
	{"child-pose", 1, 4, 70, "GALE"},
	{"open-book", 1, 3, 72, "GSE"},
	{"belly-breath", 1, 2, 60, "GE"},
	{"legs-up-rest", 1, 3, 180, "GHE"},
	{"bridge", 1, 2, 56, "GE"},
	{"all-day-brace", 1, 6, 70, "GAAALE"},
};

static void test_counting(void **state)
{
	static const char letters[] = "GASLHE";

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const struct exercise *e = exercises_find(set, counts[i].id);
		struct exercise_beat beat;
		char cues[16] = "";
		int n = 0, seconds = 0;

		while (exercise_beat(e, counts[i].level, n, &beat)) {
			cues[n] = letters[beat.cue];
			seconds += n ? beat.wait_s : 0;
			n++;
		}
		if (n != counts[i].beats || seconds != counts[i].seconds ||
			strcmp(cues, counts[i].cues) != 0) {
			fail_msg("%s: %d beats, %d s, %s", e->id, n, seconds, cues);
		}
	}
}

/* Nothing counted takes longer than five minutes or falls silent for more than three. */
static void test_counting_ends(void **state)
{
	const struct exercise *e;

	(void)state;
	for (size_t i = 0; (e = exercises_at(set, i)); i++) {
		for (int level = 0; level <= 2; level++) {
			struct exercise_beat beat;
			enum exercise_cue last = EXERCISE_GO;
			int n = 0, seconds = 0;

			while (exercise_beat(e, level, n, &beat)) {
				assert_true(beat.wait_s > 0 && beat.wait_s <= 180);
				seconds += beat.wait_s;
				last = beat.cue;
				n++;
			}
			assert_int_equal(last, EXERCISE_END);
			assert_true(n >= 2 && n <= 12 && seconds <= 320);
		}
	}
	assert_false(exercise_beat(exercises_at(set, 0), 1, -1, &(struct exercise_beat){0}));
}

/* ---- faults ---- */

static const char good_words[] =
	"places: {bed: [bed]}\ntimes: {day: [day]}\nneeds: {calm: [calm]}\n";
#define GOOD                                                                                       \
	"exercise: x\nname: X\ngroup: g\nplaces: bed\ntimes: day\nneeds: calm\npurpose: p\n"       \
	"start: s\nsteps: [a]\neasier: e\nstop: s\nfeel: f\nwhy: w\nsource: s\ngrade: g\n"

static const struct {
	const char *what, *source, *expect; /* expect "" is no fault */
} faults[] = {
	{"complete", GOOD "dose: {words: w, reps: 3}\nmorning_window: yes\n", ""},
	{"no dose", GOOD "morning_window: yes\n", "x.yaml:1:1: \"dose\" is missing"},
	{"reps and minutes", GOOD "dose: {words: w, reps: 3, minutes: 3}\nmorning_window: yes\n",
		"x.yaml:16:"},
	{"not a number", GOOD "dose: {words: w, reps: ten}\nmorning_window: yes\n", "whole number"},
	{"no morning rule", GOOD "dose: {words: w, reps: 3}\n", "\"morning_window\" is missing"},
	{"unknown flag",
		GOOD "dose: {words: w, reps: 3}\nmorning_window: yes\ncautions: {pig: skip}\n",
		"x.yaml:18:12: \"pig\" is no flag"},
	{"unknown key", GOOD "dose: {words: w, reps: 3}\nmorning_window: yes\nstpo: x\n",
		"x.yaml:18:"},
	{"replaced by nobody",
		GOOD
		"dose: {words: w, reps: 3}\nmorning_window: yes\ncautions: {bp: {replace: y}}\n",
		"there is no such exercise"},
	{"unknown place", "exercise: x\nplaces: moon\n",
		"x.yaml:2:9: \"moon\" is not one of the places"},
	{"not a map", "- x\n", "x.yaml:1:1:"},
};

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char dir[] = "/tmp/exercises-XXXXXX", path[64];
		const char *errors = NULL;
		bool is_loaded;

		assert_non_null(mkdtemp(dir));
		write_file(dir, "words.yaml", good_words);
		write_file(dir, "x.yaml", faults[i].source);
		is_loaded = exercises_load(arena, dir, &errors) != NULL;
		snprintf(path, sizeof path, "%s/words.yaml", dir);
		unlink(path);
		snprintf(path, sizeof path, "%s/x.yaml", dir);
		unlink(path);
		rmdir(dir);
		if (is_loaded != (faults[i].expect[0] == '\0') ||
			(!is_loaded && !strstr(errors, faults[i].expect))) {
			fail_msg("%s: %s", faults[i].what, errors ? errors : "no fault");
		}
	}
}

static void test_no_directory(void **state)
{
	const char *errors = NULL;

	(void)state;
	assert_null(exercises_load(arena, "/nowhere/at/all", &errors));
	assert_non_null(strstr(errors, "/nowhere/at/all:1:1:"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_there),
		cmocka_unit_test(test_cards_are_short),
		cmocka_unit_test(test_cautions),
		cmocka_unit_test(test_every_set_of_flags),
		cmocka_unit_test(test_texts_for_translators),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_wishes),
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_counting_ends),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_directory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
