/* All phrases of a language in one sorted table; each has a sense for every section of the file
 * that lists it. */
#include "flow/lexicon.h"

#include "base/text.h"
#include "flow/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 120, PHRASE_WORDS_MAX = 8 };

enum shape {
	SHAPE_PHRASES, /* [a, b] */
	SHAPE_NUMBERS, /* {a: 1} */
	SHAPE_GUESSES, /* {a: [1, 2]} */
	SHAPE_TIMES,   /* {a: "12:00"} */
	SHAPE_GROUPS,  /* {group: [a, b]} */
};

static const struct section {
	const char *key;
	enum shape shape;
} sections[LEX_CLASSES] = {
	[LEX_NUMBERS] = {"numbers", SHAPE_NUMBERS},
	[LEX_MULTIPLIERS] = {"multipliers", SHAPE_NUMBERS},
	[LEX_FRACTIONS] = {"fractions", SHAPE_NUMBERS},
	[LEX_AND] = {"and", SHAPE_PHRASES},
	[LEX_POINT] = {"point", SHAPE_PHRASES},
	[LEX_ORDINALS] = {"ordinals", SHAPE_NUMBERS},
	[LEX_ORDINAL_ENDINGS] = {"ordinal_endings", SHAPE_PHRASES},
	[LEX_PRONOUNS] = {"pronouns", SHAPE_PHRASES},
	[LEX_IDIOMS] = {"idioms", SHAPE_PHRASES},
	[LEX_ROMAN] = {"roman", SHAPE_NUMBERS},
	[LEX_REAL_WORDS] = {"real_words", SHAPE_PHRASES},
	[LEX_ARTICLES] = {"articles", SHAPE_PHRASES},
	[LEX_ABOUT] = {"about", SHAPE_PHRASES},
	[LEX_ABOUT_AFTER] = {"about_after", SHAPE_PHRASES},
	[LEX_OUT_OF] = {"out_of", SHAPE_PHRASES},
	[LEX_SCALE] = {"scale", SHAPE_PHRASES},
	[LEX_AM_PM] = {"am_pm", SHAPE_PHRASES},
	[LEX_EXTRA] = {"extra", SHAPE_PHRASES},
	[LEX_PERCENT] = {"percent", SHAPE_PHRASES},
	[LEX_POINTS] = {"points", SHAPE_PHRASES},
	[LEX_OR] = {"or", SHAPE_PHRASES},
	[LEX_TO] = {"to", SHAPE_PHRASES},
	[LEX_MAYBE] = {"maybe", SHAPE_PHRASES},
	[LEX_BETWEEN] = {"between", SHAPE_PHRASES},
	[LEX_FROM] = {"from", SHAPE_PHRASES},
	[LEX_MOVES] = {"moves", SHAPE_PHRASES},
	[LEX_MOVES_TO] = {"moves_to", SHAPE_PHRASES},
	[LEX_BOUNDS] = {"bounds", SHAPE_PHRASES},
	[LEX_NOT] = {"not", SHAPE_PHRASES},
	[LEX_WAS] = {"was", SHAPE_PHRASES},
	[LEX_PAST] = {"past", SHAPE_PHRASES},
	[LEX_NOW] = {"now", SHAPE_PHRASES},
	[LEX_MORE] = {"more", SHAPE_PHRASES},
	[LEX_THAN] = {"than", SHAPE_PHRASES},
	[LEX_CORRECTIONS] = {"corrections", SHAPE_PHRASES},
	[LEX_BREAKS] = {"breaks", SHAPE_PHRASES},
	[LEX_EXCEPT] = {"except", SHAPE_PHRASES},
	[LEX_AT] = {"at", SHAPE_PHRASES},
	[LEX_FOR] = {"for", SHAPE_PHRASES},
	[LEX_SINCE] = {"since", SHAPE_PHRASES},
	[LEX_EVENTS] = {"events", SHAPE_PHRASES},
	[LEX_COUNTED] = {"counted", SHAPE_PHRASES},
	[LEX_THINGS] = {"things", SHAPE_PHRASES},
	[LEX_VERTEBRAE] = {"vertebrae", SHAPE_PHRASES},
	[LEX_ASKING] = {"asking", SHAPE_PHRASES},
	[LEX_SAFE] = {"safe", SHAPE_PHRASES},
	[LEX_BODY] = {"body", SHAPE_PHRASES},
	[LEX_POLITE] = {"polite", SHAPE_PHRASES},
	[LEX_SUBJECTS] = {"subjects", SHAPE_GROUPS},
	[LEX_NOTHING] = {"nothing", SHAPE_GROUPS},
	[LEX_VAGUE] = {"vague", SHAPE_GUESSES},
	[LEX_YES] = {"yes", SHAPE_PHRASES},
	[LEX_PLAIN_YES] = {"plain_yes", SHAPE_PHRASES},
	[LEX_NO] = {"no", SHAPE_PHRASES},
	[LEX_UNSURE] = {"unsure", SHAPE_PHRASES},
	[LEX_HALF_YES] = {"half_yes", SHAPE_PHRASES},
	[LEX_HALF_NO] = {"half_no", SHAPE_PHRASES},
	[LEX_ALL_OF_THEM] = {"all_of_them", SHAPE_PHRASES},
	[LEX_NONE_OF_THEM] = {"none_of_them", SHAPE_PHRASES},
	[LEX_UNITS] = {"units", SHAPE_NUMBERS},
	[LEX_WHOLE_DAY] = {"whole_day", SHAPE_PHRASES},
	[LEX_VAGUE_LONG] = {"vague_long", SHAPE_GUESSES},
	[LEX_MORNING] = {"morning", SHAPE_PHRASES},
	[LEX_AFTERNOON] = {"afternoon", SHAPE_PHRASES},
	[LEX_EVENING] = {"evening", SHAPE_PHRASES},
	[LEX_NIGHT] = {"night", SHAPE_PHRASES},
	[LEX_OCLOCK] = {"oclock", SHAPE_PHRASES},
	[LEX_PAST_HOUR] = {"past_hour", SHAPE_PHRASES},
	[LEX_TO_HOUR] = {"to_hour", SHAPE_PHRASES},
	[LEX_TIMES] = {"times", SHAPE_TIMES},
	[LEX_VAGUE_TIMES] = {"vague_times", SHAPE_PHRASES},
	[LEX_MONTHS] = {"months", SHAPE_NUMBERS},
	[LEX_WEEKDAYS] = {"weekdays", SHAPE_NUMBERS},
	[LEX_DAYS] = {"days", SHAPE_NUMBERS},
	[LEX_LAST] = {"last", SHAPE_PHRASES},
	[LEX_NEXT] = {"next", SHAPE_PHRASES},
	[LEX_THIS] = {"this", SHAPE_PHRASES},
	[LEX_AGO] = {"ago", SHAPE_PHRASES},
	[LEX_IN] = {"in", SHAPE_PHRASES},
};

