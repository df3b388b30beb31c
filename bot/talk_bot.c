/* The bot of a talk file: a platform that only remembers what was said to whom, and a clock that
 * only moves when told. */
#include "bot/talk_private.h"

#include "base/clock.h"
#include "bot/cmd.h"
#include "bot/handler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES_MAX = 10000 };

void talk_fail(struct talk *t, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buf_printf(t->out, "%s:%d: %s\n", t->path, t->line, text);
	t->failed = true;
}

/* ---- the platform that remembers ---- */

struct person *talk_person(struct talk *t, const char *name)
{
	for (size_t i = 0; i < t->person_count; i++) {
		if (strcmp(t->people[i].name, name) == 0) {
			return &t->people[i];
		}
	}
	if (t->person_count == PEOPLE_MAX) {
		return NULL;
	}
	snprintf(t->people[t->person_count].name, sizeof t->people->name, "%s", name);
	return &t->people[t->person_count++];
}

static bool talk_open(struct link *link, const char **error)
{
	(void)link;
	(void)error;
	return true;
}

static void talk_close(struct link *link)
{
	(void)link;
}

static char *one_line(const char *text)
{
	char *copy = mem_strdup(text);

	for (char *p = copy; *p; p++) {
		*p = *p == '\n' ? ' ' : *p;
	}
	return copy;
}

static void talk_send(struct link *link, const struct outbound *out)
{
	struct talk *t = link->state;
	struct person *p = talk_person(t, out->handle);
	struct heard *h;

	if (p) {
		if (p->count == p->cap) {
			p->cap = p->cap ? p->cap * 2 : 32;
			p->heard = mem_resize(p->heard, p->cap, sizeof *p->heard);
		}
		h = &p->heard[p->count++];
		*h = (struct heard){
			.text = one_line(out->text),
			.step = mem_strdup(out->step),
			.is_public = strcmp(out->conversation, "public") == 0,
			.choices = mem_alloc(out->choice_count, sizeof *h->choices),
			.choice_count = out->choice_count,
		};
		for (size_t i = 0; i < out->choice_count; i++) {
			h->choices[i] = mem_strdup(out->choices[i].id);
		}
	}
	bot_on_sent(link, out->id, SENT_OK, NULL, 0, NULL);
}

static const struct platform talk_platform = {
	.name = "talk",
	.open = talk_open,
	.close = talk_close,
	.send = talk_send,
};

void talk_forget_people(struct talk *t)
{
	for (size_t i = 0; i < t->person_count; i++) {
		struct person *p = &t->people[i];

		for (size_t j = 0; j < p->count; j++) {
			for (size_t k = 0; k < p->heard[j].choice_count; k++) {
				free(p->heard[j].choices[k]);
			}
			free(p->heard[j].choices);
			free(p->heard[j].text);
			free(p->heard[j].step);
		}
		free(p->heard);
	}
}

/* ---- the bot under test ---- */

static void trace(void *ctx, const char *what)
{
	talk_coverage_add(ctx, what);
}

bool talk_start(struct talk *t)
{
	char path[128];
	const char *error = NULL;
	struct prompts *prompts = cmd_prompts(t->prompts_dir);
	struct store *store;

	if (!prompts) {
		talk_fail(t, "the prompts have faults");
		return false;
	}
	snprintf(path, sizeof path, "%s/limberd.db", t->dir);
	store = store_open(path, t->dir[0] ? STORE_CREATE : STORE_MEMORY, &error);
	if (!store) {
		prompts_destroy(prompts);
		talk_fail(t, "%s", error);
		return false;
	}
	t->bot = bot_create(store, prompts, &bot_default_settings);
	t->bot->settings.rate_per_s = 0;
	t->bot->trace = trace;
	t->bot->trace_ctx = t->coverage;
	t->link = bot_link_add(t->bot, "talk", &talk_platform, NULL, NULL, &error);
	t->link->state = t;
	return true;
}

/* Passes until nothing is left to do at this moment. */
void talk_settle(struct talk *t)
{
	int passes = 0;

	while (bot_pass(t->bot) || t->bot->arriving->count) {
		if (++passes > PASSES_MAX) {
			talk_fail(t, "the bot does not come to rest");
			return;
		}
	}
}

void talk_move_clock(struct talk *t, int64_t to_utc_ms)
{
	int64_t next;
	int passes = 0;

	/* A clock set back stays set back; forwards, everything due on the way happens. */
	while (to_utc_ms > clock_utc_ms() && (next = bot_next_utc_ms(t->bot)) &&
		next <= to_utc_ms) {
		if (next > clock_utc_ms()) {
			clock_set_utc_ms(next);
		}
		talk_settle(t);
		if (++passes > PASSES_MAX) {
			talk_fail(t, "the clock does not get past %lld", (long long)next);
			return;
		}
	}
	clock_set_utc_ms(to_utc_ms);
	talk_settle(t);
}

const struct zone *talk_zone(struct talk *t)
{
	const struct zone *zone = zone_find(t->zone);

	return zone ? zone : zone_find("UTC");
}

/* ---- a person who has been through the welcome ---- */

static void plan_checkin(struct talk *t, const struct user *user, int minute)
{
	struct rule rule = {.days = RULE_EVERY_DAY, .from_min = minute, .to_min = minute};
	struct reminder r = {
		.user_id = user->id, .kind = "checkin", .has_rule = true, .rule = rule};
	int64_t utc_s;

	if (rule_next(&rule, talk_zone(t), 0, clock_utc_ms() / 1000, &r.next_slot, &utc_s)) {
		r.next_utc_ms = utc_s * 1000;
		reminder_save(t->bot->store, &r);
	}
}

void talk_known(struct talk *t, const char *rest)
{
	static const char *const safe[] = {"p_preg", "p_cancer", "p_bone", "p_steroid", "p_immune",
		"p_inject", "p_thin", "p_aorta", "p_nsaid", "p_opioid", "p_dx", NULL};
	struct user user;
	int hour = 7, minute = 0;
	int64_t now = clock_utc_ms();
	char wake[16];

	sscanf(rest, "wake %d:%d", &hour, &minute);
	snprintf(wake, sizeof wake, "%02d:%02d", hour % 24, minute % 60);
	store_begin(t->bot->store);
	user_create(t->bot->store, "talk", t->who->name, t->who->name, now, &user);
	snprintf(user.zone, sizeof user.zone, "%s", t->zone[0] ? t->zone : "UTC");
	snprintf(user.lang, sizeof user.lang, "%s", t->lang[0] ? t->lang : "en");
	snprintf(user.country, sizeof user.country, "%s", zone_country(user.zone));
	snprintf(user.link, sizeof user.link, "talk");
	user.consent_utc_ms = now;
	user.last_inbound_utc_ms = now;
	user_save(t->bot->store, &user);
	for (const char *const *name = safe; *name; name++) {
		fact_set(
			t->bot->store, user.id, *name, strcmp(*name, "p_dx") == 0 ? "" : "no", now);
	}
	fact_set_number(t->bot->store, user.id, "p_age", 45, now);
	fact_set(t->bot->store, user.id, "wake", wake, now);
	plan_checkin(t, &user, hour % 24 * 60 + minute % 60);
	store_commit(t->bot->store);
}
