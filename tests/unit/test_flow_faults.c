/* Every fault that an author can make in a flow is named with its place and a way out, and all of
 * a file come out in one run. */
#include "base/buf.h"
#include "flow/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct flow_fact facts[] = {
	{"wake", VALUE_TEXT},
	{"zone_known", VALUE_NUMBER},
	{"hour", VALUE_NUMBER},
};
static const struct flow_fact found_sets[] = {
	{"found", VALUE_NUMBER}, {"title", VALUE_TEXT}, {NULL, VALUE_NULL}};
static const struct flow_action actions[] = {
	{"save", NULL, false},
	{"start", NULL, true},
	{"search", found_sets, false},
};
static const struct flow_vocabulary vocabulary = {facts, 3, actions, 3};

#define HEAD "flow: t\nabout: A test\n"
/* lines 1 to 3; the first step is line 4, its keys line 5 and so on */
#define STEPS HEAD "steps:\n"
#define ASK   "    ask: How?\n    answer: "

/* 5 characters 81 times */
#define TEN  "words words words words words words words words words words "
#define LONG TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *what, *source, *place, *words;
} faults[] = {
	/* the file */
	{"empty file", "", "1:1", "the file is empty"},
	{"not a map", "hello\n", "1:1", "keys are wanted here"},
	{"no name", "about: x\nsteps: {a: {say: x}}\n", "1:1", "\"flow: NAME\" is missing"},
	{"no line for lists", "flow: t\nsteps: {a: {say: x}}\n", "1:1", "\"about\" is missing"},
	{"a name that is none", "flow: My Flow\nabout: x\nsteps: {a: {say: x}}\n", "1:7",
		"must be of a-z, 0-9 and _"},
	{"the name of the general texts", "flow: flow\nabout: x\nsteps: {a: {say: x}}\n", "1:7",
		"cannot be called \"flow\""},
	{"no steps", HEAD, "1:1", "\"steps\" is missing"},
	{"steps are a list", HEAD "steps:\n  - a\n", "4:3", "\"steps\" is missing"},
	{"unknown key of a flow", HEAD "step: {}\nsteps: {a: {say: x}}\n", "3:1",
		"did you mean \"steps\"?"},
	{"consent is a flag", HEAD "consent: maybe\nsteps: {a: {say: x}}\n", "3:10",
		"is yes or no"},
	{"empty words", HEAD "words: []\nsteps: {a: {say: x}}\n", "3:8", "\"words\" is empty"},
	{"a comma in a word", HEAD "words: [\"a, b\"]\nsteps: {a: {say: x}}\n", "3:8",
		"has a comma in it"},
	{"a tab", STEPS "\ta:\n    say: x\n", "4:1", "indent with spaces"},

	/* steps */
	{"unknown key of a step", STEPS "  a:\n    sya: x\n", "5:5", "did you mean \"say\"?"},
	{"a step with capitals", STEPS "  Pain:\n    say: x\n", "4:3", "must be of a-z"},
	{"a step with a dash", STEPS "  my-pain:\n    say: x\n", "4:3", "must be of a-z"},
	{"a step that begins with a digit", STEPS "  1st:\n    say: x\n", "4:3",
		"begin with a letter"},
	{"a step called end", STEPS "  end:\n    say: x\n", "4:3", "cannot be called \"end\""},
	{"a step called words", STEPS "  words:\n    say: x\n", "4:3", "cannot be called"},
	{"a step twice", STEPS "  a:\n    say: x\n  a:\n    say: y\n", "6:3", "stands here twice"},
	{"a key twice", STEPS "  a:\n    say: x\n    say: y\n", "6:5", "stands here twice"},
	{"a step that does nothing", STEPS "  a: {}\n", "4:3", "does nothing"},
	{"a step that is a text", STEPS "  a: hello\n", "4:6", "keys are wanted here"},

	/* texts */
	{"a missing text", STEPS "  a:\n    say: \"\"\n", "5:10", "the text is missing"},
	{"a text of spaces", STEPS "  a:\n    say: \"  \"\n", "5:10", "the text is missing"},
	{"an empty list of texts", STEPS "  a:\n    say: []\n", "5:10", "the list is empty"},
	{"a text that is a map", STEPS "  a:\n    say: {x: y}\n", "5:10", "one text is wanted"},
	{"a text that is too long", STEPS "  a:\n    say: " LONG "\n", "5:10",
		"419 characters, more than 400"},
	{"an unknown placeholder",
		STEPS "  a:\n    say: Hello {nmae}\n" ASK "text\n    name: name\n", "5:10",
		"unknown name {nmae}, did you mean \"name\"?"},
	{"a placeholder far from all names", STEPS "  a:\n    say: Hello {weather}\n", "5:10",
		"unknown name {weather}"},
	{"an open brace", STEPS "  a:\n    say: Hello {wake\n", "5:10", "is not closed"},
	{"a placeholder in a why", STEPS "  a:\n" ASK "text\n    why: As {x}.\n", "7:10",
		"unknown name {x}"},
	{"a placeholder in a label", STEPS "  a:\n" ASK "choice\n    choices: {x: \"{y}\", z: Z}\n",
		"7:18", "unknown name {y}"},

	/* answers */
	{"an unknown answer", STEPS "  a:\n" ASK "skale 0..10\n", "6:13",
		"unknown answer \"skale\", did you mean \"scale\"?"},
	{"an answer that is far off", STEPS "  a:\n" ASK "colour\n", "6:13", "It is one of scale"},
	{"a scale without a range", STEPS "  a:\n" ASK "scale\n", "6:13",
		"wants a range of whole numbers, such as \"scale 0..10\""},
	{"a range of words", STEPS "  a:\n" ASK "minutes few..many\n", "6:13", "minutes 0..240"},
	{"half a range", STEPS "  a:\n" ASK "number 0..\n", "6:13", "number 0..120"},
	{"an empty scale", STEPS "  a:\n" ASK "scale 10..10\n", "6:13", "10 is not below 10"},
	{"a scale upside down", STEPS "  a:\n" ASK "scale 10..0\n", "6:13", "10 is not below 0"},
	{"a range for a text", STEPS "  a:\n" ASK "text 0..10\n", "6:13", "\"text\" stands alone"},
	{"a question without an answer", STEPS "  a:\n    ask: How?\n", "5:5",
		"\"ask\" needs an \"answer\""},
	{"an answer without a question", STEPS "  a:\n    say: x\n    answer: text\n", "6:5",
		"the text of \"ask\" is missing"},
	{"log without an answer", STEPS "  a:\n    say: x\n    log: pain\n", "6:5",
		"\"log\" needs an \"answer\""},
	{"cues without an answer", STEPS "  a:\n    say: x\n    cues: [x]\n", "6:5",
		"\"cues\" needs an \"answer\""},
	{"choices without an answer", STEPS "  a:\n    say: x\n    choices: {a: A, b: B}\n", "6:5",
		"belongs to \"answer: choice\""},
	{"an entry kind with a space", STEPS "  a:\n" ASK "text\n    log: my pain\n", "7:10",
		"must be of a-z"},
	{"listen without cues", STEPS "  a:\n    listen: yes\n    answer: text\n", "5:5",
		"\"listen\" needs \"cues\""},
	{"a listener that asks", STEPS "  a:\n    listen: yes\n" ASK "text\n    cues: [x]\n", "6:5",
		"is never asked"},
	{"a listener without an answer", STEPS "  a:\n    listen: yes\n    cues: [x]\n", "5:5",
		"\"listen\" needs an \"answer\""},
	{"past of a time", STEPS "  a:\n" ASK "time\n    past: yes\n", "7:5",
		"belongs to \"answer: date\""},
	{"the subject of a text", STEPS "  a:\n" ASK "text\n    subject: pain\n", "7:5",
		"belongs to scale, minutes and number"},
	{"quick replies of a choice", STEPS "  a:\n" ASK "yes/no\n    quick: [sure]\n", "7:5",
		"is not for this answer"},
	{"skip: yes", STEPS "  a:\n" ASK "text\n    skip: yes\n", "7:11",
		"every question can be skipped"},
	{"a comma in a cue", STEPS "  a:\n" ASK "text\n    cues: [\"a,b\"]\n", "7:11",
		"has a comma"},

	/* choices */
	{"a choice without choices", STEPS "  a:\n" ASK "choice\n", "6:13",
		"needs \"choices\", at least two"},
	{"choices of a scale", STEPS "  a:\n" ASK "scale 0..10\n    choices: {a: A, b: B}\n", "7:5",
		"belongs to \"answer: choice\""},
	{"one choice", STEPS "  a:\n" ASK "choice\n    choices: {a: A}\n", "7:14",
		"two or more lines"},
	{"choices as a list", STEPS "  a:\n" ASK "choice\n    choices: [a, b]\n", "7:14",
		"two or more lines"},
	{"a choice without a label",
		STEPS "  a:\n" ASK "choice\n    choices: {a: {also: [x]}, b: B}\n", "7:18",
		"this choice has no label"},
	{"an unknown key of a choice",
		STEPS "  a:\n" ASK "choice\n    choices: {a: {lable: x}, b: B}\n", "7:19",
		"did you mean \"label\"?"},
	{"a choice's id with capitals", STEPS "  a:\n" ASK "choice\n    choices: {Hip: x, b: B}\n",
		"7:15", "must be of a-z"},
	{"a choice twice", STEPS "  a:\n" ASK "choice\n    choices: {a: A, a: B}\n", "7:21",
		"stands here twice"},
	{"two choices share a label",
		STEPS "  a:\n" ASK "choice\n    choices: {x: Same, y: same}\n", "7:27",
		"means the choice \"y\" and also \"x\""},
	{"a label is another's id",
		STEPS "  a:\n" ASK "choice\n    choices: {hip: Left, leg: HIP}\n", "7:31",
		"means the choice \"leg\" and also \"hip\""},
	{"two choices share a synonym",
		STEPS "  a:\n" ASK "choice\n    choices:\n      x: {label: X1, also: [Thigh]}\n"
		      "      y: {label: Y1, also: [THIGH]}\n",
		"9:18", "\"thigh\" means"},
	{"a synonym is another's number",
		STEPS "  a:\n" ASK "choice\n    choices:\n      x: {label: X1, also: [\"2\"]}\n"
		      "      y: {label: Y1}\n",
		"8:18", "by its place in the list, also \"y\""},
	{"a label is another's letter",
		STEPS "  a:\n" ASK "choice\n    choices: {vitamin: B, other: Other}\n", "7:24",
		"by its place in the list, also \"other\""},

	/* conditions */
	{"an unknown name in when", STEPS "  a:\n    when: wkae = 'x'\n    say: x\n", "5:11",
		"unknown name \"wkae\", did you mean \"wake\"?"},
	{"an unknown name in if",
		STEPS "  pain:\n" ASK
		      "scale 0..10\n    then:\n      - if: pian > 7\n        say: x\n",
		"8:13", "did you mean \"pain\"?"},
	{"a number compared with a text",
		STEPS "  pain:\n" ASK
		      "scale 0..10\n    then:\n      - if: pain = 'high'\n        say: x\n",
		"8:13", "compares a number with a text"},
	{"an option that does not exist",
		STEPS "  night:\n" ASK "choice\n    choices: {good: Good, bad: Bad}\n    then:\n"
		      "      - if: night = 'bda'\n        say: x\n",
		"9:13", "night has no option 'bda', did you mean 'bad'?"},
	{"a value that no action here sets", STEPS "  a:\n    when: found\n    say: x\n", "5:11",
		"unknown name \"found\""},
	{"a condition that is none", STEPS "  a:\n    when: hour >\n    say: x\n", "5:11",
		"not a condition"},
	{"an answer named like a fact", STEPS "  wake:\n" ASK "time\n", "4:3",
		"\"wake\" is a fact or set by an action"},
	{"an answer named like an action's value", STEPS "  title:\n    do: search\n" ASK "text\n",
		"4:3", "is a fact or set"},
	{"an answer named like an operator", STEPS "  not:\n" ASK "text\n", "4:3",
		"is a word of conditions"},
	{"one name, two types",
		STEPS "  a:\n" ASK "text\n    name: x\n  b:\n" ASK "number 0..9\n    name: x\n",
		"8:3", "is a number in one step and a text in another"},

	/* actions */
	{"an unknown action", STEPS "  a:\n    do: serach\n", "5:9",
		"unknown action \"serach\", did you mean \"search\"?"},
	{"an action without its argument", STEPS "  a:\n    do: start\n", "5:9",
		"wants an argument"},
	{"an action with one too many", STEPS "  a:\n    do: [search, save me]\n", "5:18",
		"takes no argument: remove \"me\""},
	{"an action that is a map", STEPS "  a:\n    do: {save: me}\n", "5:9",
		"an action is wanted here"},

	/* rules */
	{"rules that are no list", STEPS "  a:\n    say: x\n    then:\n      go: end\n", "7:7",
		"wants a list of rules"},
	{"an unknown key of a rule",
		STEPS "  a:\n    say: x\n    then:\n      - {iff: hour, say: x}\n", "7:10",
		"did you mean \"if\"?"},
	{"a rule that does nothing", STEPS "  a:\n    say: x\n    then:\n      - if: hour > 1\n",
		"7:9", "this rule does nothing"},
	{"a rule behind one without if",
		STEPS "  a:\n    say: x\n    then:\n      - go: end\n      - say: never\n", "8:9",
		"never reached"},
	{"go and flow", STEPS "  a:\n    say: x\n    then:\n      - {go: end, flow: b}\n", "7:19",
		"keep one"},

	/* ways */
	{"go to an unknown step", STEPS "  first:\n    say: x\n    then:\n      - go: fisrt\n",
		"7:13", "there is no step \"fisrt\", did you mean \"first\"?"},
	{"a step that is never reached",
		STEPS "  a:\n    say: x\n    then:\n      - go: end\n  b:\n    say: y\n", "8:3",
		"the step \"b\" is never reached"},
	{"a circle without a question",
		STEPS "  a:\n    say: x\n  b:\n    say: y\n    then:\n      - if: hour > 1\n"
		      "        go: a\n",
		"4:3", "a circle leads back to it without a question"},
	{"a circle past a question that may be passed over",
		STEPS "  a:\n    when: zone_known\n" ASK
		      "yes/no\n  b:\n    do: save\n    then:\n      - if: not zone_known\n"
		      "        go: a\n",
		"4:3", "without a question"},
	{"a step that goes to itself",
		STEPS "  a:\n    say: x\n    then:\n      - if: hour\n        go: a\n", "4:3",
		"without a question"},
	{"no way to the end", STEPS "  a:\n" ASK "text\n    then:\n      - go: a\n", "4:3",
		"no way from \"a\" to the end"},

	/* commands */
	{"commands that are no list", HEAD "commands: {words: [x], say: y}\nsteps: {a: {say: x}}\n",
		"3:11", "\"commands\" wants a list"},
	{"a command without words", HEAD "commands:\n  - say: y\nsteps: {a: {say: x}}\n", "4:5",
		"a command needs \"words\""},
	{"a command that does nothing", HEAD "commands:\n  - words: [x]\nsteps: {a: {say: x}}\n",
		"4:5", "does nothing"},
	{"two commands with one word",
		HEAD "commands:\n  - {words: [stop, later], say: y}\n"
		     "  - {words: [LATER], go: end}\nsteps: {a: {say: x}}\n",
		"5:13", "\"LATER\" is a word of an earlier command"},
	{"a command that goes nowhere",
		HEAD "commands:\n  - {words: [x], go: b}\nsteps: {a: {say: x}}\n", "4:22",
		"there is no step \"b\""},
};

