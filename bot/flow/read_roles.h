/* Numbers of a reply and the part that each plays in it: the answer, a time, a count of tablets,
 * yesterday's value ... For read_amount.c and the files named below. */
#ifndef FLOW_READ_ROLES_H
#define FLOW_READ_ROLES_H

#include "flow/read_parts.h"

enum role {
	ROLE_FREE,    /* may be the answer */
	ROLE_EITHER,  /* one of two or a range: "5 or 6" */
	ROLE_NEGATED, /* "not 7" */
	ROLE_PAST,    /* "was 8" */
	ROLE_BOUND,   /* "over 6", "2 better" */
	ROLE_AT,      /* "at 6": a time, or where it stands */
	ROLE_TIME,    /* "since 6" */
	ROLE_SCALED,  /* on another scale: "3/5", "30%" */
	ROLE_TOPIC,   /* "stiffness 4" when pain was asked */
	ROLE_OTHER,   /* counts, dates, vertebrae, the scale itself */
};

struct mention {
	size_t first, last; /* items; last includes "/10" */
	double value;
	double base; /* of "/10"; 0: none */
	enum role role;
	bool is_about;    /* "about six" */
	bool is_doubtful; /* something beside it is not understood */
	bool is_now;      /* "3 today" */
	bool has_subject; /* in its clause */
	bool is_nothing;  /* "no pain" */
};

struct mentions {
	struct reply *r;
	struct mention *at;
	size_t count;
};

/* ---- the neighbourhood (read_near.c) ---- */

const struct item *mention_item(const struct mentions *, size_t i);
/* The item before or behind in the same clause that says something (articles, "about" and emoji do
 * not); NULL at the clause's end. item_beside: the very next (1) or last (-1) one. */
const struct item *item_before(const struct mentions *, const struct mention *);
const struct item *item_after(const struct mentions *, const struct mention *);
const struct item *item_beside(const struct mentions *, const struct mention *, int step);
bool item_is_thin_before(const struct item *);
bool item_is_thin_after(const struct item *);

typedef bool (*item_test_fn)(const struct mentions *, const struct item *);
/* Does a test hold for an item of the mention's clause (before it only, or anywhere)? */
bool clause_has(
	const struct mentions *, const struct mention *, bool only_before, item_test_fn test);
/* The mention that item i is part of, or NULL. */
const struct mention *mention_at(const struct mentions *, size_t i);
/* The label that belongs to a number. Where a clause begins with a label, labels stand before
 * their numbers ("today 3 yesterday 8"); where it begins with a number, behind them. */
const struct item *mention_label(
	const struct mentions *, const struct mention *, item_test_fn is_label);
bool item_is_day(const struct mentions *, const struct item *); /* "yesterday", "now" */
bool item_is_topic(const struct mentions *, const struct item *);
bool item_is_event(const struct mentions *, const struct item *);
bool item_is_move(const struct mentions *, const struct item *);
/* "no pain" has the question's subject in it, "none" has not. */
bool item_names_subject(const struct reply *, const struct item *);

/* ---- two numbers (read_pairs.c), doubts (read_doubt.c) ---- */

/* Makes one mention of "6/10". */
void mentions_join_bases(struct mentions *);
/* For neighbours, in order. */
void mentions_judge_pair(struct mentions *, struct mention *, struct mention *);
void mentions_judge_correction(struct mentions *, struct mention *, struct mention *);
bool mention_is_doubtful(const struct mentions *, const struct mention *);
bool mention_is_about(const struct mentions *, const struct mention *);

/* ---- all of it (read_roles.c) ---- */

/* Finds all numbers of the reply (cut with durations) and their roles. */
void mentions_find(struct mentions *, struct reply *);

#endif