struct vocable {
	const char *word;
	bool is_target; /* a typo may be mended towards it */
};

struct lexicon {
	const char *lang;
	struct lex_entry *entries; /* sorted by key */
	size_t count, cap;
	struct vocable *vocabulary; /* sorted by word */
	size_t vocabulary_count;
	const char **targets; /* what a typo may be mended towards */
	size_t target_count;
	size_t longest; /* words of the longest phrase */
};

const char *lexicon_lang(const struct lexicon *lex)
{
	return lex->lang;
}

/* ---- loading ---- */

struct loader {
	struct arena *arena;
	struct lexicon *lex;
	struct yaml_faults *faults;
	struct arena *scratch; /* for one phrase */
};

static int compare_entries(const void *a, const void *b)
{
	const struct lex_entry *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static int compare_vocables(const void *a, const void *b)
{
	const struct vocable *x = a, *y = b;

	return strcmp(x->word, y->word);
}

/* The phrase as the words reader would see it in a reply; NULL when nothing is left. */
static const char *phrase_key(struct loader *l, const char *phrase, size_t *count)
{
	struct words words;
	char key[KEY_MAX];
	size_t len = 0;

	arena_reset(l->scratch);
	if (!words_read(l->scratch, phrase, &words) || !words.count ||
		words.count > PHRASE_WORDS_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < words.count; i++) {
		len += (size_t)snprintf(
			key + len, KEY_MAX - len, "%s%s", i ? " " : "", words.at[i].text);
		if (len >= KEY_MAX) {
			return NULL;
		}
	}
	*count = words.count;
	return arena_strndup(l->arena, key, len);
}

/* Entries are appended and merged once at the end, so that loading stays quick. */
static struct lex_sense *add_phrase(
	struct loader *l, const struct yaml_node *node, const char *phrase, enum lex_class class)
{
	struct lex_sense *sense = arena_alloc(l->arena, sizeof *sense);
	struct lexicon *lex = l->lex;
	size_t words;
	const char *key = phrase_key(l, phrase, &words);

	sense->class = class;
	sense->line = node->line;
	if (!key) {
		yaml_fault(l->faults, node->line, node->column,
			"\"%s\" is not a phrase of 1 to %d words", phrase, PHRASE_WORDS_MAX);
		return sense;
	}
	if (lex->count == lex->cap) {
		size_t cap = lex->cap ? lex->cap * 2 : 1024;
		struct lex_entry *more = arena_alloc(l->arena, cap * sizeof *more);

		if (lex->count) {
			memcpy(more, lex->entries, lex->count * sizeof *more);
		}
		lex->entries = more;
		lex->cap = cap;
	}
	lex->entries[lex->count++] = (struct lex_entry){key, words, sense};
	lex->longest = words > lex->longest ? words : lex->longest;
	return sense;
}

static bool parse_number(struct loader *l, const struct yaml_node *node, double *out)
{
	char *end = NULL;

	*out = node->kind == YAML_TEXT ? strtod(node->text, &end) : 0;
	if (!end || end == node->text || *end) {
		yaml_fault(l->faults, node->line, node->column, "a number is wanted here");
		return false;
	}
	return true;
}

static void load_guesses(struct loader *l, const struct yaml_node *node, struct lex_sense *sense)
{
	if (node->kind == YAML_TEXT) {
		sense->guess_count = parse_number(l, node, &sense->guesses[0]);
		return;
	}
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (sense->guess_count == READ_GUESSES) {
			yaml_fault(
				l->faults, c->line, c->column, "at most %d guesses", READ_GUESSES);
			return;
		}
		sense->guess_count += parse_number(l, c, &sense->guesses[sense->guess_count]);
	}
}

