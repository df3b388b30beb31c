/* People, the names that platforms have for them, and facts they told about themselves. */
#ifndef STORE_USERS_H
#define STORE_USERS_H

#include "store/store.h"

struct user {
	int64_t id;
	char name[64];   /* how they want to be called; "" unknown */
	char zone[64];   /* IANA; "" unknown: UTC is assumed and asked about */
	char lang[16];   /* "en" */
	char country[4]; /* ISO 3166, confirmed by the person; "" unknown */
	int64_t created_utc_ms;
	int64_t consent_utc_ms;      /* 0: not given */
	char consent_text[24];       /* version (hash) of the text they agreed to */
	int64_t paused_until_utc_ms; /* no reminders before; 0 not paused */
	bool is_stopped;             /* said stop: nothing until they write again */
	char link[48];               /* where check-ins go: link name ... */
	int64_t last_inbound_utc_ms;
};

/* The user behind a platform's name for a person; false when unknown. */
bool user_find(struct store *, const char *link, const char *handle, struct user *out);
bool user_get(struct store *, int64_t user_id, struct user *out);
/* Makes a user with one handle; link, id and created_utc_ms are set, all else is empty.
 * conversation: where direct messages to them go, "" when not known yet. */
void user_create(struct store *, const char *link, const char *handle, const char *conversation,
	int64_t now_utc_ms, struct user *out);
/* Writes the fields above back. */
void user_save(struct store *, const struct user *);
/* Remembers (or updates) the conversation of a handle. */
void user_set_conversation(
	struct store *, const char *link, const char *handle, const char *conversation);
/* Where to write to this user: the handle on link_wanted (may be NULL), else on user->link, else
 * any. False: none. In the arena. */
bool user_address(struct store *, struct arena *, int64_t user_id, const char *link_wanted,
	const char **link_out, const char **handle_out, const char **conversation_out);
/* Calls fn for each user in id order, page by page; stops when fn returns false. */
void user_each(struct store *, bool (*fn)(void *ctx, const struct user *), void *ctx);
int64_t user_count(struct store *);

/* Facts: settings, profile answers and flags by name ("p_age", "wake", "flag_preg"). */
const char *fact_get(
	struct store *, struct arena *, int64_t user_id, const char *name); /* or NULL */
bool fact_get_number(struct store *, int64_t user_id, const char *name, double *out);
int64_t fact_set_at(struct store *, int64_t user_id, const char *name); /* UTC ms, 0 when unset */
void fact_set(struct store *, int64_t user_id, const char *name, const char *value,
	int64_t now_utc_ms); /* NULL removes */
void fact_set_number(
	struct store *, int64_t user_id, const char *name, double value, int64_t now_utc_ms);

#endif
