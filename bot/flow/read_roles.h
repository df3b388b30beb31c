/* Numbers of a reply and the part that each plays in it: the answer, a time, a count of tablets,
 * yesterday's value ... For read_amount.c and read_roles.c. */
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

/* Finds all numbers of the reply (cut with durations) and their roles. */
void mentions_find(struct mentions *, struct reply *);

#endif
