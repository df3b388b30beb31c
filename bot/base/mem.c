/* Memory: allocation that cannot fail quietly, and arenas made of doubling blocks. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { BLOCK_MIN = 4096, ALIGN = 16 };

struct block {
	struct block *next;
	size_t used, cap;
	_Alignas(ALIGN) char data[];
};

struct arena {
	struct block *top; /* newest first */
};

static _Noreturn void mem_die(void)
{
	fputs("<2>limberd: out of memory; stopping, nothing acknowledged is lost\n", stderr);
	_Exit(EX_OSERR);
}

void *mem_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p) {
		mem_die();
	}
	return p;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size) {
		mem_die();
	}
	size *= count;
	p = realloc(old, size ? size : 1);
	if (!p) {
		mem_die();
	}
	return p;
}

char *mem_strdup(const char *text)
{
	size_t len = strlen(text) + 1;

	return memcpy(mem_alloc(len, 1), text, len);
}

static struct block *block_create(struct block *next, size_t cap)
{
	struct block *b = mem_alloc(1, sizeof *b + cap);

	b->next = next;
	b->cap = cap;
	return b;
}

struct arena *arena_create(void)
{
	struct arena *a = mem_alloc(1, sizeof *a);

	a->top = block_create(NULL, BLOCK_MIN);
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->top->next) {
		struct block *b = a->top;

		a->top = b->next;
		free(b);
	}
	memset(a->top->data, 0, a->top->used);
	a->top->used = 0;
}

void arena_destroy(struct arena *a)
{
	if (!a) {
		return;
	}
	arena_reset(a);
	free(a->top);
	free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	void *p;

	if (need < size) {
		mem_die();
	}
	if (a->top->cap - a->top->used < need) {
		size_t cap = a->top->cap * 2;

		a->top = block_create(a->top, cap > need ? cap : need);
	}
	p = a->top->data + a->top->used;
	a->top->used += need;
	return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, text, len);
	return p;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return text ? arena_strndup(a, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	int len;
	char *p;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0) {
		return arena_strdup(a, "");
	}
	p = arena_alloc(a, (size_t)len + 1);
	vsnprintf(p, (size_t)len + 1, format, args);
	return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *p;

	va_start(args, format);
	p = arena_vprintf(a, format, args);
	va_end(args);
	return p;
}
