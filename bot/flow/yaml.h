/* YAML as authors write it: a tree whose every value knows its line and column. No anchors,
 * aliases, tags; every scalar is text; repeated keys, depth over 20 and more than 1 MiB are faults.
 * Shared by the readers of flows, triage, exercises, answers and lexicons. */
#ifndef FLOW_YAML_H
#define FLOW_YAML_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	int line, column; /* from 1 */
	const char *text; /* YAML_TEXT */
	bool is_quoted;   /* YAML_TEXT in quotes or a block */
	const char *key;  /* when it is the value of a map: its key ... */
	int key_line, key_column;
	struct yaml_node *first, *next; /* children of a list or map; next sibling */
};

/* Faults of a file, collected: "name:line:column: sentence", one a line. */
struct yaml_faults;
struct yaml_faults *yaml_faults_create(struct arena *, const char *name);
void yaml_fault(struct yaml_faults *, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
size_t yaml_fault_count(const struct yaml_faults *);
const char *yaml_fault_text(const struct yaml_faults *); /* joined by newlines; "" if none */

/* NULL when it does not parse; the fault (with the line, a caret and a hint) is then recorded. */
struct yaml_node *yaml_parse(struct arena *, const char *source, size_t len, struct yaml_faults *);
struct yaml_node *yaml_load(struct arena *, const char *path, struct yaml_faults *);

/* Lookups on maps; NULL node accepted and gives NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* The text of a scalar child, or NULL; a child that is not a scalar is a fault. */
const char *yaml_text(struct yaml_faults *, const struct yaml_node *map, const char *key);
/* Records a fault for each key that is not in allowed (NULL-terminated), with "did you mean". */
void yaml_only(struct yaml_faults *, const struct yaml_node *map, const char *const *allowed);
/* A list of scalars (or one scalar as a list of one), NULL-terminated in the arena; NULL if absent.
 */
const char *const *yaml_texts(
	struct arena *, struct yaml_faults *, const struct yaml_node *map, const char *key);
/* The nearest of the candidates (NULL-terminated) by edit distance, or NULL when none is near. */
const char *yaml_nearest(const char *word, const char *const *candidates);

#endif
