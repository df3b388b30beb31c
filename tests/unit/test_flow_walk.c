/* Whole conversations through the pure engine. Each is walked twice: once in one go, and once with
 * everything forgotten between replies but what a dialog keeps. Both must say the same. */
#include "base/buf.h"
#include "flow/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the world around a flow ---- */

static const struct flow_fact facts[] = {{"wake", VALUE_TEXT}, {"hour", VALUE_NUMBER}};
static const struct flow_fact search_sets[] = {
	{"found", VALUE_NUMBER}, {"title", VALUE_TEXT}, {NULL, VALUE_NULL}};
static const struct flow_action actions[] = {
	{"save", NULL, false},
	{"start", NULL, true},
	{"search", search_sets, false},
};
static const struct flow_vocabulary vocabulary = {facts, 2, actions, 3};

static struct value get_fact(void *ctx, const char *name)
{
	(void)ctx;
	if (!strcmp(name, "wake")) {
		return value_text("07:15");
	}
	return strcmp(name, "hour") ? value_null() : value_number(7);
}

static const char *same(void *ctx, const char *context, const char *source)
{
	(void)ctx, (void)context;
	return source;
}

static const char *german(void *ctx, const char *context, const char *source)
{
	static const char *const texts[][2] = {
		{"t.pain", "Wie geht es dem Ruecken?"},
		{"t.pain.cues", "Schmerz"},
		{"t.night", "Und die Nacht?"},
		{"t.night.choice.bad", "Schlimm"},
		{"t.night.choice.bad.also", "schrecklich"},
		{"flow.skip.words", "weiter"},
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!strcmp(context, texts[i][0])) {
			return texts[i][1];
		}
	}
	return source;
}

/* ---- flows ---- */

#define HEAD "flow: t\nabout: A test\nwords: [log, log pain]\n"

static const char morning[] =
	HEAD "commands:\n"
	     "  - {words: [later, not yet], say: In half an hour., go: end}\n"
	     "  - {words: [save it], do: save, say: Saved.}\n"
	     "  - {words: [start over], go: pain}\n"
	     "steps:\n"
	     "  pain:\n"
	     "    ask: How is your back?\n"
	     "    answer: scale 0..10\n"
	     "    subject: pain\n"
	     "    log: pain\n"
	     "    cues: [pain, back, hurts]\n"
	     "    why: It helps at {wake}.\n"
	     "    then:\n"
	     "      - {if: pain >= 8, say: That is a lot.}\n"
	     "  night:\n"
	     "    ask: And the night?\n"
	     "    answer: choice\n"
	     "    log: night\n"
	     "    cues: [night, slept, sleep]\n"
	     "    unclear: Good, broken or bad?\n"
	     "    choices:\n"
	     "      good: {label: Good, also: [well, fine, slept well]}\n"
	     "      broken: {label: Broken, also: [so-so, restless]}\n"
	     "      bad: {label: Bad, also: [badly, awful, slept badly]}\n"
	     "    then:\n"
	     "      - {if: night = 'bad', say: I keep it short., go: thanks}\n"
	     "  stiffness:\n"
	     "    ask: How long until looser?\n"
	     "    answer: minutes 0..240\n"
	     "    quick: [\"10\", \"30\", not yet]\n"
	     "    subject: stiffness\n"
	     "    log: stiffness\n"
	     "    cues: [stiff, looser]\n"
	     "  place:\n"
	     "    listen: yes\n"
	     "    answer: text\n"
	     "    log: place\n"
	     "    cues: [hip, leg]\n"
	     "    then:\n"
	     "      - {say: \"Place: {place}.\"}\n"
	     "  thanks:\n"
	     "    say: \"Noted: {pain}, {night}, {stiffness}.\"\n";

static const char consent[] =
	HEAD "steps:\n"
	     "  agree:\n"
	     "    say: [Hello., I am a program.]\n"
	     "    ask: May I keep notes?\n"
	     "    answer: yes/no\n"
	     "    skip: no\n"
	     "    unclear: A clear yes or no, please.\n"
	     "    then:\n"
	     "      - {if: agree, do: [save, start agreed], say: Thank you., flow: next}\n"
	     "      - {say: \"I keep nothing. You said {agree}.\", go: end}\n";

