/* Makes "forget me" true on disk. SQLite's secure_delete zeroes what is deleted, but when it moves
 * rows between pages it leaves copies in the unused middle of a page, and those outlive their row
 * (tests/unit/test_store_privacy.c shows it). So that gap is zeroed in every page on its way into
 * the database file. */
#ifndef STORE_SCRUB_H
#define STORE_SCRUB_H

#include <sqlite3.h>

enum {
	/* 128 GiB. Below it the first byte of an overflow or freelist page is 0 or 1, which no
	 * b-tree page begins with, so the kinds cannot be mistaken for each other. */
	SCRUB_MAX_PAGES = (1 << 25) - 1,
};

struct scrub {
	sqlite3_io_methods methods;
	int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
};

/* From now on the main database file of this connection is written through the scrub, which must
 * outlive the connection. Also caps the database at SCRUB_MAX_PAGES. */
int scrub_attach(struct scrub *, sqlite3 *);

#endif
