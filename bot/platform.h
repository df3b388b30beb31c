/* The boundary between the bot and the chat platforms. A platform turns frames into struct inbound
 * and struct outbound into frames; it knows nothing of flows, store or handlers.
 *
 * Calls from the bot go down through struct platform; calls up are the bot_on_* functions. A
 * platform never calls up from inside a call down, except bot_on_sent() (which only queues). */
#ifndef BOT_PLATFORM_H
#define BOT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bot;
struct loop;

/* One configured connection to a platform. The bot makes it; the platform hangs its state on it. */
struct link {
	const char *name; /* config section, unique: "web", "console", "mattermost clinic" */
	const struct platform *platform;
	struct bot *bot;
	struct loop *loop; /* NULL when the bot is driven without one (talk, chat by pipe) */
	const struct config *config; /* of this link's section (bot/config.h) */
	void *state;                 /* the platform's own */
};

enum inbound_kind {
	INBOUND_TEXT,   /* typed */
	INBOUND_CHOICE, /* a button, menu or reaction: text is the choice's id */
	INBOUND_EDIT, /* the person changed an earlier message: message_id is that one, text is new
		       */
	INBOUND_DELETE, /* ... deleted it */
	INBOUND_HELLO,  /* opened a conversation without saying anything (page opened, bot added) */
};

/* What the platform knows of the person; NULL where it does not say. */
struct profile {
	const char *name, *zone, *lang;
};

/* A message to us. Everything is copied by bot_on_message(). */
struct inbound {
	enum inbound_kind kind;
	const char *message_id; /* the platform's immutable id of this event: repeats are dropped by
				   it */
	const char *handle;     /* the platform's immutable id of the person */
	const char *conversation; /* where an answer goes */
	const char *thread;       /* reply inside this thread, or NULL */
	const char *text;         /* any bytes that the platform allowed; the bot checks and caps */
	const char *question;     /* CHOICE: step of the outbound that was answered, or NULL */
	bool is_public;           /* others can read it: answered by one neutral line only */
	struct profile profile;
	uint64_t token; /* the platform's own, handed back by stored() */
};

/* A quick reply. */
struct outbound_choice {
	const char *id, *label;
};

enum outbound_kind { OUTBOUND_SAY, OUTBOUND_ASK, OUTBOUND_ALARM };

/* A message from us. Valid during the call to send() only. */
struct outbound {
	int64_t id;      /* the row: settle it by bot_on_sent() */
	const char *key; /* stays the same over every retry */
	const char *handle, *conversation, *thread;
	enum outbound_kind kind;
	const char *text; /* plain text, light markdown: *bold*, lines, "- " lists */
	const char *step; /* "checkin.pain", "" when it is not from a flow: for clients and tests */
	const char *answer; /* ASK: "scale" "minutes" "yesno" "choice" "choices" "time" "date"
			       "zone" "text" "number" */
	double min, max;    /* scale */
	const struct outbound_choice *choices;
	size_t choice_count;
	bool can_skip;
	const char *image; /* name of a picture (bot_image() gives its bytes), or NULL */
	const char *image_alt;
	const char *file_name; /* an attachment (export), or NULL ... */
	const char *file_type; /* ... its media type and bytes */
	const char *file_data;
	size_t file_len;
	int attempts; /* earlier attempts of this row */
};

enum sent_result {
	SENT_OK,
	SENT_LATER,   /* transient: try again (retry_after_ms, or backoff when 0) */
	SENT_UNKNOWN, /* may or may not have arrived: tried again with the same key */
	SENT_REFUSED, /* definite: the row is dead, the operator is told */
	SENT_GONE,    /* the person blocked us or left: row dead, person paused */
};

enum link_state {
	LINK_CONNECTING,
	LINK_READY,
	LINK_LOST,  /* will try again by itself */
	LINK_FATAL, /* cannot work as configured: tells the operator, stops */
};

struct platform {
	const char *name;              /* also the config section's first word */
	const struct config_key *keys; /* its own settings (bot/config.h), ended by a NULL name */
	/* The person reads the history itself (web chat): a committed row counts as sent, send()
	 * only shows it to whoever is looking, and bot_on_sent() is not called. */
	bool reads_history;
	/* Reads its settings and starts connecting. False with *error (one sentence, static or kept
	 * by the link): the daemon does not start. */
	bool (*open)(struct link *, const char **error);
	void (*close)(struct link *); /* frees link->state */
	/* Delivers, or starts to; the result comes by bot_on_sent(), possibly before this returns.
	 * Rows of one conversation are handed over one after the other. */
	void (*send)(struct link *, const struct outbound *);
	/* The inbound with this token is committed: acknowledge it to the peer. message_id is its
	 * row in the common order of the history (0: a repeat, or nothing was kept). ok false: it
	 * could not be stored now (disk full); the bot keeps it and tries again, tell the person if
	 * you can. May be NULL. */
	void (*stored)(struct link *, uint64_t token, bool ok, int64_t message_id);
	/* "typing..." in a conversation. May be NULL. */
	void (*typing)(struct link *, const char *conversation);
	/* One sentence per check of a live link for `limberd doctor`: calls say(ctx, ok, sentence).
	 * May be NULL. */
	void (*doctor)(struct link *, void (*say)(void *ctx, bool ok, const char *text), void *ctx);
};

/* All platforms, ended by NULL: the one list (bot/bot.c). */
extern const struct platform *const platforms[];

/* ---- what a platform may say ---- */

/* False: the queue is full. The platform stops reading until bot_has_room(), or refuses kindly. */
bool bot_on_message(struct link *, const struct inbound *);
bool bot_has_room(const struct link *);
void bot_on_state(struct link *, enum link_state, const char *reason);
void bot_on_sent(struct link *, int64_t outbox_id, enum sent_result, const char *platform_id,
	int retry_after_ms, const char *error);
/* Resume marks of the link (session id, sequence number): stored with the next commit, therefore
 * after every inbound that was handed over before. Read back at open. */
void bot_mark_set(struct link *, const char *name, const char *value);
const char *bot_mark_get(struct link *, const char *name, char *out, size_t out_len); /* or NULL */

/* Pictures by name: static bytes, or false. */
bool bot_image(struct link *, const char *name, const unsigned char **data, size_t *len,
	const char **type);

/* ---- for platforms that keep the history themselves (web chat) ---- */

struct history_item {
	int64_t id;
	bool is_inbound;
	const char *text;                /* inbound: what the person wrote, NULL when not kept */
	const char *client_id;           /* inbound: the platform's message id */
	const struct outbound *outbound; /* outbound, with attachments */
	int64_t utc_ms;
};
/* Messages of a handle on this link, oldest first: the newest max before before_id (0: newest), or
 * with after_id > 0 those after it. Calls fn for each. */
void bot_history(struct link *, const char *handle, int64_t before_id, int64_t after_id, size_t max,
	void (*fn)(void *ctx, const struct history_item *), void *ctx);

enum {
	BOT_SECRET_LEN = 32
}; /* URL-safe characters (a multiple of 128 bits worth), without the NUL */
/* Uses up an invite and opens a session: writes the session's secret and handle. False: unknown,
 * used or expired. Durable before it returns. */
bool bot_sign_in(
	struct link *, const char *secret, char *session_out, char *handle_out, size_t handle_len);
bool bot_session(struct link *, const char *session, char *handle_out, size_t handle_len);
void bot_sign_out(struct link *, const char *session);

#endif
