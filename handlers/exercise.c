/* Exercises: which one fits this person now, its card, counting through it, and what came of it.
 * What was asked for and which one is on show are facts, so that "next" goes on from there. */
#include "base/buf.h"
#include "base/json.h"
#include "bot/handler.h"
#include "bot/prompts.h"
#include "flow/exercises.h"

#include <stdlib.h>
#include <string.h>

enum {
	WINDOW_MIN = 60, /* after waking: no full bending of the back */
	FLARE_PAIN = 7,
	FLAGS_DAYS = 28, /* then they are asked again */
};

static const char *fact(struct turn *t, const char *name)
{
	return fact_get(turn_store(t), turn_arena(t), turn_user(t)->id, name);
}

static void keep(struct turn *t, const char *name, const char *value)
{
	fact_set(turn_store(t), turn_user(t)->id, name, value, turn_now_utc_ms(t));
}

static int number_fact(struct turn *t, const char *name, int fallback)
{
	double n;

	return fact_get_number(turn_store(t), turn_user(t)->id, name, &n) ? (int)n : fallback;
}

static const struct exercise_set *set_of(struct turn *t)
{
	return prompts_exercises(turn_prompts(t));
}

/* ---- the person and the hour, as flags ---- */

static bool is_morning_window(struct turn *t)
{
	const char *wake = fact(t, "wake");
	int wake_min =
		wake ? atoi(wake) * 60 + (strchr(wake, ':') ? atoi(strchr(wake, ':') + 1) : 0)
		     : 7 * 60;
	int since = turn_minute(t) - wake_min;

	return since > -120 && since < WINDOW_MIN;
}

static bool is_flare(struct turn *t)
{
	struct entry e;

	return entry_last(turn_store(t), turn_arena(t), turn_user(t)->id, "pain", &e) &&
	       e.number >= FLARE_PAIN && turn_today(t) - e.day <= 1;
}

static bool are_flags_known(struct turn *t)
{
	int64_t set_ms = fact_set_at(turn_store(t), turn_user(t)->id, "exercise_flags");

	return set_ms && turn_now_utc_ms(t) - set_ms < FLAGS_DAYS * INT64_C(86400000);
}

static bool is_fact(struct turn *t, const char *name, const char *value)
{
	const char *is = fact(t, name);

	return is && strcmp(is, value) == 0;
}

static unsigned flags_of(struct turn *t)
{
	const char *ids = fact(t, "exercise_flags");
	char *words = arena_strdup(turn_arena(t), ids ? ids : "flare"), *rest;
	unsigned flags = 0;

	for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
		flags |= exercise_flag_find(w);
	}
	flags |= is_fact(t, "p_preg", "pregnant") || is_fact(t, "p_preg", "could") ? EXERCISE_PREG
										   : 0;
	flags |= is_fact(t, "p_preg", "birth") ? EXERCISE_ABD : 0;
	flags |= is_fact(t, "p_bone", "yes") ? EXERCISE_OP : 0;
	flags |= is_morning_window(t) ? EXERCISE_MORNING : 0;
	return flags | (is_flare(t) ? EXERCISE_FLARE : 0);
}

/* A text of an exercise in the person's language. */
static const char *words(
	struct turn *t, const struct exercise *e, const char *field, const char *text)
{
	return prompts_translate(turn_prompts(t), turn_user(t)->lang,
		arena_printf(turn_arena(t), "exercise.%s.%s", e->id, field), text);
}

/* ---- picking ---- */

static const char *time_id(struct turn *t)
{
	static const char *const ids[] = {
		[PART_NIGHT] = "night",
		[PART_MORNING] = "morning",
		[PART_DAY] = "day",
		[PART_EVENING] = "evening",
	};

	return ids[turn_part(t)];
}

static struct exercise_wish wish_of(struct turn *t, const char *text)
{
	const struct exercise_set *set = set_of(t);
	struct exercise_wish wish = {0};

	exercise_wish_read(turn_arena(t), set, turn_lexicon(t), text, &wish);
	wish.flags = flags_of(t);
	if (!wish.times) {
		wish.times = exercises_bit(set, EXERCISE_TIME, time_id(t));
	}
	return wish;
}

