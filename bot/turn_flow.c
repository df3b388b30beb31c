/* Flows inside a turn: the pure engine decides, this file performs what it says (speak, keep, act)
 * and stores the place. A turn walks one flow at a time; a flow started meanwhile waits until the
 * walk pauses or ends. */
#include "base/log.h"
#include "bot/turn.h"

#include <string.h>

enum { FLOWS_A_TURN = 4, SIMPLE_DIALOG_HOURS = 14 };

/* ---- what flows ask about ---- */

static const struct handler_fact *find_fact(const char *name)
{
	for (const struct handler *const *h = handlers; *h; h++) {
		for (const struct handler_fact *f = (*h)->facts; f && f->name; f++) {
			if (strcmp(f->name, name) == 0) {
				return f;
			}
		}
	}
	return NULL;
}

static const struct handler_action *find_action(const char *name)
{
	for (const struct handler *const *h = handlers; *h; h++) {
		for (const struct handler_action *a = (*h)->actions; a && a->name; a++) {
			if (strcmp(a->name, name) == 0) {
				return a;
			}
		}
	}
	return NULL;
}

/* The handler that leads a dialog of this name by itself, or NULL: it is a flow. */
static const struct handler *find_leader(const char *name)
{
	for (const struct handler *const *h = handlers; *h; h++) {
		if ((*h)->reply && strcmp((*h)->name, name) == 0) {
			return *h;
		}
	}
	return NULL;
}

static struct value host_fact(void *ctx, const char *name)
{
	struct turn *t = ctx;
	const struct handler_fact *f = find_fact(name);
	struct value v;

	if (values_get(t->values, name, &v)) {
		return v;
	}
	return f ? f->get(t) : value_null();
}

static const char *host_translate(void *ctx, const char *context, const char *source)
{
	struct turn *t = ctx;

	turn_trace(t, context);
	return prompts_translate(t->bot->prompts, t->user.lang, context, source);
}

struct value turn_get(struct turn *t, const char *name)
{
	struct value v;

	if (t->walk && values_get(t->run.values, name, &v)) {
		return v;
	}
	return host_fact(t, name);
}

void turn_set(struct turn *t, const char *name, struct value v)
{
	values_set(t->walk ? t->run.values : t->values, name, v);
}

void turn_set_text(struct turn *t, const char *name, const char *text)
{
	turn_set(t, name, value_text(text));
}

void turn_set_number(struct turn *t, const char *name, double number)
{
	turn_set(t, name, value_number(number));
}

/* ---- walking ---- */

static void begin_walk(struct turn *t, const struct flow *flow)
{
	t->run.flow = flow;
	t->host = (struct flow_host){
		.ctx = t,
		.fact = host_fact,
		.translate = host_translate,
		.lexicon = turn_lexicon(t),
		.today = turn_today(t),
		.now_min = turn_minute(t),
		.zone = t->user.zone,
	};
	t->walk = flow_walk_create(t->arena, &t->run, &t->host);
}

static void perform(struct turn *t, const struct flow_event *ev)
{
	const struct handler_action *a = find_action(ev->name);

	if (a) {
		a->run(t, ev->argument ? ev->argument : "");
	}
}

static void log_answer(struct turn *t, const struct flow_event *ev)
{
	struct value v = ev->value;

	if (v.type == VALUE_NULL || !t->user.consent_utc_ms) {
		return;
	}
	turn_log_at(t, ev->name, v.type == VALUE_NUMBER, v.number,
		v.type == VALUE_TEXT ? v.text : NULL, t->log_day, t->log_part);
}

/* Keeps the place of the walk. A new dialog carries the source of its flow version along, so that
 * it survives a change of the file and a restart. */
static void keep_place(struct turn *t)
{
	struct dialog d = {
		.id = t->walk_dialog_id,
		.user_id = t->user.id,
		.flow = flow_name(t->run.flow),
		.version = flow_version(t->run.flow),
		.step = t->run.step,
		.values = values_to_json(t->arena, t->run.values),
		.pending = t->run.pending,
		.unread = t->run.unread,
		.started_utc_ms = t->now_utc_ms,
		.updated_utc_ms = t->now_utc_ms,
	};

	if (d.id == 0) {
		flow_source_put(t->store, d.version, d.flow, flow_source(t->run.flow));
	}
	dialog_save(t->store, &d);
	t->walk_dialog_id = d.id;
}

static enum flow_event_kind walk_events(struct turn *t, struct flow_event *ev)
{
	enum flow_event_kind kind;

