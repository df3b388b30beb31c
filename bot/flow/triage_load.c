/* Reading the triage table. The files are read in two rounds: first every screen and row, so that
 * all names are known; then the conditions, which may mention any of them. */
#include "flow/triage_table.h"

#include "base/buf.h"
#include "flow/yaml.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 200, RULES_MAX = 120 };

/* A row or rule as it was read; its conditions are prepared in the second round. */
struct pending {
	struct yaml_faults *faults;
	const struct yaml_node *node; /* of the text, for the place of a fault */
	const char *text;
	struct expr **out;
};

struct loading {
	struct arena *arena;
	struct expr_engine *engine;
	struct triage_table *table;
	struct yaml_faults *faults; /* of the file at hand */
	struct triage_row *row[TRIAGE_SCREENS_MAX][ROWS_MAX];
	size_t counts[TRIAGE_SCREENS_MAX];
	struct triage_rule *rule[RULES_MAX];
	struct pending pending[ROWS_MAX + RULES_MAX + TRIAGE_SCREENS_MAX];
	size_t pending_count;
	struct read_option conditions[TRIAGE_PART_ROWS]; /* to choose among */
	size_t condition_count;
	struct buf errors;
	uint64_t hash;
};

static void fault(struct loading *l, const struct yaml_node *node, const char *text)
{
	yaml_fault(l->faults, node->line, node->column, "%s", text);
}

/* ---- small pieces ---- */

static void add_pending(
	struct loading *l, const struct yaml_node *map, const char *key, struct expr **out)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *text = yaml_text(l->faults, map, key);

	if (text && l->pending_count < sizeof l->pending / sizeof *l->pending) {
		l->pending[l->pending_count++] = (struct pending){l->faults, node, text, out};
	}
}

static bool read_flag(struct loading *l, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(l->faults, map, key);

	if (text && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
		fault(l, yaml_get(map, key), "write yes or no");
	}
	return text && strcmp(text, "yes") == 0;
}

static const char *read_needed(struct loading *l, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(l->faults, map, key);

	if (!text || !text[0]) {
		yaml_fault(l->faults, map->line, map->column, "\"%s\" is missing", key);
		return "";
	}
	return text;
}

/* False when there is none. */
static bool read_level(struct loading *l, const struct yaml_node *map, enum triage_level *level_out)
{
	const char *text = yaml_text(l->faults, map, "level");

	if (text && !triage_level_find(text, level_out)) {
		fault(l, yaml_get(map, "level"),
			"a level is EMERGENCY, URGENT, SOON, ROUTINE or SELF_CARE");
	}
	return text != NULL;
}

static unsigned read_to(struct loading *l, const struct yaml_node *map)
{
	static const struct {
		const char *name;
		unsigned bit;
	} places[] = {
		{"pharmacist", TRIAGE_TO_PHARMACIST},
		{"maternity", TRIAGE_TO_MATERNITY},
		{"crisis", TRIAGE_TO_CRISIS},
		{"doctor", TRIAGE_TO_DOCTOR},
	};
	const char *const *texts = yaml_texts(l->arena, l->faults, map, "to");
	unsigned mask = 0;

	for (; texts && *texts; texts++) {
		unsigned bit = 0;

		for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
			bit |= strcmp(places[i].name, *texts) == 0 ? places[i].bit : 0;
		}
		if (!bit) {
			fault(l, yaml_get(map, "to"),
				"to is pharmacist, maternity, crisis or doctor");
		}
		mask |= bit;
	}
	return mask;
}

/* ---- rows ---- */

static void read_kind(struct loading *l, const struct yaml_node *map, struct triage_row *row)
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
		fault(l, yaml_get(map, "kind"),
			"a kind is yes/no, number 0..10, temperature, choice or choices");
		return;
	}
	row->kind = TRIAGE_NUMBER;
	row->min = strtod(text + 7, NULL);
	row->max = strtod(dots + 2, NULL);
}

static void read_option(struct loading *l, const struct yaml_node *node, struct read_option *option)
{
	static const char *const allowed[] = {"label", "also", NULL};

	yaml_only(l->faults, node, allowed);
	option->id = node->key;
	option->label = read_needed(l, node, "label");
	option->also = yaml_texts(l->arena, l->faults, node, "also");
}

