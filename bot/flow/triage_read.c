/* Rows, rules and terms of the triage table, as authors write them. Every fault is kept with its
 * place and reading goes on, so that one run shows them all. */
#include "flow/triage_read.h"

#include <stdlib.h>
#include <string.h>

void triage_read_fault(struct triage_loading *l, const struct yaml_node *node, const char *text)
{
	yaml_fault(l->faults, node->line, node->column, "%s", text);
}

/* ---- small pieces ---- */

void triage_read_later(
	struct triage_loading *l, const struct yaml_node *node, const char *text, struct expr **out)
{
	if (l->pending_count == sizeof l->pending / sizeof *l->pending) {
		triage_read_fault(l, node, "too many conditions");
		return;
	}
	l->pending[l->pending_count++] = (struct triage_pending){
		.faults = l->faults, .node = node, .text = text, .out = out};
}

void triage_read_when(
	struct triage_loading *l, const struct yaml_node *map, const char *key, struct expr **out)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *text = yaml_text(l->faults, map, key);

	if (text) {
		triage_read_later(l, node, text, out);
	}
}

bool triage_read_flag(struct triage_loading *l, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(l->faults, map, key);

	if (text && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
		triage_read_fault(l, yaml_get(map, key), "write yes or no");
	}
	return text && strcmp(text, "yes") == 0;
}

const char *triage_read_needed(
	struct triage_loading *l, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(l->faults, map, key);

	if (!text || !text[0]) {
		yaml_fault(l->faults, map->line, map->column, "\"%s\" is missing", key);
		return "";
	}
	return text;
}

/* False when there is none. */
static bool read_level(
	struct triage_loading *l, const struct yaml_node *map, enum triage_level *level_out)
{
	const char *text = yaml_text(l->faults, map, "level");

	if (text && !triage_level_find(text, level_out)) {
		triage_read_fault(l, yaml_get(map, "level"),
			"a level is EMERGENCY, URGENT, SOON, ROUTINE or SELF_CARE");
	}
	return text != NULL;
}

static unsigned read_to(struct triage_loading *l, const struct yaml_node *map)
{
	const char *const *texts = yaml_texts(l->arena, l->faults, map, "to");
	unsigned mask = 0;

	for (; texts && *texts; texts++) {
		unsigned bit = triage_to_find(*texts);

		if (!bit) {
			triage_read_fault(l, yaml_get(map, "to"),
				"to is pharmacist, maternity, crisis or doctor");
		}
		mask |= bit;
	}
	return mask;
}

/* ---- rows ---- */

static void read_kind(struct triage_loading *l, const struct yaml_node *map, struct triage_row *row)
{
	static const struct {
		const char *name;
		enum triage_kind kind;
	} kinds[] = {
		{"yes/no", TRIAGE_YESNO},
		{"temperature", TRIAGE_TEMPERATURE},
		{"choice", TRIAGE_CHOICE},
		{"choices", TRIAGE_CHOICES},
	};
	const char *text = yaml_text(l->faults, map, "kind");
	const char *dots = text ? strstr(text, "..") : NULL;

	if (!text) {
		return;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, text) == 0) {
			row->kind = kinds[i].kind;
			return;
		}
	}
	if (strncmp(text, "number ", 7) != 0 || !dots) {
		triage_read_fault(l, yaml_get(map, "kind"),
			"a kind is yes/no, number 0..10, temperature, choice or choices");
		return;
	}
	row->kind = TRIAGE_NUMBER;
	row->min = strtod(text + 7, NULL);
	row->max = strtod(dots + 2, NULL);
}

static void read_option(
	struct triage_loading *l, const struct yaml_node *node, struct read_option *option)
{
	static const char *const allowed[] = {"label", "also", NULL};

	yaml_only(l->faults, node, allowed);
	option->id = node->key;
	option->label = triage_read_needed(l, node, "label");
	option->also = yaml_texts(l->arena, l->faults, node, "also");
}

static void read_options(
	struct triage_loading *l, const struct yaml_node *map, struct triage_row *row)
{
	const struct yaml_node *node = yaml_get(map, "options");
	bool is_choice = row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES;
	struct read_option *options;

	if (!node || !is_choice) {
		if (!node == is_choice) {
			triage_read_fault(l, map, "options go with the kinds choice and choices");
		}
		return;
	}
	if (node->kind == YAML_TEXT && strcmp(node->text, "conditions") == 0) {
		row->options = l->conditions; /* filled when conditions.yaml is read */
		return;
	}
	options = arena_alloc(l->arena, TRIAGE_PART_ROWS * sizeof *options);
	for (const struct yaml_node *o = node->first; o; o = o->next) {
		if (row->option_count == TRIAGE_PART_ROWS) {
			triage_read_fault(l, o, "a question has at most 9 options");
			break;
		}
		read_option(l, o, &options[row->option_count++]);
	}
	row->options = options;
}