	while ((kind = flow_next(t->walk, ev)) != FLOW_WAIT && kind != FLOW_END &&
		kind != FLOW_CALL) {
		switch (kind) {
		case FLOW_SAY:
			turn_say_raw(t, ev->text);
			break;
		case FLOW_ASK:
			turn_ask_event(t, ev);
			break;
		case FLOW_LOG:
			log_answer(t, ev);
			break;
		default:
			perform(t, ev);
			break;
		}
	}
	return kind;
}

/* The dialog below the one that ended: asked again, unless it has grown old or something new was
 * opened meanwhile. */
static void resume_below(struct turn *t)
{
	turn_load_dialog(t);
	while (turn_dialog_is_old(t)) {
		dialog_end(t->store, t->dialog.id);
		turn_load_dialog(t);
	}
	if (t->has_dialog && !t->next_flow && t->depth <= 1) {
		turn_repeat(t);
	}
}

static void start_flow(struct turn *t, const char *name, const char *message);

static void run_walk(struct turn *t)
{
	struct flow_event ev = {0};
	int64_t top_id = t->has_dialog ? t->dialog.id : 0; /* before an action opens another */
	enum flow_event_kind kind = walk_events(t, &ev);
	const char *next = kind == FLOW_CALL ? ev.argument : t->next_flow;
	const char *message = kind == FLOW_CALL ? NULL : t->next_message;

	t->next_flow = NULL;
	if (!t->has_user) {
		t->walk = NULL;
		return; /* "forget me" was carried out on the way */
	}
	if (kind == FLOW_WAIT) {
		keep_place(t);
	} else if (t->walk_dialog_id) {
		dialog_end(t->store, t->walk_dialog_id);
	}
	t->walk = NULL;
	if (next) {
		start_flow(t, next, message);
		return;
	}
	turn_load_dialog(t);
	/* Something that this flow interrupted: go back to it. A dialog that an action has just
	 * opened has asked its own question already. */
	if (kind != FLOW_WAIT && t->has_dialog && t->dialog.id <= top_id) {
		resume_below(t);
	}
}

static void start_flow(struct turn *t, const char *name, const char *message)
{
	const struct flow *flow = prompts_flow(t->bot->prompts, name);

	if (!flow) {
		log_error("flow.missing name=%s", name);
		return;
	}
	if (++t->depth > FLOWS_A_TURN) {
		log_error("flow.loop name=%s", name);
		return;
	}
	if (flow_needs_consent(flow) && !t->user.consent_utc_ms && strcmp(name, "welcome") != 0) {
		start_flow(t, "welcome", NULL);
		return;
	}
	dialog_end_flow(t->store, t->user.id, name);
	turn_load_dialog(t);
	t->run = (struct flow_run){.values = values_create(t->arena)};
	t->walk_dialog_id = 0;
	begin_walk(t, flow);
	flow_begin(t->walk, message);
	run_walk(t);
}

void turn_start(struct turn *t, const char *flow, const char *message)
{
	if (t->walk) {
		t->next_flow = arena_strdup(t->arena, flow);
		t->next_message = message;
	} else {
		start_flow(t, flow, message);
	}
}

/* ---- the open dialog ---- */

static const struct flow *dialog_flow(struct turn *t)
{
	const struct flow *flow = prompts_flow(t->bot->prompts, t->dialog.flow);
	const char *source;

	if (flow && strcmp(flow_version(flow), t->dialog.version) == 0) {
		return flow;
	}
	source = flow_source_get(t->store, t->arena, t->dialog.version);
	return source ? prompts_flow_version(
				t->bot->prompts, t->dialog.flow, t->dialog.version, source)
		      : NULL;
}

/* Resumes the open dialog for walking; false when its flow is gone. */
static bool resume_walk(struct turn *t)
{
	const struct flow *flow = t->has_dialog ? dialog_flow(t) : NULL;

	if (!flow) {
		return false;
	}
	t->run = (struct flow_run){
		.step = t->dialog.step,
		.values = values_from_json(t->arena, t->dialog.values),
		.pending = t->dialog.pending,
		.unread = t->dialog.unread,
	};
	if (!t->run.values) {
		t->run.values = values_create(t->arena);
	}
	t->walk_dialog_id = t->dialog.id;
	begin_walk(t, flow);
	return true;
}

/* Which choice was taken, under the name that its label has as a text. */
static void trace_answer(struct turn *t)
{
	struct value v;

	if (t->bot->trace && values_get(t->run.values, t->dialog.step, &v) &&
		v.type == VALUE_TEXT) {
		turn_trace(t, arena_printf(t->arena, "took %s.choice.%s", t->what, v.text));
	}
}

