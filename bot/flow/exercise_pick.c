/* Choosing and counting exercises. What bars or changes one is decided by its cautions alone; the
 * order is a score in which the name beats the need, the need beats the hour. */
#include "flow/exercises.h"

#include <string.h>

/* ---- what somebody asks for ---- */

static const struct exercise *find_named(struct arena *arena, const struct exercise_set *set,
	const struct lexicon *lexicon, const char *text)
{
	const struct exercise *e;

	for (size_t i = 0; (e = exercises_at(set, i)); i++) {
		const char *const name[] = {e->name, NULL};

		if (read_is_phrase(arena, lexicon, text, name) ||
			read_is_phrase(arena, lexicon, text, e->also)) {
			return e;
		}
	}
	for (size_t i = 0; (e = exercises_at(set, i)); i++) {
		const char *const name[] = {e->name, NULL};

		if (read_has_cue(arena, lexicon, text, name)) {
			return e;
		}
	}
	return NULL;
}

static unsigned find_words(struct arena *arena, const struct exercise_set *set,
	const struct lexicon *lexicon, enum exercise_kind kind, const char *text)
{
	const struct exercise_word *w;
	unsigned mask = 0;

	for (size_t i = 0; (w = exercises_word(set, kind, i)); i++) {
		if (read_has_cue(arena, lexicon, text, w->cues)) {
			mask |= 1U << i;
		}
	}
	return mask;
}

bool exercise_wish_read(struct arena *arena, const struct exercise_set *set,
	const struct lexicon *lexicon, const char *text, struct exercise_wish *wish)
{
	wish->named = find_named(arena, set, lexicon, text);
	wish->places = find_words(arena, set, lexicon, EXERCISE_PLACE, text);
	wish->times = find_words(arena, set, lexicon, EXERCISE_TIME, text);
	wish->needs = find_words(arena, set, lexicon, EXERCISE_NEED, text);
	return wish->named || wish->places || wish->times || wish->needs;
}

/* ---- what fits ---- */

const struct exercise_caution *exercise_barred(const struct exercise *e, unsigned flags)
{
	for (size_t i = 0; i < e->caution_count; i++) {
		const struct exercise_caution *c = &e->cautions[i];

		if (c->change != EXERCISE_VARY && (c->flags & ~flags) == 0) {
			return c;
		}
	}
	return NULL;
}

static bool has_text(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], text) == 0) {
			return true;
		}
	}
	return false;
}

const char *const *exercise_variants(struct arena *arena, const struct exercise *e, unsigned flags)
{
	const char **list = arena_alloc(arena, (e->caution_count + 1) * sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < e->caution_count; i++) {
		const struct exercise_caution *c = &e->cautions[i];

		if (c->change == EXERCISE_VARY && (c->flags & ~flags) == 0 &&
			!has_text(list, n, c->text)) {
			list[n++] = c->text;
		}
	}
	return list;
}

static int count_bits(unsigned mask)
{
	return __builtin_popcount(mask);
}

/* 0: does not fit the wish at all. */
static int score(const struct exercise *e, const struct exercise_wish *w)
{
	if (e == w->named) {
		return 1000;
	}
	if (w->places && !(e->places & w->places)) {
		return 0;
	}
	return 1 + 10 * count_bits(e->needs & w->needs) + (e->main_need & w->needs ? 5 : 0) +
	       3 * count_bits(e->times & w->times) + (w->places ? 2 : 0);
}

/* The exercise itself, or what stands in for it; NULL when neither is for these flags. */
static const struct exercise *allowed(
	const struct exercise_set *set, const struct exercise *e, unsigned flags)
{
	const struct exercise_caution *bar = exercise_barred(e, flags);

	if (bar && bar->by) {
		e = exercises_find(set, bar->by);
		bar = exercise_barred(e, flags);
	}
	return bar ? NULL : e;
}

struct ranked {
	const struct exercise *exercise;
	int score;
};