static void load_time(struct loader *l, const struct yaml_node *node, struct lex_sense *sense)
{
	int hour, minute;
	char extra;

	if (node->kind != YAML_TEXT ||
		sscanf(node->text, "%2d:%2d%c", &hour, &minute, &extra) != 2 || hour < 0 ||
		hour > 23 || minute < 0 || minute > 59) {
		yaml_fault(l->faults, node->line, node->column, "a time such as \"12:00\"");
		return;
	}
	sense->value = hour * 60 + minute;
}

static void load_group(struct loader *l, const struct yaml_node *group, enum lex_class class)
{
	if (group->kind != YAML_LIST) {
		yaml_fault(l->faults, group->line, group->column, "a list of phrases");
		return;
	}
	for (const struct yaml_node *c = group->first; c; c = c->next) {
		if (c->kind == YAML_TEXT) {
			add_phrase(l, c, c->text, class)->group = group->key;
		} else {
			yaml_fault(l->faults, c->line, c->column, "a phrase is wanted here");
		}
	}
}

static void load_section(struct loader *l, const struct yaml_node *node, enum lex_class class)
{
	enum shape shape = sections[class].shape;

	if (shape == SHAPE_PHRASES) {
		load_group(l, node, class);
		return;
	}
	if (node->kind != YAML_MAP) {
		yaml_fault(l->faults, node->line, node->column, "\"phrase: meaning\" lines");
		return;
	}
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (shape == SHAPE_GROUPS) {
			load_group(l, c, class);
		} else if (shape == SHAPE_NUMBERS) {
			parse_number(l, c, &add_phrase(l, c, c->key, class)->value);
		} else if (shape == SHAPE_GUESSES) {
			load_guesses(l, c, add_phrase(l, c, c->key, class));
		} else {
			load_time(l, c, add_phrase(l, c, c->key, class));
		}
	}
}

/* One entry for each key, with all its senses. */
static void merge_entries(struct loader *l)
{
	struct lexicon *lex = l->lex;
	size_t n = 0;

	if (!lex->count) {
		return;
	}
	qsort(lex->entries, lex->count, sizeof *lex->entries, compare_entries);
	for (size_t i = 0; i < lex->count; i++) {
		struct lex_entry *last = n ? &lex->entries[n - 1] : NULL;
		/* made by add_phrase() just now, and ours to link */
		struct lex_sense *sense = arena_alloc(l->arena, sizeof *sense);
		const struct lex_sense *twin;

		*sense = *lex->entries[i].senses;
		if (!last || strcmp(last->key, lex->entries[i].key) != 0) {
			lex->entries[n] = lex->entries[i];
			lex->entries[n++].senses = sense;
			continue;
		}
		twin = lex_sense(last, sense->class);
		if (twin && (!twin->group || !strcmp(twin->group, sense->group))) {
			int line = sense->line > twin->line ? sense->line : twin->line;

			yaml_fault(l->faults, line, 1, "\"%s\" stands twice in \"%s\" (line %d)",
				last->key, sections[sense->class].key,
				sense->line > twin->line ? twin->line : sense->line);
			continue;
		}
		sense->next = last->senses;
		last->senses = sense;
	}
	lex->count = n;
}

