/* The smallest possible VFS shim: the file's table of methods with one entry replaced. */
#include "store/scrub.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 65536, FILE_HEADER = 100 };

static size_t read16(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* The unused middle of a b-tree page: after the array of cell pointers, before the first cell.
 * False for other pages (fileformat2.html, section 1.6). */
static bool find_gap(
	const unsigned char *page, size_t size, bool is_first, size_t *from_out, size_t *to_out)
{
	const unsigned char *header = page + (is_first ? FILE_HEADER : 0);
	bool is_leaf = header[0] == 10 || header[0] == 13;
	bool is_inner = header[0] == 2 || header[0] == 5;

	*from_out = (size_t)(header - page) + (is_leaf ? 8 : 12) + 2 * read16(header + 3);
	*to_out = read16(header + 5);
	if (*to_out == 0) {
		*to_out = PAGE_MAX;
	}
	return (is_leaf || is_inner) && *from_out < *to_out && *to_out <= size;
}

static int scrub_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
	const struct scrub *s = (const struct scrub *)file->pMethods;
	unsigned char page[PAGE_MAX];
	size_t from, to, size = (size_t)len;

	/* Anything that is not one whole page is not ours to judge. */
	if (size < 512 || size > PAGE_MAX || (size & (size - 1)) || offset % len ||
		!find_gap(data, size, offset == 0, &from, &to)) {
		return s->write(file, data, len, offset);
	}
	memcpy(page, data, size);
	memset(page + from, 0, to - from);
	return s->write(file, page, len, offset);
}

int scrub_attach(struct scrub *s, sqlite3 *db)
{
	sqlite3_file *file = NULL;
	char limit[64];
	int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	if (code != SQLITE_OK) {
		return code;
	}
	s->methods = *file->pMethods;
	s->write = s->methods.xWrite;
	s->methods.xWrite = scrub_write;
	file->pMethods = &s->methods;
	snprintf(limit, sizeof limit, "PRAGMA max_page_count = %d", SCRUB_MAX_PAGES);
	return sqlite3_exec(db, limit, NULL, NULL, NULL);
}