static const struct exercise *shown(struct turn *t)
{
	const char *id = fact(t, "exercise_now");

	return id ? exercises_find(set_of(t), id) : NULL;
}

static void show(struct turn *t, const struct exercise *e)
{
	keep(t, "exercise_now", e ? e->id : NULL);
	if (e) {
		turn_set_text(t, "exercise_name", words(t, e, "name", e->name));
		turn_set_text(t, "exercise_purpose", words(t, e, "purpose", e->purpose));
		turn_set_text(t, "exercise_source", words(t, e, "source", e->source));
		turn_set_text(t, "exercise_grade", words(t, e, "grade", e->grade));
		turn_set_text(t, "exercise_why", words(t, e, "why", e->why));
		turn_why(t, turn_text(t, "exercise.why"));
	}
	turn_set_number(t, "exercise_found", e != NULL);
}

/* Asked for by name, but not for this person or not at this hour: say so before another is shown.
 */
static void say_barred(struct turn *t, const struct exercise *e, unsigned flags)
{
	const struct exercise_caution *bar = exercise_barred(e, flags);

	if (!bar) {
		return;
	}
	turn_set_text(t, "exercise_name", words(t, e, "name", e->name));
	turn_say(t, bar->flags & EXERCISE_MORNING ? "exercise.after_first_hour"
		    : bar->flags & EXERCISE_FLARE ? "exercise.when_calmer"
						  : "exercise.not_for_you");
}

/* The best for a wish, going round so that it is not the same one every time. */
static void pick(struct turn *t, const char *text, int at)
{
	struct exercise_wish wish = wish_of(t, text);
	const struct exercise *const *list = exercises_search(turn_arena(t), set_of(t), &wish);
	int n = 0;

	while (list[n]) {
		n++;
	}
	if (wish.named && at == 0) {
		say_barred(t, wish.named, wish.flags);
	}
	keep(t, "exercise_wish", text);
	fact_set_number(turn_store(t), turn_user(t)->id, "exercise_at", at, turn_now_utc_ms(t));
	show(t, n ? list[at % n] : NULL);
}

/* One for now: of the first few that fit the hour (or the "wish" that a reminder brings), another
 * one each day and hour. */
static void pick_exercise(struct turn *t, const char *argument)
{
	enum { ROUND = 3 };
	struct value wish = turn_get(t, "wish");

	(void)argument;
	pick(t, wish.type == VALUE_TEXT ? wish.text : time_id(t),
		(int)((turn_today(t) + turn_minute(t) / 60) % ROUND));
}

static void next_exercise(struct turn *t, const char *argument)
{
	const char *wish = fact(t, "exercise_wish");

	(void)argument;
	pick(t, wish ? wish : "", number_fact(t, "exercise_at", 0) + 1);
}

/* The same wish once more, now that more is known about the person. */
static void pick_again(struct turn *t, const char *argument)
{
	const char *wish = fact(t, "exercise_wish");

	(void)argument;
	pick(t, wish ? wish : "", number_fact(t, "exercise_at", 0));
}

/* ---- the card ---- */

static const char *level_name(struct turn *t, const struct exercise *e)
{
	return arena_printf(turn_arena(t), "level:%s", e->id);
}

static int level_of(struct turn *t, const struct exercise *e)
{
	return number_fact(t, level_name(t, e), 1);
}

static void set_level(struct turn *t, const struct exercise *e, int level)
{
	level = level < 0 ? 0 : level > 2 ? 2 : level;
	fact_set_number(
		turn_store(t), turn_user(t)->id, level_name(t, e), level, turn_now_utc_ms(t));
}

static const char *numbered(struct turn *t, const struct exercise *e)
{
	const char *text = "";

	for (int i = 0; e->steps[i]; i++) {
		text = arena_printf(turn_arena(t), "%s%s%d. %s", text, i ? "\n" : "", i + 1,
			words(t, e, "steps", e->steps[i]));
	}
	return text;
}

/* What is different for this person, at this hour and level: a line of its own, or "". */
static const char *change_line(struct turn *t, const struct exercise *e)
{
	const char *const *v = exercise_variants(turn_arena(t), e, flags_of(t));
	const char *line = "";

	if (level_of(t, e) == 0) {
		line = words(t, e, "easier", e->easier);
	} else if (level_of(t, e) == 2 && e->harder) {
		line = words(t, e, "harder", e->harder);
	}
	for (; *v; v++) {
		line = arena_printf(turn_arena(t), "%s%s%s", line, *line ? " " : "",
			words(t, e, "cautions", *v));
	}
	return *line ? arena_printf(turn_arena(t), "%s\n", line) : "";
}

