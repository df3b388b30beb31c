/* "undo": the last answers and notes are taken back, and the question that was open before them is
 * asked again. */
#include "bot/handler.h"

#include <string.h>

/* Which number went is said, so that nobody believes another one gone. */
static void say_undone(struct turn *t)
{
	static const struct {
		const char *undone, *text;
	} texts[] = {
		{"pain", "undo.pain"},
		{"change", "undo.change"},
		{"step", "undo.step"},
		{"entries", "undo.done"},
	};
	struct value v = turn_get(t, "undone");

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (v.type == VALUE_TEXT && strcmp(v.text, texts[i].undone) == 0) {
			turn_say(t, texts[i].text);
		}
	}
}

static void undo(struct turn *t, const char *rest)
{
	(void)rest;
	if (!turn_undo(t)) {
		turn_say(t, "undo.nothing");
		return;
	}
	say_undone(t);
	turn_repeat(t);
}

static const char *const undo_words[] = {"undo", "take that back", "take it back", "delete that",
	"remove that", "that was wrong", NULL};

static const struct handler_command commands[] = {
	{.words = undo_words, .run = undo, .always = true},
	{0},
};

const struct handler undo_handler = {
	.name = "undo",
	.commands = commands,
};
