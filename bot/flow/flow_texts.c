/* What a walk says and asks in the person's language: texts with their placeholders filled in,
 * words to be typed, questions for the reader, buttons. */
#include "flow/flow_walk.h"

#include "flow/template.h"

#include <string.h>

const char *walk_show(struct flow_walk *w, const struct flow_step *step, struct value v)
{
	const struct read_question *q = &step->question;
	const char *shown = "";

	if (q->type == READ_YESNO && v.type == VALUE_NUMBER) {
		return walk_phrase(w, v.number != 0 ? FLOW_PHRASE_SAID_YES : FLOW_PHRASE_SAID_NO);
	}
	if (v.type != VALUE_TEXT || !q->option_count) {
		return value_show(w->arena, v);
	}
	for (const char *p = v.text; *p; p += strcspn(p, " "), p += *p == ' ') {
		size_t len = strcspn(p, " ");

		for (size_t i = 0; i < q->option_count; i++) {
			if (strlen(q->options[i].id) == len && !strncmp(q->options[i].id, p, len)) {
				shown = arena_printf(w->arena, "%s%s%s", shown, *shown ? ", " : "",
					walk_text(w, &step->options[i].label));
			}
		}
	}
	return shown;
}

struct value walk_value(void *ctx, const char *name)
{
	struct flow_walk *w = ctx;
	struct value v;

	return values_get(w->run->values, name, &v) ? v : w->host->fact(w->host->ctx, name);
}

static struct value get_shown(void *ctx, const char *name)
{
	struct flow_walk *w = ctx;
	struct value v;

	if (w->extra && values_get(w->extra, name, &v)) {
		return v;
	}
	v = walk_value(w, name);
	for (size_t i = 0; i < w->flow->step_count; i++) {
		const struct flow_step *step = &w->flow->steps[i];

		if (flow_step_answers(step) && !strcmp(step->name, name)) {
			return value_text(walk_show(w, step, v));
		}
	}
	return v;
}

static const char *translate(struct flow_walk *w, const char *context, const char *source)
{
	return w->host->translate(w->host->ctx, context, source);
}

const char *walk_text(struct flow_walk *w, const struct flow_line *line)
{
	return template_fill(w->arena, translate(w, line->context, line->source), get_shown, w);
}

const char *walk_phrase(struct flow_walk *w, enum flow_phrase phrase)
{
	const struct flow_phrase_text *p = flow_phrase_at(phrase);

	return template_fill(w->arena, translate(w, p->context, p->source), get_shown, w);
}

const char *const *walk_words(struct flow_walk *w, const struct flow_line *line)
{
	const char *translated = translate(w, line->context, line->source);

	return flow_split(
		w->arena, strcmp(translated, line->source)
				  ? arena_printf(w->arena, "%s, %s", line->source, translated)
				  : line->source);
}

/* ---- questions ---- */

struct read_question walk_question(
	struct flow_walk *w, const struct flow_step *step, bool in_answer)
{
	struct read_question q = step->question;
	struct read_option *options = arena_alloc(w->arena, (q.option_count + 1) * sizeof *options);

	for (size_t i = 0; i < q.option_count; i++) {
		const struct flow_option *o = &step->options[i];
		options[i].id = q.options[i].id;
		options[i].label = walk_text(w, &o->label);
		options[i].also = o->also.source ? walk_words(w, &o->also) : NULL;
	}
	q.options = options;
	q.today = w->host->today;
	q.now_min = w->host->now_min;
	q.zone = w->host->zone;
	q.in_answer = in_answer;
	return q;
}

static const struct flow_choice *yesno_choices(struct flow_walk *w, bool has_unsure)
{
	struct flow_choice *list = arena_alloc(w->arena, 4 * sizeof *list);

	list[0] = (struct flow_choice){"yes", walk_phrase(w, FLOW_PHRASE_YES)};
	list[1] = (struct flow_choice){"no", walk_phrase(w, FLOW_PHRASE_NO)};
	if (has_unsure) {
		list[2] = (struct flow_choice){"unsure", walk_phrase(w, FLOW_PHRASE_UNSURE)};
	}
	return list;
}

const struct flow_choice *walk_choices(struct flow_walk *w, const struct flow_step *step)
{
	const struct read_question *q = &step->question;
	size_t count = q->option_count + step->quick_count, n = 0;
	struct flow_choice *list;
	bool has_none = q->type != READ_CHOICES;

	if (q->type == READ_YESNO) {
		return yesno_choices(w, step->has_unsure);
	}
	if (!count) {
		return NULL;
	}
	list = arena_alloc(w->arena, (count + 2) * sizeof *list);
	for (size_t i = 0; i < q->option_count; i++) {
		list[n++] = (struct flow_choice){
			q->options[i].id, walk_text(w, &step->options[i].label)};
		has_none = has_none || !strcmp(q->options[i].id, "none");
	}
	if (!has_none) {
		list[n++] = (struct flow_choice){"none", walk_phrase(w, FLOW_PHRASE_NONE)};
	}
	/* such a button types its own text */
	for (size_t i = 0; i < step->quick_count; i++) {
		const char *text = walk_text(w, &step->quick[i]);

		list[n++] = (struct flow_choice){text, text};
	}
	return list;
}
