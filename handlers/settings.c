/* When and where the person lives, and what the bot may send by itself. Each setting can be said
 * in words ("wake 6:30", "evening on") or is asked by a small flow of the same name. */
#include "bot/prompts.h"
#include "handlers/person.h"

#include <stdio.h>
#include <string.h>

enum { EVENING_DEFAULT_MIN = 20 * 60 + 30, DESK_DEFAULT_MIN = 60 };

/* Days as ids joined by spaces: "mon tue". */
static const char *const day_ids[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static unsigned days_of(const char *ids)
{
	unsigned mask = 0;

	for (int i = 0; ids && i < 7; i++) {
		mask |= strstr(ids, day_ids[i]) ? 1U << i : 0;
	}
	return mask;
}

/* ---- what is planned ---- */

static unsigned checkin_days(struct turn *t)
{
	unsigned days = days_of(person_fact(t, "checkin_days"));

	return days ? days : RULE_EVERY_DAY;
}

/* Moves what hangs on the wake time along with it. */
static void plan_wake(struct turn *t)
{
	person_remind(t, "checkin", checkin_days(t), person_wake_min(t));
	if (person_has_reminder(t, "stretch_wake")) {
		person_remind(t, "stretch_wake", RULE_EVERY_DAY, person_wake_min(t));
	}
}

/* ---- actions of flows ---- */

static void save_wake(struct turn *t, const char *argument)
{
	(void)argument;
	person_keep(t, "wake",
		person_clock(t, person_minutes(person_answer(t, "wake_at"), person_wake_min(t))));
	plan_wake(t);
}

static void save_zone(struct turn *t, const char *argument)
{
	const char *zone = person_answer(t, "where");
	struct user *user = turn_user(t);

	(void)argument;
	if (zone && zone_find(zone)) {
		snprintf(user->zone, sizeof user->zone, "%s", zone);
		if (strcmp(zone_country(zone), user->country) != 0) {
			user->country[0] = '\0'; /* to be confirmed anew */
		}
		turn_replan(t);
	}
	turn_set_number(t, "asked_where", 1);
}

/* The country of the zone, agreed to by the person. */
static void confirm_country(struct turn *t, const char *argument)
{
	struct user *user = turn_user(t);

	(void)argument;
	snprintf(user->country, sizeof user->country, "%s", zone_country(user->zone));
}

/* "France", "country france", "i live in the netherlands": the longest end that is a country. */
static const char *find_country(const char *text)
{
	const char *iso = NULL;

	while (text && *text && !iso) {
		iso = zone_country_find(text);
		text = strchr(text, ' ');
		text += text != NULL;
	}
	return iso;
}

static void save_country(struct turn *t, const char *argument)
{
	const char *iso = find_country(person_answer(t, "land"));

	(void)argument;
	if (iso) {
		snprintf(turn_user(t)->country, sizeof turn_user(t)->country, "%s", iso);
	}
	turn_set_number(t, "country_found", iso != NULL);
}

static void save_work_days(struct turn *t, const char *argument)
{
	const char *days = *argument ? argument : person_answer(t, "days");

	if (days && strcmp(days, "weekdays") == 0) {
		days = "mon tue wed thu fri";
	} else if (days && strcmp(days, "all") == 0) {
		days = "mon tue wed thu fri sat sun";
	} else if (days && strcmp(days, "none") == 0) {
		days = "";
	}
	if (days) {
		person_keep(t, "work_days", days);
	}
}

/* How often the morning question comes: daily, three times a week, weekly. */
static void save_frequency(struct turn *t, const char *argument)
{
	const char *days = NULL;

	if (strcmp(argument, "three") == 0) {
		days = "mon wed fri";
	} else if (strcmp(argument, "workdays") == 0) {
		days = "mon tue wed thu fri";
	} else if (strcmp(argument, "weekly") == 0) {
		days = day_ids[civil_weekday(turn_today(t))];
	}
	person_keep(t, "checkin_days", days);
	plan_wake(t);
}

static void evening_on(struct turn *t, const char *argument)
{
	int minute =
		person_evening(person_minutes(person_answer(t, "evening_at"), EVENING_DEFAULT_MIN));

	(void)argument;
	turn_set_text(t, "evening_time", person_clock(t, minute));
	person_keep(t, "evening", person_clock(t, minute));
	person_remind(t, "evening", RULE_EVERY_DAY, minute);
}

static void evening_off(struct turn *t, const char *argument)
{
	(void)argument;
	dialog_end_flow(turn_store(t), turn_user(t)->id, "evening_setting");
	person_keep(t, "evening", NULL);
	person_forget_reminder(t, "evening");
}

static void desk_on(struct turn *t, const char *argument)
{
	const char *days = person_fact(t, "work_days");
	struct value every = turn_get(t, "desk_every");
	struct rule rule = {
		.days = days ? days_of(days) : RULE_WEEKDAYS,
		.from_min = person_minutes(person_answer(t, "desk_from"), 9 * 60),
		.to_min = person_minutes(person_answer(t, "desk_to"), 17 * 60),
		.every_min = every.type == VALUE_NUMBER ? (int)every.number : DESK_DEFAULT_MIN,
	};
	enum { DESK_MOST = 6, HALF_DAY_MIN = 12 * 60 };

	(void)argument;
	if (rule.to_min <= rule.from_min && rule.to_min + HALF_DAY_MIN > rule.from_min &&
		rule.to_min < HALF_DAY_MIN) { /* "9" to "5" */
		rule.to_min += HALF_DAY_MIN;
	} else if (rule.to_min <= rule.from_min) { /* a night shift ends at midnight for us */
		rule.to_min = 24 * 60 - 1;
	}
	person_keep(t, "desk",
		arena_printf(turn_arena(t), "%s-%s", person_clock(t, rule.from_min),
			person_clock(t, rule.to_min)));
	turn_set_text(t, "desk_until", person_clock(t, rule.to_min));
	rule.from_min += rule.every_min; /* the first hour has just begun */
	if (rule.from_min > rule.to_min) {
		rule.from_min = rule.to_min;
	}
	turn_remind(t, "desk", &rule, DESK_MOST, NULL);
}

static void desk_off(struct turn *t, const char *argument)
{
	(void)argument;
	dialog_end_flow(turn_store(t), turn_user(t)->id, "desk_setting"); /* half asked */
	person_keep(t, "desk", NULL);
	person_forget_reminder(t, "desk");
}

static const struct flow_fact sets_evening[] = {{"evening_time", VALUE_TEXT}, {0}};
static const struct flow_fact sets_where[] = {{"asked_where", VALUE_NUMBER}, {0}};
static const struct flow_fact sets_desk[] = {{"desk_until", VALUE_TEXT}, {0}};
static const struct flow_fact sets_country[] = {{"country_found", VALUE_NUMBER}, {0}};

static const struct handler_action actions[] = {
	{.name = "save_wake", .run = save_wake},
	{.name = "save_zone", .run = save_zone, .sets = sets_where},
	{.name = "confirm_country", .run = confirm_country},
	{.name = "save_country", .run = save_country, .sets = sets_country},
	{.name = "save_work_days", .run = save_work_days},
	{.name = "save_frequency", .run = save_frequency, .takes_argument = true},
	{.name = "evening_on", .run = evening_on, .sets = sets_evening},
	{.name = "evening_off", .run = evening_off},
	{.name = "desk_on", .run = desk_on, .sets = sets_desk},
	{.name = "desk_off", .run = desk_off},
	{0},
};

/* ---- facts ---- */

/* A zone without a country (UTC on a server) says nothing about where somebody is. */
static struct value get_zone_known(struct turn *t)
{
	const char *zone = turn_user(t)->zone;

	return value_number(zone[0] && zone_country(zone)[0]);
}

static struct value get_zone(struct turn *t)
{
	return turn_user(t)->zone[0] ? value_text(turn_user(t)->zone) : value_null();
}

static struct value get_local_time(struct turn *t)
{
	return value_text(person_clock(t, turn_minute(t)));
}

/* The confirmed country, or the one of the zone as a guess. */
static struct value get_country_name(struct turn *t)
{
	const struct user *user = turn_user(t);
	const char *iso = user->country[0] ? user->country : zone_country(user->zone);
	const char *name = zone_country_name(iso);

	return name ? value_text(name) : value_null();
}

static struct value get_wake(struct turn *t)
{
	return value_text(person_clock(t, person_wake_min(t)));
}

static const struct handler_fact facts[] = {
	{"zone_known", VALUE_NUMBER, get_zone_known},
	{"zone", VALUE_TEXT, get_zone},
	{"local_time", VALUE_TEXT, get_local_time},
	{"country_name", VALUE_TEXT, get_country_name},
	{"wake", VALUE_TEXT, get_wake},
	{0},
};

/* ---- words ---- */

/* Starts the flow with what was said, so that "wake 6:30" answers its question. */
static void start_with(struct turn *t, const char *flow, const char *rest)
{
	turn_start(t, flow, *rest ? arena_printf(turn_arena(t), "%s %s", flow, rest) : NULL);
}

static void wake(struct turn *t, const char *rest)
{
	start_with(t, "wake", rest);
}

static void zone(struct turn *t, const char *rest)
{
	start_with(t, "zone", rest);
}

static void country(struct turn *t, const char *rest)
{
	start_with(t, "country", rest);
}

static void work_days(struct turn *t, const char *rest)
{
	start_with(t, "workdays", rest);
}

static void evening(struct turn *t, const char *rest)
{
	if (person_says_off(t, rest)) {
		evening_off(t, "");
		turn_say(t, "settings.evening_off");
	} else {
		start_with(t, "evening_setting", rest);
	}
}

static void desk(struct turn *t, const char *rest)
{
	if (person_says_off(t, rest)) {
		desk_off(t, "");
		turn_say(t, "settings.desk_off");
	} else {
		turn_start(t, "desk_setting", NULL);
	}
}

static void overview(struct turn *t, const char *rest)
{
	const char *evening_at = person_fact(t, "evening"), *desk_hours = person_fact(t, "desk");

	(void)rest;
	turn_set_text(t, "evening_shown", evening_at ? evening_at : turn_text(t, "settings.off"));
	turn_set_text(t, "desk_shown", desk_hours ? desk_hours : turn_text(t, "settings.off"));
	turn_say(t, "settings.overview");
	turn_say(t, "settings.how");
}

/* "Remind me to stretch at 22:00": which of the reminders is meant, or the list of them. */
static void remind(struct turn *t, const char *rest)
{
	static const struct {
		const char *cues[6];
		const char *flow, *word;
	} kinds[] = {
		{{"stretch", "stretches", "bed", "bedtime", "sleep", NULL}, "stretch_setting",
			"bed"},
		{{"desk", "sitting", "work", "break", "breaks", NULL}, "desk_setting", "desk"},
		{{"evening", "night", "tonight", NULL}, "evening_setting", "evening"},
		{{"morning", "wake", "woken", NULL}, "wake", "wake"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (read_has_cue(turn_arena(t), turn_lexicon(t), rest, kinds[i].cues)) {
			turn_start(t, kinds[i].flow,
				arena_printf(turn_arena(t), "%s %s", kinds[i].word, rest));
			return;
		}
	}
	overview(t, "");
}

static void no_evening(struct turn *t, const char *rest)
{
	(void)rest;
	evening_off(t, "");
	turn_say(t, "settings.evening_off");
}

static void no_desk(struct turn *t, const char *rest)
{
	(void)rest;
	desk_off(t, "");
	turn_say(t, "settings.desk_off");
}

static void workdays_only(struct turn *t, const char *rest)
{
	(void)rest;
	save_frequency(t, "workdays");
	turn_say(t, "settings.workdays");
}

static void daily(struct turn *t, const char *rest)
{
	(void)rest;
	save_frequency(t, "daily");
	turn_say(t, "settings.daily");
}

static void weekly(struct turn *t, const char *rest)
{
	(void)rest;
	save_frequency(t, "weekly");
	turn_say(t, "settings.weekly");
}

static void three(struct turn *t, const char *rest)
{
	(void)rest;
	save_frequency(t, "three");
	turn_say(t, "settings.three");
}

static void language(struct turn *t, const char *rest)
{
	struct user *user = turn_user(t);

	if (*rest && prompts_has_language(turn_prompts(t), rest)) {
		snprintf(user->lang, sizeof user->lang, "%s", rest);
		turn_say(t, "settings.language");
	} else {
		turn_say(t, *rest ? "settings.language_unknown" : "settings.language_ask");
	}
}

static const char *const wake_words[] = {"wake", "wake up", "wake me", "wake time", "wake at",
	"i wake up at", "i wake at", "i get up at", "change wake time", "change my wake time",
	"change my wake up time", NULL};
static const char *const zone_words[] = {
	"zone", "time zone", "timezone", "i moved", "i am in", "city", NULL};
static const char *const country_words[] = {"country", NULL};
static const char *const day_words[] = {"work days", "working days", "workdays", NULL};
static const char *const evening_words[] = {"evening", "evenings", "evening question",
	"remind me every evening", "ask me every evening", "ask me in the evening", NULL};
static const char *const desk_words[] = {
	"desk", "desk breaks", "desk reminders", "turn on desk breaks", NULL};
static const char *const daily_words[] = {"daily", "every day", "come back", NULL};
static const char *const remind_words[] = {"remind me", "please remind me", NULL};
static const char *const no_evening_words[] = {"turn off evening", "turn off evenings",
	"no evening question", "stop evenings", "stop the evening question", NULL};
static const char *const no_desk_words[] = {
	"stop desk breaks", "turn off desk breaks", "no desk breaks", "no more desk breaks", NULL};
static const char *const workdays_words[] = {"weekdays only", "only on weekdays", "only weekdays",
	"not on weekends", "no weekends", "dont write on weekends", NULL};
static const char *const weekly_words[] = {"weekly", "once a week", "every week", NULL};
static const char *const three_words[] = {"three times a week", "3 times a week", NULL};
static const char *const language_words[] = {"language", "lang", NULL};
static const char *const settings_words[] = {
	"settings", "setting", "setup", "preferences", "reminders", NULL};

static const struct handler_command commands[] = {
	{.words = wake_words, .run = wake, .takes_rest = true},
	{.words = zone_words, .run = zone, .takes_rest = true},
	{.words = country_words, .run = country, .takes_rest = true},
	{.words = day_words, .run = work_days, .takes_rest = true},
	{.words = evening_words, .run = evening, .takes_rest = true},
	{.words = desk_words, .run = desk, .takes_rest = true},
	{.words = daily_words, .run = daily},
	{.words = remind_words, .run = remind, .takes_rest = true},
	{.words = no_evening_words, .run = no_evening},
	{.words = no_desk_words, .run = no_desk},
	{.words = workdays_words, .run = workdays_only},
	{.words = weekly_words, .run = weekly},
	{.words = three_words, .run = three},
	{.words = language_words, .run = language, .takes_rest = true},
	{.words = settings_words, .run = overview},
	{0},
};

const struct handler settings_handler = {
	.name = "settings",
	.actions = actions,
	.facts = facts,
	.commands = commands,
};
