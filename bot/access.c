/* Who may open the web chat, and what it shows: personal links, browser sessions, history. Secrets
 * are 192 random bits; only their hashes are stored. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "bot/bot.h"
#include "store/sessions.h"
#include "store/users.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SECRET_BYTES = 24, SESSION_DAYS = 180, HISTORY_MAX = 200 };

static void make_secret(char *out)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char raw[SECRET_BYTES];

	if (getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw) {
		log_error("random.failed; no secret can be made");
		abort();
	}
	for (int i = 0; i < BOT_SECRET_LEN; i++) {
		/* 4 letters from each 3 bytes */
		int bit = i * 6, byte = bit / 8, shift = bit % 8;
		unsigned pair =
			(unsigned)raw[byte] << 8 | (byte + 1 < SECRET_BYTES ? raw[byte + 1] : 0);

		out[i] = letters[pair >> (10 - shift) & 63];
	}
	out[BOT_SECRET_LEN] = '\0';
}

struct hash {
	char hex[65];
};

static struct hash hash_secret(const char *secret)
{
	unsigned char raw[32];
	struct hash h = {""};

	if (!EVP_Digest(secret, strlen(secret), raw, NULL, EVP_sha256(), NULL)) {
		log_error("hash.failed");
		abort();
	}
	for (size_t i = 0; i < sizeof raw; i++) {
		snprintf(h.hex + 2 * i, 3, "%02x", raw[i]);
	}
	return h;
}

bool bot_invite(struct store *store, const char *handle, int hours, char *secret_out)
{
	make_secret(secret_out);
	if (!store_begin(store)) {
		return false;
	}
	invite_add(store, hash_secret(secret_out).hex, handle, clock_utc_ms() + hours * 3600000LL);
	return store_commit(store) == STORE_OK;
}

bool bot_sign_in(struct link *link, const char *secret, char *session_out, char *handle_out,
	size_t handle_len)
{
	struct store *store = link->bot->store;
	struct arena *a = arena_create();
	int64_t now = clock_utc_ms();
	const char *handle;
	bool ok = store_begin(store);

	if (ok) {
		ok = invite_use(store, a, hash_secret(secret).hex, now, &handle) &&
		     strlen(handle) < handle_len;
		if (ok) {
			snprintf(handle_out, handle_len, "%s", handle);
			make_secret(session_out);
			session_add(store, hash_secret(session_out).hex, handle,
				now + SESSION_DAYS * 24 * 3600000LL);
		}
		ok = store_commit(store) == STORE_OK && ok;
	}
	arena_destroy(a);
	return ok;
}

bool bot_session(struct link *link, const char *session, char *handle_out, size_t handle_len)
{
	struct arena *a = arena_create();
	const char *handle = NULL;
	bool ok = session_find(
			  link->bot->store, a, hash_secret(session).hex, clock_utc_ms(), &handle) &&
		  strlen(handle) < handle_len;

	if (ok) {
		snprintf(handle_out, handle_len, "%s", handle);
	}
	arena_destroy(a);
	return ok;
}

void bot_sign_out(struct link *link, const char *session)
{
	if (store_begin(link->bot->store)) {
		session_end(link->bot->store, hash_secret(session).hex, NULL);
		store_commit(link->bot->store);
	}
}

/* ---- history ---- */

static void show_item(struct arena *a, const struct message *row,
	void (*fn)(void *, const struct history_item *), void *ctx)
{
	struct outbound out;
	struct history_item item = {
		.id = row->id,
		.is_inbound = row->state == MESSAGE_IN,
		.utc_ms = row->created_utc_ms,
	};

	if (item.is_inbound) {
		item.text = row->body;
		item.client_id = row->platform_id;
	} else if (outbound_from_row(a, row, &out)) {
		item.outbound = &out;
	} else {
		return;
	}
	fn(ctx, &item);
}

void bot_history(struct link *link, const char *handle, int64_t before_id, int64_t after_id,
	size_t max, void (*fn)(void *, const struct history_item *), void *ctx)
{
	struct store *store = link->bot->store;
	struct arena *a = arena_create();
	struct message *rows;
	struct user user;
	size_t n;

	if (max > HISTORY_MAX) {
		max = HISTORY_MAX;
	}
	if (user_find(store, link->name, handle, &user)) {
		rows = arena_alloc(a, max * sizeof *rows + 1);
		n = message_history(store, a, user.id, link->name, before_id, after_id, rows, max);
		for (size_t i = 0; i < n; i++) {
			show_item(a, &rows[i], fn, ctx);
		}
	}
	arena_destroy(a);
}
