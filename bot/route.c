/* Where a message goes. The order is the safety of the product: alarm words, words that always
 * work, the open question, commands, free talk, and last the offer of what the bot can do. */
#include "base/log.h"
#include "base/text.h"
#include "bot/turn.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- places to look, in order ---- */

static bool try_first(struct turn *t, enum flow_input_kind kind, const char *text)
{
	(void)kind;
	for (const struct handler *const *h = handlers; *h; h++) {
		if ((*h)->first && (*h)->first(t, text)) {
			return true;
		}
	}
	return false;
}

/* Longest phrase first would need sorting; instead every command is asked for the whole text, and
 * only then for its beginning. */
static const char *command_rest(
	struct turn *t, const struct handler_command *c, const char *text, bool with_rest)
{
	if (!with_rest) {
		return read_words_are(t->arena, turn_lexicon(t), t->words, c->words) ? "" : NULL;
	}
	if (!c->takes_rest) {
		return NULL;
	}
	for (const char *const *w = c->words; *w; w++) {
		size_t len = strlen(*w);

		if (strncasecmp(text, *w, len) == 0 && (text[len] == ' ' || text[len] == ':')) {
			return text + len + 1;
		}
	}
	return NULL;
}

static bool run_command(struct turn *t, const struct handler_command *c, const char *rest)
{
	if (!t->user.consent_utc_ms && !c->before_consent) {
		if (turn_has_dialog(t, "welcome")) {
			turn_repeat(t);
		} else {
			turn_start(t, "welcome", NULL);
		}
	} else {
		c->run(t, rest);
	}
	return true;
}

static bool try_commands(struct turn *t, const char *text, bool always)
{
	for (int with_rest = 0; with_rest <= 1; with_rest++) {
		for (const struct handler *const *h = handlers; *h; h++) {
			for (const struct handler_command *c = (*h)->commands; c && c->words; c++) {
				const char *rest = c->always == always
							   ? command_rest(t, c, text, with_rest)
							   : NULL;

				if (rest) {
					return run_command(t, c, rest);
				}
			}
		}
	}
	return false;
}

static bool try_always(struct turn *t, enum flow_input_kind kind, const char *text)
{
	(void)kind;
	if (t->has_dialog && turn_flow_command(t, text)) {
		return false; /* the open flow has its own meaning for it */
	}
	return try_commands(t, text, true);
}

static bool try_keywords(struct turn *t, enum flow_input_kind kind, const char *text);

static bool try_dialog(struct turn *t, enum flow_input_kind kind, const char *text)
{
	if (!t->has_dialog) {
		return false;
	}
	/* "pause 2 weeks" is a command even where "12 weeks" is one of the choices. */
	if (kind == FLOW_INPUT_TEXT && turn_flow_is_doubtful(t, text) &&
		try_keywords(t, kind, text)) {
		return true;
	}
	return turn_leader_reply(t, kind, text) || turn_flow_reply(t, kind, text);
}

static bool try_keywords(struct turn *t, enum flow_input_kind kind, const char *text)
{
	const struct flow *flow;

	(void)kind;
	if (try_commands(t, text, false)) {
		return true;
	}
	for (size_t i = 0; (flow = prompts_flow_at(t->bot->prompts, i)); i++) {
		if (read_words_are(t->arena, turn_lexicon(t), t->words, flow_words(flow))) {
			turn_start(t, flow_name(flow), NULL);
			return true;
		}
	}
	return false;
}

static bool try_free_talk(struct turn *t, enum flow_input_kind kind, const char *text)
{
	if (!t->user.consent_utc_ms || kind == FLOW_INPUT_CHOICE) {
		return false;
	}
	for (const struct handler *const *h = handlers; *h; h++) {
		if ((*h)->free_talk && (*h)->free_talk(t, text)) {
			return true;
		}
	}
	return false;
}

/* One word with a slip of the finger: "hlep", "excercise", "sotp". Short words allow a swap or a
 * letter too many only, for too many real words are close to them. */
static bool is_slip(const char *text, const char *word)
{
	size_t len = strlen(word), typed = strlen(text);
	bool is_short = len < 5;

	return len >= 4 && !strchr(word, ' ') && (!is_short || typed == len || typed == len + 1) &&
	       text_distance(text, word, 1) == 1 &&
	       (!is_short || typed != len ||
		       (strspn(text, word) == len && strspn(word, text) == len));
}

static bool try_slip(struct turn *t, enum flow_input_kind kind, const char *text)
{
	char *typed = text_trim(t->arena, text);

	if (kind == FLOW_INPUT_CHOICE) {
		return false;
	}
	for (char *p = typed; *p; p++) {
		*p = (char)tolower((unsigned char)*p);
	}
	for (const struct handler *const *h = handlers; *h; h++) {
		for (const struct handler_command *c = (*h)->commands; c && c->words; c++) {
			for (const char *const *w = c->words; *w; w++) {
				if (is_slip(typed, *w)) {
					return run_command(t, c, "");
				}
			}
		}
	}
	return false;
}

