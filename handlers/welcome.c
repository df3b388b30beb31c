/* First contact: who is talking, what is kept, and the person's yes before anything is. */
#include "bot/handler.h"
#include "bot/prompts.h"
#include "flow/numbers.h"
#include "flow/triage.h"
#include "handlers/triage_now.h"

#include <stdio.h>
#include <string.h>

/* The version of the words that were agreed to: that of the flow which says them. */
static void save_consent(struct turn *t, const char *argument)
{
	struct user *user = turn_user(t);
	const struct flow *flow = prompts_flow(turn_prompts(t), "welcome");

	(void)argument;
	user->consent_utc_ms = turn_now_utc_ms(t);
	user->is_stopped = false; /* "stop" was said before they began */
	snprintf(user->consent_text, sizeof user->consent_text, "%s",
		flow ? flow_version(flow) : "");
}

static const struct handler_action actions[] = {
	{.name = "save_consent", .run = save_consent},
	{0},
};

/* "call 112", or what to do when the country is not known. */
static struct value number_line(struct turn *t, const char *country)
{
	const struct number_row *row =
		numbers_find(triage_numbers(prompts_triage(turn_prompts(t))), country);

	if (!row->country[0]) {
		return value_text(triage_now_words(t, "numbers", "unknown", row->emergency));
	}
	turn_set_text(t, "number", row->emergency);
	return value_text(turn_text(t, "welcome.call"));
}

/* Only a country that the person has confirmed decides (clinical-safety.md section 3) ... */
static struct value get_emergency_line(struct turn *t)
{
	return number_line(t, turn_user(t)->country);
}

/* ... that of the zone is a suggestion to be confirmed. */
static struct value get_suggested_line(struct turn *t)
{
	const struct user *user = turn_user(t);

	return number_line(t, user->country[0] ? user->country : zone_country(user->zone));
}

static struct value get_agreed(struct turn *t)
{
	return value_number(turn_has_consent(t));
}

static const struct handler_fact facts[] = {
	{"emergency_line", VALUE_TEXT, get_emergency_line},
	{"suggested_line", VALUE_TEXT, get_suggested_line},
	{"agreed", VALUE_NUMBER, get_agreed},
	{0},
};

/* "hello" begins, or says that we have met. */
static void hello(struct turn *t, const char *rest)
{
	struct dialog open;

	(void)rest;
	if (turn_has_dialog(t, "welcome")) {
		turn_repeat(t);
	} else if (!turn_has_consent(t)) {
		turn_start(t, "welcome", NULL);
	} else if (dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &open)) {
		turn_say(t, "welcome.hello");
		turn_repeat(t);
	} else {
		turn_say(t, turn_user(t)->is_stopped ? "welcome.quiet" : "welcome.again");
	}
}

static const char *const hello_words[] = {"hello", "hi", "hey", "good day", "hallo", "begin", NULL};

static const struct handler_command commands[] = {
	{.words = hello_words, .run = hello, .before_consent = true},
	{0},
};

const struct handler welcome_handler = {
	.name = "welcomes",
	.actions = actions,
	.facts = facts,
	.commands = commands,
};
