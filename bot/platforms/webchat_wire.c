#include "platforms/webchat_wire.h"

#include <string.h>

enum { CHOICE_MAX = 200, STEP_MAX = 200 };

/* ---- from the page ---- */

static bool is_made_of(const char *text, size_t max, const char *extra)
{
	size_t n = strlen(text);

	if (n == 0 || n > max) {
		return false;
	}
	for (const char *p = text; *p; p++) {
		bool is_alnum = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
				(*p >= '0' && *p <= '9');

		if (!is_alnum && !strchr(extra, *p)) {
			return false;
		}
	}
	return true;
}

static const char *plausible(struct json_object *o, const char *key, size_t max, const char *extra)
{
	const char *text = json_text(o, key, NULL);

	return text && is_made_of(text, max, extra) ? text : NULL;
}

static const char *read_hello(struct web_frame *f)
{
	f->after = json_int(f->json, "after", 0);
	f->zone = plausible(f->json, "zone", WEB_PLACE_MAX, "_/+-");
	f->lang = plausible(f->json, "lang", WEB_LANG_MAX, "_-");
	return f->after < 0 ? "hello: after" : NULL;
}

static const char *read_older(struct web_frame *f)
{
	f->before = json_int(f->json, "before", 0);
	return f->before < 1 ? "older: before" : NULL;
}

/* A JSON text may hold an escaped NUL, which would hide what follows it from everybody. */
static const char *whole_text(struct json_object *o, const char *key)
{
	struct json_object *member = json_member(o, key);

	if (!json_object_is_type(member, json_type_string) ||
		strlen(json_object_get_string(member)) !=
			(size_t)json_object_get_string_len(member)) {
		return NULL;
	}
	return json_object_get_string(member);
}

static const char *read_say(struct web_frame *f)
{
	f->cid = plausible(f->json, "cid", WEB_CID_MAX, "-");
	f->text = whole_text(f->json, "text");
	return !f->cid ? "say: cid" : !f->text || !*f->text ? "say: text" : NULL;
}

static const char *read_choose(struct web_frame *f)
{
	f->cid = plausible(f->json, "cid", WEB_CID_MAX, "-");
	f->text = whole_text(f->json, "choice");
	f->of = whole_text(f->json, "of");
	if (!f->cid) {
		return "choose: cid";
	}
	if (!f->text || !*f->text || strlen(f->text) > CHOICE_MAX) {
		return "choose: choice";
	}
	return f->of && strlen(f->of) > STEP_MAX ? "choose: of" : NULL;
}

static const struct {
	const char *name;
	enum web_kind kind;
	const char *(*read)(struct web_frame *); /* NULL, or what is wrong */
} kinds[] = {
	{"hello", WEB_HELLO, read_hello},
	{"say", WEB_SAY, read_say},
	{"choose", WEB_CHOOSE, read_choose},
	{"older", WEB_OLDER, read_older},
};

static const char *read_kind(struct web_frame *f)
{
	const char *name = json_text(f->json, "t", "");

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(name, kinds[i].name) == 0) {
			f->kind = kinds[i].kind;
			return kinds[i].read(f);
		}
	}
	return "unknown kind of message";
}

bool web_frame_read(struct web_frame *f, const char *text, size_t len, const char **why)
{
	*f = (struct web_frame){.json = json_read(text, len)};
	*why = f->json ? read_kind(f) : "not a JSON object";
	if (*why) {
		web_frame_finish(f);
		return false;
	}
	return true;
}

void web_frame_finish(struct web_frame *f)
{
	json_object_put(f->json);
	f->json = NULL;
}

/* ---- to the page ---- */

static void finish(struct buf *out, struct json_object *o)
{
	buf_adds(out, json_write(o));
	json_object_put(o);
}

static struct json_object *message(int64_t id, const char *from, const char *text, int64_t utc_ms)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "t", "message");
	json_add_int(o, "id", id);
	json_add_int(o, "at", utc_ms);
	json_add_text(o, "from", from);
	json_add_text(o, "text", text);
	return o;
}

static void add_choices(struct json_object *o, const struct outbound *out)
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

void web_write_message(struct buf *buf, const struct outbound *out, int64_t utc_ms)
{
	static const char *const names[] = {"say", "ask", "alarm"};
	struct json_object *o = message(out->id, "bot", out->text, utc_ms);

	json_add_text(o, "kind", names[out->kind]);
	json_add_text(o, "step", out->step && *out->step ? out->step : NULL);
	json_add_text(o, "answer", out->answer);
	if (out->max > out->min) {
		json_add_number(o, "min", out->min);
		json_add_number(o, "max", out->max);
	}
	if (out->choice_count) {
		add_choices(o, out);
	}
	if (out->can_skip) {
		json_add_bool(o, "skip", true);
	}
	json_add_text(o, "image", out->image);
	json_add_text(o, "alt", out->image ? out->image_alt : NULL);
	if (out->file_name) {
		json_add_text(o, "file", out->file_name);
		json_add_int(o, "size", (int64_t)out->file_len);
	}
	finish(buf, o);
}

/* The page's own id is behind the person's name (see message_id in webchat.c). */
static const char *cid_of(const char *message_id)
{
	const char *colon = message_id ? strrchr(message_id, ':') : NULL;

	return colon ? colon + 1 : message_id;
}

void web_write_own(struct buf *buf, int64_t id, const char *cid, const char *text, int64_t utc_ms)
{
	struct json_object *o = message(id, "me", text, utc_ms);

	json_add_text(o, "cid", cid);
	finish(buf, o);
}

void web_write_item(struct buf *buf, const struct history_item *item)
{
	if (item->is_inbound) {
		web_write_own(buf, item->id, cid_of(item->client_id), item->text, item->utc_ms);
	} else {
		web_write_message(buf, item->outbound, item->utc_ms);
	}
}

static struct json_object *about(const char *kind, const char *cid)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "t", kind);
	json_add_text(o, "cid", cid);
	return o;
}

void web_write_stored(struct buf *buf, const char *cid, int64_t id)
{
	struct json_object *o = about("stored", cid);

	json_add_int(o, "id", id);
	finish(buf, o);
}

void web_write_refused(struct buf *buf, const char *cid, const char *why, int retry_ms)
{
	struct json_object *o = about("refused", cid);

	json_add_text(o, "why", why);
	if (retry_ms) {
		json_add_int(o, "retry_ms", retry_ms);
	}
	finish(buf, o);
}

void web_write_delayed(struct buf *buf, const char *cid)
{
	finish(buf, about("delayed", cid));
}

void web_write_typing(struct buf *buf)
{
	finish(buf, about("typing", NULL));
}
