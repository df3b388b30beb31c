/* The tables, as the list of steps that made them what they are. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/stmt.h"

enum { SCHEMA_APPLICATION = 0x4c494d42 }; /* "LIMB", in the header of every file of ours */

struct schema {
	const char *const *steps;
	int count; /* the version after all of them (PRAGMA user_version) */
};
/* Ours. Append only: a released step is never changed. */
struct schema schema_current(void);

/* Brings the database of a plain connection up to date: each missing step in one transaction. When
 * it holds data already, the state before is first kept as path + ".v1-20260302-071500". path NULL:
 * in memory. False with *error. */
bool schema_migrate(sqlite3 *, const char *path, struct schema, const char **error);
/* NULL when the file is ours and this program can read it; else one sentence. An empty file is ours
 * when may_be_empty. */
const char *schema_refusal(sqlite3 *, struct schema, bool may_be_empty);

#endif