/* The dose, the change and the exercise's own stop rule. */
static const char *dose_line(struct turn *t, const struct exercise *e)
{
	turn_set_text(t, "exercise_dose", words(t, e, "dose", e->dose_words));
	turn_set_text(t, "exercise_stop", words(t, e, "stop", e->stop));
	turn_set_text(t, "exercise_change", change_line(t, e));
	return turn_text(t, level_of(t, e) == 0 ? "exercise.dose_half" : "exercise.dose");
}

static void show_exercise(struct turn *t, const char *argument)
{
	const struct exercise *e = shown(t);

	(void)argument;
	if (!e) {
		next_exercise(t, "");
		e = shown(t);
	}
	if (!e) {
		return;
	}
	show(t, e);
	turn_set_text(t, "exercise_start", words(t, e, "start", e->start));
	turn_set_text(t, "exercise_steps", numbered(t, e));
	turn_say(t, "exercise.card");
	turn_set_text(t, "exercise_line", dose_line(t, e));
}

static void change_level(struct turn *t, const char *argument)
{
	const struct exercise *e = shown(t);

	if (!e) {
		return;
	}
	if (strcmp(argument, "harder") == 0 && !e->harder) {
		turn_say(t, "exercise.no_harder");
		return;
	}
	set_level(t, e, level_of(t, e) + (strcmp(argument, "harder") == 0 ? 1 : -1));
}

/* ---- counting ---- */

static const char *beat_text(struct turn *t, const struct exercise_beat *beat)
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
	if (beat->cue == EXERCISE_GO && beat->seconds >= 120) {
		return turn_text(t, "pace.minutes");
	}
	return turn_text(t, beat->reps ? texts[beat->cue].reps : texts[beat->cue].hold);
}

