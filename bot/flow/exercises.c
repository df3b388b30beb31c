/* Reading prompts/exercises: words.yaml says for which places, times and needs there are
 * exercises, every other file is one exercise. Each field has a row in a table, so that what an
 * author may write, must write and gets told about is one list. */
#include "flow/exercises.h"

#include "base/buf.h"
#include "flow/text_list.h"
#include "flow/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 3, WORDS_MAX = 32, TEXT_MAX = 400 };

struct exercise_set {
	struct exercise_word words[KINDS][WORDS_MAX + 1];
	struct exercise *items;
	size_t count;
	struct text_list texts;
};

static const char *const kind_names[KINDS] = {"places", "times", "needs"};

static const struct {
	const char *name;
	unsigned bit;
} flags[] = {
	{"preg", EXERCISE_PREG},
	{"op", EXERCISE_OP},
	{"flex", EXERCISE_FLEX},
	{"ext", EXERCISE_EXT},
	{"hip", EXERCISE_HIP},
	{"knee", EXERCISE_KNEE},
	{"arm", EXERCISE_ARM},
	{"bp", EXERCISE_BP},
	{"abd", EXERCISE_ABD},
	{"bal", EXERCISE_BAL},
	{"morning", EXERCISE_MORNING},
	{"flare", EXERCISE_FLARE},
};

unsigned exercise_flag_find(const char *name)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (strcmp(flags[i].name, name) == 0) {
			return flags[i].bit;
		}
	}
	return 0;
}

/* ---- one exercise ---- */

struct loading {
	struct arena *arena;
	struct exercise_set *set;
	struct yaml_faults *faults; /* of the file at hand */
	struct buf errors;          /* of all files */
};

/* The texts of an exercise, all alike: key, where it goes, whether it may be missing, whether
 * people get to read it. */
static const struct {
	const char *key;
	size_t offset;
	bool is_optional, is_shown;
} texts[] = {
	{"exercise", offsetof(struct exercise, id), false, false},
	{"name", offsetof(struct exercise, name), false, true},
	{"group", offsetof(struct exercise, group), false, false},
	{"purpose", offsetof(struct exercise, purpose), false, true},
	{"start", offsetof(struct exercise, start), false, true},
	{"easier", offsetof(struct exercise, easier), false, true},
	{"harder", offsetof(struct exercise, harder), true, true},
	{"stop", offsetof(struct exercise, stop), false, true},
	{"feel", offsetof(struct exercise, feel), false, true},
	{"why", offsetof(struct exercise, why), false, true},
	{"source", offsetof(struct exercise, source), false, true},
	{"grade", offsetof(struct exercise, grade), false, true},
};

static const char *const keys[] = {"exercise", "name", "also", "group", "places", "times", "needs",
	"purpose", "start", "steps", "dose", "easier", "harder", "cautions", "stop", "feel", "why",
	"source", "grade", "morning_window", "flare", NULL};

static void read_texts(struct loading *l, const struct yaml_node *map, struct exercise *e)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text = yaml_text(l->faults, map, texts[i].key);
		const struct yaml_node *at = yaml_get(map, texts[i].key);

		memcpy((char *)e + texts[i].offset, &text, sizeof text);
		if (!text && !texts[i].is_optional && !at) {
			yaml_fault(l->faults, map->line, map->column, "\"%s\" is missing.",
				texts[i].key);
		} else if (text && strlen(text) > TEXT_MAX) {
			yaml_fault(l->faults, at->line, at->column,
				"This text has more than %d characters.", TEXT_MAX);
		}
	}
}

static const char *const *read_list(struct loading *l, const struct yaml_node *map, const char *key)
{
	static const char *const none[] = {NULL};
	const char *const *list = yaml_texts(l->arena, l->faults, map, key);

	return list ? list : none;
}

static void read_mask(
	struct loading *l, const struct yaml_node *map, enum exercise_kind kind, unsigned *out)
{
	const struct yaml_node *node = yaml_get(map, kind_names[kind]);
	const char *const *ids = read_list(l, map, kind_names[kind]);

