/* libinih reads the dialect, our line reader feeds it: it counts lines, keeps the raw line for
 * columns, and refuses what the library would cut or drop in silence (long lines, text after
 * " ;", repeated sections). */
#include "bot/config_private.h"

#include "base/text.h"
#include "bot/platform.h"
#include "flow/yaml.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

enum { LINE_MAX_BYTES = 190 };

struct reader {
	const char *path;
	const char *next; /* not yet read */
	char raw[LINE_MAX_BYTES + 1];
	int line;
	struct config_file *file;
	struct config *section; /* NULL: unknown one, its keys are passed over */
	char section_name[LINE_MAX_BYTES + 1];
	struct buf *errors;
	size_t faults;
};

/* ---- faults ---- */

static void fault_at(struct reader *r, int line, size_t column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void fault_at(struct reader *r, int line, size_t column, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buf_printf(r->errors, "%s:%d:%zu: %s\n", r->path, line, column, text);
	r->faults++;
}

static size_t column_of(const struct reader *r, const char *word)
{
	const char *at = word && *word ? strstr(r->raw, word) : NULL;

	return at ? (size_t)(at - r->raw) + 1 : 1;
}

/* "; did you mean X?" for the nearest of the keys, or "". */
static const char *suggest(const struct config_key *keys, const char *word, char *out, size_t len)
{
	const char *names[CONFIG_KEYS_MAX + 1] = {0}, *near;
	size_t n = 0;

	for (const struct config_key *k = keys; k->name && n < CONFIG_KEYS_MAX; k++) {
		names[n++] = k->name;
	}
	near = yaml_nearest(word, names);
	snprintf(out, len, near ? "; did you mean %s?" : "%s", near ? near : "");
	return out;
}

/* ---- sections ---- */

static struct config *section_find(const struct config_file *file, const char *name)
{
	if (strcmp(name, "bot") == 0) {
		return file->bot;
	}
	for (struct config *c = file->links; c; c = c->next) {
		if (strcmp(c->name, name) == 0) {
			return c;
		}
	}
	return NULL;
}

static void list_sections(char *out, size_t len)
{
	size_t n = (size_t)snprintf(out, len, "[bot]");

	for (const struct platform *const *p = platforms; *p && n < len; p++) {
		if ((*p)->keys) {
			n += (size_t)snprintf(out + n, len - n, ", [%s]", (*p)->name);
		}
	}
}

/* A section's header line: libinih would merge repeated ones, so we look at it ourselves. */
static void begin_section(struct reader *r, const char *name)
{
	const struct platform *platform = config_platform(name);
	struct config *same = section_find(r->file, name);
	char known[256];

	r->section = NULL;
	if (same && same->line) {
		fault_at(r, r->line, column_of(r, name),
			"[%s] stands in line %d already; join the two", name, same->line);
	} else if (same) {
		r->section = same; /* [bot], which is always there */
		same->line = r->line;
	} else if (!platform) {
		list_sections(known, sizeof known);
		fault_at(r, r->line, column_of(r, name), "there is no section [%s]; there are %s",
			name, known);
	} else {
		r->section = config_section_create(name, platform, platform->keys, r->line);
		config_add_link(r->file, r->section);
	}
}

/* ---- values ---- */

/* What is wrong with a value, as a sentence in out; false when it is fine. */
static bool value_fault(const struct config_key *k, const char *value, char *out, size_t len)
{
	char *end;
	long number;

	switch (k->type) {
	case CONFIG_INT:
		errno = 0;
		number = strtol(value, &end, 10);
		if (end == value || *end != '\0' || errno) {
			snprintf(out, len, "%s takes a whole number%s%s, such as %s", k->name,
				k->unit ? " of " : "", k->unit ? k->unit : "", k->fallback);
			return true;
		}
		snprintf(out, len, "%s takes %.0f to %.0f%s%s", k->name, k->min, k->max,
			k->unit ? " " : "", k->unit ? k->unit : "");
		return (double)number < k->min || (double)number > k->max;
	case CONFIG_FLAG:
		snprintf(out, len, "%s takes yes or no", k->name);
		return strcmp(value, "yes") != 0 && strcmp(value, "no") != 0;
	case CONFIG_TIME:
		snprintf(out, len, "%s takes a time of day, such as %s", k->name, k->fallback);
		return !config_parse_time(value, &number);
	case CONFIG_WORD:
		snprintf(out, len, "%s takes one of: %s", k->name, k->unit);
		return strchr(value, ' ') || !text_has_id(k->unit, value);
	default:
		snprintf(out, len, "%s takes its text without quotation marks", k->name);
		return *value == '"' || *value == '\'';
	}
}

/* "token = ..." where the key is "token_file": the secret stands in the open. */
static bool is_inline_secret(const struct config_key *keys, const char *name)
{
	char file_key[LINE_MAX_BYTES + 8];

	snprintf(file_key, sizeof file_key, "%s_file", name);
	return keys[config_key_index(keys, file_key)].name != NULL;
}

static void take_value(struct reader *r, const char *name, const char *value)
{
	const struct config_key *keys = r->section->keys;
	size_t i = config_key_index(keys, name);
	char text[256], near[96];

	if (!keys[i].name && is_inline_secret(keys, name)) {
		fault_at(r, r->line, column_of(r, name),
			"secrets do not belong here: put it in a file of mode 0400 and write "
			"%s_file = "
			"FILE",
			name);
	} else if (!keys[i].name) {
		fault_at(r, r->line, column_of(r, name), "[%s] has no setting %s%s",
			r->section->name, name, suggest(keys, name, near, sizeof near));
	} else if (r->section->values[i]) {
		fault_at(r, r->line, column_of(r, name),
			"%s was set above already; keep one of the two", name);
	} else {
		if (value_fault(&keys[i], value, text, sizeof text)) {
			fault_at(r, r->line, column_of(r, *value ? value : name), "%s", text);
		}
		r->section->values[i] = mem_strdup(value);
	}
}

static int on_value(void *ctx, const char *section, const char *name, const char *value)
{
	struct reader *r = ctx;

	(void)section;
	if (r->section) {
		take_value(r, name, value);
	} else if (r->section_name[0] == '\0') {
		fault_at(r, r->line, 1, "settings belong into a section; begin with [bot]");
	}
	return 1;
}

/* ---- lines ---- */

/* What libinih would get wrong in silence; true: the line must not reach it. */
static bool refuse_line(struct reader *r, size_t len)
{
	const char *text = r->raw + strspn(r->raw, " \t");
	const char *comment, *close;

	if (!text_is_utf8(r->raw, len)) {
		fault_at(r, r->line, 1, "this line is not valid UTF-8");
		return true;
	}
	if (*text == ';' || *text == '#' || *text == '\0') {
		return true; /* a comment or empty: nothing to read */
	}
	if (text != r->raw) {
		fault_at(r, r->line, 1, "a line must not begin with a space");
		return true;
	}
	comment = strstr(text, " ;");
	if (comment) {
		fault_at(r, r->line, (size_t)(comment - r->raw) + 2,
			"a comment needs a line of its own");
		return true;
	}
	if (*text == '[') {
		close = strchr(text, ']');
		if (!close || close == text + 1 || close[1 + strspn(close + 1, " \t")] != '\0') {
			fault_at(r, r->line, 1, "a section is written [name]");
			snprintf(r->section_name, sizeof r->section_name, "?");
			r->section = NULL;
		} else {
			snprintf(r->section_name, sizeof r->section_name, "%.*s",
				(int)(close - text - 1), text + 1);
			begin_section(r, r->section_name);
		}
		return true;
	}
	if (!strchr(text, '=') || *text == '=') {
		fault_at(r, r->line, 1, "a setting is written name = value");
		return true;
	}
	return false;
}

/* libinih asks for the next line. Lines that were refused reach it as empty ones, so that its
 * state and our line number go together. */
static char *next_line(char *out, int size, void *stream)
{
	struct reader *r = stream;
	const char *end;
	size_t len;

	if (*r->next == '\0') {
		return NULL;
	}
	end = strchr(r->next, '\n');
	len = end ? (size_t)(end - r->next) : strlen(r->next);
	r->line++;
	if (len > LINE_MAX_BYTES) {
		fault_at(r, r->line, LINE_MAX_BYTES + 1, "this line is longer than %d bytes",
			LINE_MAX_BYTES);
		snprintf(out, (size_t)size, "\n");
	} else {
		memcpy(r->raw, r->next, len);
		r->raw[len] = '\0';
		if (len && r->raw[len - 1] == '\r') {
			r->raw[--len] = '\0';
		}
		snprintf(out, (size_t)size, "%s\n", refuse_line(r, len) ? "" : r->raw);
	}
	r->next = end ? end + 1 : r->next + strlen(r->next);
	return out;
}

static void require(struct reader *r, const struct config *c)
{
	for (size_t i = 0; c->keys[i].name; i++) {
		if (c->keys[i].is_required && !c->values[i]) {
			fault_at(r, c->line, 1, "[%s] needs %s: %s", c->name, c->keys[i].name,
				c->keys[i].help);
		}
	}
}

static void read_lines(struct reader *r)
{
	ini_parse_stream(next_line, r, on_value, r);
	for (struct config *c = r->file->links; c; c = c->next) {
		require(r, c);
	}
	if (!r->file->links && r->faults == 0) {
		fault_at(r, r->line, 1, "there is no link; add at least [web]");
	}
}

/* A text of C would end there, and what follows would be passed over in silence. */
static bool refuse_zero_byte(struct reader *r, const struct buf *source)
{
	const char *text = buf_text(source), *zero = memchr(text, '\0', source->len);
	const char *line = text;

	if (!zero) {
		return false;
	}
	r->line = 1;
	for (const char *p = text; p < zero; p++) {
		if (*p == '\n') {
			r->line++;
			line = p + 1;
		}
	}
	fault_at(r, r->line, (size_t)(zero - line) + 1, "a zero byte: this is not a text file");
	return true;
}

bool config_read(
	struct config_file *file, const char *path, const struct buf *source, struct buf *errors)
{
	struct reader r = {.path = path, .file = file, .errors = errors};

	if (!refuse_zero_byte(&r, source)) {
		r.next = buf_text(source) + (strncmp(buf_text(source), BYTE_ORDER_MARK, 3) ? 0 : 3);
		read_lines(&r);
	}
	return r.faults == 0;
}