static void read_options(struct loading *l, const struct yaml_node *map, struct triage_row *row)
{
	const struct yaml_node *node = yaml_get(map, "options");
	bool is_choice = row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES;
	struct read_option *options;

	if (!node || !is_choice) {
		if (!node == is_choice) {
			fault(l, map, "options go with the kinds choice and choices");
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
			fault(l, o, "a question has at most 9 options");
			break;
		}
		read_option(l, o, &options[row->option_count++]);
	}
	row->options = options;
}

static struct triage_row *read_row(struct loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {"id", "fact", "again", "when", "ask", "brief", "said",
		"clearer", "kind", "options", "over", "level", "to", "settles", "skip", "private",
		"cues", "source", "screen", NULL};
	struct triage_row *row = arena_alloc(l->arena, sizeof *row);
	const char *over = yaml_text(l->faults, map, "over");
	const char *again = yaml_text(l->faults, map, "again");

	yaml_only(l->faults, map, allowed);
	row->id = read_needed(l, map, "id");
	row->ask = read_needed(l, map, "ask");
	row->brief = yaml_text(l->faults, map, "brief");
	row->said = yaml_text(l->faults, map, "said");
	row->clearer = yaml_text(l->faults, map, "clearer");
	row->source = yaml_text(l->faults, map, "source");
	row->cues = yaml_texts(l->arena, l->faults, map, "cues");
	row->has_level = read_level(l, map, &row->level);
	row->to = read_to(l, map);
	row->over = over ? strtod(over, NULL) : 0;
	row->again_days = again ? atoi(again) : 0;
	row->is_fact = read_flag(l, map, "fact");
	row->can_settle = read_flag(l, map, "settles");
	row->can_skip = read_flag(l, map, "skip");
	row->is_private = read_flag(l, map, "private");
	read_kind(l, map, row);
	read_options(l, map, row);
	row->brief = row->brief ? row->brief : row->ask;
	row->said = row->said ? row->said : row->brief;
	return row;
}

static size_t find_screen(const struct loading *l, const char *id)
{
	for (size_t i = 0; i < l->table->screen_count; i++) {
		if (strcmp(l->table->screens[i].id, id) == 0) {
			return i;
		}
	}
	return SIZE_MAX;
}

static struct triage_row *add_row(struct loading *l, const struct yaml_node *map, size_t screen)
{
	struct triage_row *row;

	if (screen == SIZE_MAX || l->counts[screen] == ROWS_MAX ||
		l->table->row_count == ROWS_MAX) {
		fault(l, map, "there is no such screen, or it has too many rows");
		return NULL;
	}
	row = read_row(l, map);
	for (size_t s = 0; s < l->table->screen_count; s++) {
		for (size_t i = 0; i < l->counts[s]; i++) {
			if (strcmp(l->row[s][i]->id, row->id) == 0) {
				fault(l, map, "another row has this id already");
			}
		}
	}
	row->screen = l->table->screens[screen].id;
	add_pending(l, map, "when", &row->when);
	l->row[screen][l->counts[screen]++] = row;
	l->table->row_count++;
	return row;
}

static void add_rows(struct loading *l, const struct yaml_node *list, const char *screen)
{
	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		add_row(l, r, find_screen(l, screen));
	}
}

/* ---- rules ---- */

static struct triage_rule *add_rule(struct loading *l, const struct yaml_node *map)
{
	struct triage_rule *rule = arena_alloc(l->arena, sizeof *rule);

	if (l->table->rule_count == RULES_MAX) {
		fault(l, map, "too many rules");
		return rule;
	}
	rule->id = read_needed(l, map, "id");
	if (!read_level(l, map, &rule->level)) {
		fault(l, map, "\"level\" is missing");
	}
	rule->why = yaml_text(l->faults, map, "why");
	rule->text = yaml_text(l->faults, map, "text");
	rule->source = yaml_text(l->faults, map, "source");
	rule->to = read_to(l, map);
	l->rule[l->table->rule_count++] = rule;
	return rule;
}

static void add_rules(struct loading *l, const struct yaml_node *list)
{
	static const char *const allowed[] = {
		"id", "if", "level", "why", "text", "to", "source", NULL};

	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		yaml_only(l->faults, r, allowed);
		read_needed(l, r, "if");
		add_pending(l, r, "if", &add_rule(l, r)->when);
	}
}

