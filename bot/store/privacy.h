/* The person owns the data. */
#ifndef STORE_PRIVACY_H
#define STORE_PRIVACY_H

#include "base/buf.h"
#include "store/store.h"

/* Everything stored about a user, as one JSON object (entries with their history, facts, reminders,
 * messages, turns, handles), appended to out. */
void privacy_export_json(struct store *, int64_t user_id, struct buf *out);
/* The diary as CSV (RFC 4180, header line, one entry a line; cells that a spreadsheet would run as
 * a formula are prefixed by '). */
void privacy_export_csv(struct store *, int64_t user_id, struct buf *out);

struct privacy_receipt {
	int entries, messages, answers, reminders, facts, handles;
};
/* How much there is; what forget would delete. */
struct privacy_receipt privacy_count(struct store *, int64_t user_id);
/* Deletes all of it, in the open transaction. The caller checkpoints after the commit. */
struct privacy_receipt privacy_forget(struct store *, int64_t user_id);

#endif
