/* Looking for alarm words. Every phrase of every family is looked for; the guards then say whether
 * this is somebody's sign now, or a denial, the past, an idiom, another person, a question. A guard
 * speaks for its own clause only, and when it is not sure the sign counts. */
#include "flow/alarm_table.h"

#include <string.h>

enum { NEGATION_WORDS = 4 };

struct match {
	const struct alarm_family *family;
	const struct alarm_group *group;
	size_t from[ALARM_PARTS_MAX], to[ALARM_PARTS_MAX], count; /* words of its parts */
};

struct search {
	struct alarm_text text;
	const struct alarm_phrases *lists;
	struct alarm_hit *best;
	int best_rank;
	bool asks_harm;
};

static bool has(const struct search *s, enum alarm_list list, size_t from, size_t to)
{
	return from < to && alarm_has(&s->text, &s->lists[list], from, to);
}

static bool is_at(const struct search *s, enum alarm_list list, size_t at)
{
	return at < s->text.count && alarm_match_any(&s->text, &s->lists[list], at) > 0;
}

/* ---- preparing ---- */

static void find_clauses(struct search *s)
{
	size_t start = 0;

	for (size_t i = 1; i < s->text.count; i++) {
		enum alarm_break before = s->text.tokens[i].word.before;
		bool is_joined = before == ALARM_BREAK_COMMA || is_at(s, ALARM_JOINERS, i - 1);

		if (before == ALARM_BREAK_END || is_at(s, ALARM_BREAKS, i) ||
			(is_joined && is_at(s, ALARM_SUBJECTS, i))) {
			start = i;
		}
		s->text.tokens[i].clause = start;
	}
}

static size_t clause_end(const struct search *s, size_t at)
{
	size_t end = at + 1;

	while (end < s->text.count && s->text.tokens[end].clause == s->text.tokens[at].clause) {
		end++;
	}
	return end;
}

static void cut(struct search *s, enum alarm_list list, unsigned mask)
{
	s->text.is_strict = true;
	for (size_t at = 0; at < s->text.count; at++) {
		size_t end = alarm_match_any(&s->text, &s->lists[list], at);

		for (size_t i = at; i < end; i++) {
			s->text.tokens[i].cut |= mask;
		}
	}
	s->text.is_strict = false;
}

/* ---- guards: each says whether it turns this part of a match down ---- */

/* Between a negation and the sign: only light words, or other signs in a list that ends in "or". */
static bool is_open_between(const struct search *s, size_t from, size_t to)
{
	bool is_sign = false, is_or_after = false;

	for (size_t at = from; at < to; at++) {
		if (is_at(s, ALARM_OR, at)) {
			is_or_after = true;
		} else if (s->text.tokens[at].is_sign) {
			is_sign = true;
			is_or_after = false;
		} else if (!is_at(s, ALARM_LIGHT, at)) {
			return false;
		}
	}
	return !is_sign || (is_or_after && !is_at(s, ALARM_UNABLE, to));
}

/* G1: "no", "never had" ... shortly before the sign. "No, numb between the legs" is an answer, not
 * a denial. */
static bool is_negated(const struct search *s, size_t from)
{
	size_t clause = s->text.tokens[from].clause;

	for (size_t back = 1; back <= NEGATION_WORDS + 2 && from >= clause + back; back++) {
		size_t end = alarm_match_any(&s->text, &s->lists[ALARM_NEGATORS], from - back);

		if (end && end <= from && from - end <= NEGATION_WORDS &&
			s->text.tokens[end].word.before == ALARM_BREAK_NONE &&
			is_open_between(s, end, from)) {
			return true;
		}
	}
	return false;
}

/* G2: long over, and nothing in the message speaks of now. */
static bool is_settled_past(const struct search *s, size_t from)
{
	return has(s, ALARM_PAST, s->text.tokens[from].clause, clause_end(s, from)) &&
	       !has(s, ALARM_NOW, 0, s->text.count);
}

/* G4: the nearest subject before it is somebody else, who is not telling about this person. */
static bool is_somebody_else(const struct search *s, const struct match *m, size_t from, size_t to)
{
	size_t clause = s->text.tokens[from].clause;

	for (size_t at = from; at > clause; at--) {
		if (!is_at(s, ALARM_OTHERS, at - 1)) {
			continue;
		}
		return !alarm_match_any(&s->text, &m->family->own, at - 1) &&
		       !has(s, ALARM_SELF, at, to) && !has(s, ALARM_REPORTS, at, from);
	}
	return false;
}

/* G5: "what if", "the leaflet says" ..., unless they go on about themselves. */
static bool is_hypothesis(const struct search *s, size_t from, size_t to)
{
	for (size_t at = s->text.tokens[from].clause; at < from; at++) {
		size_t end = alarm_match_any(&s->text, &s->lists[ALARM_OPENERS], at);

		if (is_at(s, ALARM_CONDITIONALS, at)) {
			return true;
		}
		if (end && end <= from) {
			return !has(s, ALARM_SELF, end, to) && !has(s, ALARM_PRESENT, end, to) &&
			       !has(s, ALARM_NOW, end, clause_end(s, from));
		}
	}
	return false;
}

/* G8: tired after exercise, and not for long. */
static bool is_effort(const struct search *s, const struct match *m, size_t from)
{
	return m->group->is_effort &&
	       has(s, ALARM_EFFORTS, s->text.tokens[from].clause, clause_end(s, from)) &&
	       !has(s, ALARM_LASTING, 0, s->text.count);
}

struct finding {
	enum alarm_verdict verdict;
	const char *guard;
};

