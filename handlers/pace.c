/* Counting through an exercise, and what came of it. Each beat plans the next one; the dialog
 * "pace" stays open meanwhile, and a person who has gone on to something else hears no more. */
#include "base/json.h"
#include "handlers/exercise_now.h"
#include "handlers/person.h"

#include <string.h>

enum { READY_FOR_MORE = 3, HURT_DAYS = 7, HURT_MOST = 2 };

static const char *beat_text(struct turn *t, const struct exercise_beat *beat, bool is_timed)
{
	static const struct {
		const char *hold, *reps;
	} texts[] = {
		[EXERCISE_GO] = {"pace.hold", "pace.reps"},
		[EXERCISE_AGAIN] = {"pace.again", "pace.reps"},
		[EXERCISE_SWITCH] = {"pace.switch", "pace.switch_reps"},
		[EXERCISE_LAST] = {"pace.last", "pace.reps"},
		[EXERCISE_HALF] = {"pace.half", "pace.half"},
		[EXERCISE_END] = {"pace.end", "pace.end"},
	};

	turn_set_number(t, "seconds", beat->seconds);
	turn_set_number(t, "minutes", beat->seconds / 60.0);
	turn_set_number(t, "reps", beat->reps);
	if (beat->cue == EXERCISE_GO && is_timed) {
		return turn_text(t, beat->seconds < 120 ? "pace.while" : "pace.minutes");
	}
	return turn_text(t, beat->reps ? texts[beat->cue].reps : texts[beat->cue].hold);
}

/* Plans beat i. The person has just asked for it, so it comes on the second. */
static void plan_beat(struct turn *t, const struct exercise *e, int i)
{
	struct exercise_beat beat;
	struct json_object *o;

	if (!exercise_beat(e, exercise_now_level(t, e), i, &beat)) {
		return;
	}
	o = json_object_new_object();
	json_add_text(o, "id", e->id);
	json_add_int(o, "beat", i);
	json_add_bool(o, "asked", true); /* also heard by people who want no reminders */
	turn_remind_once(
		t, "pace", beat.wait_s * 1000LL, arena_strdup(turn_arena(t), json_write(o)), false);
	json_object_put(o);
}

static void pace_begin(struct turn *t, const char *argument)
{
	const struct exercise *e = exercise_now(t);

	(void)argument;
	reminder_cancel(turn_store(t), turn_user(t)->id, "pace");
	if (e) {
		turn_set_text(t, "exercise_start", exercise_now_words(t, e, "start", e->start));
		plan_beat(t, e, 0);
	}
}

static void pace_stop(struct turn *t, const char *argument)
{
	(void)argument;
	reminder_cancel(turn_store(t), turn_user(t)->id, "pace");
}

/* The next beat. Whoever has gone on to something else meanwhile is left alone. */
static void pace_due(struct turn *t, struct reminder *r)
{
	struct json_object *o = r->data ? json_read(r->data, strlen(r->data)) : NULL;
	const struct exercise *e = exercises_find(exercise_now_set(t), json_text(o, "id", ""));
	int i = (int)json_int(o, "beat", 0);
	struct exercise_beat beat;

	json_object_put(o);
	if (!e || !turn_has_dialog(t, "pace") ||
		!exercise_beat(e, exercise_now_level(t, e), i, &beat)) {
		return;
	}
	if (beat.cue != EXERCISE_END) {
		turn_say_raw(t, beat_text(t, &beat, e->dose.minutes > 0));
		plan_beat(t, e, i + 1);
		return;
	}
	dialog_end_flow(turn_store(t), turn_user(t)->id, "pace");
	turn_say_raw(t, beat_text(t, &beat, e->dose.minutes > 0));
	turn_start(t, "exercise_done", NULL);
}

/* ---- what came of it ---- */

struct hurts {
	const char *text;
	int count;
};

static bool count_hurt(void *ctx, const struct entry *e)
{
	struct hurts *h = ctx;

	h->count += e->text && strcmp(e->text, h->text) == 0;
	return true;
}

/* One that hurts gets easier and the next day is a gentle one; after the second time in a week it
 * is left out for good. */
static void hurt(struct turn *t, const struct exercise *e, const char *row)
{
	struct hurts h = {.text = row};
	int64_t today = turn_today(t);

	person_keep_number(t, "hurt_day", (double)today);
	entry_each(turn_store(t), turn_user(t)->id, "exercise", today - HURT_DAYS + 1, today,
		count_hurt, &h);
	if (h.count >= HURT_MOST) {
		exercise_now_retire(t, e);
		turn_set_text(t, "exercise_name", exercise_now_words(t, e, "name", e->name));
		turn_say(t, "exercise.retired");
	}
}

/* Three times well in a row is the moment to offer more. */
static void well(struct turn *t, const struct exercise *e)
{
	const char *name = arena_printf(turn_arena(t), "row:%s", e->id);
	int good = person_number(t, name, 0) + 1;

	turn_set_number(t, "may_go_on",
		good >= READY_FOR_MORE && exercise_now_level(t, e) < 2 && e->harder);
	person_keep_number(t, name, good % READY_FOR_MORE);
}

static void exercise_result(struct turn *t, const char *result)
{
	const struct exercise *e = exercise_now(t);
	const char *row;

	pace_stop(t, "");
	turn_set_number(t, "may_go_on", 0);
	if (!e) {
		return;
	}
	row = arena_printf(turn_arena(t), "%s:%s", e->id, result);
	turn_log_text(t, "exercise", row);
	if (strcmp(result, "done") == 0) {
		well(t, e);
		return;
	}
	person_keep(t, arena_printf(turn_arena(t), "row:%s", e->id), NULL);
	if (strcmp(result, "skip") != 0) {
		exercise_now_set_level(t, e, exercise_now_level(t, e) - 1);
	}
	if (strcmp(result, "hurt") == 0) {
		hurt(t, e, row);
	}
}

static const struct flow_fact sets_pace[] = {{"exercise_start", VALUE_TEXT}, {0}};
static const struct flow_fact sets_result[] = {{"may_go_on", VALUE_NUMBER}, {0}};

static const struct handler_action actions[] = {
	{.name = "pace_begin", .run = pace_begin, .sets = sets_pace},
	{.name = "pace_stop", .run = pace_stop},
	{.name = "exercise_result",
		.run = exercise_result,
		.sets = sets_result,
		.takes_argument = true},
	{0},
};

static const char *const due_kinds[] = {"pace", NULL};

const struct handler pace_handler = {
	.name = "pacing",
	.actions = actions,
	.due_kinds = due_kinds,
	.due = pace_due,
};
