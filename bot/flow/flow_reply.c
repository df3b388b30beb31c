/* What a reply means to a flow. One message may answer the open question and others that were not
 * asked yet ("6, stiff for 20 min, slept badly"): it is cut into clauses, a clause that mentions
 * another question's cue is that question's, the rest answers the open one. What is said unasked
 * counts only when it can mean one thing, and one number never answers two questions. */
#include "base/json.h"
#include "flow/flow_walk.h"
#include "flow/template.h"

#include <string.h>

enum { CLAUSES_MAX = 12 };

/* ---- guesses ---- */

static struct json_object *guess_to_json(struct value v)
{
	return v.type == VALUE_NUMBER ? json_object_new_double(v.number)
				      : json_object_new_string(v.text);
}

static const char *pending_write(struct arena *arena, const struct reading *r)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const char *text;

	for (size_t i = 0; i < r->guess_count; i++) {
		json_object_array_add(list, guess_to_json(r->guess[i]));
	}
	json_object_object_add(object, "guess", list);
	text = arena_strdup(arena, json_write(object));
	json_object_put(object);
	return text;
}

/* The guesses that were offered; 0 when there are none. */
static size_t pending_read(const struct flow_walk *w, struct value guess[READ_GUESSES])
{
	struct json_object *object, *list;
	size_t n = 0;

	if (!w->run->pending) {
		return 0;
	}
	object = json_read(w->run->pending, strlen(w->run->pending));
	list = json_object_is_type(object, json_type_object) ? json_member(object, "guess") : NULL;
	if (json_object_is_type(list, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(list) && n < READ_GUESSES; i++) {
			struct json_object *item = json_object_array_get_idx(list, i);

			guess[n++] = json_object_is_type(item, json_type_string)
					     ? value_text(arena_strdup(
						       w->arena, json_object_get_string(item)))
					     : value_number(json_object_get_double(item));
		}
	}
	json_object_put(object);
	return n;
}

static const struct flow_choice *guess_choices(
	struct flow_walk *w, const struct value *guess, size_t count)
{
	struct flow_choice *list = arena_alloc(w->arena, (count + 3) * sizeof *list);

	if (count == 1) {
		list[0] = (struct flow_choice){"yes", walk_phrase(w, FLOW_PHRASE_YES)};
		list[1] = (struct flow_choice){"no", walk_phrase(w, FLOW_PHRASE_NO)};
		return list;
	}
	for (size_t i = 0; i < count; i++) {
		list[i] = (struct flow_choice){
			value_show(w->arena, guess[i]), walk_show(w, walk_step(w), guess[i])};
	}
	return list;
}

bool reply_offer(struct flow_walk *w)
{
	struct value guess[READ_GUESSES];
	size_t count = pending_read(w, guess);
	enum flow_phrase phrase = count == 1 ? FLOW_PHRASE_GUESS1 : FLOW_PHRASE_GUESS;
	const char *all = "";
	struct flow_event *event;

	if (!count) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const char *joint = i == 0          ? ""
				    : i + 1 < count ? ", "
						    : arena_printf(w->arena, " %s ",
							      walk_phrase(w, FLOW_PHRASE_OR));

		all = arena_printf(
			w->arena, "%s%s%s", all, joint, walk_show(w, walk_step(w), guess[i]));
	}
	w->extra = values_create(w->arena);
	values_set(w->extra, "guess", value_text(all));
	values_set(w->extra, "guesses", value_text(all));
	walk_push_ask(w, walk_phrase(w, phrase));
	event = &w->front[w->front_count - 1];
	event->context = flow_phrase_at(phrase)->context;
	event->answer = count == 1 ? READ_YESNO : READ_CHOICE;
	event->choices = guess_choices(w, guess, count);
	return true;
}

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

/* ---- reading ---- */

static void read_for(struct flow_walk *w, const struct flow_step *step, const char *text,
	bool in_answer, struct reading *out)
{
	struct read_question q = walk_question(w, step, in_answer);

	*out = (struct reading){0};
	read_reply(w->arena, w->host->lexicon, &q, text, out);
	if (out->result == READ_ASK && !out->guess_count) {
		out->result = READ_NONE;
	}
	/* "not sure" where only yes or no was asked for: unknown, unless one is needed */
	if (out->result == READ_VALUE && out->value.type == VALUE_NULL && !step->has_unsure &&
		!step->can_skip) {
		out->result = READ_NONE;
	}
}

static bool mentions(struct flow_walk *w, const struct flow_step *step, const char *text)
{
	return step->cues.source &&
	       read_has_cue(w->arena, w->host->lexicon, text, walk_words(w, &step->cues));
}

/* Its cues or its subject. */
static bool mentions_own(struct flow_walk *w, const struct flow_step *step, const char *text)
{
	const char *subject[] = {step->question.subject, NULL};

	return mentions(w, step, text) ||
	       (subject[0] && read_has_cue(w->arena, w->host->lexicon, text, subject));
}

