/* Reading the alarm words: first the text of all phrases is cut into words, so that the vocabulary
 * is known; then phrases become lists of word numbers. */
#include "flow/alarm_table.h"

#include "base/buf.h"
#include "flow/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { VOCABULARY_MAX = 8000 };

struct loading {
	struct arena *arena;
	struct yaml_faults *faults;
	struct alarm_table *table;
	const struct yaml_node *node; /* at hand, for faults */
};

static void fault(struct loading *l, const char *what, const char *word)
{
	yaml_fault(l->faults, l->node->line, l->node->column, "%s: \"%s\"", what, word);
}

/* ---- the vocabulary ---- */

static int compare_words(const void *a, const void *b)
{
	const struct alarm_vocabulary_word *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c & 0x80) != 0 || (c >= '0' && c <= '9');
}

/* Adds every word that stands in a text of the file; what is inside <> names a set. */
static void add_text(struct loading *l, const char *text, bool is_filler, bool is_sign, bool plain)
{
	struct alarm_table *t = l->table;

	for (const char *p = text; *p;) {
		size_t n = 0;

		if (*p == '<') {
			p += strcspn(p, ">");
			continue;
		}
		while (is_letter(p[n]) ||
			(n > 0 && p[n] == '/' && p[n - 1] >= '0' && p[n - 1] <= '9' &&
				p[n + 1] >= '0' && p[n + 1] <= '9')) {
			n++;
		}
		if (n > 0 && t->word_count < VOCABULARY_MAX) {
			t->words[t->word_count++] = (struct alarm_vocabulary_word){
				.text = arena_strndup(l->arena, p, n),
				.number = -1,
				.is_filler = is_filler,
				.is_sign = is_sign,
				.is_ordinary = plain,
				.len = n,
			};
		}
		p += n > 0 ? n : 1;
	}
}

static void add_node(
	struct loading *l, const struct yaml_node *node, bool is_filler, bool is_sign, bool plain)
{
	if (!node) {
		return;
	}
	if (node->kind == YAML_TEXT) {
		add_text(l, node->text, is_filler, is_sign, plain);
	}
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		add_node(l, c, is_filler, is_sign, plain);
	}
}

/* Words that occur more than once become one. An ordinary word is not one for the phrases that
 * name it, so exact matches stay; it only is no typo of another. */
static void merge_words(struct alarm_table *t)
{
	size_t n = 0;

	qsort(t->words, t->word_count, sizeof *t->words, compare_words);
	for (size_t i = 0; i < t->word_count; i++) {
		struct alarm_vocabulary_word *w = &t->words[i];

		if (n > 0 && strcmp(t->words[n - 1].text, w->text) == 0) {
			t->words[n - 1].is_filler |= w->is_filler;
			t->words[n - 1].is_sign |= w->is_sign;
			t->words[n - 1].is_ordinary &= w->is_ordinary;
		} else {
			t->words[n++] = *w;
		}
	}
	t->word_count = n;
}

static void read_numbers(struct loading *l, const struct yaml_node *map)
{
	for (const struct yaml_node *n = map ? map->first : NULL; n; n = n->next) {
		size_t id = n->key ? alarm_word_find(l->table, n->key) : SIZE_MAX;

		if (id != SIZE_MAX && n->kind == YAML_TEXT) {
			l->table->words[id].number = strtod(n->text, NULL);
		}
	}
}

static void read_vocabulary(struct loading *l, const struct yaml_node *root)
{
	struct alarm_table *t = l->table;
	const struct yaml_node *numbers = yaml_get(root, "numbers");

	t->words = arena_alloc(l->arena, VOCABULARY_MAX * sizeof *t->words);
	add_node(l, yaml_get(root, "fillers"), true, false, false);
	add_node(l, yaml_get(root, "sets"), false, false, false);
	for (const struct yaml_node *f = yaml_get(root, "families")->first; f; f = f->next) {
		add_node(l, yaml_get(f, "own"), false, false, false);
		for (const struct yaml_node *g = yaml_get(f, "any") ? yaml_get(f, "any")->first
								    : NULL;
			g; g = g->next) {
			add_node(l, yaml_get(g, "any"), false, false, false);
		}
	}
	add_node(l, yaml_get(root, "guards"), false, false, false);
	add_node(l, yaml_get(root, "vocabulary"), false, true, false);
	add_node(l, yaml_get(root, "ordinary"), false, false, true);
	for (const struct yaml_node *n = numbers ? numbers->first : NULL; n; n = n->next) {
		add_text(l, n->key ? n->key : "", false, false, false);
	}
	if (t->word_count == VOCABULARY_MAX) {
		yaml_fault(l->faults, 1, 1, "too many words");
	}
	merge_words(t);
	read_numbers(l, numbers);
}

