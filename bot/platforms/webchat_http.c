/* The web chat's requests: the page, signing in and out, pictures and files. Only the page itself
 * is for everybody; it holds nothing and asks who is there. */
#include "base/json.h"
#include "base/log.h"
#include "platforms/webchat_private.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SESSION_S = 180 * 24 * 3600, SIGN_IN_BURST = 20, FILE_PATH = 6, IMAGE_PATH = 7 };

static const char needs_link[] =
	"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>limberd</title>"
	"<link rel=\"stylesheet\" href=\"/chat.css\">"
	"<main class=\"plain\"><h1>This needs a personal link</h1>"
	"<p>Ask whoever runs limberd here for one. They print it with "
	"<code>limberd invite NAME</code>.</p><p><a href=\"/\">To the chat</a></p></main></html>\n";
static const char not_found[] =
	"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>limberd</title>"
	"<link rel=\"stylesheet\" href=\"/chat.css\">"
	"<main class=\"plain\"><h1>There is nothing here</h1>"
	"<p><a href=\"/\">To the chat</a></p></main></html>\n";

/* ---- who ---- */

/* The session secret in a Cookie header; false: none. */
static bool read_cookie(const struct webchat *web, const char *cookie, char *out)
{
	size_t name_len = strlen(web->cookie_name);

	for (const char *p = cookie; *p; p += strcspn(p, ";"), p += strspn(p, "; ")) {
		const char *value = p + name_len + 1;

		if (strncmp(p, web->cookie_name, name_len) == 0 && p[name_len] == '=' &&
			strcspn(value, "; ") == BOT_SECRET_LEN) {
			memcpy(out, value, BOT_SECRET_LEN);
			out[BOT_SECRET_LEN] = '\0';
			return true;
		}
	}
	return false;
}

bool webchat_who(struct webchat *web, const struct serve_request *request, char *session_out,
	char *handle_out)
{
	return read_cookie(web, request->cookie, session_out) &&
	       bot_session(web->link, session_out, handle_out, HANDLE_LEN);
}

/* ---- answers ---- */

static void answer_fixed(
	struct serve_answer *a, int status, const char *type, const void *data, size_t len)
{
	a->status = status;
	a->type = type;
	a->fixed = data;
	a->fixed_len = len;
}

static void answer_html(struct serve_answer *a, int status, const char *html)
{
	answer_fixed(a, status, "text/html; charset=utf-8", html, strlen(html));
}

static void answer_json(struct serve_answer *a, int status, const char *json)
{
	answer_fixed(a, status, "application/json", json, strlen(json));
}

static void set_cookie(const struct webchat *web, const struct serve_request *request,
	struct serve_answer *a, const char *value, int seconds)
{
	snprintf(a->cookie, sizeof a->cookie,
		"%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", web->cookie_name, value,
		seconds, request->is_https ? "; Secure" : "");
}

/* ---- signing in and out ---- */

static void sign_in(
	struct webchat *web, const struct serve_request *request, struct serve_answer *a)
{
	char session[BOT_SECRET_LEN + 1], handle[HANDLE_LEN];
	struct json_object *o = json_read(request->body, request->body_len);
	const char *secret = json_text(o, "secret", "");

	if (!request->is_own_origin) {
		answer_json(a, 403, "{\"why\":\"origin\"}\n");
	} else if (!bucket_take(&web->sign_ins, SIGN_IN_BURST, 1)) {
		answer_json(a, 429, "{\"why\":\"fast\"}\n");
	} else if (strlen(secret) != BOT_SECRET_LEN ||
		   !bot_sign_in(web->link, secret, session, handle, sizeof handle)) {
		log_info("web.sign_in refused");
		answer_json(a, 403, "{\"why\":\"link\"}\n");
	} else {
		log_info("web.sign_in ok");
		set_cookie(web, request, a, session, SESSION_S);
		answer_json(a, 200, "{\"ok\":true}\n");
	}
	json_object_put(o);
}

static void sign_out(
	struct webchat *web, const struct serve_request *request, struct serve_answer *a)
{
	char session[BOT_SECRET_LEN + 1];

	if (!request->is_own_origin) {
		answer_json(a, 403, "{\"why\":\"origin\"}\n");
		return;
	}
	if (read_cookie(web, request->cookie, session)) {
		bot_sign_out(web->link, session);
		webchat_end_session(web, session);
	}
	set_cookie(web, request, a, "", 0);
	answer_json(a, 200, "{\"ok\":true}\n");
}

