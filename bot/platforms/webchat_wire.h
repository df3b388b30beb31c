/* The web chat's messages: one JSON object in a frame. docs/webchat.md describes them. */
#ifndef PLATFORMS_WEBCHAT_WIRE_H
#define PLATFORMS_WEBCHAT_WIRE_H

#include "base/buf.h"
#include "base/json.h"
#include "bot/platform.h"

enum web_kind { WEB_HELLO, WEB_SAY, WEB_CHOOSE, WEB_OLDER };

enum {
	WEB_CID_MAX = 64,
	WEB_TEXT_MAX = 4000, /* bytes; the bot keeps no more */
	WEB_PLACE_MAX = 63,  /* zone */
	WEB_LANG_MAX = 15,
};

/* A client's message, checked: cid, choice and text are there where the kind needs them. */
struct web_frame {
	enum web_kind kind;
	int64_t after, before;    /* HELLO, OLDER */
	const char *zone, *lang;  /* HELLO; NULL when not told or not plausible */
	const char *cid;          /* SAY, CHOOSE: made by the page, the same over every resend */
	const char *text;         /* SAY: what was typed; CHOOSE: the choice's id */
	const char *of;           /* CHOOSE: step of the question, or NULL */
	struct json_object *json; /* owns the texts */
};

/* False: not a message of ours; *why says so in a few words (static). */
bool web_frame_read(struct web_frame *, const char *text, size_t len, const char **why);
void web_frame_finish(struct web_frame *);

/* What we say: one object appended to out. */
void web_write_item(struct buf *out, const struct history_item *);
void web_write_message(struct buf *buf, const struct outbound *out, int64_t utc_ms);
void web_write_own(struct buf *out, int64_t id, const char *cid, const char *text, int64_t utc_ms);
void web_write_stored(struct buf *out, const char *cid, int64_t id);
/* why: "fast", "busy" (both: send it again after retry_ms), "long" */
void web_write_refused(struct buf *out, const char *cid, const char *why, int retry_ms);
void web_write_delayed(struct buf *out, const char *cid);
void web_write_typing(struct buf *out);

#endif
