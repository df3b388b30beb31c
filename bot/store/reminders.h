/* Reminders: a rule and its next moment; or, without a rule, one moment only. */
#ifndef STORE_REMINDERS_H
#define STORE_REMINDERS_H

#include "base/rule.h"
#include "store/store.h"

struct reminder {
	int64_t id;
	int64_t user_id;
	const char *kind; /* "checkin" "evening" "desk" ...; one-shots "snooze" "hold" "checkback"
			     ... */
	bool has_rule;
	struct rule rule;
	int per_day;         /* at most so many occurrences a day; 0 no limit */
	rule_slot last_slot; /* last occurrence that was handled, sent or skipped */
	rule_slot next_slot; /* the one that next_utc_ms is for; 0 for one-shots */
	int64_t next_utc_ms; /* 0: off */
	int misses;          /* occurrences in a row without any reply */
	bool is_weekly;      /* faded to once a week */
	const char *data;    /* JSON for the handler, or NULL */
};

/* id 0 inserts and sets id; else updates everything but user_id, kind and has_rule, which never
 * change. A second one with a rule of the same user and kind is refused (STORE_REFUSED). */
void reminder_save(struct store *, struct reminder *);
void reminder_delete(struct store *, int64_t id);
bool reminder_get(struct store *, struct arena *, int64_t id, struct reminder *out);
/* The user's reminder of a kind with a rule; false: none. */
bool reminder_find(
	struct store *, struct arena *, int64_t user_id, const char *kind, struct reminder *out);
/* Deletes one-shots of a kind (all of the user's when kind is NULL). */
void reminder_cancel(struct store *, int64_t user_id, const char *kind);
/* All of a user's, rules first. Returns how many were filled. */
size_t reminder_list(
	struct store *, struct arena *, int64_t user_id, struct reminder *out, size_t max);
/* Those due at now, earliest first. Users that are stopped or paused are left in (the schedule
 * decides). */
size_t reminder_due(
	struct store *, struct arena *, int64_t now_utc_ms, struct reminder *out, size_t max);
/* The earliest next moment of all, 0: none. One index look-up. */
int64_t reminder_next(struct store *);

#endif
