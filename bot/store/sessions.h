/* Personal links and browser sessions of the web chat: only hashes of secrets are stored. */
#ifndef STORE_SESSIONS_H
#define STORE_SESSIONS_H

#include "store/store.h"

/* hash: SHA-256 as 64 hex digits. An invite is single-use and expires. */
void invite_add(struct store *, const char *hash, const char *handle, int64_t expires_utc_ms);
/* Uses it up: true and the handle (arena) when it was valid and unused. */
bool invite_use(struct store *, struct arena *, const char *hash, int64_t now_utc_ms,
	const char **handle_out);
void session_add(struct store *, const char *hash, const char *handle, int64_t expires_utc_ms);
bool session_find(struct store *, struct arena *, const char *hash, int64_t now_utc_ms,
	const char **handle_out);
/* Ends one session, or all of a handle (hash NULL). */
void session_end(struct store *, const char *hash, const char *handle);

#endif
