/* The engine. A walk is a cursor: it stands inside a block (actions, then texts), at the choice of
 * a rule, or waits. Everything is decided as late as possible, when flow_next() gets there, because
 * an action may change what a condition or a text sees. What lasts from one reply to the next is
 * the step's id and the values alone. */
#include "flow/flow_walk.h"

/* More moves than any sound flow makes between two questions: the check refuses circles without
 * a question, this is for what it cannot see. */
enum { HOPS_MAX = 2000 };

const struct flow_step *walk_step(const struct flow_walk *w)
{
	return &w->flow->steps[w->step];
}

/* ---- what is said before the cursor moves on ---- */

static void push(struct flow_walk *w, struct flow_event event)
{
	if (w->front_count < WALK_FRONT_MAX) {
		w->front[w->front_count++] = event;
	}
}

void walk_push_say(struct flow_walk *w, const char *text, const char *context)
{
	push(w, (struct flow_event){.kind = FLOW_SAY, .text = text, .context = context});
}

void walk_push_ask(struct flow_walk *w, const char *text)
{
	const struct flow_step *step = walk_step(w);

	push(w, (struct flow_event){.kind = FLOW_ASK,
			.text = text,
			.context = step->ask.context,
			.answer = step->question.type,
			.min = step->question.min,
			.max = step->question.max,
			.choices = walk_choices(w, step),
			.can_skip = step->can_skip});
}

static void push_log(struct flow_walk *w, const struct flow_step *step, struct value v)
{
	if (step->log && v.type != VALUE_NULL) {
		push(w, (struct flow_event){.kind = FLOW_LOG,
				.name = step->log,
				.value = v,
				.text = walk_show(w, step, v)});
	}
}

/* ---- moving ---- */

/* A value that was heard before its step was reached carries a mark that no name can have. */
static const char *mark_of(struct flow_walk *w, const struct flow_step *step)
{
	return arena_printf(w->arena, "+%s", step->id);
}

void walk_remember(struct flow_walk *w, const struct flow_step *step, struct value v)
{
	values_set(w->run->values, step->name, v);
	values_set(w->run->values, mark_of(w, step), value_number(1));
}

/* True when the step has been answered before it was reached; that is now used up. */
static bool take_mark(struct flow_walk *w, const struct flow_step *step)
{
	const char *mark = mark_of(w, step);
	struct value v;

	if (!values_get(w->run->values, mark, &v)) {
		return false;
	}
	values_remove(w->run->values, mark);
	return true;
}

static bool holds(struct flow_walk *w, const struct flow_condition *condition)
{
	return !condition->expr || expr_eval(condition->expr, walk_value, w) == 1;
}

void walk_start_block(struct flow_walk *w, const struct flow_block *block)
{
	w->stage = WALK_BLOCK;
	w->block = block;
	w->deed = w->line = 0;
}

static void finish(struct flow_walk *w, const char *call)
{
	w->stage = WALK_FINISH;
	w->call = call;
	w->step = 0;
}

static void enter(struct flow_walk *w, size_t step)
{
	while (step < w->flow->step_count && !holds(w, &w->flow->steps[step].when)) {
		step++;
	}
	if (step >= w->flow->step_count || ++w->hops > HOPS_MAX) {
		finish(w, NULL);
		return;
	}
	w->step = step;
	walk_start_block(w, &w->flow->steps[step].block);
}

static void wait_here(struct flow_walk *w)
{
	w->stage = WALK_WAIT;
	w->run->step = walk_step(w)->id;
}

void walk_answer(struct flow_walk *w, struct value v)
{
	const struct flow_step *step = walk_step(w);

	values_set(w->run->values, step->name, v);
	push_log(w, step, v);
	w->run->pending = NULL;
	w->run->unread = 0;
	w->stage = WALK_RULES;
}

static void ask_step(struct flow_walk *w)
{
	w->run->pending = NULL;
	w->run->unread = 0;
	if (!w->opening || !reply_open(w, w->opening)) {
		walk_push_ask(w, walk_text(w, &walk_step(w)->ask));
	}
	w->opening = NULL;
	wait_here(w);
}

/* The step's own block is done: its question, if nobody has answered it yet. */
static void reach_question(struct flow_walk *w)
{
	const struct flow_step *step = walk_step(w);
	struct value v;

	if (!flow_step_answers(step)) {
		w->stage = WALK_RULES;
	} else if (take_mark(w, step)) {
		values_get(w->run->values, step->name, &v);
		walk_answer(w, v);
	} else if (step->is_listening) {
		enter(w, w->step + 1);
	} else {
		ask_step(w);
	}
}

static void follow_rules(struct flow_walk *w)
{
	const struct flow_step *step = walk_step(w);

	for (size_t i = 0; i < step->rule_count; i++) {
		if (holds(w, &step->rules[i].condition)) {
			walk_start_block(w, &step->rules[i].block);
			return;
		}
	}
	enter(w, w->step + 1);
}

static void leave_block(struct flow_walk *w)
{
	switch (w->block->go) {
	case FLOW_GO_ASK:
		reach_question(w);
		break;
	case FLOW_GO_ON:
		enter(w, w->step + 1);
		break;
	case FLOW_GO_STEP:
		enter(w, w->block->step);
		break;
	case FLOW_GO_END:
		finish(w, NULL);
		break;
	case FLOW_GO_FLOW:
		finish(w, w->block->target);
		break;
	case FLOW_GO_STAY:
		wait_here(w);
		break;
	}
}

