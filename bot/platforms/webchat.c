/* Our own chat page. The history in the store is what a person reads, so a committed row needs no
 * delivery; send() only shows it to pages that are open now, and a page that comes back asks for
 * what followed the last it has seen. A person's own message is acknowledged by stored(), after the
 * commit; until then the page keeps it and sends it again with the same id. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "bot/config.h"
#include "platforms/platforms.h"
#include "platforms/webchat_private.h"
#include "platforms/webchat_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NEWEST_MAX = 40,  /* messages of a page's first history, and of one step back */
	RESUME_MAX = 200, /* missed ones; more than that: begin with the newest */
	SAY_BURST = 20,
	SAY_A_SECOND = 5,
	FAST_RETRY_MS = 1000,
	BUSY_RETRY_MS = 3000,
};

/* An open page. */
struct visit {
	struct visit *next;
	struct serve_peer *peer;
	struct visitor *visitor;
	char session[BOT_SECRET_LEN + 1];
	char zone[WEB_PLACE_MAX + 1], lang[WEB_LANG_MAX + 1];
	bool is_reading; /* said hello: new messages are shown */
};

/* A person with open pages. */
struct visitor {
	struct visitor *next;
	char handle[HANDLE_LEN];
	struct visit *visits;
	struct bucket says;
};

/* A message on its way to the disk. */
struct waiting {
	struct waiting *next;
	uint64_t token;
	unsigned number; /* of the page that sent it */
	char handle[HANDLE_LEN], cid[WEB_CID_MAX + 1];
	char *text;
};

bool bucket_take(struct bucket *b, double burst, double a_second)
{
	int64_t now = clock_mono_us();

	b->tokens += b->filled_us ? (double)(now - b->filled_us) / 1e6 * a_second : burst;
	b->filled_us = now;
	if (b->tokens > burst) {
		b->tokens = burst;
	}
	if (b->tokens < 1) {
		return false;
	}
	b->tokens--;
	return true;
}

/* ---- visitors ---- */

static struct visitor *visitor_find(struct webchat *web, const char *handle)
{
	for (struct visitor *v = web->visitors; v; v = v->next) {
		if (strcmp(v->handle, handle) == 0) {
			return v;
		}
	}
	return NULL;
}

static struct visitor *visitor_get(struct webchat *web, const char *handle)
{
	struct visitor *v = visitor_find(web, handle);

	if (!v) {
		v = mem_alloc(1, sizeof *v);
		snprintf(v->handle, sizeof v->handle, "%s", handle);
		v->next = web->visitors;
		web->visitors = v;
	}
	return v;
}

static void visitor_end(struct webchat *web, struct visitor *visitor)
{
	for (struct visitor **at = &web->visitors; *at; at = &(*at)->next) {
		if (*at == visitor) {
			*at = visitor->next;
			free(visitor);
			return;
		}
	}
}

static bool on_open(void *ctx, struct serve_peer *peer, const struct serve_request *request)
{
	struct webchat *web = ctx;
	struct visit *visit = mem_alloc(1, sizeof *visit);
	char handle[HANDLE_LEN];

	if (!webchat_who(web, request, visit->session, handle)) {
		free(visit);
		return false;
	}
	visit->peer = peer;
	visit->visitor = visitor_get(web, handle);
	visit->next = visit->visitor->visits;
	visit->visitor->visits = visit;
	serve_set_state(peer, visit);
	return true;
}

static void on_gone(void *ctx, struct serve_peer *peer)
{
	struct visit *visit = serve_state(peer);
	struct visitor *visitor = visit->visitor;

	for (struct visit **at = &visitor->visits; *at; at = &(*at)->next) {
		if (*at == visit) {
			*at = visit->next;
			break;
		}
	}
	free(visit);
	if (!visitor->visits) {
		visitor_end(ctx, visitor);
	}
}

void webchat_end_session(struct webchat *web, const char *session)
{
	for (struct visitor *v = web->visitors; v; v = v->next) {
		for (struct visit *visit = v->visits; visit; visit = visit->next) {
			if (strcmp(visit->session, session) == 0) {
				serve_drop(visit->peer, SERVE_SIGNED_OUT, "signed out");
			}
		}
	}
}

