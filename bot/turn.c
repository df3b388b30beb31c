/* The road of one event: open, drop repeats, load, route, save. What handlers may ask of a turn is
 * in turn_say.c, turn_flow.c and turn_keep.c. */
#include "bot/turn.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4000 };

static void open_turn(struct turn *t, struct bot *bot, struct event *event)
{
	*t = (struct turn){
		.bot = bot,
		.event = event,
		.arena = bot->arena,
		.store = bot->store,
		.now_utc_ms = clock_utc_ms(),
	};
	arena_reset(t->arena);
	t->values = values_create(t->arena);
	t->last_draft = &t->first_draft;
}

void turn_use_zone(struct turn *t)
{
	t->zone = zone_find(t->user.zone[0] ? t->user.zone : "UTC");
	if (!t->zone) {
		t->zone = zone_find("UTC");
	}
	t->log_part = turn_part(t);
	t->log_day = turn_today(t) - (t->log_part == PART_NIGHT); /* still the night before */
}

void turn_load_dialog(struct turn *t)
{
	t->has_dialog = dialog_top(t->store, t->arena, t->user.id, &t->dialog);
}

/* What undo has to bring back: the open dialog as it was before this turn. */
static const char *remember_dialog(struct turn *t)
{
	struct json_object *o;
	const char *json;

	if (!t->has_dialog) {
		return NULL;
	}
	o = json_object_new_object();
	json_add_int(o, "id", t->dialog.id);
	json_add_text(o, "flow", t->dialog.flow);
	json_add_text(o, "version", t->dialog.version);
	json_add_text(o, "step", t->dialog.step);
	json_add_text(o, "values", t->dialog.values);
	json_add_text(o, "pending", t->dialog.pending);
	json = arena_strdup(t->arena, json_write(o));
	json_object_put(o);
	return json;
}

static void take_profile(struct turn *t, const struct profile *p)
{
	if (p->zone && !t->user.zone[0] && zone_find(p->zone)) {
		snprintf(t->user.zone, sizeof t->user.zone, "%s", p->zone);
	}
	if (p->lang && !t->user.lang[0] && prompts_has_language(t->bot->prompts, p->lang)) {
		snprintf(t->user.lang, sizeof t->user.lang, "%s", p->lang);
	}
	if (p->name && !t->user.name[0] && strlen(p->name) < sizeof t->user.name) {
		snprintf(t->user.name, sizeof t->user.name, "%s", p->name);
	}
}

static void load_person(struct turn *t)
{
	const struct inbound *in = &t->event->inbound;
	const char *link = t->event->link->name;

	t->has_user = user_find(t->store, link, in->handle, &t->user);
	if (!t->has_user) {
		user_create(t->store, link, in->handle, in->is_public ? "" : in->conversation,
			t->now_utc_ms, &t->user);
		snprintf(t->user.link, sizeof t->user.link, "%s", link);
		t->has_user = true;
	} else if (!in->is_public && in->conversation) {
		user_set_conversation(t->store, link, in->handle, in->conversation);
	}
	take_profile(t, &in->profile);
	turn_use_zone(t);
	turn_load_dialog(t);
	t->dialog_before = remember_dialog(t);
}

/* The person's words as text that everything behind can trust: valid UTF-8, at most TEXT_MAX
 * bytes, cut between characters. */
static const char *clean_text(struct turn *t, const char *text)
{
	size_t len;

	if (!text || !text_is_utf8(text, strlen(text))) {
		return "";
	}
	len = strlen(text);
	if (len <= TEXT_MAX) {
		return text;
	}
	len = TEXT_MAX;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
		len--;
	}
	return arena_strndup(t->arena, text, len);
}

