/* A run of the triage, as the engine keeps it. Private to triage*.c. */
#ifndef FLOW_TRIAGE_RUN_H
#define FLOW_TRIAGE_RUN_H

#include "flow/triage_table.h"

enum triage_settled { TRIAGE_SETTLED_OPEN, TRIAGE_SETTLED_NO, TRIAGE_SETTLED_YES };

struct triage_state { /* of one row */
	enum triage_answer answer;
	struct value value;
	enum triage_settled settled;
};

struct triage_run {
	const struct triage_table *table;
	struct arena *arena;
	struct triage_state *rows; /* as table->rows */
	struct value *facts;       /* as table->rows: what is known beforehand */
	bool *has_hit;             /* as table->rules; a hit stays */
	struct value terms[TRIAGE_TERMS_MAX];
	enum triage_level level; /* never falls */
	const char *start;       /* screen id or NULL */
	bool is_hurried, is_single;
	bool is_closing; /* the last look: doubts count, nothing more will be asked */
};

/* A positive yes/no row. */
bool triage_is_hit(const struct triage_run *, size_t row);
/* 1, 0, or -1 for unknown; a condition that is absent (NULL) holds. */
int triage_holds(struct triage_run *, struct expr *when);
/* A fact that nobody knows and that has not been asked in this run. */
bool triage_is_open_fact(const struct triage_run *, size_t row);
/* Looks at rows and rules again: the level may rise. */
void triage_refresh(struct triage_run *);
/* Nothing more will be asked: every doubt and everything unknown counts as yes. */
void triage_close(struct triage_run *);

#endif
