/* The core: events wait in two queues (arriving, working) so that platforms may hand over while a
 * pass is under way, and a pass whose commit failed is simply run again. */
#include "bot/bot.h"

#include "base/clock.h"
#include "base/log.h"
#include "bot/handler.h"
#include "bot/turn.h"
#include "platforms/platforms.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	BATCH_MAX = 512,         /* events in one commit, so that the loop is never away for long */
	DUE_MAX = 256,           /* reminders taken up in one pass */
	HOLD_MS = 1000,          /* wait after a full or busy disk */
	PRUNE_EVERY_MS = 600000, /* old ids and messages are removed in small steps */
	PRUNE_ROWS = 500,
};

const struct bot_settings bot_default_settings = {
	.grace_min = 120,
	.quiet_from_min = 22 * 60,
	.quiet_to_min = 7 * 60,
	.message_days = 90,
	.seen_days = 7,
	.rate_per_s = 20,
	.in_flight = 32,
	.retry_hours = 48,
	.lang = "en",
};

struct bot *bot_create(
	struct store *store, struct prompts *prompts, const struct bot_settings *settings)
{
	struct bot *bot = mem_alloc(1, sizeof *bot);

	bot->store = store;
	bot->prompts = prompts;
	bot->has_new_prompts = true;
	bot->settings = *settings;
	bot->arriving = event_queue_create();
	bot->working = event_queue_create();
	bot->outbox = outbox_create();
	bot->arena = arena_create();
	bot->random = settings->seed;
	while (bot->random == 0) {
		if (getrandom(&bot->random, sizeof bot->random, 0) < 0) {
			bot->random = (uint64_t)clock_mono_us();
		}
	}
	return bot;
}

/* xorshift64*: small, repeatable, good enough for jitter. */
double bot_random(struct bot *bot)
{
	bot->random ^= bot->random >> 12;
	bot->random ^= bot->random << 25;
	bot->random ^= bot->random >> 27;
	return (double)((bot->random * 0x2545f4914f6cdd1dU) >> 11) / 9007199254740992.0;
}

static void link_destroy(struct link *link)
{
	link->platform->close(link);
	free((void *)(uintptr_t)link->name);
	free(link);
}

void bot_destroy(struct bot *bot)
{
	if (!bot) {
		return;
	}
	for (size_t i = 0; i < bot->link_count; i++) {
		link_destroy(bot->links[i]);
	}
	event_queue_destroy(bot->arriving);
	event_queue_destroy(bot->working);
	outbox_destroy(bot->outbox);
	prompts_destroy(bot->prompts);
	store_close(bot->store);
	arena_destroy(bot->arena);
	free(bot);
}

struct link *bot_link_add(struct bot *bot, const char *name, const struct platform *platform,
	const struct config *config, struct loop *loop, const char **error)
{
	struct link *link;

	if (bot->link_count == BOT_LINKS_MAX) {
		*error = "too many links in one configuration (32 at most)";
		return NULL;
	}
	link = mem_alloc(1, sizeof *link);
	*link = (struct link){
		.name = mem_strdup(name),
		.platform = platform,
		.bot = bot,
		.loop = loop,
		.config = config,
	};
	if (!platform->open(link, error)) {
		free((void *)(uintptr_t)link->name);
		free(link);
		return NULL;
	}
	bot->links[bot->link_count++] = link;
	return link;
}

struct link *bot_link_find(struct bot *bot, const char *name)
{
	for (size_t i = 0; i < bot->link_count; i++) {
		if (strcmp(bot->links[i]->name, name) == 0) {
			return bot->links[i];
		}
	}
	return NULL;
}

void bot_use_prompts(struct bot *bot, struct prompts *prompts)
{
	prompts_destroy(bot->prompts);
	bot->prompts = prompts;
	bot->has_new_prompts = true;
}

/* ---- what platforms say ---- */

bool bot_on_message(struct link *link, const struct inbound *inbound)
{
	struct event e = {.kind = EVENT_MESSAGE, .link = link, .inbound = *inbound};

	return event_queue_add(link->bot->arriving, &e) != NULL;
}

bool bot_has_room(const struct link *link)
{
	return link->bot->arriving->count < EVENT_QUEUE_MAX / 2;
}

void bot_on_state(struct link *link, enum link_state state, const char *reason)
{
	static const char *const names[] = {"connecting", "ready", "lost", "fatal"};

	if (state == LINK_FATAL) {
		log_error("link.fatal link=\"%s\" why=\"%s\"", link->name, reason ? reason : "");
	} else {
		log_info("link.%s link=\"%s\" why=\"%s\"", names[state], link->name,
			reason ? reason : "");
	}
}