/* Before consent no words are kept, only that a message came. */
static void keep_inbound(struct turn *t)
{
	const struct inbound *in = &t->event->inbound;
	struct message row = {
		.user_id = t->user.id,
		.state = MESSAGE_IN,
		.link = t->event->link->name,
		.conversation = in->conversation ? in->conversation : "",
		.handle = in->handle,
		.body = t->user.consent_utc_ms ? t->text : NULL,
		.platform_id = in->message_id,
		.created_utc_ms = t->now_utc_ms,
	};

	if (in->kind == INBOUND_HELLO || in->kind == INBOUND_EDIT || in->kind == INBOUND_DELETE) {
		return;
	}
	message_add(t->store, &row);
	t->message_id = row.id;
	t->event->message_id = row.id;
}

static void log_turn(struct turn *t)
{
	struct turn_row row = {
		.user_id = t->user.id,
		.message_id = t->message_id,
		.what = t->what ? t->what : "",
		.before = t->dialog_before,
		.at_utc_ms = t->now_utc_ms,
	};

	if (t->has_user && (t->entries || t->took_answer) && !t->is_undo &&
		t->user.consent_utc_ms) {
		turn_row_add(t->store, &row);
	}
}

static void save(struct turn *t)
{
	if (t->entries && t->has_user) {
		for (const struct handler *const *h = handlers; *h; h++) {
			if ((*h)->logged) {
				(*h)->logged(t);
			}
		}
	}
	turn_write_drafts(t);
	log_turn(t);
	if (t->has_user) {
		user_save(t->store, &t->user);
	}
}

/* An edit carries the id of the message that it changes; it is a repeat when the words are. */
static const char *event_key(struct turn *t)
{
	const struct inbound *in = &t->event->inbound;
	char words[HASH_HEX];

	if (in->kind == INBOUND_EDIT) {
		hash_write(hash_add(hash_begin(), t->text, strlen(t->text)), words);
		return arena_printf(t->arena, "edit:%s:%s", in->message_id, words);
	}
	return in->kind == INBOUND_DELETE ? arena_printf(t->arena, "delete:%s", in->message_id)
					  : in->message_id;
}

static void run_message(struct turn *t)
{
	const struct inbound *in = &t->event->inbound;

	t->text = clean_text(t, in->text);
	if (in->message_id &&
		!store_see(t->store, t->event->link->name, event_key(t), t->now_utc_ms)) {
		log_debug("repeat link=%s", t->event->link->name);
		return;
	}
	load_person(t);
	keep_inbound(t);
	route_message(t);
	/* To open the chat is not to write; and nobody is there after "forget me". */
	if (t->has_user && in->kind != INBOUND_HELLO) {
		t->user.last_inbound_utc_ms = t->now_utc_ms;
	}
	save(t);
}

static void run_due(struct turn *t)
{
	struct reminder reminder;

	if (!reminder_get(t->store, t->arena, t->event->reminder_id, &reminder)) {
		return; /* cancelled by an earlier turn of this pass */
	}
	t->has_user = user_get(t->store, reminder.user_id, &t->user);
	if (!t->has_user) {
		reminder_delete(t->store, reminder.id);
		return;
	}
	turn_use_zone(t);
	turn_load_dialog(t);
	t->dialog_before = remember_dialog(t);
	schedule_due(t, &reminder);
	save(t);
}

static void run(struct turn *t)
{
	struct event *e = t->event;

	switch (e->kind) {
	case EVENT_MESSAGE:
		run_message(t);
		break;
	case EVENT_DUE:
		run_due(t);
		break;
	case EVENT_MARK:
		store_note_set(t->store,
			arena_printf(t->arena, "mark:%s:%s", e->link->name, e->name), e->value);
		break;
	case EVENT_SENT:
		outbox_settle(t->bot->outbox, t->bot, e);
		break;
	}
}

bool turn_run(struct bot *bot, struct event *event)
{
	struct turn t;

	open_turn(&t, bot, event);
	store_mark(bot->store);
	run(&t);
	if (store_failed(bot->store) != STORE_OK) {
		return false;
	}
	store_release(bot->store);
	return true;
}
