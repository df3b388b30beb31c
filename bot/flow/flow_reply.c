/* The kinds of reply: a flow's own commands, a skip, a button, typed words. What typed words mean
 * is flow_clauses.c, how a doubtful reply is asked back flow_guess.c. */
#include "flow/flow_walk.h"

#include "base/text.h"

#include <string.h>

static void offer_range(struct flow_walk *w)
{
	const struct read_question *q = &walk_step(w)->question;

	w->extra = values_create(w->arena);
	values_set(w->extra, "min", value_number(q->min));
	values_set(w->extra, "max", value_number(q->max));
	w->run->pending = NULL;
	walk_push_ask(w, walk_phrase(w, FLOW_PHRASE_RANGE));
	w->front[w->front_count - 1].context = flow_phrase_at(FLOW_PHRASE_RANGE)->context;
}

static bool is_out_of_range(const struct flow_walk *w, const struct reading *r)
{
	return r->result == READ_NONE && r->note && !strcmp(r->note, "range") &&
	       walk_step(w)->question.max > 0;
}

static enum flow_took settle(struct flow_walk *w, const struct reading *r, bool has_filled)
{
	if (r->result == READ_VALUE) {
		walk_answer(w, r->value);
		return FLOW_TOOK;
	}
	if (r->result == READ_ASK) {
		reply_guess(w, r);
		return FLOW_TOOK;
	}
	if (is_out_of_range(w, r)) {
		offer_range(w);
		return FLOW_TOOK;
	}
	if (has_filled) {
		w->run->pending = NULL;
		w->run->unread = 0;
		walk_push_ask(w, walk_text(w, &walk_step(w)->ask));
		return FLOW_TOOK;
	}
	return FLOW_UNREAD;
}

/* ---- the kinds of reply ---- */

static enum flow_took skip(struct flow_walk *w)
{
	const struct flow_step *step = walk_step(w);

	if (!step->can_skip) {
		walk_push_say(w, walk_phrase(w, FLOW_PHRASE_KEEP),
			flow_phrase_at(FLOW_PHRASE_KEEP)->context);
		walk_push_ask(w, walk_text(w, &step->ask));
		return FLOW_TOOK;
	}
	w->owes_word = true;
	if (step->skipped.source) {
		walk_push_say(w, walk_text(w, &step->skipped), step->skipped.context);
	}
	walk_answer(w, value_null());
	return FLOW_TOOK;
}

static bool is_skip(struct flow_walk *w, const char *text)
{
	const struct flow_phrase_text *p = flow_phrase_at(FLOW_PHRASE_SKIP_WORDS);
	const struct flow_line words = {.context = p->context, .source = p->source};

	return read_is_phrase(w->arena, w->host->lexicon, text, walk_words(w, &words));
}

static const struct flow_command *find_command(struct flow_walk *w, const char *text)
{
	for (size_t i = 0; i < w->flow->command_count; i++) {
		const struct flow_command *c = &w->flow->commands[i];

		if (read_is_phrase(w->arena, w->host->lexicon, text, walk_words(w, &c->words))) {
			return c;
		}
	}
	return NULL;
}

bool flow_is_command(struct flow_walk *w, const char *text)
{
	return w->stage == WALK_WAIT && find_command(w, text);
}

bool flow_is_doubtful(struct flow_walk *w, const char *text)
{
	struct reading r;

	if (w->stage != WALK_WAIT || (w->run->pending && reply_decide(w, text))) {
		return false;
	}
	reply_read(w, walk_step(w), text, true, &r);
	return r.result == READ_ASK ||
	       (is_out_of_range(w, &r) && !reply_mentions(w, walk_step(w), text));
}

static enum flow_took reply_typed(struct flow_walk *w, const char *text)
{
	const struct flow_command *command = find_command(w, text);
	const struct flow_step *step = walk_step(w);
	enum read_type type = step->question.type;
	struct reading r;
	bool has_filled;

	if (command) {
		walk_start_block(w, &command->block);
		return FLOW_TOOK;
	}
	if (reply_decide(w, text)) {
		return FLOW_TOOK;
	}
	/* a choice may be called "Skip" or "Next" itself */
	if (is_skip(w, text)) {
		reply_read(w, step, text, true, &r);
		if ((type != READ_CHOICE && type != READ_CHOICES) || r.result != READ_VALUE) {
			return skip(w);
		}
	}
	has_filled = reply_understand(w, step, text, &r);
	return settle(w, &r, has_filled);
}

static bool is_quick(struct flow_walk *w, const struct flow_step *step, const char *id)
{
	for (size_t i = 0; i < step->quick_count; i++) {
		if (!strcmp(walk_text(w, &step->quick[i]), id)) {
			return true;
		}
	}
	return false;
}

/* Option ids in the order of the options; false when one of them is not an option. */
static bool choose_options(
	struct flow_walk *w, const struct flow_step *step, const char *ids, struct value *out)
{
	const struct read_question *q = &step->question;
	const char *chosen = "";
	size_t wanted = 0, found = 0;

