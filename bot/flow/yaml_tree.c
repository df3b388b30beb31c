/* What readers of YAML files share once there is a tree: collecting faults, and lookups that record
 * one when a value is not of the kind that is wanted. */
#include "flow/yaml.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

enum { FAULTS_MAX = 200 };

/* ---- faults ---- */

struct fault {
	const char *text;
	struct fault *next;
};

struct yaml_faults {
	struct arena *arena;
	const char *name;
	struct fault *first, **tail;
	size_t count;
};

struct yaml_faults *yaml_faults_create(struct arena *arena, const char *name)
{
	struct yaml_faults *f = arena_alloc(arena, sizeof *f);

	f->arena = arena;
	f->name = arena_strdup(arena, name);
	f->tail = &f->first;
	return f;
}

void yaml_fault(struct yaml_faults *f, int line, int column, const char *format, ...)
{
	struct fault *fault;
	va_list args;

	if (f->count++ >= FAULTS_MAX) {
		return;
	}
	va_start(args, format);
	fault = arena_alloc(f->arena, sizeof *fault);
	fault->text = arena_printf(f->arena, "%s:%d:%d: %s", f->name, line, column,
		arena_vprintf(f->arena, format, args));
	va_end(args);
	*f->tail = fault;
	f->tail = &fault->next;
}

size_t yaml_fault_count(const struct yaml_faults *f)
{
	return f->count;
}

const char *yaml_fault_text(const struct yaml_faults *f)
{
	struct buf all = {0};
	const char *text;

	for (const struct fault *fault = f->first; fault; fault = fault->next) {
		buf_printf(&all, "%s%s", fault->text, fault->next ? "\n" : "");
	}
	if (f->count > FAULTS_MAX) {
		buf_printf(&all, "\n%s: and %zu more", f->name, f->count - FAULTS_MAX);
	}
	text = arena_strdup(f->arena, buf_text(&all));
	buf_finish(&all);
	return text;
}

/* ---- lookups ---- */

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP) {
		return NULL;
	}
	for (struct yaml_node *c = map->first; c; c = c->next) {
		if (!strcmp(c->key, key)) {
			return c;
		}
	}
	return NULL;
}

const char *yaml_text(struct yaml_faults *f, const struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_get(map, key);

	if (node && node->kind != YAML_TEXT) {
		yaml_fault(f, node->line, node->column, "\"%s\" wants one text", key);
		return NULL;
	}
	return node ? node->text : NULL;
}

void yaml_only(struct yaml_faults *f, const struct yaml_node *map, const char *const *allowed)
{
	if (!map) {
		return;
	}
	if (map->kind != YAML_MAP) {
		yaml_fault(f, map->line, map->column, "keys are wanted here, such as \"%s: ...\"",
			allowed[0] ? allowed[0] : "name");
		return;
	}
	for (const struct yaml_node *c = map->first; c; c = c->next) {
		const char *near = yaml_nearest(c->key, allowed);

		if (near && !strcmp(near, c->key)) {
			continue;
		}
		if (near) {
			yaml_fault(f, c->key_line, c->key_column,
				"unknown key \"%s\", did you mean \"%s\"?", c->key, near);
		} else {
			yaml_fault(f, c->key_line, c->key_column, "unknown key \"%s\"", c->key);
		}
	}
}

static size_t count_children(const struct yaml_node *list)
{
	size_t n = 0;

	for (const struct yaml_node *c = list->first; c; c = c->next) {
		n++;
	}
	return n;
}

const char *const *yaml_texts(
	struct arena *arena, struct yaml_faults *f, const struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_get(map, key);
	const char **texts;
	size_t n = 0;

	if (!node) {
		return NULL;
	}
	if (node->kind == YAML_MAP) {
		yaml_fault(f, node->line, node->column, "\"%s\" wants a list of texts", key);
		return NULL;
	}
	texts = arena_alloc(arena, (count_children(node) + 2) * sizeof *texts);
	if (node->kind == YAML_TEXT && (node->is_quoted || *node->text)) {
		texts[n++] = node->text;
	}
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (c->kind == YAML_TEXT) {
			texts[n++] = c->text;
		} else {
			yaml_fault(
				f, c->line, c->column, "\"%s\" wants a list of plain texts", key);
		}
	}
	return texts;
}

const char *yaml_nearest(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t max = strlen(word) / 3, best_distance;

	max = max > 2 ? 2 : max;
	best_distance = max + 1;
	for (; *candidates; candidates++) {
		size_t distance = text_distance(word, *candidates, max);

		if (distance < best_distance) {
			best = *candidates;
			best_distance = distance;
		}
	}
	return best;
}
