/* "help": what can be done now. "why this?": what the last suggestion rests on. */
#include "bot/handler.h"

static void help(struct turn *t, const char *rest)
{
	(void)rest;
	if (!turn_has_consent(t)) {
		turn_say(t, "help.before");
		return;
	}
	turn_say(t, "help.menu");
}

static void more(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say(t, "help.more");
}

static void why(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say_raw(t, turn_why_text(t));
}

static void who(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say(t, "help.who");
}

static void thanks(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say(t, "help.welcome");
}

static const char *const help_words[] = {
	"help", "help me", "menu", "what can you do", "commands", "options", NULL};
static const char *const more_words[] = {"more", "more help", "all commands", NULL};
static const char *const why_words[] = {"why this", "why", "why this?", "why?", "why that",
	"why are you asking", "why do you ask", "why do you need it", "why do you need that",
	"why do you need to know", "what for", NULL};
static const char *const who_words[] = {"who are you", "are you human", "are you a bot",
	"are you real", "are you a doctor", "what are you", "are you ai", "are you an ai",
	"who made you", "can i talk to a human", "can i talk to a person", "talk to a human", NULL};
static const char *const thanks_words[] = {"thanks", "thank you", "thank you so much",
	"thank you very much", "thanks a lot", "many thanks", "thx", "great", "cheers",
	"good night", NULL};

static const struct handler_command commands[] = {
	{.words = help_words, .run = help, .always = true, .before_consent = true},
	{.words = why_words, .run = why, .always = true, .before_consent = true},
	{.words = who_words, .run = who, .always = true, .before_consent = true},
	{.words = more_words, .run = more, .before_consent = true},
	{.words = thanks_words, .run = thanks},
	{0},
};

const struct handler help_handler = {
	.name = "help",
	.commands = commands,
};