/* Outcomes and marks are never refused: there is at most one for each message under way. */
static void add_own(struct bot *bot, struct event *e)
{
	if (!event_queue_add(bot->arriving, e)) {
		log_warn("queue.full kind=%d", e->kind);
	}
}

void bot_on_sent(struct link *link, int64_t outbox_id, enum sent_result result,
	const char *platform_id, int retry_after_ms, const char *error)
{
	struct event e = {
		.kind = EVENT_SENT,
		.link = link,
		.outbox_id = outbox_id,
		.result = result,
		.retry_after_ms = retry_after_ms,
		.name = platform_id,
		.value = error,
	};

	add_own(link->bot, &e);
}

void bot_mark_set(struct link *link, const char *name, const char *value)
{
	struct event e = {.kind = EVENT_MARK, .link = link, .name = name, .value = value};

	add_own(link->bot, &e);
}

const char *bot_mark_get(struct link *link, const char *name, char *out, size_t out_len)
{
	struct arena *a = arena_create();
	const char *value = store_note_get(
		link->bot->store, a, arena_printf(a, "mark:%s:%s", link->name, name));
	bool fits = value && strlen(value) < out_len;

	if (fits) {
		memcpy(out, value, strlen(value) + 1);
	}
	arena_destroy(a);
	return fits ? out : NULL;
}

/* ---- a pass ---- */

/* Reminders that are due become events behind the messages that have arrived: what a person has
 * just written counts before the bot speaks by itself. */
static void add_due(struct bot *bot)
{
	struct reminder due[DUE_MAX];
	size_t n;

	arena_reset(bot->arena);
	n = reminder_due(bot->store, bot->arena, clock_utc_ms(), due, DUE_MAX);
	for (size_t i = 0; i < n; i++) {
		struct event e = {.kind = EVENT_DUE, .reminder_id = due[i].id};

		event_queue_add(bot->working, &e);
	}
}

/* A due time whose turn cannot be carried out must not come up again and again. */
static void skip_due(struct bot *bot, const struct event *e)
{
	struct reminder r;

	if (e->kind != EVENT_DUE || !reminder_get(bot->store, bot->arena, e->reminder_id, &r)) {
		return;
	}
	r.next_utc_ms += 24 * 3600000LL;
	reminder_save(bot->store, &r);
}

/* False: the store failed in a way that concerns the whole pass. */
static bool run_event(struct bot *bot, struct event *e)
{
	size_t shown = outbox_shown(bot->outbox);
	enum store_result failed;

	if (turn_run(bot, e)) {
		return true;
	}
	failed = store_failed(bot->store);
	log_error("turn.failed kind=%d why=\"%s\"", e->kind, store_error(bot->store));
	if (failed != STORE_REFUSED) {
		return false;
	}
	store_undo(bot->store);
	outbox_show_only(bot->outbox, shown);
	skip_due(bot, e);
	return true;
}

static enum store_result run_events(struct bot *bot, size_t to)
{
	if (!store_begin(bot->store)) {
		return store_failed(bot->store);
	}
	for (size_t i = bot->worked; i < to; i++) {
		if (!run_event(bot, &bot->working->items[i])) {
			enum store_result failed = store_failed(bot->store);

			store_rollback(bot->store);
			return failed;
		}
	}
	return store_commit(bot->store);
}

static void acknowledge(struct bot *bot, size_t to, bool ok)
{
	for (size_t i = bot->worked; i < to; i++) {
		struct event *e = &bot->working->items[i];

		if (e->kind == EVENT_MESSAGE && e->link->platform->stored) {
			e->link->platform->stored(e->link, e->inbound.token, ok, e->message_id);
		} else if (e->kind == EVENT_SENT && ok) {
			outbox_settled(bot->outbox, e->outbox_id);
		}
	}
}

static void after_failure(struct bot *bot, enum store_result result)
{
	outbox_show_only(bot->outbox, 0);
	if (result == STORE_BROKEN) {
		log_error("store.broken why=\"%s\"; stopping, run `limberd doctor`",
			store_error(bot->store));
		bot->is_broken = true;
		return;
	}
	if (bot->hold_until_utc_ms == 0) {
		log_error("store.%s why=\"%s\"; nothing is acknowledged until it works again",
			result == STORE_FULL ? "full" : "busy", store_error(bot->store));
		acknowledge(bot, bot->working->count, false);
	}
	bot->hold_until_utc_ms = clock_utc_ms() + HOLD_MS;
}