	if (!ids[0]) {
		yaml_fault(
			l->faults, map->line, map->column, "\"%s\" is missing.", kind_names[kind]);
	}
	for (; *ids; ids++) {
		unsigned bit = exercises_bit(l->set, kind, *ids);

		if (!bit) {
			yaml_fault(l->faults, node->line, node->column,
				"\"%s\" is not one of the %s in words.yaml.", *ids,
				kind_names[kind]);
		}
		*out |= bit;
	}
}

static int read_number(struct loading *l, const struct yaml_node *map, const char *key, int max)
{
	const char *text = yaml_text(l->faults, map, key);
	const struct yaml_node *at = yaml_get(map, key);
	char *end;
	long n;

	if (!text) {
		return 0;
	}
	n = strtol(text, &end, 10);
	if (*end || end == text || n < 1 || n > max) {
		yaml_fault(l->faults, at->line, at->column,
			"\"%s\" is a whole number from 1 to %d.", key, max);
		return 0;
	}
	return (int)n;
}

static void read_dose(struct loading *l, const struct yaml_node *map, struct exercise *e)
{
	static const char *const dose_keys[] = {
		"words", "reps", "hold_s", "sides", "sets", "minutes", NULL};
	const struct yaml_node *dose = yaml_get(map, "dose");

	if (!dose || dose->kind != YAML_MAP) {
		yaml_fault(l->faults, map->line, map->column,
			"\"dose\" is missing: write {words: ..., reps: 8, hold_s: 3} or {words: "
			"..., minutes: 5}.");
		return;
	}
	yaml_only(l->faults, dose, dose_keys);
	e->dose_words = yaml_text(l->faults, dose, "words");
	e->dose.reps = read_number(l, dose, "reps", 50);
	e->dose.hold_s = read_number(l, dose, "hold_s", 120);
	e->dose.sides = read_number(l, dose, "sides", 2);
	e->dose.sets = read_number(l, dose, "sets", 5);
	e->dose.minutes = read_number(l, dose, "minutes", 60);
	if (!e->dose_words || !e->dose.reps == !e->dose.minutes) {
		yaml_fault(l->faults, dose->line, dose->column,
			"A dose needs \"words\" and either \"reps\" or \"minutes\".");
	}
}

/* ---- cautions ---- */

/* "flex ext" is both at once. */
static unsigned read_flags(struct loading *l, const struct yaml_node *node)
{
	char *words = arena_strdup(l->arena, node->key), *rest;
	unsigned mask = 0;

	for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
		unsigned bit = exercise_flag_find(w);

		if (!bit) {
			yaml_fault(l->faults, node->key_line, node->key_column,
				"\"%s\" is no flag: preg, op, flex, ext, hip, knee, arm, bp, abd, "
				"bal, morning, flare.",
				w);
		}
		mask |= bit;
	}
	return mask;
}

static struct exercise_caution read_change(struct loading *l, const struct yaml_node *node)
{
	static const char *const allowed[] = {"replace", NULL};
	struct exercise_caution c = {.change = EXERCISE_VARY, .text = node->text};

	if (node->kind == YAML_MAP) {
		yaml_only(l->faults, node, allowed);
		c.change = EXERCISE_REPLACE;
		c.by = yaml_text(l->faults, node, "replace");
	} else if (node->kind == YAML_TEXT && strcmp(node->text, "skip") == 0) {
		c.change = EXERCISE_SKIP;
		c.text = NULL;
	}
	if (node->kind == YAML_LIST || (node->kind == YAML_MAP && !c.by)) {
		yaml_fault(l->faults, node->line, node->column,
			"Write skip, {replace: id} or what to do instead.");
	}
	return c;
}

/* "yes" changes nothing, "no" skips, a text is what to do instead. */
static void read_hour(struct loading *l, const struct yaml_node *map, const char *key,
	const char *fallback, struct exercise *e, struct exercise_caution *out)
{
	const struct yaml_node *at = yaml_get(map, key);
	const char *text = yaml_text(l->faults, map, key);

	if (!at && !fallback) {
		yaml_fault(l->faults, map->line, map->column,
			"\"%s\" is missing: yes, no or what to do instead.", key);
	}
	text = text ? text : fallback;
	if (!text || strcmp(text, "yes") == 0) {
		return;
	}
	out->flags = strcmp(key, "flare") == 0 ? EXERCISE_FLARE : EXERCISE_MORNING;
	out->change = strcmp(text, "no") == 0 ? EXERCISE_SKIP : EXERCISE_VARY;
	out->text = out->change == EXERCISE_VARY ? text : NULL;
	e->caution_count++;
}