/* ---- phrases ---- */

/* "a/b/c": any of these words. */
static void read_word(struct loading *l, const char *text, struct alarm_element *e)
{
	uint16_t *ids = arena_alloc(l->arena, (strlen(text) + 1) * sizeof *ids);
	char *copy = arena_strdup(l->arena, text), *save = NULL;

	/* "10/10" is one word. */
	const char *marks = alarm_word_find(l->table, text) != SIZE_MAX ? "" : "/";

	e->kind = ALARM_WORD;
	for (char *w = strtok_r(copy, marks, &save); w; w = strtok_r(NULL, marks, &save)) {
		size_t id = alarm_word_find(l->table, w);

		if (id == SIZE_MAX) {
			fault(l, "a word has lower-case letters and no marks", w);
		} else {
			ids[e->count++] = (uint16_t)id;
		}
	}
	e->ids = ids;
}

/* "<cant>" or "<10-99>" */
static void read_named(struct loading *l, const char *text, struct alarm_element *e)
{
	const char *name = arena_strndup(l->arena, text + 1, strlen(text) - 2);
	const char *dash = strchr(name, '-');

	if (name[0] >= '0' && name[0] <= '9' && dash) {
		e->kind = ALARM_NUMBER;
		e->min = strtod(name, NULL);
		e->max = strtod(dash + 1, NULL);
		return;
	}
	e->kind = ALARM_SET;
	for (e->set = 0; e->set < l->table->set_count; e->set++) {
		if (strcmp(l->table->sets[e->set].name, name) == 0) {
			return;
		}
	}
	e->set = 0;
	fault(l, "there is no such set", name);
}

static void read_element(struct loading *l, char *text, struct alarm_element *e)
{
	size_t len = strlen(text);

	if (text[0] == '[' && text[len - 1] == ']') {
		e->is_optional = true;
		text[len - 1] = '\0';
		text++;
		len -= 2;
	}
	if (strcmp(text, "..") == 0) {
		e->kind = ALARM_GAP;
	} else if (text[0] == '<' && text[len - 1] == '>') {
		read_named(l, text, e);
	} else {
		read_word(l, text, e);
	}
}

static void read_phrase(struct loading *l, const char *text, struct alarm_phrase *out)
{
	char *copy = arena_strdup(l->arena, text), *save = NULL;

	*out = (struct alarm_phrase){0};
	out->elements = arena_alloc(l->arena, (strlen(text) / 2 + 2) * sizeof *out->elements);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		read_element(l, w, &out->elements[out->count++]);
	}
	if (out->count == 0 || out->elements[0].kind == ALARM_GAP ||
		out->elements[out->count - 1].kind == ALARM_GAP) {
		fault(l, "a phrase begins and ends with a word", text);
		out->count = 0;
	}
}

static void read_phrases(struct loading *l, const struct yaml_node *list, struct alarm_phrases *out)
{
	size_t n = 0;

	for (const struct yaml_node *c = list ? list->first : NULL; c; c = c->next) {
		n++;
	}
	out->items = arena_alloc(l->arena, (n + 1) * sizeof *out->items);
	for (const struct yaml_node *c = list ? list->first : NULL; c; c = c->next) {
		l->node = c;
		if (c->kind == YAML_TEXT) {
			read_phrase(l, c->text, &out->items[out->count++]);
		} else {
			fault(l, "a phrase is wanted here, in quotes if need be", "");
		}
	}
}