/* Could a bare number in a text be its answer? */
static bool takes_numbers(const struct flow_step *step)
{
	switch (step->question.type) {
	case READ_SCALE:
	case READ_MINUTES:
	case READ_NUMBER:
	case READ_TIME:
	case READ_DATE:
		return true;
	default:
		return false;
	}
}

/* A step that may still come and has not been answered. */
static bool is_open(const struct flow_walk *w, size_t i, const struct flow_step *current)
{
	const struct flow_step *step = &w->flow->steps[i];
	struct value v;

	return flow_step_answers(step) && step != current && step->cues.source &&
	       walk_step(w)->reaches[i] && !values_get(w->run->values, step->name, &v);
}

/* ---- a message, clause by clause ---- */

/* A clause that mentions another question and not the open one. */
struct owned {
	const char *clause;
	bool has_taken; /* the other question took the number ... */
	double taken;
	bool is_disputed; /* ... or might have meant it */
};

struct message {
	const struct flow_step *current; /* the open question; NULL at the beginning */
	const char *whole;
	const char *const *clauses;
	size_t clause_count;
	const char *rest; /* clauses that are the open question's, joined */
	struct owned owned[CLAUSES_MAX];
	size_t owned_count;
	bool has_filled; /* something unasked was understood */
};

static void fill_side(struct flow_walk *w, struct message *m, const struct flow_step *step,
	const char *clause, bool in_answer, struct owned *owned)
{
	struct reading r;

	read_for(w, step, clause, in_answer, &r);
	if (r.result == READ_VALUE && r.value.type != VALUE_NULL) {
		walk_remember(w, step, r.value);
		m->has_filled = true;
	}
	if (!owned || !takes_numbers(step)) {
		return;
	}
	if (r.result == READ_VALUE && r.value.type == VALUE_NUMBER) {
		owned->taken = r.value.number;
		owned->has_taken = true;
	} else {
		owned->is_disputed = true;
	}
}

static void sort_clause(struct flow_walk *w, struct message *m, const char *clause)
{
	const struct flow_step *owners[CLAUSES_MAX];
	size_t owner_count = 0;
	struct owned *owned = NULL;
	bool is_own = m->current && mentions_own(w, m->current, clause);

	for (size_t i = 0; i < w->flow->step_count && owner_count < CLAUSES_MAX; i++) {
		if (is_open(w, i, m->current) && mentions(w, &w->flow->steps[i], clause)) {
			owners[owner_count++] = &w->flow->steps[i];
		}
	}
	if (m->current && (is_own || !owner_count)) {
		m->rest = m->rest ? arena_printf(w->arena, "%s, %s", m->rest, clause) : clause;
	} else if (owner_count && m->owned_count < CLAUSES_MAX) {
		owned = &m->owned[m->owned_count++];
		owned->clause = clause;
	}
	for (size_t i = 0; i < owner_count; i++) {
		fill_side(w, m, owners[i], clause, owner_count == 1 && !is_own, owned);
	}
}

/* One by one: taken when just one clause says something, and says one thing. */
static void read_each(struct flow_walk *w, struct message *m, struct reading *out)
{
	size_t found = 0;

	for (size_t i = 0; i < m->clause_count; i++) {
		struct reading r;

		read_for(w, m->current, m->clauses[i], true, &r);
		if (r.result != READ_NONE) {
			*out = r;
			found++;
		}
	}
	if (found != 1) {
		*out = (struct reading){0};
	}
}

/* Clauses that are about something else may still hold the answer ("7 and stiff"), unless the
 * number in them may be the other's. Then the person decides. */
static void read_owned(struct flow_walk *w, struct message *m, struct reading *out)
{
	for (size_t i = 0; i < m->owned_count; i++) {
		const struct owned *o = &m->owned[i];
		struct reading r;
		bool is_number;

		read_for(w, m->current, o->clause, true, &r);
		is_number = r.result == READ_VALUE && takes_numbers(m->current);
		if (r.result == READ_NONE ||
			(o->has_taken && (!is_number || r.value.number == o->taken))) {
			continue;
		}
		if (is_number && o->is_disputed && !o->has_taken) {
			r.result = READ_ASK;
			r.guess[0] = r.value;
			r.guess_count = 1;
		}
		*out = r;
		return;
	}
}

static void read_current(struct flow_walk *w, struct message *m, struct reading *out)
{
	if (!m->owned_count) {
		read_for(w, m->current, m->whole, true, out);
		if (out->result == READ_NONE && !out->note && m->clause_count > 1) {
			read_each(w, m, out);
		}
	} else if (m->rest) {
		read_for(w, m->current, m->rest, true, out);
	} else {
		read_owned(w, m, out);
	}
}

