/* Delivery of committed rows. Rows stay "pending" while a platform works on them; which ones those
 * are is only known here, so after a crash they are simply sent again with the same key. */
#include "bot/outbox.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "bot/bot.h"
#include "store/users.h"

#include <stdlib.h>
#include <string.h>

enum { READY_MAX = 64, UNDER_WAY_MAX = 1024 };

struct under_way {
	int64_t id;
	const struct link *link;
};

struct outbox {
	struct under_way under_way[UNDER_WAY_MAX];
	size_t count;
	struct { /* tokens of each link's rate limit */
		double tokens;
		int64_t filled_utc_ms;
	} rate[BOT_LINKS_MAX];
	struct message *shown; /* committed rows to show at the end of the pass */
	size_t shown_count, shown_cap;
	struct arena *shown_arena;
	struct arena *arena;
	bool is_starved; /* a rate limit held something back */
};

struct outbox *outbox_create(void)
{
	struct outbox *o = mem_alloc(1, sizeof *o);

	o->arena = arena_create();
	o->shown_arena = arena_create();
	return o;
}

void outbox_destroy(struct outbox *o)
{
	if (o) {
		arena_destroy(o->arena);
		arena_destroy(o->shown_arena);
		free(o->shown);
		free(o);
	}
}

/* ---- the stored form ---- */

static void choices_to_json(struct json_object *o, const struct outbound *out)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < out->choice_count; i++) {
		struct json_object *c = json_object_new_object();

		json_add_text(c, "id", out->choices[i].id);
		json_add_text(c, "label", out->choices[i].label);
		json_object_array_add(list, c);
	}
	json_object_object_add(o, "choices", list);
}

const char *outbound_to_json(struct arena *arena, const struct outbound *out)
{
	static const char *const kinds[] = {"say", "ask", "alarm"};
	struct json_object *o = json_object_new_object();
	const char *json;

	json_add_text(o, "kind", kinds[out->kind]);
	json_add_text(o, "text", out->text);
	json_add_text(o, "step", out->step && *out->step ? out->step : NULL);
	json_add_text(o, "answer", out->answer);
	if (out->max > out->min) {
		json_add_number(o, "min", out->min);
		json_add_number(o, "max", out->max);
	}
	if (out->choice_count) {
		choices_to_json(o, out);
	}
	if (out->can_skip) {
		json_add_bool(o, "skip", true);
	}
	json_add_text(o, "thread", out->thread);
	json_add_text(o, "image", out->image);
	json_add_text(o, "image_alt", out->image_alt);
	if (out->file_name) {
		json_add_text(o, "file_name", out->file_name);
		json_add_text(o, "file_type", out->file_type);
		json_object_object_add(o, "file_data",
			json_object_new_string_len(out->file_data, (int)out->file_len));
	}
	json = arena_strdup(arena, json_write(o));
	json_object_put(o);
	return json;
}

static const char *copy(struct arena *a, struct json_object *o, const char *key)
{
	return arena_strdup(a, json_text(o, key, NULL));
}

static void choices_from_json(struct arena *a, struct json_object *o, struct outbound *out)
{
	struct json_object *list = json_member(o, "choices");
	struct outbound_choice *choices;

	if (!json_object_is_type(list, json_type_array)) {
		return;
	}
	out->choice_count = json_object_array_length(list);
	choices = arena_alloc(a, out->choice_count * sizeof *choices + 1);
	for (size_t i = 0; i < out->choice_count; i++) {
		struct json_object *c = json_object_array_get_idx(list, i);

		choices[i].id = arena_strdup(a, json_text(c, "id", ""));
		choices[i].label = arena_strdup(a, json_text(c, "label", ""));
	}
	out->choices = choices;
}

static void file_from_json(struct arena *a, struct json_object *o, struct outbound *out)
{
	struct json_object *data = json_member(o, "file_data");

	out->file_name = copy(a, o, "file_name");
	if (!out->file_name || !data) {
		return;
	}
	out->file_type = copy(a, o, "file_type");
	out->file_len = (size_t)json_object_get_string_len(data);
	out->file_data = arena_strndup(a, json_object_get_string(data), out->file_len);
}