/* Adds the words that an element may match. */
static void add_first(const struct alarm_table *t, const struct alarm_element *e, uint8_t *first)
{
	if (e->kind == ALARM_SET) {
		for (size_t i = 0; i < (t->word_count + 7) / 8; i++) {
			first[i] |= t->sets[e->set].first[i];
		}
	}
	for (size_t i = 0; e->kind == ALARM_WORD && i < e->count; i++) {
		first[e->ids[i] / 8] |= (uint8_t)(1 << e->ids[i] % 8);
	}
}

static void read_sets(struct loading *l, const struct yaml_node *map)
{
	struct alarm_table *t = l->table;

	for (const struct yaml_node *s = map ? map->first : NULL; s; s = s->next) {
		struct alarm_set *set = &t->sets[t->set_count];

		l->node = s;
		if (t->set_count == ALARM_SETS_MAX) {
			fault(l, "too many sets", s->key);
			return;
		}
		set->name = s->key;
		set->first = arena_alloc(l->arena, t->word_count / 8 + 1);
		read_phrases(l, s, &set->phrases);
		for (size_t i = 0; i < set->phrases.count; i++) {
			if (set->phrases.items[i].count > 0) {
				add_first(t, &set->phrases.items[i].elements[0], set->first);
			}
		}
		t->set_count++;
	}
}

/* ---- families ---- */

static void read_pattern(struct loading *l, const char *text, struct alarm_pattern *out)
{
	char *copy = arena_strdup(l->arena, text), *save = NULL;
	const struct alarm_element *e;

	for (char *p = strtok_r(copy, "&", &save); p; p = strtok_r(NULL, "&", &save)) {
		if (out->count == ALARM_PARTS_MAX) {
			fault(l, "at most 4 parts can be joined by &", text);
			return;
		}
		read_phrase(l, p, &out->parts[out->count++]);
	}
	e = out->count > 0 && out->parts[0].count > 0 ? &out->parts[0].elements[0] : NULL;
	if (e && (e->kind == ALARM_WORD || e->kind == ALARM_SET) && !e->is_optional) {
		out->first = arena_alloc(l->arena, l->table->word_count / 8 + 1);
		add_first(l->table, e, out->first);
	}
}

static bool read_yes(struct loading *l, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(l->faults, map, key);

	return text && strcmp(text, "yes") == 0;
}

static void read_group(
	struct loading *l, const struct yaml_node *map, const char *row, struct alarm_group *out)
{
	static const char *const allowed[] = {"level", "row", "effort", "asks_harm", "any", NULL};
	const char *level = yaml_text(l->faults, map, "level");
	const char *own_row = yaml_text(l->faults, map, "row");
	const struct yaml_node *list = yaml_get(map, "any");
	size_t n = 0;

	yaml_only(l->faults, map, allowed);
	l->node = map;
	out->verdict = level && strcmp(level, "SCREEN") == 0 ? ALARM_SCREEN : ALARM_HIT;
	if (out->verdict == ALARM_HIT && (!level || !triage_level_find(level, &out->level))) {
		fault(l, "level is EMERGENCY, URGENT or SCREEN", level ? level : "");
	}
	out->row = own_row ? own_row : row;
	if (out->row && strcmp(out->row, "none") == 0) {
		out->row = NULL;
	}
	out->is_effort = read_yes(l, map, "effort");
	out->asks_harm = read_yes(l, map, "asks_harm");
	for (const struct yaml_node *c = list ? list->first : NULL; c; c = c->next) {
		n++;
	}
	out->patterns = arena_alloc(l->arena, (n + 1) * sizeof *out->patterns);
	for (const struct yaml_node *c = list ? list->first : NULL; c; c = c->next) {
		l->node = c;
		read_pattern(l, c->kind == YAML_TEXT ? c->text : "", &out->patterns[out->count++]);
	}
}

static void read_to(struct loading *l, const struct yaml_node *map, struct alarm_family *f)
{
	const char *const *to = yaml_texts(l->arena, l->faults, map, "to");

	for (; to && *to; to++) {
		unsigned bit = triage_to_find(*to);

		if (!bit) {
			fault(l, "to is pharmacist, maternity, crisis or doctor", *to);
		}
		f->to |= bit;
	}
	f->is_crisis = f->to & TRIAGE_TO_CRISIS;
}