/* Sends what is in out, and empties it. */
static void tell(struct serve_peer *peer, struct buf *out)
{
	serve_send(peer, buf_text(out), out->len);
	buf_finish(out);
}

/* ---- history ---- */

struct page {
	struct buf out;
	size_t count;
};

static void add_item(void *ctx, const struct history_item *item)
{
	struct page *page = ctx;

	if (page->count++) {
		buf_addc(&page->out, ',');
	}
	web_write_item(&page->out, item);
}

static void note_id(void *ctx, const struct history_item *item)
{
	*(int64_t *)ctx = item->id;
}

/* Forgotten meanwhile, or a backup was put in place: then the page begins anew. */
static bool has_message(struct webchat *web, const char *handle, int64_t id)
{
	int64_t found = 0;

	if (id > 0 && id < INT64_MAX) {
		bot_history(web->link, handle, id + 1, 0, 1, note_id, &found);
	}
	return found && found == id;
}

/* what: "newest" replaces all that the page has, "missed" follows it, "older" precedes it. */
static size_t show_history(
	struct webchat *web, struct visit *visit, const char *what, int64_t before, int64_t after)
{
	size_t max = after ? RESUME_MAX : NEWEST_MAX;
	struct page page = {0};

	buf_printf(&page.out, "{\"t\":\"history\",\"what\":\"%s\",\"items\":[", what);
	bot_history(web->link, visit->visitor->handle, before, after, max, add_item, &page);
	if (after && page.count == max) {
		buf_finish(&page.out);
		return show_history(web, visit, "newest", 0, 0);
	}
	buf_printf(&page.out, "],\"more\":%s}", !after && page.count == max ? "true" : "false");
	tell(visit->peer, &page.out);
	return page.count;
}

/* ---- from the page ---- */

static bool hand_over(
	struct webchat *web, struct visit *visit, enum inbound_kind kind, const struct web_frame *f)
{
	const char *handle = visit->visitor->handle;
	char id[HANDLE_LEN + WEB_CID_MAX + 2];
	struct inbound in = {
		.kind = kind,
		.handle = handle,
		.conversation = handle,
		.profile = {.zone = visit->zone[0] ? visit->zone : NULL,
			.lang = visit->lang[0] ? visit->lang : NULL},
	};

	if (f) {
		/* One person's page cannot make another's message look like a repeat. */
		snprintf(id, sizeof id, "%s:%s", handle, f->cid);
		in.message_id = id;
		in.text = f->text;
		in.question = f->of;
		in.token = web->next_token + 1;
	}
	return bot_on_message(web->link, &in);
}

static void on_hello(struct webchat *web, struct visit *visit, const struct web_frame *f)
{
	snprintf(visit->zone, sizeof visit->zone, "%s", f->zone ? f->zone : "");
	snprintf(visit->lang, sizeof visit->lang, "%s", f->lang ? f->lang : "");
	visit->is_reading = true;
	if (has_message(web, visit->visitor->handle, f->after)) {
		show_history(web, visit, "missed", 0, f->after);
	} else if (show_history(web, visit, "newest", 0, 0) == 0) {
		hand_over(web, visit, INBOUND_HELLO, NULL);
	}
}

static void wait_for_disk(struct webchat *web, struct visit *visit, const struct web_frame *f)
{
	struct waiting *w = mem_alloc(1, sizeof *w);

	w->token = ++web->next_token;
	w->number = serve_number(visit->peer);
	snprintf(w->handle, sizeof w->handle, "%s", visit->visitor->handle);
	snprintf(w->cid, sizeof w->cid, "%s", f->cid);
	w->text = mem_strdup(f->text);
	*web->last = w;
	web->last = &w->next;
}

static void refuse(struct visit *visit, const struct web_frame *f, const char *why, int retry_ms)
{
	struct buf out = {0};

	web_write_refused(&out, f->cid, why, retry_ms);
	tell(visit->peer, &out);
}

static void on_say(struct webchat *web, struct visit *visit, const struct web_frame *f)
{
	enum inbound_kind kind = f->kind == WEB_CHOOSE ? INBOUND_CHOICE : INBOUND_TEXT;

	if (strlen(f->text) > WEB_TEXT_MAX) {
		refuse(visit, f, "long", 0);
	} else if (!bucket_take(&visit->visitor->says, SAY_BURST, SAY_A_SECOND)) {
		refuse(visit, f, "fast", FAST_RETRY_MS);
	} else if (!hand_over(web, visit, kind, f)) {
		refuse(visit, f, "busy", BUSY_RETRY_MS);
	} else {
		wait_for_disk(web, visit, f);
	}
}