/* Keeps the list sorted, best first, each exercise once; equals stay in file order. */
static size_t insert(struct ranked *list, size_t n, struct ranked r)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++) {
		if (list[i].exercise == r.exercise) {
			if (list[i].score >= r.score) {
				return n;
			}
			memmove(&list[i], &list[i + 1], (n - i - 1) * sizeof *list);
			n--;
			at = n;
			break;
		}
	}
	while (at > 0 && list[at - 1].score < r.score) {
		at--;
	}
	memmove(&list[at + 1], &list[at], (n - at) * sizeof *list);
	list[at] = r;
	return n + 1;
}

const struct exercise *const *exercises_search(
	struct arena *arena, const struct exercise_set *set, const struct exercise_wish *wish)
{
	const struct exercise *e, **out;
	struct ranked *list;
	size_t total = 0, n = 0;

	while (exercises_at(set, total)) {
		total++;
	}
	list = arena_alloc(arena, (total + 1) * sizeof *list);
	for (size_t i = 0; (e = exercises_at(set, i)); i++) {
		struct ranked r = {allowed(set, e, wish->flags), score(e, wish)};

		if (r.exercise && r.score > 0) {
			n = insert(list, n, r);
		}
	}
	out = arena_alloc(arena, (n + 1) * sizeof *out);
	for (size_t i = 0; i < n; i++) {
		out[i] = list[i].exercise;
	}
	return out;
}

/* ---- counting aloud ---- */

/* Holds that are long enough to be worth a message of their own. */
enum { LONG_HOLD_S = 10, REST_S = 5, MOVE_S = 3, SETTLE_S = 10 };

static bool beat_of_minutes(const struct exercise *e, int level, int i, struct exercise_beat *out)
{
	int total_s = e->dose.minutes * 60 / (level == 0 ? 2 : 1), half_s = total_s / 2;

	if (total_s <= 60) {
		*out = (struct exercise_beat){.cue = i == 0 ? EXERCISE_GO : EXERCISE_END,
			.wait_s = i == 0 ? SETTLE_S : total_s,
			.seconds = i == 0 ? total_s : 0};
		return i < 2;
	}
	*out = (struct exercise_beat){.cue = i == 0   ? EXERCISE_GO
					     : i == 1 ? EXERCISE_HALF
						      : EXERCISE_END,
		.wait_s = i == 0 ? SETTLE_S : half_s,
		.seconds = i == 0   ? total_s
			   : i == 1 ? half_s
				    : 0};
	return i < 3;
}

/* Short moves: one message for all of a side. */
static bool beat_of_moves(
	const struct exercise *e, int reps, int sides, int i, struct exercise_beat *out)
{
	int seconds = reps * (e->dose.hold_s + MOVE_S);

	*out = (struct exercise_beat){.cue = i == 0       ? EXERCISE_GO
					     : i == sides ? EXERCISE_END
							  : EXERCISE_SWITCH,
		.wait_s = i == 0 ? SETTLE_S : seconds,
		.seconds = seconds,
		.reps = reps};
	return i <= sides;
}

/* Long holds: one message each. All of one side, then the other. */
static bool beat_of_holds(
	const struct exercise *e, int reps, int sides, int i, struct exercise_beat *out)
{
	int total = reps * sides;

	*out = (struct exercise_beat){
		.wait_s = i == 0 ? SETTLE_S : e->dose.hold_s + (i == total ? 0 : REST_S),
		.seconds = e->dose.hold_s,
	};
	if (i == total) {
		out->cue = EXERCISE_END;
	} else if (i == 0) {
		out->cue = EXERCISE_GO;
	} else if (i % reps == 0) {
		out->cue = EXERCISE_SWITCH;
	} else {
		out->cue = i == total - 1 ? EXERCISE_LAST : EXERCISE_AGAIN;
	}
	return i <= total;
}

bool exercise_beat(const struct exercise *e, int level, int i, struct exercise_beat *out)
{
	int reps = level == 0 ? (e->dose.reps + 1) / 2 : e->dose.reps;
	int sides = e->dose.sides ? e->dose.sides : 1;

	if (i < 0) {
		return false;
	}
	if (e->dose.minutes) {
		return beat_of_minutes(e, level, i, out);
	}
	return e->dose.hold_s >= LONG_HOLD_S ? beat_of_holds(e, reps, sides, i, out)
					     : beat_of_moves(e, reps, sides, i, out);
}
