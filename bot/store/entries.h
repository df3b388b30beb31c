/* What a person told us and we keep for them. Never deleted singly: a correction or undo adds to
 * the history and the newest value counts. */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include "store/store.h"

enum day_part { PART_NIGHT, PART_MORNING, PART_DAY, PART_EVENING }; /* of the local clock */

struct entry {
	int64_t id;
	int64_t user_id;
	const char *kind; /* "pain" "stiffness" "night" "exercise" "tag" "place" "note" "medicine"
			     ... */
	bool has_number;
	double number;    /* pain 0..10, minutes, ... */
	const char *text; /* choice id, tag, note; NULL when none */
	int64_t day;      /* local date it is about, as a day number */
	enum day_part part;
	int64_t at_utc_ms;  /* the moment it is about */
	int64_t message_id; /* the message it came from (messages.h); 0 for a button that is not
			       kept */
	const char *source; /* "checkin.pain", "painlog.pain", ... */
};

/* Adds it and sets id. */
void entry_add(struct store *, struct entry *);
/* Replaces number, text and message of an entry that counts; the old ones go to its history. */
void entry_correct(struct store *, int64_t entry_id, bool has_number, double number,
	const char *text, int64_t message_id, int64_t now_utc_ms);
/* Takes it back (undo); it stays in the history only. */
void entry_retract(struct store *, int64_t entry_id, int64_t now_utc_ms);
/* Takes the last retraction or correction back; called again, the one before that. What it replaces
 * stays in the history. Does nothing when there is none left. */
void entry_restore(struct store *, int64_t entry_id);
/* Of the entries of a kind (NULL: any) that count, the one about the latest moment: the latest day,
 * then the latest at_utc_ms, then the last added. */
bool entry_last(
	struct store *, struct arena *, int64_t user_id, const char *kind, struct entry *out);
/* Entries that came from one message, oldest first; returns how many were filled. */
size_t entry_of_message(struct store *, struct arena *, int64_t user_id, int64_t message_id,
	struct entry *out, size_t max);
/* Entries of a kind (NULL: any) whose local day lies in [from, to], oldest first, page by page;
 * stops when fn returns false. fn may use the store; the entry's texts last for the call. */
void entry_each(struct store *, int64_t user_id, const char *kind, int64_t from_day, int64_t to_day,
	bool (*fn)(void *ctx, const struct entry *), void *ctx);
bool entry_exists(
	struct store *, int64_t user_id, const char *kind, int64_t day, int part); /* part -1 any */
/* Median of numbers of a kind over [from_day, to_day], only a part of the day if part >= 0.
 * Returns how many numbers there are; *median_out untouched when 0. */
int entry_median(struct store *, int64_t user_id, const char *kind, int64_t from_day,
	int64_t to_day, int part, double *median_out);
/* Number of different local days with an entry of the kind. */
int entry_days(struct store *, int64_t user_id, const char *kind, int64_t from_day, int64_t to_day);

#endif