static void add_terms(struct loading *l, const struct yaml_node *list)
{
	static const char *const allowed[] = {"name", "is", NULL};

	for (const struct yaml_node *t = list ? list->first : NULL; t; t = t->next) {
		struct triage_term *term = &l->table->terms[l->table->term_count];

		if (l->table->term_count == TRIAGE_TERMS_MAX) {
			fault(l, t, "too many terms");
			return;
		}
		yaml_only(l->faults, t, allowed);
		term->name = read_needed(l, t, "name");
		read_needed(l, t, "is");
		add_pending(l, t, "is", &term->is);
		l->table->term_count++;
	}
}

/* ---- the files ---- */

static void read_screen(struct loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"id", "intro", "when", "always", "clearer", "last", "rows", NULL};
	struct triage_screen *s = &l->table->screens[l->table->screen_count];

	if (l->table->screen_count == TRIAGE_SCREENS_MAX) {
		fault(l, map, "too many screens");
		return;
	}
	yaml_only(l->faults, map, allowed);
	s->id = read_needed(l, map, "id");
	s->intro = yaml_text(l->faults, map, "intro");
	s->is_always = read_flag(l, map, "always");
	s->has_clearer = read_flag(l, map, "clearer");
	s->is_last = read_flag(l, map, "last");
	add_pending(l, map, "when", &s->when);
	l->table->screen_count++;
	add_rows(l, yaml_get(map, "rows"), s->id);
}

static void read_words(struct loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"none", "unsure", "all", "skip", "single", "joiners", "words", NULL};
	const char *const **const lists[] = {&l->table->words.none, &l->table->words.unsure,
		&l->table->words.all, &l->table->words.skip, &l->table->words.single,
		&l->table->words.joiners, &l->table->words.words};

	yaml_only(l->faults, map, allowed);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		*lists[i] = yaml_texts(l->arena, l->faults, map, allowed[i]);
		if (!*lists[i]) {
			yaml_fault(l->faults, 1, 1, "\"replies\" needs \"%s\"", allowed[i]);
		}
	}
}

static void read_screens(struct loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"replies", "screens", NULL};
	const struct yaml_node *list = yaml_get(root, "screens");

	yaml_only(l->faults, root, allowed);
	read_words(l, yaml_get(root, "replies"));
	for (const struct yaml_node *s = list ? list->first : NULL; s; s = s->next) {
		read_screen(l, s);
	}
}

static void read_profile(struct loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"facts", NULL};
	const struct yaml_node *list = yaml_get(root, "facts");

	yaml_only(l->faults, root, allowed);
	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		struct triage_row *row = add_row(l, r, 0);

		if (row) {
			row->is_fact = true;
			row->can_skip = true;
		}
	}
}

static void read_minors(struct loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"rows", "rules", NULL};

	yaml_only(l->faults, root, allowed);
	add_rows(l, yaml_get(root, "rows"), "M");
	add_rules(l, yaml_get(root, "rules"));
}

static void read_rules(struct loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"terms", "rules", NULL};

	yaml_only(l->faults, root, allowed);
	add_terms(l, yaml_get(root, "terms"));
	add_rules(l, yaml_get(root, "rules"));
}

static void default_when(
	struct loading *l, const struct yaml_node *at, const char *condition, struct expr **out)
{
	l->pending[l->pending_count++] = (struct pending){
		l->faults, at, arena_printf(l->arena, "has(p_dx, '%s')", condition), out};
}

/* The level of a condition counts when a doctor has named it. */
static void read_condition_rule(struct loading *l, const struct yaml_node *map, const char *id)
{
	struct triage_rule *rule = add_rule(l, map);

	rule->id = arena_printf(l->arena, "DX_%s", id);
	if (yaml_get(map, "when")) {
		add_pending(l, map, "when", &rule->when);
	} else {
		default_when(l, map, id, &rule->when);
	}
}

static void read_condition(struct loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"id", "name", "also", "asked", "when", "level", "to", "rows", "rules", NULL};
	const char *id = read_needed(l, map, "id"), *asked = yaml_text(l->faults, map, "asked");
	const struct yaml_node *rows = yaml_get(map, "rows");

	yaml_only(l->faults, map, allowed);
	if (!asked && l->condition_count < TRIAGE_PART_ROWS) {
		l->conditions[l->condition_count++] = (struct read_option){id,
			read_needed(l, map, "name"), yaml_texts(l->arena, l->faults, map, "also")};
	} else if (!asked) {
		fault(l, map, "at most 9 conditions can be asked in one message");
	}
	for (const struct yaml_node *r = rows ? rows->first : NULL; r; r = r->next) {
		struct triage_row *row = add_row(l, r, find_screen(l, read_needed(l, r, "screen")));

		if (row && !yaml_get(r, "when")) {
			default_when(l, r, id, &row->when);
		}
	}
	add_rules(l, yaml_get(map, "rules"));
	read_condition_rule(l, map, id);
}

