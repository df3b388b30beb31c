/* Where a person is in a conversation. A small stack: the top one is open, those below were
 * interrupted and are offered again. */
#ifndef STORE_DIALOGS_H
#define STORE_DIALOGS_H

#include "store/store.h"

struct dialog {
	int64_t id;
	int64_t user_id;
	const char *flow;    /* a flow's name, or a handler's own dialog ("triage") */
	const char *version; /* hash of the flow's source it runs with; "" for a handler's own */
	const char *step;    /* that waits; never NULL once stored */
	const char *values;  /* JSON object: answers so far */
	const char *pending; /* JSON of offered guesses, or NULL */
	int unread;          /* unreadable replies in a row */
	int64_t started_utc_ms;
	int64_t updated_utc_ms;
};

/* The open dialog (top of the stack); false when there is none. Texts in the arena. */
bool dialog_top(struct store *, struct arena *, int64_t user_id, struct dialog *out);
/* Inserts (id 0, pushed on top; the id is set) or updates; one that has ended stays ended. The
 * stack keeps the newest 3. */
void dialog_save(struct store *, struct dialog *);
void dialog_end(struct store *, int64_t dialog_id);
/* Ends all dialogs of a user, or those of one flow (flow NULL: all). */
void dialog_end_flow(struct store *, int64_t user_id, const char *flow);
/* The YAML source of a flow version that a dialog still runs with; kept when first used. */
const char *flow_source_get(struct store *, struct arena *, const char *version); /* or NULL */
void flow_source_put(struct store *, const char *version, const char *name, const char *source);
/* Drops sources that are not in keep (NULL-terminated), unless a dialog runs with them or somebody
 * agreed to them. */
void flow_source_prune(struct store *, const char *const *keep);

#endif