/* Fills questions that were not asked, and reads for the open one if there is one. */
static void understand(struct flow_walk *w, struct message *m, struct reading *out)
{
	const struct flow_step *current = m->current;

	*out = (struct reading){0};
	m->clauses = read_clauses(w->arena, w->host->lexicon, m->whole);
	while (m->clauses[m->clause_count]) {
		m->clause_count++;
	}
	/* One clause, or free words, that answer what was asked are not searched for more. */
	if (current && !takes_numbers(current) &&
		(m->clause_count <= 1 || current->question.type == READ_TEXT)) {
		read_for(w, current, m->whole, true, out);
		if (out->result != READ_NONE) {
			return;
		}
	}
	for (size_t i = 0; i < m->clause_count; i++) {
		sort_clause(w, m, m->clauses[i]);
	}
	if (current) {
		read_current(w, m, out);
	}
}

static enum flow_took settle(struct flow_walk *w, const struct reading *r, bool has_filled)
{
	if (r->result == READ_VALUE) {
		walk_answer(w, r->value);
		return FLOW_TOOK;
	}
	if (r->result == READ_ASK) {
		w->run->pending = pending_write(w->arena, r);
		reply_offer(w);
		return FLOW_TOOK;
	}
	if (r->note && !strcmp(r->note, "range") && walk_step(w)->question.max > 0) {
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
	struct reading r = {0};

	if (w->stage == WALK_WAIT && !w->run->pending) {
		read_for(w, walk_step(w), text, true, &r);
	}
	return r.result == READ_ASK;
}

/* 1 yes, 0 no, -1 neither: the reply as a whole, so that "no, 7" is not a no. */
static int read_yes(struct flow_walk *w, const char *text)
{
	const struct read_question q = {.type = READ_YESNO, .now_min = -1, .in_answer = true};
	struct reading r = {0};

	if (text[strcspn(text, "0123456789,")]) {
		return -1;
	}
	read_reply(w->arena, w->host->lexicon, &q, text, &r);
	return r.result == READ_VALUE && r.value.type == VALUE_NUMBER ? r.value.number != 0 : -1;
}

static enum flow_took ask_again(struct flow_walk *w)
{
	w->run->pending = NULL;
	walk_push_ask(w, walk_text(w, &walk_step(w)->ask));
	return FLOW_TOOK;
}

/* A reply to "Did you mean ...?"; false when it is none and has to be read as a fresh answer. */
static bool decide(struct flow_walk *w, const char *text)
{
	struct value guess[READ_GUESSES];
	size_t count = pending_read(w, guess);
	int yes = count ? read_yes(w, text) : -1;

	if (yes == 1 && count == 1) {
		walk_answer(w, guess[0]);
		return true;
	}
	if (yes == 0) {
		ask_again(w);
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(text, value_show(w->arena, guess[i])) ||
			!strcmp(text, walk_show(w, walk_step(w), guess[i]))) {
			walk_answer(w, guess[i]);
			return true;
		}
	}
	/* "2" is the second of those that were shown, unless numbers are what is asked for */
	if (!takes_numbers(walk_step(w)) && text[0] >= '1' && text[0] <= '9' && !text[1] &&
		(size_t)(text[0] - '0') <= count) {
		walk_answer(w, guess[text[0] - '1']);
		return true;
	}
	return false;
}

static enum flow_took reply_typed(struct flow_walk *w, const char *text)
{
	const struct flow_command *command = find_command(w, text);
	struct message m = {.current = walk_step(w), .whole = text};
	struct reading r;
	enum read_type type = m.current->question.type;

	if (command) {
		walk_start_block(w, &command->block);
		return FLOW_TOOK;
	}
	if (decide(w, text)) {
		return FLOW_TOOK;
	}
	/* a choice may be called "Skip" or "Next" itself */
	if (is_skip(w, text)) {
		read_for(w, m.current, text, true, &r);
		if ((type != READ_CHOICE && type != READ_CHOICES) || r.result != READ_VALUE) {
			return skip(w);
		}
	}
	understand(w, &m, &r);
	return settle(w, &r, m.has_filled);
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

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		if (strcspn(p, " ") == len && !strncmp(p, word, len)) {
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
		if (has_word(ids, q->options[i].id)) {
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

	if (w->run->pending && decide(w, id)) {
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
			read_for(w, step, id, true, &r);
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

void flow_begin(struct flow_walk *w, const char *message)
{
	struct message m = {.whole = message};
	struct reading r;

	w->step = 0;
	/* the words that start the flow say nothing yet */
	if (message && *message &&
		!read_is_phrase(w->arena, w->host->lexicon, message, w->flow->words)) {
		understand(w, &m, &r);
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

			read_for(w, step, *text, true, &r);
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
			read_for(w, step, text, true, &r);
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