static void read_family(struct loading *l, const struct yaml_node *map)
{
	static const char *const allowed[] = {
		"id", "about", "row", "to", "private", "asks_harm", "own", "any", NULL};
	struct alarm_table *t = l->table;
	struct alarm_family *f = &t->families[t->family_count];
	const struct yaml_node *groups = yaml_get(map, "any");

	l->node = map;
	yaml_only(l->faults, map, allowed);
	if (t->family_count == ALARM_FAMILIES_MAX) {
		fault(l, "too many families", "");
		return;
	}
	f->id = yaml_text(l->faults, map, "id");
	f->id = f->id ? f->id : "";
	f->is_private = read_yes(l, map, "private");
	read_to(l, map, f);
	read_phrases(l, yaml_get(map, "own"), &f->own);
	for (const struct yaml_node *g = groups ? groups->first : NULL; g; g = g->next) {
		if (f->group_count == ALARM_GROUPS_MAX) {
			fault(l, "too many groups", f->id);
			break;
		}
		read_group(l, g, yaml_text(l->faults, map, "row"), &f->groups[f->group_count]);
		f->groups[f->group_count++].asks_harm |= read_yes(l, map, "asks_harm");
	}
	t->family_count++;
}

static void read_guards(struct loading *l, const struct yaml_node *map)
{
	static const char *const names[] = {
		[ALARM_BREAKS] = "breaks",
		[ALARM_JOINERS] = "joiners",
		[ALARM_SUBJECTS] = "subjects",
		[ALARM_NEGATORS] = "negators",
		[ALARM_LIGHT] = "light",
		[ALARM_OR] = "or",
		[ALARM_UNABLE] = "unable",
		[ALARM_PAST] = "past",
		[ALARM_NOW] = "now",
		[ALARM_IDIOMS] = "idioms",
		[ALARM_MISHAPS] = "mishaps",
		[ALARM_OTHERS] = "others",
		[ALARM_REPORTS] = "reports",
		[ALARM_SELF] = "self",
		[ALARM_PRESENT] = "present",
		[ALARM_OPENERS] = "openers",
		[ALARM_CONDITIONALS] = "conditionals",
		[ALARM_OTHER_USE] = "other_use",
		[ALARM_EFFORTS] = "efforts",
		[ALARM_LASTING] = "lasting",
		[ALARM_LISTS] = NULL,
	};

	yaml_only(l->faults, map, names);
	for (size_t i = 0; i < ALARM_LISTS; i++) {
		if (!yaml_get(map, names[i])) {
			yaml_fault(l->faults, 1, 1, "\"guards\" needs \"%s\"", names[i]);
		}
		read_phrases(l, yaml_get(map, names[i]), &l->table->lists[i]);
	}
}

struct alarm_table *alarm_load(struct arena *arena, const char *path, const char **errors)
{
	static const char *const allowed[] = {
		"fillers", "numbers", "sets", "families", "guards", "vocabulary", "ordinary", NULL};
	struct loading l = {.arena = arena, .faults = yaml_faults_create(arena, path)};
	struct yaml_node *root = yaml_load(arena, path, l.faults);
	const struct yaml_node *families = yaml_get(root, "families");

	l.table = arena_alloc(arena, sizeof *l.table);
	if (root && families) {
		yaml_only(l.faults, root, allowed);
		read_vocabulary(&l, root);
		read_sets(&l, yaml_get(root, "sets"));
		read_guards(&l, yaml_get(root, "guards"));
		for (const struct yaml_node *f = families->first; f; f = f->next) {
			read_family(&l, f);
		}
	} else if (root) {
		yaml_fault(l.faults, 1, 1, "\"families\" is missing");
	}
	if (yaml_fault_count(l.faults) > 0) {
		*errors = yaml_fault_text(l.faults);
		return NULL;
	}
	return l.table;
}

const char *alarm_family_at(const struct alarm_table *t, size_t i)
{
	return i < t->family_count ? t->families[i].id : NULL;
}

const char *alarm_row_at(const struct alarm_table *t, size_t i)
{
	for (size_t f = 0; f < t->family_count; f++) {
		for (size_t g = 0; g < t->families[f].group_count; g++) {
			const char *row = t->families[f].groups[g].row;

			if (row && i-- == 0) {
				return row;
			}
		}
	}
	return NULL;
}