static void show_session(
	struct webchat *web, const struct serve_request *request, struct serve_answer *a)
{
	char session[BOT_SECRET_LEN + 1], handle[HANDLE_LEN];
	bool ok = webchat_who(web, request, session, handle);

	answer_json(a, 200, ok ? "{\"signed_in\":true}\n" : "{\"signed_in\":false}\n");
}

static void show_health(
	struct webchat *web, const struct serve_request *request, struct serve_answer *a)
{
	(void)web;
	(void)request;
	answer_fixed(a, 200, "text/plain; charset=utf-8", "ok\n", 3);
}

/* ---- pictures and files, for whoever is signed in ---- */

static void show_image(struct webchat *web, const char *name, struct serve_answer *a)
{
	const unsigned char *data;
	const char *type;
	size_t len;

	if (bot_image(web->link, name, &data, &len, &type)) {
		answer_fixed(a, 200, type, data, len);
	} else {
		answer_html(a, 404, not_found);
	}
}

/* Only letters that cannot end the quoted name or begin another header. */
static void name_file(struct serve_answer *a, const char *name)
{
	char safe[128];
	size_t n = 0;

	for (const char *p = name; *p && n < sizeof safe - 1; p++) {
		bool is_plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
				(*p >= '0' && *p <= '9') || *p == '.' || *p == '-';

		safe[n++] = is_plain ? *p : '_';
	}
	safe[n] = '\0';
	snprintf(a->disposition, sizeof a->disposition, "attachment; filename=\"%s\"", safe);
}

struct wanted_file {
	int64_t id;
	struct serve_answer *answer;
};

static void take_file(void *ctx, const struct history_item *item)
{
	struct wanted_file *w = ctx;

	if (item->id == w->id && !item->is_inbound && item->outbound->file_name) {
		w->answer->status = 200;
		/* Whatever it says it is, a browser must only keep it. */
		w->answer->type = "application/octet-stream";
		buf_add(&w->answer->body, item->outbound->file_data, item->outbound->file_len);
		name_file(w->answer, item->outbound->file_name);
	}
}

/* A file is part of a message: the history of this person, and of nobody else, has it. */
static void show_file(
	struct webchat *web, const char *handle, const char *id, struct serve_answer *a)
{
	struct wanted_file w = {.id = strtoll(id, NULL, 10), .answer = a};

	if (w.id > 0 && w.id < INT64_MAX) {
		bot_history(web->link, handle, w.id + 1, 0, 1, take_file, &w);
	}
	if (a->status != 200) {
		answer_html(a, 404, not_found);
	}
}

static void show_private(
	struct webchat *web, const struct serve_request *request, struct serve_answer *a)
{
	char session[BOT_SECRET_LEN + 1], handle[HANDLE_LEN];
	bool is_image = strncmp(request->path, "/image/", IMAGE_PATH) == 0;
	bool is_file = strncmp(request->path, "/file/", FILE_PATH) == 0;

	if (!is_image && !is_file) {
		answer_html(a, 404, not_found);
	} else if (!webchat_who(web, request, session, handle)) {
		answer_html(a, 401, needs_link);
	} else if (is_image) {
		show_image(web, request->path + IMAGE_PATH, a);
	} else {
		show_file(web, handle, request->path + FILE_PATH, a);
	}
}

/* ---- routes ---- */

static const struct {
	const char *path;
	bool is_post;
	void (*answer)(struct webchat *, const struct serve_request *, struct serve_answer *);
} routes[] = {
	{"/sign-in", true, sign_in},
	{"/sign-out", true, sign_out},
	{"/session", false, show_session},
	{"/health", false, show_health},
};

void webchat_request(void *webchat, const struct serve_request *request, struct serve_answer *a)
{
	struct web_file file;

	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (strcmp(request->path, routes[i].path) == 0 &&
			request->is_post == routes[i].is_post) {
			routes[i].answer(webchat, request, a);
			return;
		}
	}
	if (request->is_post) {
		answer_html(a, 404, not_found);
	} else if (web_file_find(request->path, &file)) {
		answer_fixed(a, 200, file.type, file.data, file.len);
	} else {
		show_private(webchat, request, a);
	}
}
