/* Which exercise is on show, how hard it is for this person, and what their body and the hour
 * change. All of it is kept as facts. */
#include "handlers/exercise_now.h"

#include "base/text.h"
#include "bot/prompts.h"
#include "handlers/person.h"

#include <limits.h>
#include <string.h>

enum {
	WINDOW_MIN = 60, /* after waking: no full bending of the back */
	FLARE_PAIN = 7,
	FLAGS_DAYS = 28, /* then they are asked again */
};

const struct exercise_set *exercise_now_set(struct turn *t)
{
	return prompts_exercises(turn_prompts(t));
}

const struct exercise *exercise_now(struct turn *t)
{
	const char *id = person_fact(t, "exercise_now");

	return id ? exercises_find(exercise_now_set(t), id) : NULL;
}

/* A text of an exercise in the person's language. */
const char *exercise_now_words(
	struct turn *t, const struct exercise *e, const char *field, const char *text)
{
	return prompts_translate(turn_prompts(t), turn_user(t)->lang,
		arena_printf(turn_arena(t), "exercise.%s.%s", e->id, field), text);
}

bool exercise_now_is_morning(struct turn *t)
{
	int since = turn_minute(t) - person_wake_min(t);

	return since > -120 && since < WINDOW_MIN;
}

/* Much pain now, or an exercise hurt today or yesterday: only the gentlest. */
static bool is_sore(struct turn *t)
{
	struct entry e;

	if (turn_today(t) - person_number(t, "hurt_day", INT_MIN) <= 1) {
		return true;
	}
	return entry_last(turn_store(t), turn_arena(t), turn_user(t)->id, "pain", &e) &&
	       e.number >= FLARE_PAIN && turn_today(t) - e.day <= 1;
}

bool exercise_now_knows_flags(struct turn *t)
{
	int64_t set_ms = fact_set_at(turn_store(t), turn_user(t)->id, "exercise_flags");

	return set_ms && turn_now_utc_ms(t) - set_ms < FLAGS_DAYS * INT64_C(86400000);
}

/* What was told elsewhere (safety facts, known conditions) and matters here as well. */
static const struct {
	const char *fact, *word;
	unsigned flag;
} told[] = {
	{"p_preg", "pregnant", EXERCISE_PREG},
	{"p_preg", "maybe", EXERCISE_PREG},
	{"p_preg", "birth", EXERCISE_ABD},
	{"p_bone", "yes", EXERCISE_OP},
	{"p_bone", "unsure", EXERCISE_OP},
	{"p_dx", "bone", EXERCISE_OP},
	{"p_dx", "pregnancy", EXERCISE_PREG},
	{"p_dx", "stenosis", EXERCISE_EXT},
	{"p_dx", "facet", EXERCISE_EXT},
	{"p_dx", "disc", EXERCISE_FLEX},
};

unsigned exercise_now_flags(struct turn *t)
{
	const char *ids = person_fact(t, "exercise_flags");
	char *words = arena_strdup(turn_arena(t), ids ? ids : "flare"), *rest;
	unsigned flags = 0;

	for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
		flags |= exercise_flag_find(w);
	}
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		if (text_has_id(person_fact(t, told[i].fact), told[i].word)) {
			flags |= told[i].flag;
		}
	}
	flags |= exercise_now_is_morning(t) ? EXERCISE_MORNING : 0;
	return flags | (is_sore(t) ? EXERCISE_FLARE : 0);
}

static const char *level_name(struct turn *t, const struct exercise *e)
{
	return arena_printf(turn_arena(t), "level:%s", e->id);
}

int exercise_now_level(struct turn *t, const struct exercise *e)
{
	return person_number(t, level_name(t, e), 1);
}

void exercise_now_set_level(struct turn *t, const struct exercise *e, int level)
{
	level = level < 0 ? 0 : level > 2 ? 2 : level;
	person_keep_number(t, level_name(t, e), level);
}

bool exercise_now_is_retired(struct turn *t, const struct exercise *e)
{
	return person_fact(t, arena_printf(turn_arena(t), "retired:%s", e->id)) != NULL;
}

void exercise_now_retire(struct turn *t, const struct exercise *e)
{
	person_keep_number(t, arena_printf(turn_arena(t), "retired:%s", e->id), 1);
}