bool outbound_from_row(struct arena *a, const struct message *row, struct outbound *out)
{
	struct json_object *o = row->body ? json_read(row->body, strlen(row->body)) : NULL;
	const char *kind = json_text(o, "kind", "say");

	*out = (struct outbound){
		.id = row->id,
		.key = row->key,
		.handle = row->handle,
		.conversation = row->conversation,
		.attempts = row->attempts,
	};
	if (!o) {
		return false;
	}
	out->kind = strcmp(kind, "ask") == 0     ? OUTBOUND_ASK
		    : strcmp(kind, "alarm") == 0 ? OUTBOUND_ALARM
						 : OUTBOUND_SAY;
	out->text = arena_strdup(a, json_text(o, "text", ""));
	out->step = arena_strdup(a, json_text(o, "step", ""));
	out->answer = copy(a, o, "answer");
	out->min = json_number(o, "min", 0);
	out->max = json_number(o, "max", 0);
	out->can_skip = json_flag(o, "skip", false);
	out->thread = copy(a, o, "thread");
	out->image = copy(a, o, "image");
	out->image_alt = copy(a, o, "image_alt");
	choices_from_json(a, o, out);
	file_from_json(a, o, out);
	json_object_put(o);
	return true;
}

/* ---- delivery ---- */

static bool is_under_way(const struct outbox *o, int64_t id)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->under_way[i].id == id) {
			return true;
		}
	}
	return false;
}

static size_t count_under_way(const struct outbox *o, const struct link *link)
{
	size_t n = 0;

	for (size_t i = 0; i < o->count; i++) {
		n += o->under_way[i].link == link;
	}
	return n;
}

static void forget_under_way(struct outbox *o, int64_t id)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->under_way[i].id == id) {
			o->under_way[i] = o->under_way[--o->count];
			return;
		}
	}
}

/* A token bucket of one second's worth; 0 a second means no limit. */
static bool take_token(struct outbox *o, struct bot *bot, size_t link_index)
{
	double rate = bot->settings.rate_per_s;
	int64_t now = clock_utc_ms(), since = now - o->rate[link_index].filled_utc_ms;

	if (rate <= 0) {
		return true;
	}
	if (since < 0 || since > 1000) {
		since = 1000;
	}
	o->rate[link_index].filled_utc_ms = now;
	o->rate[link_index].tokens += rate * (double)since / 1000;
	if (o->rate[link_index].tokens > rate) {
		o->rate[link_index].tokens = rate;
	}
	if (o->rate[link_index].tokens < 1) {
		o->is_starved = true;
		return false;
	}
	o->rate[link_index].tokens--;
	return true;
}

static void send_row(struct outbox *o, struct link *link, const struct message *row)
{
	struct outbound out;

	o->under_way[o->count++] = (struct under_way){.id = row->id, .link = link};
	if (outbound_from_row(o->arena, row, &out)) {
		link->platform->send(link, &out);
	} else {
		bot_on_sent(link, row->id, SENT_REFUSED, NULL, 0, "the stored row is damaged");
	}
}

/* Rows under way are pending in the file and come up again: they are passed over, page by page. */
static bool deliver_link(struct outbox *o, struct bot *bot, size_t index)
{
	struct message rows[READY_MAX];
	struct link *link = bot->links[index];
	size_t busy = count_under_way(o, link), cap = (size_t)bot->settings.in_flight, n;
	int64_t after_id = 0;
	bool any = false;

	if (link->platform->reads_history) {
		return false;
	}
	do {
		arena_reset(o->arena);
		n = outbox_ready(bot->store, o->arena, link->name, clock_utc_ms(), after_id, rows,
			READY_MAX);
		for (size_t i = 0; i < n && busy < cap && o->count < UNDER_WAY_MAX; i++) {
			after_id = rows[i].id;
			if (is_under_way(o, rows[i].id)) {
				continue;
			}
			if (!take_token(o, bot, index)) {
				return any;
			}
			send_row(o, link, &rows[i]);
			busy++;
			any = true;
		}
	} while (n == READY_MAX && busy < cap && o->count < UNDER_WAY_MAX);
	return any;
}

bool outbox_deliver(struct outbox *o, struct bot *bot)
{
	bool any = false;

	o->is_starved = false;
	for (size_t i = 0; i < bot->link_count; i++) {
		any |= deliver_link(o, bot, i);
	}
	return any;
}

/* ---- links whose person reads the history ---- */

