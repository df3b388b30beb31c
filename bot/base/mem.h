/* Memory. Running out of it is fatal: one clear line, exit 71, and the next start is safe
 * because a turn is one transaction. Nothing here ever returns NULL. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Zeroed memory of count * size bytes; the caller frees it with free(). */
void *mem_alloc(size_t count, size_t size);
/* Grows (or makes, from NULL) an array; new tail is not zeroed. */
void *mem_resize(void *old, size_t count, size_t size);
char *mem_strdup(const char *text);

/* An arena: many small allocations, dropped in one go. One per turn; handlers never free. */
struct arena;
struct arena *arena_create(void);
void arena_destroy(struct arena *); /* NULL accepted */
/* Drops everything but keeps the first block for the next round. */
void arena_reset(struct arena *);
/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *, size_t size);
char *arena_strdup(struct arena *, const char *text); /* NULL gives NULL */
char *arena_strndup(struct arena *, const char *text, size_t len);
char *arena_printf(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *format, va_list)
	__attribute__((format(printf, 2, 0)));

#endif
