/* Exercises: which one fits this person now, and its card. What was asked for and which one is on
 * show are facts, so that "next" goes on from there. */
#include "base/text.h"
#include "bot/prompts.h"
#include "flow/exercises.h"
#include "handlers/exercise_now.h"
#include "handlers/person.h"

#include <string.h>

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

/* What most people want at this hour when they just say "exercise": nothing that needs courage. */
static const char *usual_wish(struct turn *t)
{
	static const char *const wishes[] = {
		[PART_NIGHT] = "calm, awake at night",
		[PART_MORNING] = "stiff, in bed in the morning",
		[PART_DAY] = "stiff",
		[PART_EVENING] = "before sleep",
	};

	return wishes[turn_part(t)];
}

static struct exercise_wish wish_of(struct turn *t, const char *text)
{
	const struct exercise_set *set = exercise_now_set(t);
	struct exercise_wish wish = {0};

	exercise_wish_read(turn_arena(t), set, turn_lexicon(t), text, &wish);
	wish.flags = exercise_now_flags(t);
	if (!wish.times) {
		wish.times = exercises_bit(set, EXERCISE_TIME, time_id(t));
	}
	return wish;
}

static void show(struct turn *t, const struct exercise *e)
{
	person_keep(t, "exercise_now", e ? e->id : NULL);
	if (e) {
		turn_set_text(t, "exercise_name", exercise_now_words(t, e, "name", e->name));
		turn_set_text(
			t, "exercise_purpose", exercise_now_words(t, e, "purpose", e->purpose));
		turn_set_number(t, "minutes", e->dose.minutes);
		turn_set_text(t, "exercise_length",
			turn_text(t, e->dose.minutes > 1 ? "exercise.minutes" : "exercise.minute"));
		turn_set_text(t, "exercise_source", exercise_now_words(t, e, "source", e->source));
		turn_set_text(t, "exercise_grade", exercise_now_words(t, e, "grade", e->grade));
		turn_set_text(t, "exercise_why", exercise_now_words(t, e, "why", e->why));
		turn_why(t, turn_text(t, "exercise.why"));
	}
	turn_set_number(t, "exercise_found", e != NULL);
}

/* Will the flow ask what to leave out before it shows anything? */
static bool is_asked_first(struct turn *t)
{
	return !exercise_now_knows_flags(t) && !exercise_now_is_morning(t);
}

/* Asked for by name, but not for this person or not at this hour: say so before another is shown.
 */
static void say_barred(struct turn *t, const struct exercise *e, unsigned flags)
{
	const struct exercise_caution *bar = exercise_barred(e, flags);

	if (!bar) {
		return;
	}
	turn_set_text(t, "exercise_name", exercise_now_words(t, e, "name", e->name));
	turn_say(t, bar->flags & EXERCISE_MORNING ? "exercise.after_first_hour"
		    : bar->flags & EXERCISE_FLARE ? "exercise.when_calmer"
						  : "exercise.not_for_you");
}

/* The best for a wish, going round so that it is not the same one every time. */
static void pick(struct turn *t, const char *text, int at)
{
	struct exercise_wish wish = wish_of(t, text);
	const struct exercise *const *list =
		exercises_search(turn_arena(t), exercise_now_set(t), &wish);
	const struct exercise *fit[64];
	int n = 0;

	for (; *list && n < 64; list++) {
		if (*list == wish.named || !exercise_now_is_retired(t, *list)) {
			fit[n++] = *list;
		}
	}
	if (wish.named && at == 0 && !is_asked_first(t)) {
		say_barred(t, wish.named, wish.flags);
	}
	person_keep(t, "exercise_wish", text);
	person_keep_number(t, "exercise_at", at);
	show(t, n ? fit[at % n] : NULL);
}

/* One for now: of the first few that fit the hour (or the "wish" that a reminder brings), another
 * one each day and hour. */
