/* Reading the triage table. The files are read in two rounds: first every screen and row, so that
 * all names are known; then the conditions, which may mention any of them. */
#include "flow/triage_read.h"

#include <stdlib.h>
#include <string.h>

/* ---- the files ---- */

static void read_screen(struct triage_loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"id", "intro", "when", "always", "clearer", "last", "rows", NULL};
	struct triage_screen *s = &l->table->screens[l->table->screen_count];

	if (l->table->screen_count == TRIAGE_SCREENS_MAX) {
		triage_read_fault(l, map, "too many screens");
		return;
	}
	yaml_only(l->faults, map, allowed);
	s->id = triage_read_needed(l, map, "id");
	s->intro = yaml_text(l->faults, map, "intro");
	s->is_always = triage_read_flag(l, map, "always");
	s->has_clearer = triage_read_flag(l, map, "clearer");
	s->is_last = triage_read_flag(l, map, "last");
	triage_read_when(l, map, "when", &s->when);
	l->table->screen_count++;
	triage_read_rows(l, yaml_get(map, "rows"), s->id);
}

static void read_words(struct triage_loading *l, const struct yaml_node *map)
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

static void read_screens(struct triage_loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"replies", "screens", NULL};
	const struct yaml_node *list = yaml_get(root, "screens");

	yaml_only(l->faults, root, allowed);
	read_words(l, yaml_get(root, "replies"));
	for (const struct yaml_node *s = list ? list->first : NULL; s; s = s->next) {
		read_screen(l, s);
	}
}

static void read_profile(struct triage_loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"facts", NULL};
	const struct yaml_node *list = yaml_get(root, "facts");

	yaml_only(l->faults, root, allowed);
	for (const struct yaml_node *r = list ? list->first : NULL; r; r = r->next) {
		struct triage_row *row = triage_read_row(l, r, 0);

		if (row) {
			row->is_fact = true;
			row->can_skip = true;
		}
	}
}

static void read_minors(struct triage_loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"rows", "rules", NULL};

	yaml_only(l->faults, root, allowed);
	triage_read_rows(l, yaml_get(root, "rows"), "M");
	triage_read_rules(l, yaml_get(root, "rules"));
}

static void read_rules(struct triage_loading *l, const struct yaml_node *root)
{
	static const char *const allowed[] = {"terms", "rules", NULL};

	yaml_only(l->faults, root, allowed);
	triage_read_terms(l, yaml_get(root, "terms"));
	triage_read_rules(l, yaml_get(root, "rules"));
}

static const char *condition_of(struct triage_loading *l, const char *id)
{
	return arena_printf(l->arena, "has(p_dx, '%s')", id);
}

/* The level of a condition counts when a doctor has named it. */
static void read_condition_rule(
	struct triage_loading *l, const struct yaml_node *map, const char *id)
{
	struct triage_rule *rule = triage_read_rule(l, map);

	rule->id = arena_printf(l->arena, "DX_%s", id);
	if (yaml_get(map, "when")) {
		triage_read_when(l, map, "when", &rule->when);
	} else {
		triage_read_later(l, map, condition_of(l, id), &rule->when);
	}
}

static void read_condition(struct triage_loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"id", "name", "also", "asked", "when", "level", "to", "rows", "rules", NULL};
	const char *id = triage_read_needed(l, map, "id"),
		   *asked = yaml_text(l->faults, map, "asked");
	const struct yaml_node *rows = yaml_get(map, "rows");

	yaml_only(l->faults, map, allowed);
	if (!asked && l->condition_count < TRIAGE_PART_ROWS) {
		l->conditions[l->condition_count++] =
			(struct read_option){id, triage_read_needed(l, map, "name"),
				yaml_texts(l->arena, l->faults, map, "also")};
	} else if (!asked) {
		triage_read_fault(l, map, "at most 9 conditions can be asked in one message");
	}
	for (const struct yaml_node *r = rows ? rows->first : NULL; r; r = r->next) {
		struct triage_row *row = triage_read_row(
			l, r, triage_read_screen(l, triage_read_needed(l, r, "screen")));

		if (row && !yaml_get(r, "when")) {
			triage_read_later(l, r, condition_of(l, id), &row->when);
		}
	}
	triage_read_rules(l, yaml_get(map, "rules"));
	read_condition_rule(l, map, id);
}

static void read_conditions(struct triage_loading *l, const struct yaml_node *root)
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
static void settle_rows(struct triage_loading *l)
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

static void prepare_conditions(struct triage_loading *l)
{
	struct triage_table *t = l->table;
	struct expr_name *names = arena_alloc(l->arena, t->name_count * sizeof *names);

	for (size_t i = 0; i < t->name_count; i++) {
		names[i].name = t->names[i].name;
		names[i].type = name_type(t, &t->names[i]);
	}
	for (size_t i = 0; i < l->pending_count; i++) {
		struct triage_pending *p = &l->pending[i];
		const char *error = NULL;

		*p->out = expr_prepare(l->engine, l->arena, p->text, names, t->name_count, &error);
		if (!*p->out) {
			yaml_fault(p->faults, p->node->line, p->node->column, "%s", error);
		}
	}
}

/* Rows moved into their array after their conditions were remembered: follow them. */
static void settle_rules(struct triage_loading *l)
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

static void add_errors(struct triage_loading *l, const char *text)
{
	buf_printf(&l->errors, "%s%s", l->errors.len > 0 ? "\n" : "", text);
}

/* Any changed word is another version. */
static void hash_file(struct triage_loading *l, const char *path)
{
	struct buf source = {0};
	const char *error;

	if (buf_read_file(&source, path, 1 << 20, &error)) {
		l->hash = hash_add(l->hash, source.data, source.len);
	}
	buf_finish(&source);
}

static void check_rows(struct triage_loading *l)
{
	const struct triage_table *t = l->table;

	if (triage_row_index(t, "p_age") == SIZE_MAX || triage_read_screen(l, "A") == SIZE_MAX ||
		triage_read_screen(l, "M") == SIZE_MAX) {
		add_errors(l, "triage: the row p_age and the screens A and M are needed");
	}
	for (size_t i = 0; i < t->row_count; i++) {
		size_t s = triage_read_screen(l, t->rows[i].screen);

		if (t->screens[s].has_clearer && !t->rows[i].clearer) {
			add_errors(l, arena_printf(l->arena, "triage: row %s needs \"clearer\"",
					      t->rows[i].id));
		}
	}
}

static void read_files(struct triage_loading *l, const char *dir)
{
	static const struct {
		const char *name;
		void (*read)(struct triage_loading *, const struct yaml_node *);
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
	struct triage_loading *l = mem_alloc(1, sizeof *l);
	struct triage_table *table = arena_alloc(arena, sizeof *table);

	l->arena = arena;
	l->engine = engine;
	l->table = table;
	l->hash = hash_begin();
	table->screens[0] = (struct triage_screen){.id = "facts", .is_always = true};
	table->screen_count = 1;
	read_files(l, dir);
	hash_write(l->hash, table->version);
	if (l->errors.len > 0) {
		*errors = arena_strdup(arena, buf_text(&l->errors));
		triage_finish(table);
		table = NULL;
	} else {
		triage_collect_texts(l);
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