static void on_frame(void *ctx, struct serve_peer *peer, const char *text, size_t len)
{
	struct visit *visit = serve_state(peer);
	struct web_frame f;
	const char *why;

	if (!web_frame_read(&f, text, len, &why)) {
		serve_drop(peer, SERVE_MALFORMED, why);
		return;
	}
	switch (f.kind) {
	case WEB_HELLO:
		on_hello(ctx, visit, &f);
		break;
	case WEB_OLDER:
		show_history(ctx, visit, "older", f.before, 0);
		break;
	case WEB_SAY:
	case WEB_CHOOSE:
		on_say(ctx, visit, &f);
		break;
	}
	web_frame_finish(&f);
}

/* ---- to the page ---- */

/* To every open page of a person but the one with that number (0: to all). */
static void show(struct webchat *web, const char *handle, unsigned but, struct buf *out)
{
	struct visitor *v = visitor_find(web, handle);

	for (struct visit *visit = v ? v->visits : NULL; visit; visit = visit->next) {
		if (visit->is_reading && serve_number(visit->peer) != but) {
			serve_send(visit->peer, buf_text(out), out->len);
		}
	}
	buf_finish(out);
}

static void webchat_send(struct link *link, const struct outbound *out)
{
	struct buf message = {0};

	web_write_message(&message, out, clock_utc_ms());
	show(link->state, out->handle, 0, &message);
}

static void webchat_typing(struct link *link, const char *conversation)
{
	struct buf out = {0};

	web_write_typing(&out);
	show(link->state, conversation, 0, &out);
}

static void tell_page(struct webchat *web, const struct waiting *w, struct buf *out)
{
	struct visitor *v = visitor_find(web, w->handle);

	for (struct visit *visit = v ? v->visits : NULL; visit; visit = visit->next) {
		if (serve_number(visit->peer) == w->number) {
			serve_send(visit->peer, buf_text(out), out->len);
		}
	}
	buf_finish(out);
}

static void waiting_end(struct webchat *web, struct waiting **at)
{
	struct waiting *w = *at;

	*at = w->next;
	if (web->last == &w->next) {
		web->last = at;
	}
	free(w->text);
	free(w);
}

static void webchat_stored(struct link *link, uint64_t token, bool ok, int64_t message_id)
{
	struct webchat *web = link->state;
	struct waiting **at = &web->first;
	struct buf out = {0}, own = {0};

	while (*at && (*at)->token != token) {
		at = &(*at)->next;
	}
	if (!*at) {
		return; /* a hello */
	}
	if (!ok) {
		web_write_delayed(&out, (*at)->cid);
		tell_page(web, *at, &out);
		return;
	}
	web_write_stored(&out, (*at)->cid, message_id);
	tell_page(web, *at, &out);
	if (message_id) {
		web_write_own(&own, message_id, (*at)->cid, (*at)->text, clock_utc_ms());
		show(web, (*at)->handle, (*at)->number, &own);
	}
	waiting_end(web, at);
}

/* ---- life ---- */

static const struct config_key keys[] = {
	{.name = "listen",
		.type = CONFIG_TEXT,
		.fallback = "127.0.0.1",
		.help = "Numeric address to listen on. Anything but loopback belongs behind a "
			"proxy "
			"with TLS."},
	{.name = "port",
		.type = CONFIG_INT,
		.fallback = "8765",
		.min = 0,
		.max = 65535,
		.help = "Port of the chat page."},
	{.name = "url",
		.type = CONFIG_TEXT,
		.fallback = "",
		.help = "Address as people open it, with a slash at the end; empty: made of listen "
			"and port."},
	{.name = "origins",
		.type = CONFIG_TEXT,
		.fallback = "",
		.help = "Further addresses (https://host) that the page may be opened at, "
			"separated "
			"by spaces."},
	{.name = "proxy",
		.type = CONFIG_FLAG,
		.fallback = "no",
		.help = "A reverse proxy of ours is in front: believe its X-Forwarded-For and "
			"X-Forwarded-Proto."},
	{.name = "connections",
		.type = CONFIG_INT,
		.fallback = "1000",
		.min = 1,
		.max = 4000,
		.help = "At most so many connections at once ..."},
	{.name = "connections_per_address",
		.type = CONFIG_INT,
		.fallback = "50",
		.min = 1,
		.max = 4000,
		.help = "... and so many from one address (not behind a proxy)."},
	{.name = "link_hours",
		.type = CONFIG_INT,
		.fallback = "24",
		.min = 1,
		.max = 8760,
		.unit = "hours",
		.help = "How long a personal link of limberd invite works."},
	{0},
};

