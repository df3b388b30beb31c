/* What people say when nothing is asked: "ok", "yes", a question about tablets. A short true answer
 * instead of "I did not get that". Asked last. */
#include "bot/handler.h"

static void say_ok(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say(t, "smalltalk.ok");
}

static void say_no_question(struct turn *t, const char *rest)
{
	(void)rest;
	turn_say(t, "smalltalk.no_question");
}

/* Never a dose, never start, stop or swap (clinical-safety.md section 6). */
static bool free_talk(struct turn *t, const char *text)
{
	static const char *const medicines[] = {"medicine", "medicines", "medication", "meds",
		"painkiller", "painkillers", "tablet", "tablets", "pill", "pills", "ibuprofen",
		"paracetamol", "naproxen", "diclofenac", "aspirin", "codeine", "tramadol", NULL};

	if (!read_has_cue(turn_arena(t), turn_lexicon(t), text, medicines)) {
		return false;
	}
	turn_say(t, "smalltalk.medicine");
	return true;
}

static const char *const ok_words[] = {"ok", "okay", "k", "all right", "alright", "fine", "good",
	"nice", "cool", "perfect", "super", "got it", "understood", "will do", "bye", "goodbye",
	"see you", "see you tomorrow", "lol", "haha", "later", "not now", "not today", "nothing",
	"never mind", "no thanks", "no thank you", NULL};
static const char *const answer_words[] = {"yes", "no", "skip", "done", "cancel", "none", NULL};

static const struct handler_command commands[] = {
	{.words = ok_words, .run = say_ok},
	{.words = answer_words, .run = say_no_question},
	{0},
};

const struct handler smalltalk_handler = {
	.name = "smalltalk",
	.commands = commands,
	.free_talk = free_talk,
};