static void pick_exercise(struct turn *t, const char *argument)
{
	enum { ROUND = 3 };
	struct value wish = turn_get(t, "wish");

	(void)argument;
	pick(t, wish.type == VALUE_TEXT ? wish.text : usual_wish(t),
		(int)((turn_today(t) + turn_minute(t) / 60) % ROUND));
}

static void next_exercise(struct turn *t, const char *argument)
{
	const char *wish = person_fact(t, "exercise_wish");

	(void)argument;
	pick(t, wish ? wish : "", person_number(t, "exercise_at", 0) + 1);
}

/* The same wish once more, now that more is known about the person. */
static void pick_again(struct turn *t, const char *argument)
{
	const char *wish = person_fact(t, "exercise_wish");

	(void)argument;
	pick(t, wish ? wish : "", person_number(t, "exercise_at", 0));
}

/* ---- the card ---- */

static const char *numbered(struct turn *t, const struct exercise *e)
{
	const char *text = "";

	for (int i = 0; e->steps[i]; i++) {
		text = arena_printf(turn_arena(t), "%s%s%d. %s", text, i ? "\n" : "", i + 1,
			exercise_now_words(t, e, "steps", e->steps[i]));
	}
	return text;
}

/* What is different for this person, at this hour and level: a line of its own, or "". */
static const char *change_line(struct turn *t, const struct exercise *e)
{
	const char *const *v = exercise_variants(turn_arena(t), e, exercise_now_flags(t));
	const char *line = "";

	if (exercise_now_level(t, e) == 0) {
		line = exercise_now_words(t, e, "easier", e->easier);
	} else if (exercise_now_level(t, e) == 2 && e->harder) {
		line = exercise_now_words(t, e, "harder", e->harder);
	}
	for (; *v; v++) {
		line = arena_printf(turn_arena(t), "%s%s%s", line, *line ? " " : "",
			exercise_now_words(t, e, "cautions", *v));
	}
	return *line ? arena_printf(turn_arena(t), "%s\n", line) : "";
}

/* The dose, the change and the exercise's own stop rule. */
static const char *dose_line(struct turn *t, const struct exercise *e)
{
	turn_set_text(t, "exercise_dose", exercise_now_words(t, e, "dose", e->dose_words));
	turn_set_text(t, "exercise_stop", exercise_now_words(t, e, "stop", e->stop));
	turn_set_text(t, "exercise_change", change_line(t, e));
	return turn_text(t, exercise_now_level(t, e) == 0 ? "exercise.dose_half" : "exercise.dose");
}

static void show_exercise(struct turn *t, const char *argument)
{
	const struct exercise *e = exercise_now(t);

	(void)argument;
	if (!e) {
		next_exercise(t, "");
		e = exercise_now(t);
	}
	if (!e) {
		return;
	}
	show(t, e);
	turn_set_text(t, "exercise_start", exercise_now_words(t, e, "start", e->start));
	turn_set_text(t, "exercise_steps", numbered(t, e));
	turn_say(t, "exercise.card");
	turn_set_text(t, "exercise_line", dose_line(t, e));
}

static void change_level(struct turn *t, const char *argument)
{
	const struct exercise *e = exercise_now(t);

	if (!e) {
		return;
	}
	if (strcmp(argument, "harder") == 0 && !e->harder) {
		turn_say(t, "exercise.no_harder");
		return;
	}
	exercise_now_set_level(
		t, e, exercise_now_level(t, e) + (strcmp(argument, "harder") == 0 ? 1 : -1));
}

static void save_flags(struct turn *t, const char *argument)
{
	struct value v = turn_get(t, "flags");

	(void)argument;
	if (v.type == VALUE_TEXT) {
		person_keep(t, "exercise_flags", *v.text ? v.text : "none");
		turn_set_number(t, "has_flags", *v.text != 0);
	}
}

