/* The one table of the engine's own words. {guess}, {guesses}, {options}, {min} and {max} are
 * filled in by the walk. */
#include "flow/flow_phrases.h"

#include "flow/flow.h"

static const struct flow_phrase_text phrases[] = {
	[FLOW_PHRASE_GUESS1] = {"flow.guess1", "Did you mean {guess}?"},
	[FLOW_PHRASE_GUESS] = {"flow.guess", "Which one: {guesses}?"},
	[FLOW_PHRASE_RANGE] = {"flow.range",
		"That should be between {min} and {max}. Which is it?"},
	[FLOW_PHRASE_SKIP_WORDS] = {"flow.skip.words",
		"skip, skip it, skip this, skip that, pass, next, next question, don't want to "
		"say, "
		"I don't want to say, rather not, I'd rather not, rather not say, prefer not to "
		"say"},
	[FLOW_PHRASE_SKIPPED] = {"flow.skipped", "All right, we leave that."},
	[FLOW_PHRASE_LEFT] = {"flow.left", "Never mind, we leave that one for now."},
	[FLOW_PHRASE_KEEP] = {"flow.keep", "I am sorry, I need this one to go on."},
	[FLOW_PHRASE_OFFER_SKIP] = {"flow.unread.skip", "Or say \"skip\"."},
	[FLOW_PHRASE_YES] = {"flow.yes", "Yes"},
	[FLOW_PHRASE_NO] = {"flow.no", "No"},
	[FLOW_PHRASE_UNSURE] = {"flow.unsure", "Not sure"},
	[FLOW_PHRASE_NONE] = {"flow.none", "None of these"},
	[FLOW_PHRASE_SAID_YES] = {"flow.said.yes", "yes"},
	[FLOW_PHRASE_SAID_NO] = {"flow.said.no", "no"},
	[FLOW_PHRASE_OR] = {"flow.or", "or"},
	[FLOW_PHRASE_UNREAD + READ_SCALE] = {"flow.unread.scale",
		"I did not get that. A number from {min} to {max} is enough."},
	[FLOW_PHRASE_UNREAD + READ_MINUTES] = {"flow.unread.minutes",
		"I did not get that. A number of minutes is enough, such as 20, or \"half an "
		"hour\"."},
	[FLOW_PHRASE_UNREAD + READ_NUMBER] = {"flow.unread.number",
		"I did not get that. A number from {min} to {max} is enough."},
	[FLOW_PHRASE_UNREAD +
		READ_YESNO] = {"flow.unread.yesno", "I did not get that. A yes or a no is enough."},
	[FLOW_PHRASE_UNREAD + READ_CHOICE] = {"flow.unread.choice",
		"I did not get that. One of these, please: {options}."},
	[FLOW_PHRASE_UNREAD + READ_CHOICES] = {"flow.unread.choices",
		"I did not get that. One or more of these, or \"none\": {options}."},
	[FLOW_PHRASE_UNREAD + READ_TIME] = {"flow.unread.time",
		"I did not get that. A time of day is enough, such as 7:15."},
	[FLOW_PHRASE_UNREAD + READ_DATE] = {"flow.unread.date",
		"I did not get that. A day is enough, such as Monday or 24 December."},
	[FLOW_PHRASE_UNREAD + READ_ZONE] = {"flow.unread.zone",
		"I did not find that place. A large city nearby is enough."},
	[FLOW_PHRASE_UNREAD +
		READ_TEXT] = {"flow.unread.text", "I did not get that. A few words are enough."},
};

const struct flow_phrase_text *flow_phrase_at(size_t i)
{
	return i < sizeof phrases / sizeof *phrases ? &phrases[i] : NULL;
}

const char *flow_general_text(size_t i, const char **context_out)
{
	const struct flow_phrase_text *p = flow_phrase_at(i);

	if (!p) {
		return NULL;
	}
	*context_out = p->context;
	return p->source;
}