static struct triage_row *read_fields(struct triage_loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {"id", "fact", "again", "when", "ask", "brief", "said",
		"clearer", "kind", "options", "over", "level", "to", "settles", "skip", "private",
		"cues", "source", "screen", NULL};
	struct triage_row *row = arena_alloc(l->arena, sizeof *row);
	const char *over = yaml_text(l->faults, map, "over");
	const char *again = yaml_text(l->faults, map, "again");

	yaml_only(l->faults, map, allowed);
	row->id = triage_read_needed(l, map, "id");
	row->ask = triage_read_needed(l, map, "ask");
	row->brief = yaml_text(l->faults, map, "brief");
	row->said = yaml_text(l->faults, map, "said");
	row->clearer = yaml_text(l->faults, map, "clearer");
	row->source = yaml_text(l->faults, map, "source");
	row->cues = yaml_texts(l->arena, l->faults, map, "cues");
	row->has_level = read_level(l, map, &row->level);
	row->to = read_to(l, map);
	row->over = over ? strtod(over, NULL) : 0;
	row->again_days = again ? atoi(again) : 0;
	row->is_fact = triage_read_flag(l, map, "fact");
	row->can_settle = triage_read_flag(l, map, "settles");
	row->can_skip = triage_read_flag(l, map, "skip");
	row->is_private = triage_read_flag(l, map, "private");
	read_kind(l, map, row);
	read_options(l, map, row);
	row->brief = row->brief ? row->brief : row->ask;
	row->said = row->said ? row->said : row->brief;
	return row;
}

size_t triage_read_screen(const struct triage_loading *l, const char *id)
{
	for (size_t i = 0; i < l->table->screen_count; i++) {
		if (strcmp(l->table->screens[i].id, id) == 0) {
			return i;
		}
	}
	return SIZE_MAX;
}

struct triage_row *triage_read_row(
	struct triage_loading *l, const struct yaml_node *map, size_t screen)
{
	struct triage_row *row;

	if (screen == SIZE_MAX || l->counts[screen] == TRIAGE_ROWS_MAX ||
		l->table->row_count == TRIAGE_ROWS_MAX) {
		triage_read_fault(l, map, "there is no such screen, or it has too many rows");
		return NULL;
	}
	row = read_fields(l, map);
	for (size_t s = 0; s < l->table->screen_count; s++) {
		for (size_t i = 0; i < l->counts[s]; i++) {
			if (strcmp(l->row[s][i]->id, row->id) == 0) {
				triage_read_fault(l, map, "another row has this id already");
			}
		}
	}
	row->screen = l->table->screens[screen].id;
	triage_read_when(l, map, "when", &row->when);
	l->row[screen][l->counts[screen]++] = row;
	l->table->row_count++;
	return row;
}

void triage_read_rows(struct triage_loading *l, const struct yaml_node *list, const char *screen)
{
	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		triage_read_row(l, r, triage_read_screen(l, screen));
	}
}

/* ---- rules ---- */

struct triage_rule *triage_read_rule(struct triage_loading *l, const struct yaml_node *map)
{
	struct triage_rule *rule = arena_alloc(l->arena, sizeof *rule);

	if (l->table->rule_count == TRIAGE_RULES_MAX) {
		triage_read_fault(l, map, "too many rules");
		return rule;
	}
	rule->id = triage_read_needed(l, map, "id");
	if (!read_level(l, map, &rule->level)) {
		triage_read_fault(l, map, "\"level\" is missing");
	}
	rule->why = yaml_text(l->faults, map, "why");
	rule->text = yaml_text(l->faults, map, "text");
	rule->source = yaml_text(l->faults, map, "source");
	rule->to = read_to(l, map);
	l->rule[l->table->rule_count++] = rule;
	return rule;
}

void triage_read_rules(struct triage_loading *l, const struct yaml_node *list)
{
	static const char *const allowed[] = {
		"id", "if", "level", "why", "text", "to", "source", NULL};

	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		yaml_only(l->faults, r, allowed);
		triage_read_needed(l, r, "if");
		triage_read_when(l, r, "if", &triage_read_rule(l, r)->when);
	}
}

void triage_read_terms(struct triage_loading *l, const struct yaml_node *list)
{
	static const char *const allowed[] = {"name", "is", NULL};

	for (const struct yaml_node *t = list ? list->first : NULL; t; t = t->next) {
		struct triage_term *term = &l->table->terms[l->table->term_count];

		if (l->table->term_count == TRIAGE_TERMS_MAX) {
			triage_read_fault(l, t, "too many terms");
			return;
		}
		yaml_only(l->faults, t, allowed);
		term->name = triage_read_needed(l, t, "name");
		triage_read_needed(l, t, "is");
		triage_read_when(l, t, "is", &term->is);
		l->table->term_count++;
	}
}