static const char search[] =
	HEAD "steps:\n"
	     "  look:\n"
	     "    do: search\n"
	     "    say: \"Found {title}.\"\n"
	     "  offer:\n"
	     "    when: found\n"
	     "    ask: \"Do {title}?\"\n"
	     "    answer: choice\n"
	     "    choices: {\"yes\": Show me, other: Another one, \"no\": Not today}\n"
	     "    skip: As you like.\n"
	     "    then:\n"
	     "      - {if: offer = 'other', go: look}\n"
	     "      - {if: offer = 'yes', flow: exercise}\n"
	     "  missing:\n"
	     "    when: not found\n"
	     "    say: Nothing there.\n";

static const char kinds[] = HEAD
	"steps:\n"
	"  flags: {ask: Which?, answer: choices, log: flags, choices: {hip: Hip pain, knee: Knee "
	"pain, arm: Arm pain}}\n"
	"  fever: {ask: Fever?, answer: yes/no/unsure, log: fever}\n"
	"  at: {ask: When?, answer: time, quick: [\"7:00\"], log: at}\n"
	"  day: {ask: Which day?, answer: date}\n"
	"  weeks: {ask: How many weeks?, answer: number 0..52, log: weeks}\n"
	"  note: {ask: Anything else?, answer: text, quick: [no], log: note, skip: Fine.}\n"
	"  end_word: {say: \"{flags}; {fever}; {at}; {day}; {weeks}; {note}\"}\n";

static const char branch[] = HEAD
	"steps:\n"
	"  pain: {ask: Pain?, answer: scale 0..10, subject: pain, cues: [pain], log: pain, then: "
	"[{if: pain < 5, go: end}]}\n"
	"  leg: {ask: Does it go into a leg?, answer: yes/no, cues: [leg], log: leg}\n"
	"  gone: {when: hour > 12, say: Afternoon.}\n"
	"  early: {when: hour < 12, say: Morning.}\n";

/* Questions that the reader's own words do not tell apart. */
static const char moods[] =
	HEAD "steps:\n"
	     "  pain: {ask: Pain?, answer: scale 0..10, cues: [pain], log: pain}\n"
	     "  mood: {ask: Mood?, answer: scale 0..5, cues: [mood, good], log: mood}\n";

static const char jump[] =
	HEAD "steps:\n"
	     "  short: {ask: Keep it short?, answer: yes/no, then: [{if: short, go: pain}]}\n"
	     "  fever: {ask: Fever?, answer: text, cues: [fever], log: fever}\n"
	     "  pain: {ask: Pain?, answer: scale 0..10, log: pain}\n";

/* ---- rows: lines with > go in, the others must come out ---- */