static struct finding judge_part(
	const struct search *s, const struct match *m, size_t from, size_t to)
{
	bool is_crisis = m->family->is_crisis;
	enum alarm_verdict explained = is_crisis ? ALARM_GENTLE : ALARM_NONE;

	if (is_negated(s, from)) {
		return (struct finding){explained, "G1"};
	}
	if (is_settled_past(s, from)) {
		return (struct finding){explained, "G2"};
	}
	if (is_somebody_else(s, m, from, to)) {
		return (struct finding){is_crisis ? ALARM_GENTLE : ALARM_OTHER, "G4"};
	}
	if (!is_crisis && is_hypothesis(s, from, to)) {
		return (struct finding){ALARM_ASK_NOW, "G5"};
	}
	if (!is_crisis && is_effort(s, m, from)) {
		return (struct finding){ALARM_ASK_REST, "G8"};
	}
	return (struct finding){m->group->verdict, NULL};
}

/* One part that is turned down turns the whole down. */
static struct finding judge(const struct search *s, const struct match *m)
{
	struct finding f = {ALARM_NONE, NULL};

	for (size_t i = 0; i < m->count; i++) {
		f = judge_part(s, m, m->from[i], m->to[i]);
		if (f.guard) {
			break;
		}
	}
	return f;
}

/* ---- keeping the worst ---- */

static int rank(enum alarm_verdict verdict, enum triage_level level)
{
	static const int of[] = {
		[ALARM_NONE] = 0,
		[ALARM_GENTLE] = 10,
		[ALARM_OTHER] = 20,
		[ALARM_ASK_REST] = 30,
		[ALARM_ASK_NOW] = 40,
		[ALARM_SCREEN] = 50,
		[ALARM_HIT] = 60,
	};

	return of[verdict] + (int)level;
}

static void keep(struct search *s, const struct match *m, struct finding f)
{
	int r = rank(f.verdict, m->group->level);

	if (f.verdict == ALARM_HIT || f.verdict == ALARM_SCREEN) {
		s->asks_harm |= m->group->asks_harm;
	}
	if (r <= s->best_rank && s->best->family) {
		return;
	}
	s->best_rank = r;
	*s->best = (struct alarm_hit){
		.verdict = f.verdict,
		.family = m->family->id,
		.level = m->group->level,
		.row = m->group->row,
		.to = m->family->to,
		.is_private = m->family->is_private,
		.guard = f.guard,
	};
}

/* ---- searching ---- */

static bool may_begin(const struct alarm_pattern *p, const struct alarm_token *token)
{
	for (size_t i = 0; p->first && i < token->count; i++) {
		if (p->first[token->ids[i] / 8] & (1 << token->ids[i] % 8)) {
			return true;
		}
	}
	return !p->first;
}

/* The other parts, anywhere; the first place that no guard turns down, else the first place. */
static bool find_part(const struct search *s, const struct alarm_phrase *part, struct match *m)
{
	size_t i = m->count;
	bool is_found = false;

	for (size_t at = 0; at < s->text.count; at++) {
		size_t end = alarm_match(&s->text, part, at);

		if (end && (!is_found || !judge_part(s, m, at, end).guard)) {
			m->from[i] = at;
			m->to[i] = end;
			is_found = true;
			if (!judge_part(s, m, at, end).guard) {
				break;
			}
		}
	}
	m->count += is_found;
	return is_found;
}

static void try_pattern(struct search *s, const struct alarm_pattern *p, struct match *m)
{
	for (size_t at = 0; at < s->text.count; at++) {
		size_t end = may_begin(p, &s->text.tokens[at])
				     ? alarm_match(&s->text, &p->parts[0], at)
				     : 0;
		bool is_whole = end > 0;

		if (!is_whole) {
			continue;
		}
		m->from[0] = at;
		m->to[0] = end;
		m->count = 1;
		for (size_t i = 1; i < p->count && is_whole; i++) {
			is_whole = find_part(s, &p->parts[i], m);
		}
		if (is_whole) {
			keep(s, m, judge(s, m));
		}
	}
}

static void search_family(struct search *s, const struct alarm_family *f)
{
	struct match m = {.family = f};

	s->text.cut = ALARM_CUT_ALL |
		      (f->is_crisis ? (unsigned)ALARM_CUT_CRISIS : (unsigned)ALARM_CUT_OTHER);
	for (size_t g = 0; g < f->group_count; g++) {
		m.group = &f->groups[g];
		for (size_t i = 0; i < m.group->count; i++) {
			try_pattern(s, &m.group->patterns[i], &m);
		}
	}
}

/* G6: the bot's own words, sent back. */
static bool is_echo(struct arena *arena, const struct alarm_text *text, const char *question)
{
	struct alarm_text other;

	if (!question) {
		return false;
	}
	alarm_text_read(arena, text->table, question, &other);
	if (other.count != text->count) {
		return false;
	}
	for (size_t i = 0; i < text->count; i++) {
		if (strcmp(text->tokens[i].word.text, other.tokens[i].word.text) != 0) {
			return false;
		}
	}
	return true;
}

void alarm_scan(struct arena *arena, const struct alarm_table *table, const char *text,
	const char *last_question, struct alarm_hit *out)
{
	struct search s = {.lists = table->lists, .best = out, .best_rank = -1};

	*out = (struct alarm_hit){.verdict = ALARM_NONE};
	alarm_text_read(arena, table, text, &s.text);
	if (is_echo(arena, &s.text, last_question)) {
		out->guard = "G6";
		return;
	}
	find_clauses(&s);
	cut(&s, ALARM_IDIOMS, ALARM_CUT_ALL);
	cut(&s, ALARM_MISHAPS, ALARM_CUT_CRISIS);
	cut(&s, ALARM_OTHER_USE, ALARM_CUT_OTHER);
	for (size_t i = 0; i < table->family_count; i++) {
		search_family(&s, &table->families[i]);
	}
	out->asks_harm = s.asks_harm;
}