/* Sources of flows that have changed and that nobody talks with any more. */
static void prune_flows(struct bot *bot)
{
	const char **keep = NULL;
	const struct flow *flow;
	size_t n = 0;

	do {
		flow = prompts_flow_at(bot->prompts, n);
		keep = mem_resize(keep, n + 1, sizeof *keep);
		keep[n++] = flow ? flow_version(flow) : NULL;
	} while (flow);
	flow_source_prune(bot->store, keep);
	free(keep);
}

static void prune(struct bot *bot)
{
	int64_t now = clock_utc_ms();
	const int64_t day_ms = 24 * 3600000LL;

	if (now - bot->pruned_utc_ms < PRUNE_EVERY_MS && now >= bot->pruned_utc_ms) {
		return;
	}
	bot->pruned_utc_ms = now;
	if (store_begin(bot->store)) {
		store_prune(bot->store, now - bot->settings.seen_days * day_ms,
			now - bot->settings.message_days * day_ms, PRUNE_ROWS);
		if (bot->has_new_prompts) {
			prune_flows(bot);
			bot->has_new_prompts = false;
		}
		store_commit(bot->store);
	}
}

/* The events to work on: those of a failed pass once more, else what has arrived. */
static void take_events(struct bot *bot)
{
	struct event_queue *q = bot->working;

	if (bot->worked == q->count) {
		event_queue_clear(q);
		bot->worked = 0;
		bot->working = bot->arriving;
		bot->arriving = q;
		add_due(bot);
	}
}

static bool is_due(struct bot *bot)
{
	int64_t next = reminder_next(bot->store);

	return next && next <= clock_utc_ms();
}

int64_t bot_next_utc_ms(struct bot *bot)
{
	int64_t next, delivery;

	if (bot->hold_until_utc_ms) {
		return bot->hold_until_utc_ms;
	}
	next = reminder_next(bot->store);
	delivery = outbox_next_utc_ms(bot->outbox, bot);
	return delivery && (next == 0 || delivery < next) ? delivery : next;
}

/* One commit's worth of events; false when the store refuses for now. */
static bool work(struct bot *bot)
{
	size_t left = bot->working->count - bot->worked;
	size_t to = bot->worked + (left < BATCH_MAX ? left : BATCH_MAX);
	enum store_result result = run_events(bot, to);

	if (result != STORE_OK) {
		after_failure(bot, result);
		return false;
	}
	if (bot->hold_until_utc_ms) {
		log_info("store.works again");
		bot->hold_until_utc_ms = 0;
	}
	acknowledge(bot, to, true);
	bot->worked = to;
	outbox_show_all(bot->outbox, bot);
	if (bot->wants_checkpoint) {
		bot->wants_checkpoint = false;
		store_checkpoint(bot->store);
	}
	return true;
}

bool bot_pass(struct bot *bot)
{
	if (bot->is_broken || clock_utc_ms() < bot->hold_until_utc_ms) {
		return false;
	}
	take_events(bot);
	if (bot->worked < bot->working->count && !work(bot)) {
		return false;
	}
	outbox_deliver(bot->outbox, bot);
	prune(bot);
	store_tidy(bot->store); /* the answers are on their way: nobody waits for this */
	return bot->worked < bot->working->count || bot->arriving->count > 0 || is_due(bot);
}

/* ---- the lists ---- */

const struct platform *const platforms[] = {
	&webchat_platform,
	&console_platform,
	NULL,
};

enum { FACTS_MAX = 256, ACTIONS_MAX = 256 };

/* Gathered once from the handlers' tables, which never change. */
const struct flow_vocabulary *bot_vocabulary(void)
{
	static struct flow_fact facts[FACTS_MAX];
	static struct flow_action actions[ACTIONS_MAX];
	static struct flow_vocabulary v = {.facts = facts, .actions = actions};

	if (v.fact_count || v.action_count) {
		return &v;
	}
	for (const struct handler *const *h = handlers; *h; h++) {
		for (const struct handler_fact *f = (*h)->facts; f && f->name; f++) {
			assert(v.fact_count < FACTS_MAX);
			facts[v.fact_count++] =
				(struct flow_fact){.name = f->name, .type = f->type};
		}
		for (const struct handler_action *a = (*h)->actions; a && a->name; a++) {
			assert(v.action_count < ACTIONS_MAX);
			actions[v.action_count++] = (struct flow_action){.name = a->name,
				.sets = a->sets,
				.takes_argument = a->takes_argument};
		}
	}
	return &v;
}