static void read_cautions(struct loading *l, const struct yaml_node *map, struct exercise *e)
{
	const struct yaml_node *cautions = yaml_get(map, "cautions");
	struct exercise_caution *list;
	size_t n = 2;

	for (const struct yaml_node *c = cautions ? cautions->first : NULL; c; c = c->next) {
		n++;
	}
	list = arena_alloc(l->arena, n * sizeof *list);
	e->cautions = list;
	if (cautions && cautions->kind != YAML_MAP) {
		yaml_fault(l->faults, cautions->line, cautions->column,
			"\"cautions\" is a list of flag: what to do instead.");
		return;
	}
	for (const struct yaml_node *c = cautions ? cautions->first : NULL; c; c = c->next) {
		list[e->caution_count] = read_change(l, c);
		list[e->caution_count++].flags = read_flags(l, c);
	}
	read_hour(l, map, "morning_window", NULL, e, &list[e->caution_count]);
	read_hour(l, map, "flare", "no", e, &list[e->caution_count]);
}

static void read_exercise(struct loading *l, const struct yaml_node *map, const char *file)
{
	struct exercise *e = &l->set->items[l->set->count];
	size_t len;

	yaml_only(l->faults, map, keys);
	read_texts(l, map, e);
	e->also = read_list(l, map, "also");
	e->steps = read_list(l, map, "steps");
	if (!e->steps[0]) {
		yaml_fault(l->faults, map->line, map->column, "\"steps\" is missing.");
	}
	read_mask(l, map, EXERCISE_PLACE, &e->places);
	read_mask(l, map, EXERCISE_TIME, &e->times);
	read_mask(l, map, EXERCISE_NEED, &e->needs);
	if (e->needs) {
		e->main_need = exercises_bit(l->set, EXERCISE_NEED, read_list(l, map, "needs")[0]);
	}
	read_dose(l, map, e);
	read_cautions(l, map, e);
	len = e->id ? strlen(e->id) : 0;
	if (e->id && (strncmp(file, e->id, len) != 0 || strcmp(file + len, ".yaml") != 0)) {
		yaml_fault(l->faults, map->line, map->column,
			"The file of \"%s\" is called %s.yaml.", e->id, e->id);
	}
	l->set->count++;
}

/* ---- words.yaml ---- */

static void read_words(struct loading *l, const struct yaml_node *map, enum exercise_kind kind)
{
	const struct yaml_node *words = yaml_get(map, kind_names[kind]);
	size_t n = 0;

	if (!words || words->kind != YAML_MAP) {
		yaml_fault(
			l->faults, map->line, map->column, "\"%s\" is missing.", kind_names[kind]);
		return;
	}
	for (const struct yaml_node *w = words->first; w; w = w->next) {
		if (n == WORDS_MAX) {
			yaml_fault(l->faults, w->line, w->column, "At most %d %s.", WORDS_MAX,
				kind_names[kind]);
			return;
		}
		l->set->words[kind][n++] = (struct exercise_word){
			.id = w->key,
			.cues = read_list(l, words, w->key),
		};
	}
}

static void read_word_file(struct loading *l, const struct yaml_node *map, const char *file)
{
	(void)file;
	yaml_only(l->faults, map, (const char *const[]){"places", "times", "needs", NULL});
	for (int kind = 0; kind < KINDS; kind++) {
		read_words(l, map, (enum exercise_kind)kind);
	}
}

/* ---- all texts ---- */

static void add_text(
	struct loading *l, const struct exercise *e, const char *field, const char *text)
{
	text_list_add(l->arena, &l->set->texts,
		arena_printf(l->arena, "exercise.%s.%s", e->id, field), text);
}

