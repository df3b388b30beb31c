/* Speaking: texts by id, filled in and translated, become drafts; drafts become rows of the outbox
 * in the turn's transaction. */
#include "base/log.h"
#include "bot/turn.h"
#include "flow/template.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum read_type type;
	const char *name;
} answer_names[] = {
	{READ_SCALE, "scale"},
	{READ_MINUTES, "minutes"},
	{READ_NUMBER, "number"},
	{READ_YESNO, "yesno"},
	{READ_CHOICE, "choice"},
	{READ_CHOICES, "choices"},
	{READ_TIME, "time"},
	{READ_DATE, "date"},
	{READ_ZONE, "zone"},
	{READ_TEXT, "text"},
};

static const char *answer_name(enum read_type type)
{
	for (size_t i = 0; i < sizeof answer_names / sizeof *answer_names; i++) {
		if (answer_names[i].type == type) {
			return answer_names[i].name;
		}
	}
	return "text";
}

void turn_trace(struct turn *t, const char *text_id)
{
	if (t->bot->trace && text_id) {
		t->bot->trace(t->bot->trace_ctx, text_id);
	}
}

static struct value fill_value(void *ctx, const char *name)
{
	return turn_get(ctx, name);
}

/* Fills {placeholders} and translates. */
static const char *fill(struct turn *t, const char *context, const char *source)
{
	const char *text = prompts_translate(t->bot->prompts, t->user.lang, context, source);

	turn_trace(t, context);
	return template_fill(t->arena, text, fill_value, t);
}

const char *turn_text(struct turn *t, const char *text_id)
{
	const char *source = prompts_text(t->bot->prompts, text_id);

	if (!source) {
		/* A test walks all ids; in the field a missing text must not stop the talk. */
		log_error("text.missing id=%s", text_id);
		return text_id;
	}
	return fill(t, text_id, source);
}

struct draft *turn_draft(struct turn *t, enum outbound_kind kind, const char *text)
{
	struct draft *d = arena_alloc(t->arena, sizeof *d);

	d->out.kind = kind;
	d->out.text = text;
	d->out.step = "";
	*t->last_draft = d;
	t->last_draft = &d->next;
	t->newest = d;
	return d;
}

void turn_say_raw(struct turn *t, const char *text)
{
	turn_draft(t, OUTBOUND_SAY, text);
}

void turn_say(struct turn *t, const char *text_id)
{
	turn_say_raw(t, turn_text(t, text_id));
}

void turn_alarm(struct turn *t, const char *text_id)
{
	turn_draft(t, OUTBOUND_ALARM, turn_text(t, text_id));
}

static void add_choices(struct turn *t, struct outbound *out, const struct flow_choice *choices)
{
	struct outbound_choice *copy;
	size_t n = 0;

	while (choices && choices[n].id) {
		n++;
	}
	if (n == 0) {
		return;
	}
	copy = arena_alloc(t->arena, n * sizeof *copy);
	for (size_t i = 0; i < n; i++) {
		copy[i] = (struct outbound_choice){.id = choices[i].id, .label = choices[i].label};
	}
	out->choices = copy;
	out->choice_count = n;
}

/* A general text of the flow engine ("flow.yes"), translated. */
static const char *general_text(struct turn *t, const char *wanted)
{
	const char *context, *source;

	for (size_t i = 0; (source = flow_general_text(i, &context)); i++) {
		if (strcmp(context, wanted) == 0) {
			return prompts_translate(t->bot->prompts, t->user.lang, context, source);
		}
	}
	return wanted;
}

static const struct flow_choice *yes_and_no(struct turn *t)
{
	struct flow_choice *choices = arena_alloc(t->arena, 3 * sizeof *choices);

	choices[0] = (struct flow_choice){"yes", general_text(t, "flow.yes")};
	choices[1] = (struct flow_choice){"no", general_text(t, "flow.no")};
	return choices;
}

