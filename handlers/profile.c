/* What is asked once about the person: one question a day at most, skippable, again after some time
 * (clinical reference 1.2). Conditions and the triage use the answers as facts. */
#include "handlers/person.h"
#include "handlers/triage_now.h"

#include <stdlib.h>
#include <string.h>

enum { AGAIN_SKIPPED_DAYS = 30 };
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

/* In the order of asking. */
static const char *const names[] = {"p_age", "p_preg", "p_thin", "p_cancer", "p_bone", "p_steroid",
	"p_immune", "p_inject", "p_aorta", "p_nsaid", "p_opioid", "p_dx", NULL};

static int again_days(struct turn *t, const char *name)
{
	const struct triage_row *row = triage_row_find(triage_now_table(t), name);

	return row ? row->again_days : 0;
}

static bool is_due(struct turn *t, const char *name)
{
	const char *text = person_fact(t, name);
	int64_t age_ms = turn_now_utc_ms(t) - fact_set_at(turn_store(t), turn_user(t)->id, name);
	int days = text && strcmp(text, "unsure") == 0 ? AGAIN_SKIPPED_DAYS : again_days(t, name);

	return !text || (days > 0 && age_ms > days * day_ms);
}

static const char *next_due(struct turn *t)
{
	if (person_number(t, "profile_day", -1) == (int)turn_today(t)) {
		return NULL;
	}
	for (const char *const *name = names; *name; name++) {
		if (is_due(t, *name)) {
			return *name;
		}
	}
	return NULL;
}

/* The fact that the flow asks now. */
static void pick_fact(struct turn *t, const char *argument)
{
	const char *name = next_due(t);

	(void)argument;
	turn_set_text(t, "profile_next", name ? name : "");
	if (name) {
		person_keep_number(t, "profile_day", (double)turn_today(t));
	}
}

static const char *as_fact(struct turn *t, const char *name, struct value v)
{
	const struct triage_row *row = triage_row_find(triage_now_table(t), name);

	if (v.type == VALUE_NULL) {
		return "unsure";
	}
	if (row && row->kind == TRIAGE_YESNO) {
		return v.type == VALUE_NUMBER && v.number != 0 ? "yes" : "no";
	}
	return value_show(turn_arena(t), v);
}

/* Newly told and in need of a look (event L12): the screen to begin with, or NULL. */
static const char *screen_for(const char *name, const char *old, const char *text)
{
	bool is_new = !old || strcmp(old, text) != 0;
	bool is_yes = strcmp(text, "yes") == 0;

	if (is_new && strcmp(name, "p_preg") == 0 &&
		(strcmp(text, "pregnant") == 0 || strcmp(text, "maybe") == 0 ||
			strcmp(text, "birth") == 0)) {
		return "P";
	}
	if (is_new && is_yes &&
		(strcmp(name, "p_cancer") == 0 || strcmp(name, "p_steroid") == 0 ||
			strcmp(name, "p_thin") == 0)) {
		return "B";
	}
	return NULL;
}

static void save_profile(struct turn *t, const char *name)
{
	const char *old = person_fact(t, name);
	/* the answer's own name: the fact of that name is what was known before */
	const char *answer = arena_printf(turn_arena(t), "new_%s", name);
	const char *text = as_fact(t, name, turn_get(t, answer));
	const char *screen = screen_for(name, old, text);

	person_keep(t, name, text);
	turn_set_text(t, "profile_screen", screen ? screen : "");
}

/* After the thanks: an answer that changes what is safe is looked into at once. */
static void look_closer(struct turn *t, const char *argument)
{
	const char *screen = person_answer(t, "profile_screen");

	(void)argument;
	if (turn_get(t, "new_p_age").type == VALUE_NUMBER && triage_now_is_minor(t)) {
		triage_say_minor(t);
	}
	if (screen && *screen) {
		turn_say(t, "triage.because");
		triage_now_begin(t, screen, false);
	}
}

static const struct flow_fact pick_sets[] = {
	{.name = "profile_next", .type = VALUE_TEXT},
	{0},
};

static const struct flow_fact save_sets[] = {
	{.name = "profile_screen", .type = VALUE_TEXT},
	{0},
};

static const struct handler_action actions[] = {
	{.name = "pick_fact", .run = pick_fact, .sets = pick_sets},
	{.name = "save_profile", .run = save_profile, .sets = save_sets, .takes_argument = true},
	{.name = "look_closer", .run = look_closer},
	{0},
};

/* ---- as facts of flows ---- */

static struct value known(struct turn *t, const char *name)
{
	struct value v = value_null();

	values_get(triage_now_facts(t), name, &v);
	return v;
}

static struct value get_profile_due(struct turn *t)
{
	return value_number(turn_has_consent(t) && next_due(t) != NULL);
}

#define FACT(name)                                                                                 \
	static struct value get_##name(struct turn *t)                                             \
	{                                                                                          \
		return known(t, #name);                                                            \
	}
FACT(p_age)
FACT(p_preg)
FACT(p_cancer)
FACT(p_bone)
FACT(p_steroid)
FACT(p_immune)
FACT(p_inject)
FACT(p_thin)
FACT(p_aorta)
FACT(p_nsaid)
FACT(p_opioid)
FACT(p_dx)
#undef FACT

static const struct handler_fact facts[] = {
	{"profile_due", VALUE_NUMBER, get_profile_due},
	{"p_age", VALUE_NUMBER, get_p_age},
	{"p_preg", VALUE_TEXT, get_p_preg},
	{"p_cancer", VALUE_NUMBER, get_p_cancer},
	{"p_bone", VALUE_NUMBER, get_p_bone},
	{"p_steroid", VALUE_NUMBER, get_p_steroid},
	{"p_immune", VALUE_NUMBER, get_p_immune},
	{"p_inject", VALUE_NUMBER, get_p_inject},
	{"p_thin", VALUE_NUMBER, get_p_thin},
	{"p_aorta", VALUE_NUMBER, get_p_aorta},
	{"p_nsaid", VALUE_NUMBER, get_p_nsaid},
	{"p_opioid", VALUE_NUMBER, get_p_opioid},
	{"p_dx", VALUE_TEXT, get_p_dx},
	{0},
};

/* After a check-in, when nothing else is open: today's question. */
static void logged(struct turn *t)
{
	struct dialog d;
	struct entry e;
	int64_t user = turn_user(t)->id;

	if (turn_has_consent(t) && !dialog_top(turn_store(t), turn_arena(t), user, &d) &&
		entry_last(turn_store(t), turn_arena(t), user, NULL, &e) &&
		strncmp(e.source, "checkin.", 8) == 0 && next_due(t)) {
		turn_start(t, "facts", NULL);
	}
}

const struct handler profile_handler = {
	.name = "profile",
	.actions = actions,
	.facts = facts,
	.logged = logged,
};