static const struct {
	const char *what, *flow, *message, *script;
} walks[] = {
	{"nothing but answers", morning, NULL,
		"? How is your back?\n"
		"> 6\n= pain 6\n? And the night?\n"
		"> good\n= night good\n? How long until looser?\n"
		"> 20\n= stiffness 20\n< Noted: 6, Good, 20.\n.end\n"},
	{"a rule without go falls through", morning, NULL,
		"? How is your back?\n> 9\n= pain 9\n< That is a lot.\n? And the night?\n"},
	{"a rule with go jumps", morning, NULL,
		"? How is your back?\n> 5\n= pain 5\n? And the night?\n"
		"> bad\n= night bad\n< I keep it short.\n< Noted: 5, Bad, .\n.end\n"},
	{"three answers in one message", morning, NULL,
		"? How is your back?\n"
		"> 6, stiff for 20 min, slept badly\n"
		"= pain 6\n= night bad\n< I keep it short.\n< Noted: 6, Bad, 20.\n"
		"= stiffness 20\n.end\n"},
	{"what was heard is not asked again", morning, NULL,
		"? How is your back?\n"
		"> 6, slept well\n= pain 6\n= night good\n? How long until looser?\n"
		"> 30 min\n= stiffness 30\n< Noted: 6, Good, 30.\n.end\n"},
	{"another question's answer leaves the open one open", morning, NULL,
		"? How is your back?\n> slept badly\n? How is your back?\n"
		"> 4\n= pain 4\n= night bad\n< I keep it short.\n< Noted: 4, Bad, .\n.end\n"},
	{"what is said unasked is kept for its step", morning, NULL,
		"? How is your back?\n> 6, left hip\n= pain 6\n? And the night?\n"
		"> fine\n= night good\n? How long until looser?\n"
		"> 10\n= stiffness 10\n= place left hip\n< Place: left hip.\n"
		"< Noted: 6, Good, 10.\n.end\n"},
	{"what is said and never reached is kept at the end", morning, NULL,
		"? How is your back?\n> 6, left hip\n= pain 6\n? And the night?\n"
		"> later\n< In half an hour.\n= place left hip\n.end\n"},
	{"a number with another subject is not the open one's", morning, NULL,
		"? How is your back?\n> stiff for 20 min\n? How is your back?\n"},
	{"a unit alone does not answer a scale", morning, NULL,
		"? How is your back?\n> 20 min\n.unread\n"
		"? I did not get that. A number from 0 to 10 is enough.\n"},
	{"the first message is read", morning, "pain 6, slept well",
		"= pain 6\n= night good\n? How long until looser?\n"},
	{"the words that start it are not", morning, "log pain", "? How is your back?\n"},
	{"small talk that starts it is not", morning, "hello there", "? How is your back?\n"},
	{"a bare number without its subject is asked back", morning, "6",
		"? How is your back? Did you mean 6?\n> yes\n= pain 6\n? And the night?\n"},
	{"a command ends it", morning, NULL,
		"? How is your back?\n> later\n< In half an hour.\n.end\n"},
	{"a command with politeness", morning, NULL,
		"? How is your back?\n> Not yet, please!\n< In half an hour.\n.end\n"},
	{"a command that leaves the question open", morning, NULL,
		"? How is your back?\n> save it\n! save\n< Saved.\n> 3\n= pain 3\n"
		"? And the night?\n"},
	{"a command that goes back", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n> start over\n"
		"? How is your back?\n> 4\n= pain 4\n? And the night?\n"},
	{"what was answered before is not changed by the way", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n> good\n= night good\n"
		"? How long until looser?\n> start over\n? How is your back?\n"
		"> 4, slept badly\n= pain 4\n? And the night?\n"},
	{"a quick reply is typed text", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n>> good\n= night good\n"
		"? How long until looser?\n>> 30\n= stiffness 30\n< Noted: 3, Good, 30.\n.end\n"},
	{"a quick reply may be a command", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n>> good\n= night good\n"
		"? How long until looser?\n>> not yet\n< In half an hour.\n.end\n"},
	{"a button of another question is not read", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n>> maybe\n.unread\n"
		"? Good, broken or bad?\n>> good\n= night good\n? How long until looser?\n"},
	{"a number picks from the list", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n> 3\n= night bad\n"
		"< I keep it short.\n< Noted: 3, Bad, .\n.end\n"},
	{"two readings are asked back", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n> 7\n= pain 7\n"
		"? And the night?\n"},
	{"... and the button takes one", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n>> 6\n= pain 6\n"
		"? And the night?\n"},
	{"... or a fresh answer", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n> 4\n= pain 4\n"
		"? And the night?\n"},
	{"... or neither", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n> no\n? How is your back?\n"},
	{"... or what nobody can read", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n> bananas\n.unread\n"
		"? I did not get that. A number from 0 to 10 is enough.\n"},
	{"asked again as it stands, guesses included", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n>repeat\n"
		"? Which one: 6 or 7?\n> 6\n= pain 6\n? And the night?\n"},
	{"outside the range", morning, NULL,
		"? How is your back?\n> 15\n? That should be between 0 and 10. Which is it?\n"
		"> 5\n= pain 5\n? And the night?\n"},
	{"skipped by word", morning, NULL,
		"? How is your back?\n> skip\n? And the night?\n> rather not\n"
		"? How long until looser?\n> pass\n< Noted: , , .\n.end\n"},
	{"skipped by button", morning, NULL, "? How is your back?\n>skip\n? And the night?\n"},
	{"not read three times", morning, NULL,
		"? How is your back?\n> bananas\n.unread\n"
		"? I did not get that. A number from 0 to 10 is enough.\n"
		"> apples\n.unread\n"
		"? I did not get that. A number from 0 to 10 is enough.\\nOr say \"skip\".\n"
		"> pears\n.unread\n< Never mind, we leave that one for now.\n? And the night?\n"
		"> xyz\n.unread\n? Good, broken or bad?\n"},
	{"repeated", morning, NULL, "? How is your back?\n>repeat\n? How is your back?\n"},
	{"why", morning, NULL,
		"? How is your back?\n>why\n.why It helps at 07:15.\n> 3\n= pain 3\n"
		"? And the night?\n>why\n.why -\n"},
	{"after the end nothing is read", branch, NULL,
		"? Pain?\n> 2\n= pain 2\n.end\n> 6\n.unread\n"},

	{"two texts, two actions and another flow", consent, NULL,
		"< Hello.\n< I am a program.\n? May I keep notes?\n"
		"> yes please\n! save\n! start agreed\n< Thank you.\n.flow next\n"},
	{"a no, and how it is shown", consent, NULL,
		"< Hello.\n< I am a program.\n? May I keep notes?\n"
		">> no\n< I keep nothing. You said no.\n.end\n"},
	{"what cannot be skipped is not", consent, NULL,
		"< Hello.\n< I am a program.\n? May I keep notes?\n"
		"> skip\n< I am sorry, I need this one to go on.\n? May I keep notes?\n"
		">skip\n< I am sorry, I need this one to go on.\n? May I keep notes?\n"},
	{"... nor is being unsure an answer", consent, NULL,
		"< Hello.\n< I am a program.\n? May I keep notes?\n"
		"> I don't know\n.unread\n? A clear yes or no, please.\n"
		"> no idea\n.unread\n? A clear yes or no, please.\\nMay I keep notes?\n"
		"> no clue\n.unread\n? A clear yes or no, please.\\nMay I keep notes?\n"},
	{"unsure is no button of a yes or no", consent, NULL,
		"< Hello.\n< I am a program.\n? May I keep notes?\n"
		">> unsure\n.unread\n? A clear yes or no, please.\n"},

	{"an action's values are seen at once", search, NULL,
		"! search\n< Found Cat camel.\n? Do Cat camel?\n> show me\n.flow exercise\n"},
	{"going back asks again", search, NULL,
		"! search\n< Found Cat camel.\n? Do Cat camel?\n>> other\n"
		"! search\n< Found Cat camel.\n? Do Cat camel?\n> not today\n.end\n"},
	{"the author's words for a skip", search, NULL,
		"! search\n< Found Cat camel.\n? Do Cat camel?\n> skip\n< As you like.\n.end\n"},

	{"every kind of answer by button", kinds, NULL,
		"? Which?\n>> knee hip\n= flags hip knee\n? Fever?\n>> unsure\n? When?\n"
		">> 7:00\n= at 07:00\n? Which day?\n> 2024-10-05\n? How many weeks?\n"
		"> 12\n= weeks 12\n? Anything else?\n>> no\n= note no\n"
		"< Hip pain, Knee pain; ; 07:00; 2024-10-05; 12; no\n.end\n"},
	{"every kind of answer by word", kinds, NULL,
		"? Which?\n> the knee and the arm\n= flags knee arm\n? Fever?\n> no\n= fever 0\n"
		"? When?\n> half past six\n= at 06:30\n? Which day?\n> 2024-10-05\n"
		"? How many weeks?\n> three\n= weeks 3\n? Anything else?\n"
		"> I fell, and now my knee hurts\n= note I fell, and now my knee hurts\n"
		"< Knee pain, Arm pain; no; 06:30; 2024-10-05; 3; I fell, and now my knee hurts\n"
		".end\n"},
	{"none of them is an answer", kinds, NULL,
		"? Which?\n>> none\n= flags \n? Fever?\n> not sure\n? When?\n"},
	{"a button that is half right is not", kinds, NULL,
		"? Which?\n>> hip nose\n.unread\n"
		"? I did not get that. One or more of these, or \"none\": Hip pain, Knee pain, Arm "
		"pain.\n"},
	{"a skip at the end is not met with silence", branch, NULL,
		"? Pain?\n> 7\n= pain 7\n? Does it go into a leg?\n> skip\n< Morning.\n.end\n"},
	{"a skip where nothing follows", search, NULL,
		"! search\n< Found Cat camel.\n? Do Cat camel?\n>skip\n< As you like.\n.end\n"},

	{"... nor is a last skip", moods, NULL,
		"? Pain?\n> 3\n= pain 3\n? Mood?\n> skip\n< All right, we leave that.\n.end\n"},
	{"one number answers one question", moods, NULL,
		"? Pain?\n> mood 4\n? Pain?\n> 7\n= pain 7\n= mood 4\n.end\n"},
	{"... two numbers beside one another: only the one that was asked for is sure", moods, NULL,
		"? Pain?\n> mood 4 pain 6\n= pain 6\n? Mood?\n"},
	{"a number that may be another's is asked back", moods, NULL,
		"? Pain?\n> mood 7\n? Did you mean 7?\n> no\n? Pain?\n"
		"> mood 7\n? Did you mean 7?\n>> yes\n= pain 7\n? Mood?\n"
		"> 9\n? That should be between 0 and 5. Which is it?\n"},
	{"... even where it reads well", moods, NULL, "? Pain?\n> 7 good\n? Did you mean 7?\n"},
	{"... and a yes takes it", moods, NULL,
		"? Pain?\n> mood 7\n? Did you mean 7?\n> yes\n= pain 7\n? Mood?\n"},
	{"... and a no with a number takes the number", moods, NULL,
		"? Pain?\n> mood 7\n? Did you mean 7?\n> no, 5\n= pain 5\n? Mood?\n"},
	{"unsure about what was not asked is asked", branch, NULL,
		"? Pain?\n> 7, not sure about the leg\n= pain 7\n? Does it go into a leg?\n"},
	{"what cannot follow any more is not filled", jump, NULL,
		"? Keep it short?\n> yes\n? Pain?\n> 6, no fever\n= pain 6\n.end\n"},
	{"... but what can is", jump, NULL,
		"? Keep it short?\n> no, and a fever since monday\n"
		"= fever and a fever since monday\n? Pain?\n"},
	{"a number picks from the guesses", morning, NULL,
		"? How is your back?\n> 3\n= pain 3\n? And the night?\n> good or bad\n"
		"? Which one: Good or Bad?\n> 2\n= night bad\n< I keep it short.\n"
		"< Noted: 3, Bad, .\n.end\n"},
	{"a guess that nobody took is forgotten", morning, NULL,
		"? How is your back?\n> 6 or 7\n? Which one: 6 or 7?\n> bananas\n.unread\n"
		"? I did not get that. A number from 0 to 10 is enough.\n>repeat\n"
		"? How is your back?\n"},

	{"when is looked at late", branch, NULL,
		"? Pain?\n> 7\n= pain 7\n? Does it go into a leg?\n> yes\n= leg 1\n< Morning.\n"
		".end\n"},
	{"heard but not needed is still kept", branch, NULL,
		"? Pain?\n> pain 3, no leg pain\n= pain 3\n.end\n"},
};

/* ---- the runner ---- */

struct talk {
	struct arena *arena;
	struct flow_host host;
	struct flow_run run;
	struct flow_walk *walk;
	struct buf out;
	bool is_forgetful; /* restored from what a dialog keeps, before every reply */
};

struct fixture {
	struct arena *arena;
	struct expr_engine *engine;
	struct lexicon *lexicon;
};

static int setup(void **state)
{
	struct fixture *f = mem_alloc(1, sizeof *f);
	const char *error = "";

	f->arena = arena_create();
	f->engine = expr_engine_create();
	f->lexicon = lexicon_load(f->arena, "prompts/lexicon/en.yaml", &error);
	if (!f->lexicon) {
		print_error("%s\n", error);
		return -1;
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	expr_engine_destroy(f->engine);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static struct flow *load(struct fixture *f, const char *source)
{
	const char *errors = "";
	struct flow *flow =
		flow_parse(f->arena, f->engine, &vocabulary, "t", source, strlen(source), &errors);

	if (!flow) {
		fail_msg("%s", errors);
	}
	return flow;
}

static void perform(struct talk *t, const struct flow_event *ev)
{
	buf_printf(&t->out, "! %s%s%s\n", ev->name, ev->argument ? " " : "",
		ev->argument ? ev->argument : "");
	if (!strcmp(ev->name, "search")) {
		values_set(t->run.values, "found", value_number(1));
		values_set(t->run.values, "title", value_text("Cat camel"));
	}
}

static void add_line(struct buf *out, const char *mark, const char *text)
{
	buf_adds(out, mark);
	for (; *text; text++) {
		if (*text == '\n') {
			buf_adds(out, "\\n");
		} else {
			buf_addc(out, *text);
		}
	}
	buf_addc(out, '\n');
}

static void drain(struct talk *t)
{
	struct flow_event ev;

	for (int events = 0; events < 1000; events++) {
		switch (flow_next(t->walk, &ev)) {
		case FLOW_SAY:
			add_line(&t->out, "< ", ev.text);
			break;
		case FLOW_ASK:
			add_line(&t->out, "? ", ev.text);
			break;
		case FLOW_LOG:
			buf_printf(&t->out, "= %s %s\n", ev.name, value_show(t->arena, ev.value));
			break;
		case FLOW_DO:
			perform(t, &ev);
			break;
		case FLOW_CALL:
			buf_printf(&t->out, ".flow %s\n", ev.argument);
			assert_null(t->run.step);
			return;
		case FLOW_WAIT:
			assert_non_null(t->run.step);
			return;
		case FLOW_END:
			buf_adds(&t->out, ".end\n");
			assert_null(t->run.step);
			return;
		}
	}
	fail_msg("no end in sight");
}

/* What a store keeps of a dialog, and nothing else. */
static void forget(struct talk *t)
{
	struct arena *fresh = arena_create();
	struct flow_run run = {.flow = t->run.flow,
		.step = arena_strdup(fresh, t->run.step),
		.values = values_from_json(fresh, values_to_json(t->arena, t->run.values)),
		.pending = arena_strdup(fresh, t->run.pending),
		.unread = t->run.unread};

	assert_non_null(run.values);
	arena_destroy(t->arena);
	t->arena = fresh;
	t->run = run;
	t->walk = flow_walk_create(t->arena, &t->run, &t->host);
}

static void reply(struct talk *t, const char *line)
{
	enum flow_input_kind kind = FLOW_INPUT_TEXT;
	enum flow_took took;

	if (t->is_forgetful) {
		forget(t);
	}
	if (!strcmp(line, ">repeat")) {
		flow_repeat(t->walk);
		drain(t);
		return;
	}
	if (!strcmp(line, ">why")) {
		const char *why = flow_why(t->walk);

		buf_printf(&t->out, ".why %s\n", why ? why : "-");
		return;
	}
	if (!strcmp(line, ">skip")) {
		kind = FLOW_INPUT_SKIP;
	} else if (!strncmp(line, ">> ", 3)) {
		kind = FLOW_INPUT_CHOICE;
	}
	took = flow_reply(t->walk, kind, line + (kind == FLOW_INPUT_CHOICE ? 3 : 2));
	if (took == FLOW_UNREAD) {
		buf_adds(&t->out, ".unread\n");
		if (!t->run.step) {
			return;
		}
		if (t->is_forgetful) {
			forget(t);
		}
		flow_reask(t->walk);
	}
	drain(t);
}

static void begin(struct talk *t, struct fixture *f, const struct flow *flow, const char *message)
{
	t->arena = arena_create();
	t->host = (struct flow_host){.fact = get_fact,
		.translate = same,
		.lexicon = f->lexicon,
		.today = 20000,
		.now_min = 435,
		.zone = "Europe/Berlin"};
	t->run = (struct flow_run){.flow = flow, .values = values_create(t->arena)};
	t->walk = flow_walk_create(t->arena, &t->run, &t->host);
	flow_begin(t->walk, message);
}

static void finish(struct talk *t)
{
	arena_destroy(t->arena);
	buf_finish(&t->out);
}

static const char *run_script(struct fixture *f, const struct flow *flow, const char *message,
	const char *script, bool is_forgetful)
{
	struct talk t = {.is_forgetful = is_forgetful};
	const char *out;

	begin(&t, f, flow, message);
	drain(&t);
	for (const char *p = script; *p; p += strcspn(p, "\n") + 1) {
		if (*p == '>') {
			const char *line = arena_strndup(f->arena, p, strcspn(p, "\n"));

			buf_printf(&t.out, "%s\n", line);
			reply(&t, line);
		}
	}
	out = arena_strdup(f->arena, buf_text(&t.out));
	finish(&t);
	return out;
}

static void test_walks(void **state)
{
	struct fixture *f = *state;
	size_t wrong = 0;

	for (size_t i = 0; i < 2 * sizeof walks / sizeof *walks; i++) {
		const char *script = walks[i / 2].script, *found;
		struct flow *flow = load(f, walks[i / 2].flow);

		found = run_script(f, flow, walks[i / 2].message, script, i % 2);
		if (strcmp(found, script) != 0) {
			print_error("---- %s%s\nexpected:\n%sfound:\n%s", walks[i / 2].what,
				i % 2 ? " (restored)" : "", script, found);
			wrong++;
		}
		flow_finish(flow);
	}
	assert_int_equal(wrong, 0);
}

static void test_ask_event(void **state)
{
	struct fixture *f = *state;
	struct flow *flow = load(f, morning);
	struct talk t = {0};
	struct flow_event ev;

	begin(&t, f, flow, NULL);
	assert_int_equal(flow_next(t.walk, &ev), FLOW_ASK);
	assert_string_equal(ev.context, "t.pain");
	assert_int_equal(ev.answer, READ_SCALE);
	assert_true(ev.max == 10 && ev.can_skip && !ev.choices);
	assert_int_equal(flow_next(t.walk, &ev), FLOW_WAIT);
	assert_int_equal(flow_next(t.walk, &ev), FLOW_WAIT);
	assert_int_equal(flow_reply(t.walk, FLOW_INPUT_TEXT, "6 or 7"), FLOW_TOOK);
	assert_int_equal(flow_next(t.walk, &ev), FLOW_ASK);
	assert_string_equal(ev.context, "flow.guess");
	assert_string_equal(ev.choices[1].id, "7");
	assert_null(ev.choices[2].id);
	assert_int_equal(flow_next(t.walk, &ev), FLOW_WAIT);
	assert_string_equal(t.run.pending, "{\"guess\":[6.0,7.0]}");
	flow_reply(t.walk, FLOW_INPUT_TEXT, "6");
	assert_int_equal(flow_next(t.walk, &ev), FLOW_LOG);
	assert_string_equal(ev.text, "6");
	assert_int_equal(flow_next(t.walk, &ev), FLOW_ASK);
	assert_null(t.run.pending);
	assert_string_equal(ev.choices[2].id, "bad");
	assert_string_equal(ev.choices[2].label, "Bad");
	assert_null(ev.choices[3].id);
	finish(&t);
	flow_finish(flow);
}

static void test_choices_offer_none(void **state)
{
	struct fixture *f = *state;
	struct flow *flow = load(f, kinds);
	struct talk t = {0};
	struct flow_event ev;

	begin(&t, f, flow, NULL);
	flow_next(t.walk, &ev);
	assert_string_equal(ev.choices[2].id, "arm");
	assert_string_equal(ev.choices[3].id, "none");
	assert_null(ev.choices[4].id);
	drain(&t);
	flow_reply(t.walk, FLOW_INPUT_CHOICE, "none");
	flow_next(t.walk, &ev);
	assert_int_equal(ev.kind, FLOW_LOG);
	flow_next(t.walk, &ev);
	assert_string_equal(ev.choices[2].id, "unsure");
	drain(&t);
	finish(&t);
	flow_finish(flow);
}

/* A translated person is understood in both languages, and answers are the same ids. */
static void test_translated(void **state)
{
	static const char script[] = "? Wie geht es dem Ruecken?\n"
				     "> weiter\n? Und die Nacht?\n"
				     "> schrecklich\n= night bad\n< I keep it short.\n"
				     "< Noted: , Schlimm, .\n.end\n";
	struct fixture *f = *state;
	struct flow *flow = load(f, morning);
	struct talk t = {0};

	begin(&t, f, flow, NULL);
	t.host.translate = german;
	drain(&t);
	buf_adds(&t.out, "> weiter\n");
	reply(&t, "> weiter");
	buf_adds(&t.out, "> schrecklich\n");
	reply(&t, "> schrecklich");
	assert_string_equal(buf_text(&t.out), script);
	finish(&t);
	flow_finish(flow);
}

/* A run whose step is not in the flow (it was changed) waits for nothing and breaks nothing. */
static void test_lost_step(void **state)
{
	struct fixture *f = *state;
	struct flow *flow = load(f, branch);
	struct talk t = {0};
	struct flow_event ev;

	begin(&t, f, flow, NULL);
	t.run.step = "gone_for_good";
	t.walk = flow_walk_create(t.arena, &t.run, &t.host);
	assert_int_equal(flow_reply(t.walk, FLOW_INPUT_TEXT, "6"), FLOW_UNREAD);
	flow_reask(t.walk);
	flow_repeat(t.walk);
	assert_null(flow_why(t.walk));
	assert_false(flow_is_command(t.walk, "later"));
	assert_int_equal(flow_next(t.walk, &ev), FLOW_END);
	finish(&t);
	flow_finish(flow);
}

static void test_damaged_pending(void **state)
{
	static const char *const damaged[] = {
		"", "{", "[]", "{\"guess\":7}", "{\"guess\":[]}", "{\"guess\":[null]}", "null"};
	struct fixture *f = *state;
	struct flow *flow = load(f, branch);

	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		struct talk t = {0};

		begin(&t, f, flow, NULL);
		drain(&t);
		t.run.pending = damaged[i];
		reply(&t, "> 7");
		assert_non_null(strstr(buf_text(&t.out), "= pain 7\n"));
		finish(&t);
	}
	flow_finish(flow);
}

static void test_buttons_and_words(void **state)
{
	static const struct {
		const char *source, *fault;
	} rows[] = {
		{morning, NULL},
		{kinds, NULL},
		{HEAD "steps:\n  a: {ask: A?, answer: time, quick: [soon]}\n",
			"t:5:38: \"soon\" is not read as an answer"},
		{HEAD "steps:\n  a: {ask: A?, answer: scale 0..10, quick: [\"11\"]}\n",
			"\"11\" is not read as an answer"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct flow *flow = load(f, rows[i].source);
		struct flow_host host = {
			.fact = get_fact, .translate = same, .lexicon = f->lexicon, .now_min = -1};
		const char *found = flow_check_replies(f->arena, flow, &host, "t");

		if (rows[i].fault ? !found || !strstr(found, rows[i].fault) : found != NULL) {
			fail_msg("%s", found ? found : "no fault");
		}
		flow_finish(flow);
	}
}

/* ---- whatever people say ---- */

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static const char *random_reply(struct arena *arena, unsigned *seed)
{
	static const char *const words[] = {"6", "10", "15", "0", "7:15", "yes", "no", "not sure",
		"skip", "later", "pain", "stiff", "20 min", "slept badly", "left hip", "leg", "or",
		"and", ",", "good", "bad", "other", "show me", "bananas", "Monday", "start over",
		"save it", "none", "knee", "arm", "???", "half an hour", "6,5", "6-7", "not 7",
		"\xf0\x9f\x98\x80", "\xff", "{pain}", "'", "2024-10-05"};
	enum { WORDS = sizeof words / sizeof *words };
	static const char *const buttons[] = {">> yes", ">> no", ">> good", ">> bad", ">> 6",
		">> hip", ">> none", ">> unsure", ">> 7:00", ">> other", ">> ", ">skip", ">repeat",
		">why"};
	const char *text = ">";

	if (next_random(seed) % 4 == 0) {
		return buttons[next_random(seed) % (sizeof buttons / sizeof *buttons)];
	}
	for (unsigned n = next_random(seed) % 5; n < 5; n++) {
		text = arena_printf(arena, "%s %s", text, words[next_random(seed) % WORDS]);
	}
	return strcmp(text, ">") ? text : "> ";
}

/* drain() itself fails when a flow neither waits nor ends. */
static void test_random_replies(void **state)
{
	static const char *const flows[] = {morning, consent, search, kinds, branch, moods, jump};
	enum { REPLIES = 10000, FLOWS = sizeof flows / sizeof *flows };
	struct fixture *f = *state;
	unsigned seed = 20260302;
	int ended = 0;

	for (int i = 0; i < REPLIES;) {
		struct flow *flow = load(f, flows[next_random(&seed) % FLOWS]);
		struct talk straight = {0}, restored = {.is_forgetful = true};

		begin(&straight, f, flow, NULL);
		begin(&restored, f, flow, NULL);
		drain(&straight);
		drain(&restored);
		for (int k = 0; k < 40 && straight.run.step; k++, i++) {
			const char *line = random_reply(f->arena, &seed);

			reply(&straight, line);
			reply(&restored, line);
			if (strcmp(buf_text(&straight.out), buf_text(&restored.out)) != 0) {
				fail_msg("after %s:\n%s\nrestored:\n%s", line,
					buf_text(&straight.out), buf_text(&restored.out));
			}
		}
		ended += !straight.run.step;
		finish(&straight);
		finish(&restored);
		flow_finish(flow);
	}
	print_message("%d talks came to an end\n", ended);
	assert_true(ended > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_walks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ask_event, setup, teardown),
		cmocka_unit_test_setup_teardown(test_choices_offer_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_translated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost_step, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_pending, setup, teardown),
		cmocka_unit_test_setup_teardown(test_buttons_and_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random_replies, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