/* One policy, exactly what the page needs. "ws:" beside 'self' is for browsers that do not count
 * WebSockets as the same origin; connections elsewhere stay impossible through our Origin list. */
static const char csp[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	"connect-src 'self'; manifest-src 'none'; base-uri 'none'; form-action 'none'; "
	"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/* "https://host:1" of "https://host:1/chat/" */
static void add_origin_of(struct buf *out, const char *url)
{
	const char *host = strstr(url, "://");

	if (host) {
		buf_addc(out, ' ');
		buf_add(out, url, (size_t)(host + 3 - url) + strcspn(host + 3, "/"));
	}
}

static char *own_origins(const struct link *link, int port)
{
	const char *listen = config_text(link->config, "listen");
	bool is_six = strchr(listen, ':') != NULL;
	struct buf out = {0};

	buf_printf(&out, is_six ? "http://[%s]:%d" : "http://%s:%d", listen, port);
	buf_printf(&out, " http://localhost:%d", port);
	add_origin_of(&out, config_text(link->config, "url"));
	buf_printf(&out, " %s", config_text(link->config, "origins"));
	return buf_take(&out);
}

static bool webchat_open(struct link *link, const char **error)
{
	struct webchat *web = mem_alloc(1, sizeof *web);
	int port = (int)config_int(link->config, "port");
	struct serve_settings settings = {
		.listen = config_text(link->config, "listen"),
		.port = port,
		.path = "/ws",
		.protocol = "limberd.chat.1",
		.csp = csp,
		.max_connections = (int)config_int(link->config, "connections"),
		.max_per_address = (int)config_int(link->config, "connections_per_address"),
		.has_proxy = config_flag(link->config, "proxy"),
		.ctx = web,
		.request = webchat_request,
		.open = on_open,
		.frame = on_frame,
		.gone = on_gone,
	};

	web->link = link;
	web->last = &web->first;
	web->origins = own_origins(link, port);
	settings.origins = web->origins;
	/* Cookies do not know ports: two daemons on one machine must not overwrite each other's. */
	snprintf(web->cookie_name, sizeof web->cookie_name, "limberd_%d", port);
	link->state = web;
	web->serve = serve_open(link->loop, &settings, error);
	if (!web->serve) {
		link->platform->close(link);
		return false;
	}
	bot_on_state(link, LINK_READY, "");
	return true;
}

static void webchat_close(struct link *link)
{
	struct webchat *web = link->state;

	serve_close(web->serve); /* ends all visits */
	while (web->first) {
		waiting_end(web, &web->first);
	}
	free(web->origins);
	free(web);
	link->state = NULL;
}

static void webchat_doctor(
	struct link *link, void (*say)(void *ctx, bool ok, const char *text), void *ctx)
{
	const char *listen = config_text(link->config, "listen");
	bool is_local = strncmp(listen, "127.", 4) == 0 || strcmp(listen, "::1") == 0;
	bool is_https = strncmp(config_text(link->config, "url"), "https://", 8) == 0;
	bool has_proxy = config_flag(link->config, "proxy");

	say(ctx, is_local || (is_https && has_proxy),
		is_local ? "web: listens on this machine only"
		: has_proxy
			? "web: behind a proxy; set url to its https address"
			: "web: listens to the network without TLS; put a proxy in front and set "
			  "proxy = yes and url");
}

const struct platform webchat_platform = {
	.name = "web",
	.keys = keys,
	.reads_history = true,
	.open = webchat_open,
	.close = webchat_close,
	.send = webchat_send,
	.stored = webchat_stored,
	.typing = webchat_typing,
	.doctor = webchat_doctor,
};
