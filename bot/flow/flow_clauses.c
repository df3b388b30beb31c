/* What a message says to a flow. One message may answer the open question and others that were not
 * asked yet ("6, stiff for 20 min, slept badly"): it is cut into clauses, a clause that mentions
 * another question's cue is that question's, the rest answers the open one. What is said unasked
 * counts only when it can mean one thing, and one number never answers two questions. */
#include "flow/flow_walk.h"

#include <string.h>

enum { CLAUSES_MAX = 12 };

static bool mentions(struct flow_walk *w, const struct flow_step *step, const char *text)
{
	return step->cues.source &&
	       read_has_cue(w->arena, w->host->lexicon, text, walk_words(w, &step->cues));
}

/* The word that tells whose number it is: the author's, or else the cue that stands in the text. */
static const char *find_subject(struct flow_walk *w, const struct flow_step *step, const char *text)
{
	const char *const *cue;

	if (step->question.subject || !step->cues.source || !reply_takes_numbers(step)) {
		return step->question.subject;
	}
	for (cue = walk_words(w, &step->cues); *cue; cue++) {
		const char *one[] = {*cue, NULL};

		if (!strchr(*cue, ' ') && read_has_cue(w->arena, w->host->lexicon, text, one)) {
			return *cue;
		}
	}
	return NULL;
}

void reply_read(struct flow_walk *w, const struct flow_step *step, const char *text, bool in_answer,
	struct reading *out)
{
	struct read_question q = walk_question(w, step, in_answer);

	*out = (struct reading){0};
	q.subject = find_subject(w, step, text);
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

bool reply_mentions(struct flow_walk *w, const struct flow_step *step, const char *text)
{
	const char *subject[] = {step->question.subject, NULL};

	return mentions(w, step, text) ||
	       (subject[0] && read_has_cue(w->arena, w->host->lexicon, text, subject));
}

bool reply_takes_numbers(const struct flow_step *step)
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

	reply_read(w, step, clause, in_answer, &r);
	if (r.result == READ_VALUE && r.value.type != VALUE_NULL) {
		walk_remember(w, step, r.value);
		m->has_filled = true;
	}
	if (!owned || !reply_takes_numbers(step)) {
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
	bool is_own = m->current && reply_mentions(w, m->current, clause);

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

		reply_read(w, m->current, m->clauses[i], true, &r);
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

		reply_read(w, m->current, o->clause, true, &r);
		is_number = r.result == READ_VALUE && reply_takes_numbers(m->current);
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
		reply_read(w, m->current, m->whole, true, out);
		if (out->result == READ_NONE && !out->note && m->clause_count > 1) {
			read_each(w, m, out);
		}
	} else if (m->rest) {
		reply_read(w, m->current, m->rest, true, out);
	} else {
		read_owned(w, m, out);
	}
}

bool reply_understand(
	struct flow_walk *w, const struct flow_step *current, const char *text, struct reading *out)
{
	struct message m = {.current = current, .whole = text};

	*out = (struct reading){0};
	m.clauses = read_clauses(w->arena, w->host->lexicon, text);
	while (m.clauses[m.clause_count]) {
		m.clause_count++;
	}
	/* One clause, or free words, that answer what was asked are not searched for more. */
	if (current && !reply_takes_numbers(current) &&
		(m.clause_count <= 1 || current->question.type == READ_TEXT)) {
		reply_read(w, current, text, true, out);
		if (out->result != READ_NONE) {
			return false;
		}
	}
	for (size_t i = 0; i < m.clause_count; i++) {
		sort_clause(w, &m, m.clauses[i]);
	}
	if (current) {
		read_current(w, &m, out);
	}
	return m.has_filled;
}
