/* "undo": the last answers and notes are taken back, and the question that was open before them is
 * asked again. */
#include "bot/handler.h"

static void undo(struct turn *t, const char *rest)
{
	(void)rest;
	if (!turn_undo(t)) {
		turn_say(t, "undo.nothing");
		return;
	}
	turn_say(t, "undo.done");
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