static bool try_fallback(struct turn *t, enum flow_input_kind kind, const char *text)
{
	(void)kind;
	(void)text;
	if (t->has_dialog) {
		turn_reask(t);
	} else if (!t->user.consent_utc_ms) {
		turn_start(t, "welcome", NULL);
	} else {
		turn_say(t, "fallback.menu");
	}
	return true;
}

static bool (*const places[])(struct turn *, enum flow_input_kind, const char *) = {
	try_first,
	try_always,
	try_dialog,
	try_keywords,
	try_free_talk,
	try_slip,
	try_fallback,
};

static void route_text(struct turn *t, enum flow_input_kind kind, const char *text)
{
	t->words = read_words_cut(t->arena, text);
	if (turn_dialog_is_old(t)) {
		dialog_end(t->store, t->dialog.id);
		turn_load_dialog(t);
	}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i](t, kind, text)) {
			return;
		}
	}
}

/* ---- kinds of messages ---- */

/* A button belongs to the question it was shown with; when that one is closed its answer must not
 * slip into another. */
static bool is_stale_choice(struct turn *t)
{
	const char *question = t->event->inbound.question;
	const char *open;

	if (!question || !*question || !t->has_dialog) {
		return question && *question && strchr(question, '.') != NULL;
	}
	open = arena_printf(t->arena, "%s.%s", t->dialog.flow, t->dialog.step);
	return strcmp(question, open) != 0 && strncmp(question, "flow.", 5) != 0;
}

static void route_choice(struct turn *t)
{
	if (!is_stale_choice(t)) {
		route_text(t, FLOW_INPUT_CHOICE, t->text);
		return;
	}
	turn_say(t, "choice.stale");
	if (t->has_dialog) {
		turn_repeat(t);
	}
}

/* Others can read it: the talk goes on in private, and only one neutral line stays here. An alarm
 * word is answered in private as well, with the emergency line shown in both places. */
static void route_public(struct turn *t)
{
	struct draft *d;
	bool is_alarm = try_first(t, FLOW_INPUT_TEXT, t->text);

	if (!is_alarm && t->user.consent_utc_ms) {
		turn_say(t, "public.hello");
	} else if (!is_alarm) {
		turn_start(t, "welcome", NULL);
	}
	d = turn_draft(t, is_alarm ? OUTBOUND_ALARM : OUTBOUND_SAY,
		turn_text(t, is_alarm ? "public.emergency" : "public.neutral"));
	d->is_public = true;
}

static void route_hello(struct turn *t)
{
	if (!t->user.consent_utc_ms && !t->has_dialog) {
		turn_start(t, "welcome", NULL);
	}
}

/* An edit of the last answered message is that answer given anew. */
static void route_edit(struct turn *t)
{
	struct message row;
	struct turn_row last;

	if (!message_find(
		    t->store, t->arena, t->event->link->name, t->event->inbound.message_id, &row) ||
		row.user_id != t->user.id || (row.body && strcmp(row.body, t->text) == 0)) {
		return;
	}
	if (!turn_row_last(t->store, t->arena, t->user.id, &last) || last.message_id != row.id) {
		if (!try_first(t, FLOW_INPUT_TEXT, t->text)) { /* alarm words are never late */
			turn_say(t, "edit.too_late");
		}
		return;
	}
	turn_undo(t);
	t->is_undo = false;
	message_set_body(t->store, row.id, t->text);
	t->message_id = row.id;
	route_text(t, FLOW_INPUT_TEXT, t->text);
}

static void route_delete(struct turn *t)
{
	struct message row;
	struct entry entries[32];
	size_t n;

	if (!message_find(
		    t->store, t->arena, t->event->link->name, t->event->inbound.message_id, &row) ||
		row.user_id != t->user.id) {
		return;
	}
	n = entry_of_message(
		t->store, t->arena, t->user.id, row.id, entries, sizeof entries / sizeof *entries);
	for (size_t i = 0; i < n; i++) {
		entry_retract(t->store, entries[i].id, t->now_utc_ms);
	}
	message_set_body(t->store, row.id, NULL);
	turn_say(t, "delete.done");
}

void route_message(struct turn *t)
{
	if (t->event->inbound.is_public) {
		route_public(t);
		return;
	}
	switch (t->event->inbound.kind) {
	case INBOUND_TEXT:
		route_text(t, FLOW_INPUT_TEXT, t->text);
		break;
	case INBOUND_CHOICE:
		route_choice(t);
		break;
	case INBOUND_EDIT:
		route_edit(t);
		break;
	case INBOUND_DELETE:
		route_delete(t);
		break;
	case INBOUND_HELLO:
		route_hello(t);
		break;
	}
}
