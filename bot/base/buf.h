/* A growable byte string, always terminated. Start from {0}; finish frees. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* NULL while empty: use buf_text() to read */
	size_t len, cap;
};

void buf_add(struct buf *, const void *data, size_t len);
void buf_adds(struct buf *, const char *text);
void buf_addc(struct buf *, char c);
void buf_printf(struct buf *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *); /* empties, keeps the memory */
void buf_finish(struct buf *);
const char *buf_text(const struct buf *); /* "" when empty */
/* The text as the caller's own (free it); the buffer is empty again. */
char *buf_take(struct buf *);
/* Whole file into buf. False with *error (static or errno text) when it cannot be read or is
 * larger than max bytes. */
bool buf_read_file(struct buf *, const char *path, size_t max, const char **error);

#endif
