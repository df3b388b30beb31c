/* Pieces of reading the triage table: rows, rules and terms of any file. Private to triage*.c. */
#ifndef FLOW_TRIAGE_READ_H
#define FLOW_TRIAGE_READ_H

#include "base/buf.h"
#include "flow/triage_table.h"
#include "flow/yaml.h"

#include <stdint.h>

enum { TRIAGE_ROWS_MAX = 200, TRIAGE_RULES_MAX = 120 };

/* A row or rule as it was read; its conditions are prepared in the second round. */
struct triage_pending {
	struct yaml_faults *faults;
	const struct yaml_node *node; /* of the text, for the place of a fault */
	const char *text;
	struct expr **out;
};

struct triage_loading {
	struct arena *arena;
	struct expr_engine *engine;
	struct triage_table *table;
	struct yaml_faults *faults; /* of the file at hand */
	struct triage_row *row[TRIAGE_SCREENS_MAX][TRIAGE_ROWS_MAX];
	size_t counts[TRIAGE_SCREENS_MAX];
	struct triage_rule *rule[TRIAGE_RULES_MAX];
	struct triage_pending pending[TRIAGE_ROWS_MAX + TRIAGE_RULES_MAX + TRIAGE_SCREENS_MAX];
	size_t pending_count;
	struct read_option conditions[TRIAGE_PART_ROWS]; /* to choose among */
	size_t condition_count;
	struct buf errors;
	uint64_t hash;
};

void triage_read_fault(struct triage_loading *, const struct yaml_node *, const char *text);
/* Remembers a condition, to be prepared when all names are known. */
void triage_read_later(
	struct triage_loading *, const struct yaml_node *, const char *text, struct expr **out);
/* ... the one under this key, if there is one. */
void triage_read_when(
	struct triage_loading *, const struct yaml_node *map, const char *key, struct expr **out);
bool triage_read_flag(struct triage_loading *, const struct yaml_node *map, const char *key);
/* Never NULL: "" and a fault when it is missing. */
const char *triage_read_needed(
	struct triage_loading *, const struct yaml_node *map, const char *key);
/* SIZE_MAX: no such screen. */
size_t triage_read_screen(const struct triage_loading *, const char *id);
/* NULL with a fault when it has no place. */
struct triage_row *triage_read_row(
	struct triage_loading *, const struct yaml_node *map, size_t screen);
void triage_read_rows(struct triage_loading *, const struct yaml_node *list, const char *screen);
struct triage_rule *triage_read_rule(struct triage_loading *, const struct yaml_node *map);
void triage_read_rules(struct triage_loading *, const struct yaml_node *list);
void triage_read_terms(struct triage_loading *, const struct yaml_node *list);
/* Fills the table's texts when everything else is read and sound. */
void triage_collect_texts(struct triage_loading *);

#endif