/* The next event of the block; false when it has none left and the cursor has moved on. */
static bool next_of_block(struct flow_walk *w, struct flow_event *out)
{
	if (w->deed < w->block->deed_count) {
		const struct flow_deed *deed = &w->block->deeds[w->deed++];

		*out = (struct flow_event){
			.kind = FLOW_DO, .name = deed->name, .argument = deed->argument};
		return true;
	}
	if (w->line < w->block->line_count) {
		const struct flow_line *line = &w->block->lines[w->line++];

		*out = (struct flow_event){
			.kind = FLOW_SAY, .text = walk_text(w, line), .context = line->context};
		return true;
	}
	leave_block(w);
	return false;
}

/* What was said and whose step was never reached is kept all the same. */
static void next_of_finish(struct flow_walk *w)
{
	while (w->step < w->flow->step_count) {
		const struct flow_step *step = &w->flow->steps[w->step++];
		struct value v;

		if (take_mark(w, step)) {
			values_get(w->run->values, step->name, &v);
			push_log(w, step, v);
			return;
		}
	}
	if (w->owes_word && !w->call) {
		w->owes_word = false;
		walk_push_say(w, walk_phrase(w, FLOW_PHRASE_SKIPPED),
			flow_phrase_at(FLOW_PHRASE_SKIPPED)->context);
		return;
	}
	w->stage = WALK_ENDED;
	w->run->step = NULL;
	w->run->pending = NULL;
	w->run->unread = 0;
	push(w, (struct flow_event){.kind = w->call ? FLOW_CALL : FLOW_END, .argument = w->call});
}

static bool next_of_front(struct flow_walk *w, struct flow_event *out)
{
	if (w->front_at == w->front_count) {
		w->front_at = w->front_count = 0;
		return false;
	}
	*out = w->front[w->front_at++];
	return true;
}

enum flow_event_kind flow_next(struct flow_walk *w, struct flow_event *out)
{
	for (;;) {
		if (next_of_front(w, out)) {
			break;
		}
		if (w->stage == WALK_WAIT || w->stage == WALK_ENDED) {
			*out = (struct flow_event){
				.kind = w->stage == WALK_WAIT ? FLOW_WAIT : FLOW_END};
			break;
		}
		if (w->stage == WALK_BLOCK && next_of_block(w, out)) {
			break;
		}
		if (w->stage == WALK_RULES) {
			follow_rules(w);
		} else if (w->stage == WALK_FINISH) {
			next_of_finish(w);
		}
	}
	w->owes_word = w->owes_word && out->kind != FLOW_SAY && out->kind != FLOW_ASK &&
		       out->kind != FLOW_DO;
	return out->kind;
}

/* ---- beginning, asking again ---- */

struct flow_walk *flow_walk_create(
	struct arena *arena, struct flow_run *run, const struct flow_host *host)
{
	struct flow_walk *w = arena_alloc(arena, sizeof *w);

	w->arena = arena;
	w->run = run;
	w->host = host;
	w->flow = run->flow;
	w->stage = WALK_ENDED;
	if (run->step) {
		w->step = flow_step_find(w->flow, run->step);
		w->stage = w->step < w->flow->step_count ? WALK_WAIT : WALK_ENDED;
	}
	return w;
}

void walk_start(struct flow_walk *w)
{
	enter(w, 0);
}

void flow_repeat(struct flow_walk *w)
{
	if (w->stage == WALK_WAIT && !reply_offer(w)) {
		walk_push_ask(w, walk_text(w, &walk_step(w)->ask));
	}
}

/* What helps to answer: the author's hint or the general one for this kind of answer. */
static const char *hint(struct flow_walk *w)
{
	const struct flow_step *step = walk_step(w);
	const struct read_question *q = &step->question;
	const char *options = "";

	if (step->unclear.source) {
		return walk_text(w, &step->unclear);
	}
	for (size_t i = 0; i < q->option_count; i++) {
		options = arena_printf(w->arena, "%s%s%s", options, i ? ", " : "",
			walk_text(w, &step->options[i].label));
	}
	w->extra = values_create(w->arena);
	values_set(w->extra, "min", value_number(q->min));
	values_set(w->extra, "max", value_number(q->max));
	values_set(w->extra, "options", value_text(options));
	return walk_phrase(w, (enum flow_phrase)(FLOW_PHRASE_UNREAD + q->type));
}

void flow_reask(struct flow_walk *w)
{
	const struct flow_step *step = walk_step(w);
	const char *text;

	if (w->stage != WALK_WAIT) {
		return;
	}
	w->run->pending = NULL;
	w->run->unread++;
	if (w->run->unread >= 3 && step->can_skip) {
		walk_push_say(w, walk_phrase(w, FLOW_PHRASE_LEFT),
			flow_phrase_at(FLOW_PHRASE_LEFT)->context);
		walk_answer(w, value_null());
		return;
	}
	text = hint(w);
	if (w->run->unread >= 2) {
		text = arena_printf(w->arena, "%s\n%s", text,
			step->can_skip ? walk_phrase(w, FLOW_PHRASE_OFFER_SKIP)
				       : walk_text(w, &step->ask));
	}
	walk_push_ask(w, text);
}

const char *flow_why(struct flow_walk *w)
{
	if (w->stage != WALK_WAIT || !walk_step(w)->why.source) {
		return NULL;
	}
	return walk_text(w, &walk_step(w)->why);
}