static void read_conditions(struct loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"conditions", NULL};
	const struct yaml_node *list = yaml_get(root, "conditions");

	yaml_only(l->faults, root, allowed);
	for (const struct yaml_node *c = list ? list->first : NULL; c; c = c->next) {
		read_condition(l, c);
	}
}

/* ---- names and conditions ---- */

static void add_name(
	struct triage_table *t, const char *name, enum triage_name_kind kind, size_t index)
{
	t->names[t->name_count++] = (struct triage_name){name, kind, index};
}

static int compare_names(const void *a, const void *b)
{
	const struct triage_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Rows in order of screens, then all names that conditions may mention. */
static void settle_rows(struct loading *l)
{
	struct triage_table *t = l->table;
	size_t n = 0;

	t->rows = arena_alloc(l->arena, (t->row_count + 1) * sizeof *t->rows);
	t->names = arena_alloc(
		l->arena, (t->row_count + t->term_count + t->screen_count + 5) * sizeof *t->names);
	for (size_t s = 0; s < t->screen_count; s++) {
		t->screens[s].first = n;
		t->screens[s].count = l->counts[s];
		for (size_t i = 0; i < l->counts[s]; i++) {
			t->rows[n] = *l->row[s][i];
			if (t->rows[n].options == l->conditions) {
				struct read_option *copy =
					arena_alloc(l->arena, sizeof l->conditions);

				memcpy(copy, l->conditions, sizeof l->conditions);
				t->rows[n].options = copy;
				t->rows[n].option_count = l->condition_count;
			}
			add_name(t, t->rows[n].id, TRIAGE_NAME_ROW, n);
			n++;
		}
		add_name(t,
			arena_printf(l->arena, "%c%s_hits", t->screens[s].id[0] | 0x20,
				t->screens[s].id + 1),
			TRIAGE_NAME_HITS, s);
	}
	for (size_t i = 0; i < t->term_count; i++) {
		add_name(t, t->terms[i].name, TRIAGE_NAME_TERM, i);
	}
	add_name(t, "level", TRIAGE_NAME_LEVEL, 0);
	add_name(t, "soon_hits", TRIAGE_NAME_SOON, 0);
	add_name(t, "unsettled", TRIAGE_NAME_UNSETTLED, 0);
	add_name(t, "skipped", TRIAGE_NAME_SKIPPED, 0);
	qsort(t->names, t->name_count, sizeof *t->names, compare_names);
}

static enum value_type name_type(const struct triage_table *t, const struct triage_name *name)
{
	enum triage_kind kind;

	if (name->kind != TRIAGE_NAME_ROW) {
		return VALUE_NUMBER;
	}
	kind = t->rows[name->index].kind;
	return kind == TRIAGE_CHOICE || kind == TRIAGE_CHOICES ? VALUE_TEXT : VALUE_NUMBER;
}

static void prepare_conditions(struct loading *l)
{
	struct triage_table *t = l->table;
	struct expr_name *names = arena_alloc(l->arena, t->name_count * sizeof *names);

	for (size_t i = 0; i < t->name_count; i++) {
		names[i].name = t->names[i].name;
		names[i].type = name_type(t, &t->names[i]);
	}
	for (size_t i = 0; i < l->pending_count; i++) {
		struct pending *p = &l->pending[i];
		const char *error = NULL;

		*p->out = expr_prepare(l->engine, l->arena, p->text, names, t->name_count, &error);
		if (!*p->out) {
			yaml_fault(p->faults, p->node->line, p->node->column, "%s", error);
		}
	}
}

/* Rows moved into their array after their conditions were remembered: follow them. */
static void settle_rules(struct loading *l)
{
	struct triage_table *t = l->table;
	size_t n = 0;

	for (size_t s = 0; s < t->screen_count; s++) {
		for (size_t i = 0; i < l->counts[s]; i++) {
			t->rows[n++].when = l->row[s][i]->when;
		}
	}
	t->rules = arena_alloc(l->arena, (t->rule_count + 1) * sizeof *t->rules);
	for (size_t i = 0; i < t->rule_count; i++) {
		t->rules[i] = *l->rule[i];
	}
}

static void add_errors(struct loading *l, const char *text)
{
	buf_printf(&l->errors, "%s%s", l->errors.len > 0 ? "\n" : "", text);
}

/* FNV-1a over the sources: any changed word is another version. */
static void hash_file(struct loading *l, const char *path)
{
	struct buf source = {0};
	const char *error;

	if (buf_read_file(&source, path, 1 << 20, &error)) {
		for (size_t i = 0; i < source.len; i++) {
			l->hash = (l->hash ^ (unsigned char)source.data[i]) * 0x100000001b3ULL;
		}
	}
	buf_finish(&source);
}

static void check_rows(struct loading *l)
{
	const struct triage_table *t = l->table;

	if (triage_row_index(t, "p_age") == SIZE_MAX || find_screen(l, "A") == SIZE_MAX ||
		find_screen(l, "M") == SIZE_MAX) {
		add_errors(l, "triage: the row p_age and the screens A and M are needed");
	}
	for (size_t i = 0; i < t->row_count; i++) {
		size_t s = find_screen(l, t->rows[i].screen);

		if (t->screens[s].has_clearer && !t->rows[i].clearer) {
			add_errors(l, arena_printf(l->arena, "triage: row %s needs \"clearer\"",
					      t->rows[i].id));
		}
	}
}

static void read_files(struct loading *l, const char *dir)
{
	static const struct {
		const char *name;
		void (*read)(struct loading *, const struct yaml_node *);
	} files[] = {
		{"profile.yaml", read_profile},
		{"screens.yaml", read_screens},
		{"minors.yaml", read_minors},
		{"conditions.yaml", read_conditions},
		{"rules.yaml", read_rules},
	};
	enum { FILES = sizeof files / sizeof *files };
	struct yaml_faults *faults[FILES];
	const char *errors = NULL;

	for (size_t i = 0; i < FILES; i++) {
		const char *path = arena_printf(l->arena, "%s/%s", dir, files[i].name);
		struct yaml_node *root;

		l->faults = faults[i] = yaml_faults_create(l->arena, path);
		root = yaml_load(l->arena, path, l->faults);
		if (root) {
			files[i].read(l, root);
		}
		hash_file(l, path);
	}
	settle_rows(l);
	prepare_conditions(l);
	settle_rules(l);
	check_rows(l);
	for (size_t i = 0; i < FILES; i++) {
		if (yaml_fault_count(faults[i]) > 0) {
			add_errors(l, yaml_fault_text(faults[i]));
		}
	}
	l->table->numbers =
		numbers_load(l->arena, arena_printf(l->arena, "%s/numbers.yaml", dir), &errors);
	if (!l->table->numbers) {
		add_errors(l, errors);
	}
}

struct triage_table *triage_load(
	struct arena *arena, struct expr_engine *engine, const char *dir, const char **errors)
{
	struct loading *l = mem_alloc(1, sizeof *l);
	struct triage_table *table = arena_alloc(arena, sizeof *table);

	l->arena = arena;
	l->engine = engine;
	l->table = table;
	l->hash = 0xcbf29ce484222325ULL;
	table->screens[0] = (struct triage_screen){.id = "facts", .is_always = true};
	table->screen_count = 1;
	read_files(l, dir);
	snprintf(table->version, sizeof table->version, "%016llx", (unsigned long long)l->hash);
	if (l->errors.len > 0) {
		*errors = arena_strdup(arena, buf_text(&l->errors));
		triage_finish(table);
		table = NULL;
	}
	buf_finish(&l->errors);
	free(l);
	return table;
}

void triage_finish(struct triage_table *t)
{
	if (!t) {
		return;
	}
	for (size_t i = 0; i < t->screen_count; i++) {
		expr_destroy(t->screens[i].when);
	}
	for (size_t i = 0; i < t->term_count; i++) {
		expr_destroy(t->terms[i].is);
	}
	for (size_t i = 0; i < t->row_count; i++) {
		expr_destroy(t->rows[i].when);
	}
	for (size_t i = 0; i < t->rule_count; i++) {
		expr_destroy(t->rules[i].when);
	}
}