	for (const char *p = ids; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		wanted++;
	}
	for (size_t i = 0; i < q->option_count; i++) {
		if (text_has_id(ids, q->options[i].id)) {
			chosen = arena_printf(
				w->arena, "%s%s%s", chosen, *chosen ? " " : "", q->options[i].id);
			found++;
		}
	}
	*out = value_text(chosen);
	if (q->type == READ_CHOICES && !found && !strcmp(ids, "none")) {
		return true;
	}
	return found && found == wanted && (found == 1 || q->type == READ_CHOICES);
}

static enum flow_took reply_button(struct flow_walk *w, const char *id)
{
	const struct flow_step *step = walk_step(w);
	struct reading r = {.result = READ_VALUE};

	if (w->run->pending && reply_decide(w, id)) {
		return FLOW_TOOK;
	}
	/* such a button types its text, which may also be a command ("not yet") */
	if (is_quick(w, step, id)) {
		return reply_typed(w, id);
	}
	switch (step->question.type) {
	case READ_CHOICE:
	case READ_CHOICES:
		if (!choose_options(w, step, id, &r.value)) {
			return FLOW_UNREAD;
		}
		break;
	case READ_YESNO:
		if (strcmp(id, "yes") != 0 && strcmp(id, "no") != 0 &&
			(strcmp(id, "unsure") != 0 || !step->has_unsure)) {
			return FLOW_UNREAD;
		}
		r.value = !strcmp(id, "unsure") ? value_null() : value_number(!strcmp(id, "yes"));
		break;
	default:
		r.result = READ_NONE;
		if (step->question.type != READ_TEXT) {
			reply_read(w, step, id, true, &r);
		}
		break;
	}
	return settle(w, &r, false);
}

enum flow_took flow_reply(struct flow_walk *w, enum flow_input_kind kind, const char *text)
{
	if (w->stage != WALK_WAIT) {
		return FLOW_UNREAD;
	}
	switch (kind) {
	case FLOW_INPUT_SKIP:
		return skip(w);
	case FLOW_INPUT_CHOICE:
		return reply_button(w, text);
	case FLOW_INPUT_TEXT:
		break;
	}
	return reply_typed(w, text);
}

/* "6, slept badly" before anything was asked: the night says what the talk is about, and so the
 * bare number is the first question's. */
static void answer_first(struct flow_walk *w, const char *message)
{
	const struct flow_step *first = walk_step(w);
	struct reading r;
	struct value v;

	if (!first->ask.source || !reply_takes_numbers(first) ||
		values_get(w->run->values, first->name, &v)) {
		return;
	}
	reply_read(w, first, message, true, &r);
	if (r.result == READ_VALUE) {
		walk_remember(w, first, r.value);
	}
}

void flow_begin(struct flow_walk *w, const char *message)
{
	struct reading r;

	w->step = 0;
	/* the words that start the flow say nothing yet */
	if (message && *message &&
		!read_is_phrase(w->arena, w->host->lexicon, message, w->flow->words)) {
		if (!reply_understand(w, NULL, message, &r)) {
			w->opening = message;
		} else {
			answer_first(w, message);
		}
	}
	walk_start(w);
}

/* ---- do buttons and typed words agree? ---- */

static const char *add_fault(struct flow_walk *w, const char *faults, const char *name,
	const struct flow_line *line, const char *text, const char *meant)
{
	return arena_printf(w->arena, "%s%s%s:%d:%d: \"%s\" is not read as %s when it is typed",
		faults ? faults : "", faults ? "\n" : "", name, line->line, line->column, text,
		meant);
}

static const char *check_option(struct flow_walk *w, const char *faults, const char *name,
	const struct flow_step *step, size_t i)
{
	const struct flow_option *o = &step->options[i];
	const char *id = step->question.options[i].id;
	const char *label[] = {walk_text(w, &o->label), NULL};
	const char *const *lists[] = {label, o->also.source ? walk_words(w, &o->also) : NULL};

	for (size_t k = 0; k < 2; k++) {
		for (const char *const *text = lists[k]; text && *text; text++) {
			struct reading r;

			reply_read(w, step, *text, true, &r);
			if (r.result != READ_VALUE || !value_equal(r.value, value_text(id))) {
				faults = add_fault(
					w, faults, name, k ? &o->also : &o->label, *text, id);
			}
		}
	}
	return faults;
}

const char *flow_check_replies(struct arena *arena, const struct flow *flow,
	const struct flow_host *host, const char *name)
{
	struct flow_run run = {.flow = flow, .values = values_create(arena)};
	struct flow_walk *w = flow_walk_create(arena, &run, host);
	const char *faults = NULL;

	for (size_t i = 0; i < flow->step_count; i++) {
		const struct flow_step *step = &flow->steps[i];

		for (size_t k = 0; k < step->quick_count; k++) {
			const char *text = walk_text(w, &step->quick[k]);
			struct reading r;

			if (find_command(w, text)) {
				continue;
			}
			reply_read(w, step, text, true, &r);
			if (r.result != READ_VALUE) {
				faults = add_fault(
					w, faults, name, &step->quick[k], text, "an answer");
			}
		}
		for (size_t k = 0; k < step->question.option_count; k++) {
			faults = check_option(w, faults, name, step, k);
		}
	}
	return faults;
}