bool turn_flow_reply(struct turn *t, enum flow_input_kind kind, const char *text)
{
	if (!resume_walk(t)) {
		return false;
	}
	if (flow_reply(t->walk, kind, text) == FLOW_UNREAD) {
		t->walk = NULL;
		return false;
	}
	t->took_answer = true;
	t->what = arena_printf(t->arena, "%s.%s", t->dialog.flow, t->dialog.step);
	trace_answer(t);
	run_walk(t);
	return true;
}

bool turn_flow_command(struct turn *t, const char *text)
{
	bool is_command;

	if (!resume_walk(t)) {
		return false;
	}
	is_command = flow_is_command(t->walk, text);
	t->walk = NULL;
	return is_command;
}

bool turn_leader_reply(struct turn *t, enum flow_input_kind kind, const char *text)
{
	const struct handler *h = find_leader(t->dialog.flow);

	if (!h || !h->reply(t, &t->dialog, kind, text)) {
		return false;
	}
	t->took_answer = true;
	return true;
}

bool turn_flow_is_doubtful(struct turn *t, const char *text)
{
	bool is_doubtful;

	if (!resume_walk(t)) {
		return false;
	}
	is_doubtful = flow_is_doubtful(t->walk, text);
	t->walk = NULL;
	return is_doubtful;
}

void turn_reask(struct turn *t)
{
	const struct handler *h = find_leader(t->dialog.flow);

	if (h) {
		h->repeat(t, &t->dialog);
	} else if (resume_walk(t)) {
		flow_reask(t->walk);
		run_walk(t);
	}
}

void turn_repeat(struct turn *t)
{
	const struct handler *h = t->has_dialog ? find_leader(t->dialog.flow) : NULL;

	if (h) {
		h->repeat(t, &t->dialog);
	} else if (resume_walk(t)) {
		flow_repeat(t->walk);
		run_walk(t);
	}
}

const char *turn_flow_why(struct turn *t)
{
	const char *why = NULL;

	if (resume_walk(t)) {
		why = flow_why(t->walk);
		t->walk = NULL;
	}
	return why;
}

void turn_dialog(struct turn *t, const char *handler, const char *step, const char *values)
{
	struct dialog d = {
		.user_id = t->user.id,
		.flow = handler,
		.version = "",
		.step = step,
		.values = values,
		.started_utc_ms = t->now_utc_ms,
		.updated_utc_ms = t->now_utc_ms,
	};

	if (t->has_dialog && strcmp(t->dialog.flow, handler) == 0) {
		d.id = t->dialog.id;
		d.started_utc_ms = t->dialog.started_utc_ms;
	} else {
		dialog_end_flow(t->store, t->user.id, handler);
	}
	dialog_save(t->store, &d);
	t->took_answer = true;
	turn_load_dialog(t);
}

void turn_end_dialog(struct turn *t)
{
	if (!t->has_dialog) {
		return;
	}
	dialog_end(t->store, t->dialog.id);
	t->took_answer = true;
	if (t->walk) {
		turn_load_dialog(t);
	} else {
		resume_below(t);
	}
}

void turn_end_all(struct turn *t)
{
	dialog_end_flow(t->store, t->user.id, NULL);
	t->has_dialog = false;
	t->walk_dialog_id = 0;
}

void turn_flow_correct(struct turn *t, const char *name, double number)
{
	struct values *values;
	struct value v;

	if (!t->has_dialog || find_leader(t->dialog.flow)) {
		return;
	}
	values = values_from_json(t->arena, t->dialog.values);
	if (values && values_get(values, name, &v) && v.type == VALUE_NUMBER) {
		values_set(values, name, value_number(number));
		t->dialog.values = values_to_json(t->arena, values);
		dialog_save(t->store, &t->dialog);
	}
}

bool turn_has_dialog(struct turn *t, const char *flow)
{
	return t->has_dialog && strcmp(t->dialog.flow, flow) == 0;
}

/* A question that was left open for most of a day is not the one being answered any more. */
bool turn_dialog_is_old(const struct turn *t)
{
	return t->has_dialog &&
	       t->now_utc_ms - t->dialog.updated_utc_ms > SIMPLE_DIALOG_HOURS * 3600000LL &&
	       strcmp(t->dialog.flow, "welcome") != 0 && !find_leader(t->dialog.flow);
}