void turn_ask(struct turn *t, const char *text, const char *step, const char *answer,
	const struct flow_choice *choices, bool can_skip)
{
	struct draft *d;

	/* One question at a time: the earlier one is covered, and asked again when this one is
	 * done with. */
	for (d = t->first_draft; d; d = d->next) {
		d->is_covered = d->is_covered || d->out.kind == OUTBOUND_ASK;
	}
	d = turn_draft(t, OUTBOUND_ASK, text);

	d->out.step = step;
	d->out.answer = answer;
	d->out.can_skip = can_skip;
	if (!choices && answer && strcmp(answer, "yesno") == 0) {
		choices = yes_and_no(t);
	}
	add_choices(t, &d->out, choices);
}

void turn_ask_event(struct turn *t, const struct flow_event *ev)
{
	turn_ask(t, ev->text, ev->context, answer_name(ev->answer), ev->choices, ev->can_skip);
	t->newest->out.min = ev->min;
	t->newest->out.max = ev->max;
	turn_trace(t, ev->context);
}

static struct draft *newest_draft(struct turn *t)
{
	return t->newest ? t->newest : turn_draft(t, OUTBOUND_SAY, "");
}

void turn_image(struct turn *t, const char *name, const char *alt)
{
	struct draft *d = newest_draft(t);

	d->out.image = name;
	d->out.image_alt = alt;
}

void turn_file(struct turn *t, const char *name, const char *type, const char *data, size_t len)
{
	struct draft *d = newest_draft(t);

	d->out.file_name = name;
	d->out.file_type = type;
	d->out.file_data = data;
	d->out.file_len = len;
}

void turn_why(struct turn *t, const char *text_id_or_raw)
{
	if (t->user.consent_utc_ms) {
		fact_set(t->store, t->user.id, "why", text_id_or_raw, t->now_utc_ms);
	}
}

/* Where this turn's words go: back where the message came from, or, for a due time, to the link
 * that the person picked. */
static bool find_address(struct turn *t, struct message *row)
{
	const struct inbound *in = &t->event->inbound;
	bool is_message = t->event->kind == EVENT_MESSAGE;

	if (is_message && !in->is_public) {
		row->link = t->event->link->name;
		row->handle = in->handle;
		row->conversation = in->conversation ? in->conversation : "";
		return true;
	}
	return user_address(t->store, t->arena, t->user.id,
		is_message ? t->event->link->name : t->user.link, &row->link, &row->handle,
		&row->conversation);
}

static void write_draft(struct turn *t, struct draft *d, struct message row)
{
	struct link *link;

	if (d->is_public) {
		row.link = t->event->link->name;
		row.handle = t->event->inbound.handle;
		row.conversation = t->event->inbound.conversation;
	}
	row.body = outbound_to_json(t->arena, &d->out);
	if (!t->has_user) {
		/* The last words to somebody who has just been deleted: nothing may stay of them,
		 * so they are shown once and not kept. */
		outbox_show(t->bot->outbox, &row);
		return;
	}
	link = bot_link_find(t->bot, row.link);
	row.state = link && link->platform->reads_history ? MESSAGE_SENT : MESSAGE_PENDING;
	message_add(t->store, &row);
	if (row.state == MESSAGE_SENT) {
		outbox_show(t->bot->outbox, &row);
	}
}

void turn_write_drafts(struct turn *t)
{
	struct message row = {
		.user_id = t->user.id,
		.created_utc_ms = t->now_utc_ms,
		.next_try_utc_ms = t->now_utc_ms,
	};

	if (!t->first_draft || !find_address(t, &row)) {
		return;
	}
	for (struct draft *d = t->first_draft; d; d = d->next) {
		if (d->is_covered || (t->is_silent && d->out.kind != OUTBOUND_ALARM)) {
			continue;
		}
		d->out.thread = t->event->kind == EVENT_MESSAGE && !d->is_public
					? t->event->inbound.thread
					: NULL;
		write_draft(t, d, row);
	}
}