void outbox_show(struct outbox *o, const struct message *row)
{
	struct message *copied;

	if (o->shown_count == o->shown_cap) {
		o->shown_cap = o->shown_cap ? o->shown_cap * 2 : 64;
		o->shown = mem_resize(o->shown, o->shown_cap, sizeof *o->shown);
	}
	copied = &o->shown[o->shown_count++];
	*copied = *row;
	copied->link = arena_strdup(o->shown_arena, row->link);
	copied->handle = arena_strdup(o->shown_arena, row->handle);
	copied->conversation = arena_strdup(o->shown_arena, row->conversation);
	copied->body = arena_strdup(o->shown_arena, row->body);
}

size_t outbox_shown(const struct outbox *o)
{
	return o->shown_count;
}

void outbox_show_only(struct outbox *o, size_t count)
{
	o->shown_count = count;
	if (count == 0) {
		arena_reset(o->shown_arena);
	}
}

void outbox_show_all(struct outbox *o, struct bot *bot)
{
	for (size_t i = 0; i < o->shown_count; i++) {
		struct link *link = bot_link_find(bot, o->shown[i].link);
		struct outbound out;

		arena_reset(o->arena);
		if (link && outbound_from_row(o->arena, &o->shown[i], &out)) {
			link->platform->send(link, &out);
		}
	}
	outbox_show_only(o, 0);
}

/* ---- outcomes ---- */

int64_t outbox_backoff_ms(int attempts, double random01)
{
	int64_t cap = attempts > 7 ? 300000 : 60000;
	int64_t limit = attempts < 20 ? (int64_t)1000 << attempts : cap;

	return (int64_t)((double)(limit < cap ? limit : cap) * random01);
}

static void retry(struct bot *bot, const struct event *e, const struct message *row)
{
	int64_t now = clock_utc_ms();
	int64_t wait = outbox_backoff_ms(row->attempts + 1, bot_random(bot));

	if (now - row->created_utc_ms > bot->settings.retry_hours * 3600000LL) {
		log_error("outbox.dead id=%lld link=%s why=\"gave up after %d attempts\"",
			(long long)e->outbox_id, e->link->name, row->attempts + 1);
		outbox_dead(bot->store, e->outbox_id, e->value ? e->value : "gave up");
		return;
	}
	if (wait < e->retry_after_ms) {
		wait = e->retry_after_ms;
	}
	outbox_retry(bot->store, e->outbox_id, now + wait, e->value);
}

static void pause_person(struct bot *bot, int64_t user_id)
{
	struct user user;

	if (user_get(bot->store, user_id, &user)) {
		user.is_stopped = true;
		user_save(bot->store, &user);
		log_info("person.gone who=%s", log_who(user_id).text);
	}
}

void outbox_settle(struct outbox *o, struct bot *bot, const struct event *e)
{
	struct message row;

	if (!message_get(bot->store, bot->arena, e->outbox_id, &row)) {
		return; /* forgotten meanwhile */
	}
	switch (e->result) {
	case SENT_OK:
		outbox_sent(bot->store, e->outbox_id, e->name);
		break;
	case SENT_LATER:
	case SENT_UNKNOWN:
		retry(bot, e, &row);
		break;
	case SENT_GONE:
		pause_person(bot, row.user_id);
		outbox_dead(bot->store, e->outbox_id, e->value ? e->value : "the person left");
		break;
	case SENT_REFUSED:
		log_error("outbox.refused id=%lld link=%s", (long long)e->outbox_id, e->link->name);
		outbox_dead(bot->store, e->outbox_id, e->value ? e->value : "refused");
		break;
	}
	(void)o;
}

void outbox_settled(struct outbox *o, int64_t id)
{
	forget_under_way(o, id);
}

int64_t outbox_next_utc_ms(struct outbox *o, struct bot *bot)
{
	enum { STARVED_MS = 50, BLOCKED_MS = 1000 };
	int64_t now = clock_utc_ms(), next;

	if (o->is_starved) {
		return now + STARVED_MS;
	}
	next = outbox_next_try(bot->store);
	if (next == 0 || next > now) {
		return next;
	}
	/* What is ready was handed over already; the rest waits for an outcome (which wakes us) or
	 * for a link that is not there. */
	return o->count ? 0 : now + BLOCKED_MS;
}