/* Plans beat i. The person has just asked for it, so it comes on the second. */
static void plan_beat(struct turn *t, const struct exercise *e, int i)
{
	struct exercise_beat beat;
	struct json_object *o;

	if (!exercise_beat(e, level_of(t, e), i, &beat)) {
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
	const struct exercise *e = shown(t);

	(void)argument;
	reminder_cancel(turn_store(t), turn_user(t)->id, "pace");
	if (e) {
		turn_set_text(t, "exercise_start", words(t, e, "start", e->start));
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
	const struct exercise *e = exercises_find(set_of(t), json_text(o, "id", ""));
	int i = (int)json_int(o, "beat", 0);
	struct exercise_beat beat;

	json_object_put(o);
	if (!e || !turn_has_dialog(t, "pace") || !exercise_beat(e, level_of(t, e), i, &beat)) {
		return;
	}
	if (beat.cue != EXERCISE_END) {
		turn_say_raw(t, beat_text(t, &beat));
		plan_beat(t, e, i + 1);
		return;
	}
	dialog_end_flow(turn_store(t), turn_user(t)->id, "pace");
	turn_start(t, "exercise_done", NULL);
}

/* ---- what came of it ---- */

/* Three times well in a row is the moment to offer more; too hard makes it easier at once. */
static void exercise_result(struct turn *t, const char *result)
{
	enum { READY_FOR_MORE = 3 };
	const struct exercise *e = shown(t);
	const char *row;
	int good;

	pace_stop(t, "");
	if (!e) {
		return;
	}
	row = arena_printf(turn_arena(t), "row:%s", e->id);
	good = strcmp(result, "done") == 0 ? number_fact(t, row, 0) + 1 : 0;
	turn_log_text(t, "exercise", arena_printf(turn_arena(t), "%s:%s", e->id, result));
	if (strcmp(result, "hard") == 0 || strcmp(result, "hurt") == 0) {
		set_level(t, e, level_of(t, e) - 1);
	}
	turn_set_number(t, "may_go_on", good >= READY_FOR_MORE && level_of(t, e) < 2 && e->harder);
	turn_set_text(t, "exercise_name", words(t, e, "name", e->name));
	turn_set_text(t, "exercise_stop", words(t, e, "stop", e->stop));
	fact_set_number(
		turn_store(t), turn_user(t)->id, row, good % READY_FOR_MORE, turn_now_utc_ms(t));
}

static void save_flags(struct turn *t, const char *argument)
{
	struct value v = turn_get(t, "flags");

	(void)argument;
	if (v.type == VALUE_TEXT) {
		keep(t, "exercise_flags", *v.text ? v.text : "none");
	}
}

static const struct flow_fact sets_picked[] = {{"exercise_name", VALUE_TEXT},
	{"exercise_purpose", VALUE_TEXT}, {"exercise_found", VALUE_NUMBER}, {0}};
static const struct flow_fact sets_card[] = {{"exercise_name", VALUE_TEXT},
	{"exercise_purpose", VALUE_TEXT}, {"exercise_found", VALUE_NUMBER},
	{"exercise_line", VALUE_TEXT}, {0}};
static const struct flow_fact sets_pace[] = {{"exercise_start", VALUE_TEXT}, {0}};
static const struct flow_fact sets_result[] = {{"may_go_on", VALUE_NUMBER},
	{"exercise_name", VALUE_TEXT}, {"exercise_stop", VALUE_TEXT}, {0}};

static const struct handler_action actions[] = {
	{.name = "pick_exercise", .run = pick_exercise, .sets = sets_picked},
	{.name = "next_exercise", .run = next_exercise, .sets = sets_picked},
	{.name = "pick_again", .run = pick_again, .sets = sets_picked},
	{.name = "show_exercise", .run = show_exercise, .sets = sets_card},
	{.name = "change_level", .run = change_level, .takes_argument = true},
	{.name = "pace_begin", .run = pace_begin, .sets = sets_pace},
	{.name = "pace_stop", .run = pace_stop},
	{.name = "exercise_result",
		.run = exercise_result,
		.sets = sets_result,
		.takes_argument = true},
	{.name = "save_flags", .run = save_flags},
	{0},
};

static struct value get_flags_known(struct turn *t)
{
	return value_number(are_flags_known(t));
}

static struct value get_morning_window(struct turn *t)
{
	return value_number(is_morning_window(t));
}

/* Set by a reminder for its own turn only. */
static struct value get_wish(struct turn *t)
{
	(void)t;
	return value_null();
}

static const struct handler_fact facts[] = {
	{"wish", VALUE_TEXT, get_wish},
	{"flags_known", VALUE_NUMBER, get_flags_known},
	{"morning_window", VALUE_NUMBER, get_morning_window},
	{0},
};

/* ---- words ---- */

static void exercise(struct turn *t, const char *rest)
{
	if (*rest) {
		pick(t, rest, 0);
	} else {
		pick_exercise(t, "");
	}
	turn_start(t, "exercise", NULL);
}

static void spasm(struct turn *t, const char *rest)
{
	(void)rest;
	exercise(t, "spasm");
}

/* "cat camel", "my hips are tight": a name, or a short sentence with a need. */
static bool free_talk(struct turn *t, const char *text)
{
	enum { SHORT_WORDS = 8 };
	struct exercise_wish wish = {0};
	int words = 1;

	for (const char *p = text; *p; p++) {
		words += *p == ' ';
	}
	if (words > SHORT_WORDS ||
		!exercise_wish_read(turn_arena(t), set_of(t), turn_lexicon(t), text, &wish)) {
		return false;
	}
	if (!wish.named && !wish.needs) {
		return false;
	}
	exercise(t, text);
	return true;
}

static const char *const exercise_words[] = {"exercise", "exercises", "an exercise", "stretch",
	"stretches", "move", "something for", "help my", NULL};
static const char *const spasm_words[] = {
	"spasm", "spasm now", "my back is in spasm", "back spasm", "cramp", "my back locked", NULL};

static const struct handler_command commands[] = {
	{.words = exercise_words, .run = exercise, .takes_rest = true},
	{.words = spasm_words, .run = spasm},
	{0},
};

static const char *const due_kinds[] = {"pace", NULL};

const struct handler exercise_handler = {
	.name = "exercises",
	.actions = actions,
	.facts = facts,
	.commands = commands,
	.due_kinds = due_kinds,
	.due = pace_due,
	.free_talk = free_talk,
};
