/* The person owns the data. */
#ifndef STORE_PRIVACY_H
#define STORE_PRIVACY_H

#include "base/buf.h"
#include "store/store.h"

/* Everything stored about a user, as one JSON object (person, handles, facts, entries with their
 * history, reminders, messages, turns, dialogs), appended to out. Of our messages only the text. An
 * unknown user gives empty lists; look at store_failed() before it is handed out. */
void privacy_export_json(struct store *, int64_t user_id, struct buf *out);
/* The diary as CSV (RFC 4180, header line, one entry a line; texts that a spreadsheet would run as
 * a formula are prefixed by '). Only what counts: nothing that was taken back. */
void privacy_export_csv(struct store *, int64_t user_id, struct buf *out);

struct privacy_receipt {
	int entries, messages, answers, reminders, facts, handles; /* answers: turns and dialogs */
};
/* How much there is; what forget would delete. */
struct privacy_receipt privacy_count(struct store *, int64_t user_id);
/* Deletes all of it, in the open transaction. From then on the user id is unknown: what is stored
 * for it later in the turn is refused, so the receipt is a message of user 0. After the commit the
 * caller calls store_checkpoint(); then no file of the database holds a byte of it. What stays:
 * ids of seen messages until store_prune() (else a redelivered "forget me" would start anew), and
 * copies outside: backups, .before-restore and migration copies. */
struct privacy_receipt privacy_forget(struct store *, int64_t user_id);

#endif
