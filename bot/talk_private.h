/* What the parts of the talk runner share. */
#ifndef BOT_TALK_PRIVATE_H
#define BOT_TALK_PRIVATE_H

#include "bot/talk.h"

enum { PEOPLE_MAX = 8 };

struct heard { /* a message from the bot */
	char *text, *step;
	char **choices; /* ids */
	size_t choice_count;
	bool is_public;
};

struct person {
	char name[64];
	struct heard *heard;
	size_t count, cap;
	size_t cursor;     /* next unread */
	size_t last_spoke; /* count when they last wrote */
	int sent;          /* their messages so far, for ids */
	char last_text[4096];
};

struct talk {
	const char *path, *prompts_dir;
	int line;
	struct buf *out;
	bool failed, is_strict;
	struct bot *bot;
	struct link *link;
	char dir[64]; /* of the database file */
	char zone[64], lang[16];
	struct person people[PEOPLE_MAX];
	size_t person_count;
	const char *question; /* of the button that is pressed, or NULL: the open one */
	struct person *who;
	struct talk_coverage *coverage;
};

void talk_fail(struct talk *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Found or made; NULL when there are too many. */
struct person *talk_person(struct talk *, const char *name);
void talk_forget_people(struct talk *);
/* Opens store, prompts and link; false and a failure when they cannot be. */
bool talk_start(struct talk *);
/* Passes until nothing is left to do at this moment. */
void talk_settle(struct talk *);
/* Moves the clock; everything due on the way happens in order. */
void talk_move_clock(struct talk *, int64_t to_utc_ms);
const struct zone *talk_zone(struct talk *);
bool talk_matches(const char *glob, const char *text);
/* A person who has been through the welcome. */
void talk_known(struct talk *, const char *rest);
/* An "=" line. */
void talk_assert(struct talk *, char *text);

#endif