static void list_vocabulary(struct loader *l)
{
	struct lexicon *lex = l->lex;
	size_t n = 0, kept = 0;

	lex->vocabulary =
		arena_alloc(l->arena, (lex->count * lex->longest + 1) * sizeof *lex->vocabulary);
	for (size_t i = 0; i < lex->count; i++) {
		const struct lex_entry *e = &lex->entries[i];
		bool is_real = lex_sense(e, LEX_REAL_WORDS) && !e->senses->next;

		for (const char *p = e->key, *end; *p; p = *end ? end + 1 : end) {
			end = p + strcspn(p, " ");
			lex->vocabulary[n++] = (struct vocable){
				arena_strndup(l->arena, p, (size_t)(end - p)), !is_real};
		}
	}
	qsort(lex->vocabulary, n, sizeof *lex->vocabulary, compare_vocables);
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(lex->vocabulary[kept - 1].word, lex->vocabulary[i].word)) {
			lex->vocabulary[kept - 1].is_target |= lex->vocabulary[i].is_target;
		} else {
			lex->vocabulary[kept++] = lex->vocabulary[i];
		}
	}
	lex->vocabulary_count = kept;
	lex->targets = arena_alloc(l->arena, (kept + 1) * sizeof *lex->targets);
	for (size_t i = 0; i < kept; i++) {
		if (lex->vocabulary[i].is_target) {
			lex->targets[lex->target_count++] = lex->vocabulary[i].word;
		}
	}
}

static void load_root(struct loader *l, const struct yaml_node *root)
{
	const char *allowed[LEX_CLASSES + 2] = {"lang"};

	for (size_t i = 0; i < LEX_CLASSES; i++) {
		allowed[i + 1] = sections[i].key;
	}
	yaml_only(l->faults, root, allowed);
	l->lex->lang = yaml_text(l->faults, root, "lang");
	if (!l->lex->lang) {
		yaml_fault(l->faults, 1, 1, "\"lang: en\" (its own language) is missing");
	}
	for (size_t i = 0; i < LEX_CLASSES; i++) {
		const struct yaml_node *node = yaml_get(root, sections[i].key);

		if (node) {
			load_section(l, node, (enum lex_class)i);
		}
	}
	merge_entries(l);
	list_vocabulary(l);
}

struct lexicon *lexicon_load(struct arena *arena, const char *path, const char **error)
{
	struct loader l = {arena, arena_alloc(arena, sizeof *l.lex),
		yaml_faults_create(arena, path), arena_create()};
	const struct yaml_node *root = yaml_load(arena, path, l.faults);

	if (root) {
		load_root(&l, root);
	}
	arena_destroy(l.scratch);
	if (root && !l.lex->count) {
		yaml_fault(l.faults, 1, 1, "a lexicon without a word");
	}
	if (yaml_fault_count(l.faults)) {
		*error = yaml_fault_text(l.faults);
		return NULL;
	}
	return l.lex;
}

/* ---- finding ---- */

const struct lex_sense *lex_sense(const struct lex_entry *entry, enum lex_class class)
{
	for (const struct lex_sense *s = entry ? entry->senses : NULL; s; s = s->next) {
		if (s->class == class) {
			return s;
		}
	}
	return NULL;
}

static bool is_wanted(const struct lex_entry *entry, const struct lex_set *set)
{
	for (const struct lex_sense *s = entry->senses; s; s = s->next) {
		if (set->has[s->class]) {
			return true;
		}
	}
	return false;
}

const struct lex_entry *lexicon_find(const struct lexicon *lex, const struct lex_set *set,
	const struct word *words, size_t count)
{
	char key[KEY_MAX];
	size_t ends[PHRASE_WORDS_MAX], n = 0, len = 0;

	while (n < count && n < lex->longest && words[n].kind != WORD_CODE) {
		size_t more = strlen(words[n].text);

		if (len + more + 2 > KEY_MAX) {
			break;
		}
		if (n) {
			key[len++] = ' ';
		}
		memcpy(key + len, words[n].text, more);
		len += more;
		ends[n++] = len;
	}
	while (n--) {
		struct lex_entry wanted = {.key = key}, *found;

		key[ends[n]] = '\0';
		found = bsearch(&wanted, lex->entries, lex->count, sizeof wanted, compare_entries);
		if (found && is_wanted(found, set)) {
			return found;
		}
	}
	return NULL;
}

bool lexicon_knows(const struct lexicon *lex, const char *word)
{
	struct vocable wanted = {.word = word};

	return bsearch(&wanted, lex->vocabulary, lex->vocabulary_count, sizeof wanted,
		       compare_vocables) != NULL;
}

const struct lex_entry *lexicon_entry(const struct lexicon *lex, const char *key)
{
	struct lex_entry wanted = {.key = key};

	return bsearch(&wanted, lex->entries, lex->count, sizeof wanted, compare_entries);
}

const char *lexicon_vocable(const struct lexicon *lex, size_t i)
{
	return i < lex->target_count ? lex->targets[i] : NULL;
}
