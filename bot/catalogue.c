/* The .mo format: a header, and two sorted tables of (length, offset) for sources and translations
 * (GNU gettext manual, "The Format of GNU MO Files"). A context stands before its source, parted by
 * the byte 4. Everything is checked when the file is opened, so that looking up cannot fail. */
#include "bot/catalogue.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 16 << 20, HEADER_BYTES = 28 };

struct catalogue {
	struct buf file;
	uint32_t count, sources, translations; /* number, offsets of the tables */
};

static uint32_t word_at(const struct catalogue *c, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, c->file.data + offset, sizeof word);
	return word;
}

static const char *text_at(const struct catalogue *c, uint32_t table, uint32_t i)
{
	return c->file.data + word_at(c, table + i * 8 + 4);
}

static bool is_sound_table(const struct catalogue *c, uint32_t table)
{
	uint64_t end = (uint64_t)table + (uint64_t)c->count * 8;

	if (table % 4 || end > c->file.len) {
		return false;
	}
	for (uint32_t i = 0; i < c->count; i++) {
		uint64_t len = word_at(c, table + i * 8), at = word_at(c, table + i * 8 + 4);

		if (at + len >= c->file.len || c->file.data[at + len] != '\0') {
			return false;
		}
	}
	return true;
}

static bool is_sound(struct catalogue *c)
{
	if (c->file.len < HEADER_BYTES || word_at(c, 0) != 0x950412de) {
		return false;
	}
	c->count = word_at(c, 8);
	c->sources = word_at(c, 12);
	c->translations = word_at(c, 16);
	return is_sound_table(c, c->sources) && is_sound_table(c, c->translations);
}

struct catalogue *catalogue_open(const char *path, const char **error)
{
	struct catalogue *c = mem_alloc(1, sizeof *c);

	if (!buf_read_file(&c->file, path, FILE_MAX_BYTES, error)) {
		catalogue_close(c);
		return NULL;
	}
	if (!is_sound(c)) {
		*error = "this is not a translation made by msgfmt on this machine";
		catalogue_close(c);
		return NULL;
	}
	return c;
}

void catalogue_close(struct catalogue *c)
{
	if (c) {
		buf_finish(&c->file);
		free(c);
	}
}

/* Compares "context\4source" with an entry, without building it. */
static int compare(const char *context, const char *source, const char *entry)
{
	size_t len = strlen(context);
	int order = strncmp(context, entry, len);

	if (order == 0) {
		order = '\4' - (unsigned char)entry[len];
	}
	return order ? order : strcmp(source, entry + len + 1);
}

const char *catalogue_find(const struct catalogue *c, const char *context, const char *source)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = compare(context, source, text_at(c, c->sources, mid));

		if (order == 0) {
			const char *text = text_at(c, c->translations, mid);

			return *text ? text : NULL;
		}
		if (order < 0) {
			high = mid;
		} else {
			low = mid + 1;
		}
	}
	return NULL;
}
