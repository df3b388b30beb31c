/* What people say when nothing is asked: "ok", "yes", a question about tablets. A short true answer
 * instead of "I did not get that". Asked last. */
#include "bot/handler.h"

#include <ctype.h>

static const char *const ok_words[] = {"ok", "okay", "k", "all right", "alright", "fine", "good",
	"nice", "cool", "perfect", "super", "got it", "understood", "will do", "bye", "goodbye",
	"see you", "see you tomorrow", "lol", "haha", "later", "not now", "not today", "nothing",
	"never mind", "i am fine", "im fine", "no thanks", "no thank you", NULL};
static const char *const answer_words[] = {"yes", "no", "skip", "done", "cancel", "none", NULL};

/* Never a dose, never start, stop or swap (clinical-safety.md section 6). */
static bool is_about_medicine(struct turn *t, const char *text)
{
	static const char *const medicines[] = {"medicine", "medicines", "medication", "meds",
		"painkiller", "painkillers", "tablet", "tablets", "pill", "pills", "ibuprofen",
		"paracetamol", "naproxen", "diclofenac", "aspirin", "codeine", "tramadol", NULL};

	/* "6 after two ibuprofen" is about pain first. */
	return !isdigit((unsigned char)*text) &&
	       read_has_cue(turn_arena(t), turn_lexicon(t), text, medicines);
}

static bool free_talk(struct turn *t, const char *text)
{
	struct dialog open;

	if (is_about_medicine(t, text)) {
		turn_say(t, "smalltalk.medicine");
		return true;
	}
	if (dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &open)) {
		return false; /* it was meant for the question */
	}
	if (read_is_phrase(turn_arena(t), turn_lexicon(t), text, ok_words)) {
		turn_say(t, "smalltalk.ok");
		return true;
	}
	if (read_is_phrase(turn_arena(t), turn_lexicon(t), text, answer_words)) {
		turn_say(t, "smalltalk.no_question");
		return true;
	}
	return false;
}

const struct handler smalltalk_handler = {
	.name = "smalltalk",
	.free_talk = free_talk,
};
