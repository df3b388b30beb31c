/* A flow for people: as a graph for Graphviz, and as an outline that reads like the talk. Both are
 * drawn from what was loaded, not from the file, so they show what will really happen. */
#include "base/buf.h"
#include "flow/flow_private.h"

#include <string.h>

static const char *take(struct arena *arena, struct buf *b)
{
	const char *text = arena_strdup(arena, buf_text(b));

	buf_finish(b);
	return text;
}

static void answer_name(struct buf *b, const struct flow_step *step)
{
	static const char *const names[] = {
		[READ_SCALE] = "scale",
		[READ_MINUTES] = "minutes",
		[READ_NUMBER] = "number",
		[READ_YESNO] = "yes/no",
		[READ_CHOICE] = "choice",
		[READ_CHOICES] = "choices",
		[READ_TIME] = "time",
		[READ_DATE] = "date",
		[READ_ZONE] = "zone",
		[READ_TEXT] = "text",
	};
	const struct read_question *q = &step->question;

	buf_adds(b, names[q->type]);
	if (q->type == READ_SCALE || q->type == READ_MINUTES || q->type == READ_NUMBER) {
		buf_printf(b, " %g..%g", q->min, q->max);
	}
	buf_adds(b, step->has_unsure ? "/unsure" : "");
}

/* ---- dot ---- */

/* A quoted string of the dot language, lines kept, cut after some 60 characters. */
static void dot_text(struct buf *b, const char *text)
{
	size_t n = 0;

	for (; *text && n < 60; text++) {
		n += ((unsigned char)*text & 0xC0) != 0x80;
		if (*text == '\n') {
			buf_adds(b, "\\n");
		} else {
			if (*text == '"' || *text == '\\') {
				buf_addc(b, '\\');
			}
			buf_addc(b, *text);
		}
	}
	while (((unsigned char)*text & 0xC0) == 0x80) {
		buf_addc(b, *text++);
	}
	buf_adds(b, *text ? "..." : "");
}

static void dot_way(struct buf *b, const struct flow *f, size_t from,
	const struct flow_block *block, const char *word, const char *label)
{
	size_t next = from + 1;

	buf_printf(b, "\t\"%s\" -> ", f->steps[from].id);
	if (block && block->go == FLOW_GO_FLOW) {
		buf_printf(b, "\"flow %s\"", block->target);
	} else if (block && block->go == FLOW_GO_STEP) {
		buf_printf(b, "\"%s\"", block->target);
	} else if ((block && block->go == FLOW_GO_END) || next == f->step_count) {
		buf_adds(b, "end");
	} else {
		buf_printf(b, "\"%s\"", f->steps[next].id);
	}
	buf_printf(b, " [label=\"%s", word);
	dot_text(b, label);
	buf_adds(b, "\"];\n");
}

static void dot_step(struct buf *b, const struct flow *f, size_t i)
{
	const struct flow_step *step = &f->steps[i];
	bool always = false;

	buf_printf(b, "\t\"%s\" [shape=%s,label=\"%s", step->id, step->ask.source ? "box" : "plain",
		step->id);
	for (size_t k = 0; k < step->block.line_count; k++) {
		buf_adds(b, "\\n");
		dot_text(b, step->block.lines[k].source);
	}
	if (step->ask.source) {
		buf_adds(b, "\\n");
		dot_text(b, step->ask.source);
		buf_adds(b, "\\n");
		answer_name(b, step);
	}
	buf_adds(b, "\"];\n");
	for (size_t k = 0; k < step->rule_count; k++) {
		const struct flow_rule *rule = &step->rules[k];

		dot_way(b, f, i, &rule->block, "",
			rule->condition.source ? rule->condition.source : "");
		always = always || !rule->condition.source;
	}
	if (!always) {
		dot_way(b, f, i, NULL, "", "");
	}
	if (step->when.source) {
		dot_way(b, f, i, NULL, "unless ", step->when.source);
	}
}