static void collect_texts(struct loading *l, const struct exercise *e)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text;

		memcpy(&text, (const char *)e + texts[i].offset, sizeof text);
		if (texts[i].is_shown) {
			add_text(l, e, texts[i].key, text);
		}
	}
	for (const char *const *step = e->steps; *step; step++) {
		add_text(l, e, "steps", *step);
	}
	add_text(l, e, "dose", e->dose_words);
	for (size_t i = 0; i < e->caution_count; i++) {
		add_text(l, e, "cautions", e->cautions[i].text);
	}
}

/* ---- the directory ---- */

static void load_file(struct loading *l, const char *dir, const char *file,
	void (*read)(struct loading *, const struct yaml_node *, const char *file))
{
	const char *path = arena_printf(l->arena, "%s/%s", dir, file);
	struct yaml_node *map;

	l->faults = yaml_faults_create(l->arena, path);
	map = yaml_load(l->arena, path, l->faults);
	if (map && map->kind == YAML_MAP) {
		read(l, map, file);
	} else if (yaml_fault_count(l->faults) == 0) {
		yaml_fault(l->faults, 1, 1, "An exercise file is a list of key: value.");
	}
	if (yaml_fault_count(l->faults) > 0) {
		buf_printf(
			&l->errors, "%s%s", l->errors.len ? "\n" : "", yaml_fault_text(l->faults));
	}
}

static int is_exercise_file(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return d->d_name[0] != '.' && len > 5 && strcmp(d->d_name + len - 5, ".yaml") == 0 &&
	       strcmp(d->d_name, "words.yaml") != 0;
}

/* A replacement must exist. */
static void check_replacements(struct loading *l, const char *dir)
{
	for (size_t i = 0; i < l->set->count; i++) {
		const struct exercise *e = &l->set->items[i];

		for (size_t c = 0; e->id && c < e->caution_count; c++) {
			const char *by = e->cautions[c].by;

			if (by && !exercises_find(l->set, by)) {
				buf_printf(&l->errors,
					"%s%s/%s.yaml:1:1: \"replace\" names \"%s\", and there is "
					"no such exercise.",
					l->errors.len ? "\n" : "", dir, e->id, by);
			}
		}
	}
}

static void load_directory(struct loading *l, const char *dir)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_exercise_file, alphasort);

	if (n < 0) {
		buf_printf(&l->errors, "%s:1:1: cannot be read: %s.", dir, strerror(errno));
		return;
	}
	load_file(l, dir, "words.yaml", read_word_file);
	l->set->items = arena_alloc(l->arena, ((size_t)n + 1) * sizeof *l->set->items);
	for (int i = 0; i < n; i++) {
		load_file(l, dir, names[i]->d_name, read_exercise);
		free(names[i]);
	}
	free(names);
	check_replacements(l, dir);
	for (size_t i = 0; l->errors.len == 0 && i < l->set->count; i++) {
		collect_texts(l, &l->set->items[i]);
	}
}

struct exercise_set *exercises_load(struct arena *arena, const char *dir, const char **errors)
{
	struct loading l = {.arena = arena, .set = arena_alloc(arena, sizeof *l.set)};

	load_directory(&l, dir);
	*errors = l.errors.len ? arena_strdup(arena, buf_text(&l.errors)) : NULL;
	buf_finish(&l.errors);
	return *errors ? NULL : l.set;
}

/* ---- looking up ---- */

const struct exercise *exercises_at(const struct exercise_set *set, size_t i)
{
	return i < set->count ? &set->items[i] : NULL;
}

const struct exercise *exercises_find(const struct exercise_set *set, const char *id)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->items[i].id && strcmp(set->items[i].id, id) == 0) {
			return &set->items[i];
		}
	}
	return NULL;
}

const char *exercises_text(const struct exercise_set *set, size_t i, const char **context_out)
{
	return text_list_at(&set->texts, i, context_out);
}

const struct exercise_word *exercises_word(
	const struct exercise_set *set, enum exercise_kind kind, size_t i)
{
	return i < WORDS_MAX && set->words[kind][i].id ? &set->words[kind][i] : NULL;
}

unsigned exercises_bit(const struct exercise_set *set, enum exercise_kind kind, const char *id)
{
	const struct exercise_word *w;

	for (size_t i = 0; (w = exercises_word(set, kind, i)); i++) {
		if (strcmp(w->id, id) == 0) {
			return 1U << i;
		}
	}
	return 0;
}