static const struct flow_fact sets_picked[] = {{"exercise_name", VALUE_TEXT},
	{"exercise_purpose", VALUE_TEXT}, {"exercise_length", VALUE_TEXT},
	{"exercise_found", VALUE_NUMBER}, {0}};
static const struct flow_fact sets_card[] = {{"exercise_name", VALUE_TEXT},
	{"exercise_purpose", VALUE_TEXT}, {"exercise_length", VALUE_TEXT},
	{"exercise_found", VALUE_NUMBER}, {"exercise_line", VALUE_TEXT}, {0}};
static const struct flow_fact sets_flags[] = {{"has_flags", VALUE_NUMBER}, {0}};

static const struct handler_action actions[] = {
	{.name = "pick_exercise", .run = pick_exercise, .sets = sets_picked},
	{.name = "next_exercise", .run = next_exercise, .sets = sets_picked},
	{.name = "pick_again", .run = pick_again, .sets = sets_picked},
	{.name = "show_exercise", .run = show_exercise, .sets = sets_card},
	{.name = "change_level", .run = change_level, .takes_argument = true},
	{.name = "save_flags", .run = save_flags, .sets = sets_flags},
	{0},
};

static struct value get_flags_known(struct turn *t)
{
	return value_number(exercise_now_knows_flags(t));
}

static struct value get_morning_window(struct turn *t)
{
	return value_number(exercise_now_is_morning(t));
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

/* A new exercise takes the place of one that is still on show or being counted. */
static void close_others(struct turn *t)
{
	static const char *const flows[] = {"exercise", "stretch", "pace", "exercise_done"};
	struct dialog d;

	for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
		dialog_end_flow(turn_store(t), turn_user(t)->id, flows[i]);
	}
	if (dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &d) &&
		strcmp(d.flow, "checkin") == 0 && strcmp(d.step, "offer") == 0) {
		dialog_end(turn_store(t), d.id);
	}
	reminder_cancel(turn_store(t), turn_user(t)->id, "pace");
}

static void exercise(struct turn *t, const char *rest)
{
	close_others(t);
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

	if (text_word_count(text) > SHORT_WORDS ||
		!exercise_wish_read(
			turn_arena(t), exercise_now_set(t), turn_lexicon(t), text, &wish)) {
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
/* The words of a card work when it is closed as well. */
static void another(struct turn *t, const char *rest)
{
	(void)rest;
	close_others(t);
	next_exercise(t, "");
	turn_start(t, "exercise", NULL);
}

static void easier(struct turn *t, const char *rest)
{
	(void)rest;
	close_others(t);
	change_level(t, "easier");
	turn_start(t, "exercise", NULL);
}

static void harder(struct turn *t, const char *rest)
{
	(void)rest;
	close_others(t);
	change_level(t, "harder");
	turn_start(t, "exercise", NULL);
}

static const char *const another_words[] = {"another", "another one", "another exercise", "next",
	"next one", "next exercise", "a different one", "something else", NULL};
static void again(struct turn *t, const char *rest)
{
	(void)rest;
	close_others(t);
	turn_start(t, "exercise", NULL);
}

static const char *const again_words[] = {
	"again", "show me again", "once more", "repeat", "same again", "the same one", NULL};
static const char *const easier_words[] = {"easier", "too hard", "something easier", NULL};
static const char *const harder_words[] = {"harder", "too easy", "something harder", NULL};
static const char *const spasm_words[] = {
	"spasm", "spasm now", "my back is in spasm", "back spasm", "cramp", "my back locked", NULL};

static const struct handler_command commands[] = {
	{.words = exercise_words, .run = exercise, .takes_rest = true},
	{.words = spasm_words, .run = spasm},
	{.words = another_words, .run = another},
	{.words = again_words, .run = again},
	{.words = easier_words, .run = easier},
	{.words = harder_words, .run = harder},
	{0},
};

const struct handler exercise_handler = {
	.name = "exercises",
	.actions = actions,
	.facts = facts,
	.commands = commands,
	.free_talk = free_talk,
};
