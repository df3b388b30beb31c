/* A store in a temporary directory of its own, for the store's tests. */
#ifndef TEST_STORE_FIXTURE_H
#define TEST_STORE_FIXTURE_H

#include "store/store.h"

struct fixture {
	char dir[64], path[80];
	struct arena *arena;
	struct store *store;
	int64_t ana, ben; /* two people, made by fixture_people() */
};

enum { NOW = 1000000 };

/* cmocka's setup and teardown: *state is a struct fixture with an open store. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
/* In the directory; in the arena. */
const char *fixture_path(struct fixture *, const char *name);
void fixture_open(struct fixture *);
void fixture_close(struct fixture *);
/* Commits and begins again; fails the test when the commit does. */
void fixture_commit(struct fixture *);
/* Begins, and makes Ana and Ben. */
void fixture_people(struct fixture *);
/* The whole of a file; *len_out bytes, in the arena. */
const char *fixture_read(struct fixture *, const char *path, size_t *len_out);
/* How many files in the directory hold these bytes. */
int fixture_search(struct fixture *, const char *text);

#endif