struct fixture {
	struct arena *arena;
	struct expr_engine *engine;
};

static int setup(void **state)
{
	struct fixture *f = mem_alloc(1, sizeof *f);

	f->arena = arena_create();
	f->engine = expr_engine_create();
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

static struct flow *parse(struct fixture *f, const char *source, const char **errors)
{
	*errors = "";
	return flow_parse(f->arena, f->engine, &vocabulary, "t", source, strlen(source), errors);
}

static void test_faults(void **state)
{
	struct fixture *f = *state;
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const char *errors, *place = arena_printf(f->arena, "t:%s: ", faults[i].place);
		struct flow *flow = parse(f, faults[i].source, &errors);
		const char *line = strstr(errors, place);
		bool is_there = false;

		for (; line && !is_there; line = strstr(line + 1, place)) {
			size_t len = strcspn(line, "\n");

			is_there = strstr(arena_strndup(f->arena, line, len), faults[i].words);
		}
		if (flow || !is_there) {
			print_error("%s\n  expected %s%s\n  found    %s\n", faults[i].what, place,
				faults[i].words, flow ? "no fault" : errors);
			wrong++;
		}
		flow_finish(flow);
	}
	assert_int_equal(wrong, 0);
}

/* One row, one fault: a good message must not drag others along. */
static void test_one_fault_each(void **state)
{
	struct fixture *f = *state;
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const char *errors, *second;

		flow_finish(parse(f, faults[i].source, &errors));
		second = strstr(errors, "\nt:");
		if (second) {
			print_error("%s also gives %s\n", faults[i].what, second + 1);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void test_all_at_once(void **state)
{
	struct fixture *f = *state;
	const char *errors;

	assert_null(parse(f,
		STEPS "  a:\n    say: \"{x}\"\n    then:\n      - go: z\n  b:\n" ASK "scale 9..1\n",
		&errors));
	assert_non_null(strstr(errors, "t:5:10: "));
	assert_non_null(strstr(errors, "t:7:13: "));
	assert_non_null(strstr(errors, "t:10:13: "));
}

static void test_too_large(void **state)
{
	struct fixture *f = *state;
	size_t len = (1 << 20) + 1;
	char *source = arena_alloc(f->arena, len + 1);
	const char *errors;

	memset(source, '#', len);
	assert_null(parse(f, source, &errors));
	assert_non_null(strstr(errors, "larger than 1 MiB"));
}

static void test_too_many_steps(void **state)
{
	struct fixture *f = *state;
	const char *errors, *source = STEPS;

	for (int i = 0; i < 201; i++) {
		source = arena_printf(f->arena, "%s  s%d: {say: x}\n", source, i);
	}
	assert_null(parse(f, source, &errors));
	assert_non_null(strstr(errors, "201 steps are more than 200"));
}

/* ---- what a good flow tells about itself ---- */

static const char good[] = "flow: good\n"
			   "about: A good one\n"
			   "words: [pain, log pain]\n"
			   "consent: no\n"
			   "commands:\n"
			   "  - {words: [later, not now], say: Later then., go: end}\n"
			   "steps:\n"
			   "  hello:\n"
			   "    say: [Hello., And again.]\n"
			   "  pain:\n"
			   "    ask: How is it?\n"
			   "    answer: scale 0..10\n"
			   "    quick: [\"3\"]\n"
			   "    cues: [pain]\n"
			   "    unclear: A number.\n"
			   "    why: Because.\n"
			   "    skip: Fine.\n"
			   "    log: pain\n"
			   "    then:\n"
			   "      - {if: pain >= 8, say: A lot., flow: other}\n"
			   "      - {if: pain = 0, flow: other}\n"
			   "  place:\n"
			   "    ask: Where?\n"
			   "    answer: choice\n"
			   "    choices: {hip: {label: Hip, also: [groin, thigh]}, leg: Leg}\n"
			   "    then:\n"
			   "      - {if: place = 'leg', go: pain}\n";

static void test_what_it_tells(void **state)
{
	static const struct {
		const char *context, *source;
	} texts[] = {
		{"good.about", "A good one"},
		{"good.words", "pain, log pain"},
		{"good.command.1.words", "later, not now"},
		{"good.command.1.say", "Later then."},
		{"good.hello.say", "Hello."},
		{"good.hello.say.2", "And again."},
		{"good.pain", "How is it?"},
		{"good.pain.quick.1", "3"},
		{"good.pain.cues", "pain"},
		{"good.pain.skip", "Fine."},
		{"good.pain.unclear", "A number."},
		{"good.pain.why", "Because."},
		{"good.pain.rule.1.say", "A lot."},
		{"good.place", "Where?"},
		{"good.place.choice.hip", "Hip"},
		{"good.place.choice.hip.also", "groin, thigh"},
		{"good.place.choice.leg", "Leg"},
	};
	struct fixture *f = *state;
	const char *errors, *context;
	struct flow *flow = parse(f, good, &errors);
	size_t i = 0;

	assert_string_equal(errors, "");
	assert_string_equal(flow_name(flow), "good");
	assert_string_equal(flow_about(flow), "A good one");
	assert_string_equal(flow_source(flow), good);
	assert_int_equal(strlen(flow_version(flow)), 16);
	assert_string_equal(flow_words(flow)[1], "log pain");
	assert_null(flow_words(flow)[2]);
	assert_false(flow_needs_consent(flow));
	assert_string_equal(flow_calls(flow)[0], "other");
	assert_null(flow_calls(flow)[1]);
	assert_string_equal(flow_steps(flow)[2], "place");
	assert_null(flow_steps(flow)[3]);
	for (; i < sizeof texts / sizeof *texts; i++) {
		assert_string_equal(flow_text(flow, i, &context), texts[i].source);
		assert_string_equal(context, texts[i].context);
	}
	assert_null(flow_text(flow, i, &context));
	flow_finish(flow);
}

static void test_version_changes(void **state)
{
	struct fixture *f = *state;
	const char *errors;
	struct flow *a = parse(f, STEPS "  a: {say: x}\n", &errors);
	struct flow *b = parse(f, STEPS "  a: {say: y}\n", &errors);
	struct flow *c = parse(f, STEPS "  a: {say: x}\n", &errors);

	assert_string_not_equal(flow_version(a), flow_version(b));
	assert_string_equal(flow_version(a), flow_version(c));
	flow_finish(a);
	flow_finish(b);
	flow_finish(c);
}

static void test_shown(void **state)
{
	struct fixture *f = *state;
	const char *errors;
	struct flow *flow = parse(f, good, &errors);
	const char *dot = flow_dot(f->arena, flow), *outline = flow_outline(f->arena, flow);

	assert_non_null(strstr(dot, "digraph \"good\" {"));
	assert_non_null(strstr(dot, "\"pain\" -> \"flow other\" [label=\"pain >= 8\"];"));
	assert_non_null(strstr(dot, "\"place\" -> end [label=\"\"];"));
	assert_non_null(strstr(dot, "\"place\" -> \"pain\" [label=\"place = 'leg'\"];"));
	assert_non_null(strstr(outline, "good: A good one (before consent too)\n"));
	assert_non_null(strstr(outline, "    < How is it?\n    > scale 0..10, kept as pain\n"));
	assert_non_null(strstr(outline, "    if pain >= 8\n      < A lot.\n      -> flow other\n"));
	assert_non_null(strstr(outline, "      hip: Hip (groin, thigh)\n"));
	flow_finish(flow);
}

/* The guide's own example must load. */
static void test_guide(void **state)
{
	static const char start[] = "## A flow\n\n```yaml\n";
	struct fixture *f = *state;
	struct buf guide = {0};
	const char *error = "", *from, *to;
	struct flow *flow;

	assert_true(buf_read_file(&guide, "docs/authoring.md", 1 << 20, &error));
	from = strstr(buf_text(&guide), start);
	assert_non_null(from);
	from += strlen(start);
	to = strstr(from, "```");
	assert_non_null(to);
	flow = parse(f, arena_strndup(f->arena, from, (size_t)(to - from)), &error);
	assert_string_equal(error, "");
	flow_finish(flow);
	buf_finish(&guide);
}

static void test_general_texts(void **state)
{
	const char *context, *text;
	size_t i = 0;

	(void)state;
	for (; (text = flow_general_text(i, &context)); i++) {
		assert_int_equal(strncmp(context, "flow.", 5), 0);
		assert_true(*text);
	}
	assert_in_range(i, 20, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_fault_each, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_many_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_it_tells, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_guide, setup, teardown),
		cmocka_unit_test_setup_teardown(test_general_texts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
