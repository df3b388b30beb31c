#include "base/buf.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;

	while (cap - b->len <= more) {
		cap *= 2;
	}
	if (cap != b->cap) {
		b->data = mem_resize(b->data, cap, 1);
		b->cap = cap;
	}
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	reserve(b, len);
	if (len) {
		memcpy(b->data + b->len, data, len);
	}
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len > 0) {
		reserve(b, (size_t)len);
		vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
		b->len += (size_t)len;
	}
	va_end(args);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data) {
		b->data[0] = '\0';
	}
}

void buf_finish(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
	char *text = b->data ? b->data : mem_strdup("");

	*b = (struct buf){0};
	return text;
}

bool buf_read_file(struct buf *b, const char *path, size_t max, const char **error)
{
	char chunk[16384];
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		*error = strerror(errno);
		return false;
	}
	while ((n = read(fd, chunk, sizeof chunk)) > 0) {
		if ((size_t)n > max - b->len) {
			close(fd);
			*error = "the file is too large";
			return false;
		}
		buf_add(b, chunk, (size_t)n);
	}
	if (n < 0) {
		*error = strerror(errno);
	}
	close(fd);
	return n == 0;
}