const char *flow_dot(struct arena *arena, const struct flow *f)
{
	struct buf b = {0};

	buf_printf(&b, "digraph \"%s\" {\n\tend [shape=doublecircle];\n", f->name);
	for (size_t i = 0; i < f->step_count; i++) {
		dot_step(&b, f, i);
	}
	buf_adds(&b, "}\n");
	return take(arena, &b);
}

/* ---- outline ---- */

/* A text with its further lines indented like the first. */
static void outline_text(struct buf *b, const char *indent, const char *mark, const char *text)
{
	buf_printf(b, "%s%s", indent, mark);
	for (; *text; text++) {
		buf_addc(b, *text);
		if (*text == '\n') {
			buf_printf(b, "%s  ", indent);
		}
	}
	buf_addc(b, '\n');
}

static void outline_block(struct buf *b, const char *indent, const struct flow_block *block)
{
	for (size_t i = 0; i < block->deed_count; i++) {
		const struct flow_deed *d = &block->deeds[i];

		buf_printf(b, "%sdo %s%s%s\n", indent, d->name, d->argument ? " " : "",
			d->argument ? d->argument : "");
	}
	for (size_t i = 0; i < block->line_count; i++) {
		outline_text(b, indent, "< ", block->lines[i].source);
	}
	if (block->go == FLOW_GO_STEP) {
		buf_printf(b, "%s-> %s\n", indent, block->target);
	} else if (block->go == FLOW_GO_FLOW) {
		buf_printf(b, "%s-> flow %s\n", indent, block->target);
	} else if (block->go == FLOW_GO_END) {
		buf_printf(b, "%s-> end\n", indent);
	}
}

static void outline_answer(struct buf *b, const struct flow_step *step)
{
	buf_adds(b, step->is_listening ? "    listens for " : "    > ");
	answer_name(b, step);
	if (strcmp(step->name, step->id) != 0) {
		buf_printf(b, " as %s", step->name);
	}
	if (step->log) {
		buf_printf(b, ", kept as %s", step->log);
	}
	buf_adds(b, step->can_skip || step->is_listening ? "\n" : ", cannot be skipped\n");
	for (size_t i = 0; i < step->question.option_count; i++) {
		const struct flow_option *o = &step->options[i];

		buf_printf(b, "      %s: %s%s%s%s\n", step->question.options[i].id, o->label.source,
			o->also.source ? " (" : "", o->also.source ? o->also.source : "",
			o->also.source ? ")" : "");
	}
}

static void outline_step(struct buf *b, const struct flow_step *step)
{
	buf_printf(b, "\n  %s\n", step->id);
	if (step->when.source) {
		buf_printf(b, "    when %s\n", step->when.source);
	}
	outline_block(b, "    ", &step->block);
	if (step->ask.source) {
		outline_text(b, "    ", "< ", step->ask.source);
	}
	if (flow_step_answers(step)) {
		outline_answer(b, step);
	}
	for (size_t i = 0; i < step->rule_count; i++) {
		const struct flow_rule *rule = &step->rules[i];

		if (rule->condition.source) {
			buf_printf(b, "    if %s\n", rule->condition.source);
		} else {
			buf_adds(b, i ? "    else\n" : "    then\n");
		}
		outline_block(b, "      ", &rule->block);
	}
}

const char *flow_outline(struct arena *arena, const struct flow *f)
{
	struct buf b = {0};

	buf_printf(&b, "%s: %s%s\n", f->name, f->about,
		f->needs_consent ? "" : " (before consent too)");
	for (size_t i = 0; i < f->command_count; i++) {
		buf_printf(&b, "\n  at any question, \"%s\"\n", f->commands[i].words.source);
		outline_block(&b, "    ", &f->commands[i].block);
	}
	for (size_t i = 0; i < f->step_count; i++) {
		outline_step(&b, &f->steps[i]);
	}
	return take(arena, &b);
}
