/* A zone from what people call their place: a city, a country, "I'm in Lyon, France". The names
 * come from the zone tables; here only the place is found in the sentence. */
#include "flow/read_parts.h"

#include "base/text.h"
#include "base/zone.h"

#include <string.h>

enum { NAMES_MAX = 64, PLACE_WORDS_MAX = 5 };

struct found {
	const char *names[NAMES_MAX];
	size_t count;
};

static void search(struct found *f, const char *place)
{
	f->count = zone_search(place, f->names, NAMES_MAX);
	f->count = f->count > NAMES_MAX ? NAMES_MAX : f->count;
}

/* Keeps the zones of one country. */
static void keep_country(struct found *f, const char *iso)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++) {
		if (!strcmp(zone_country(f->names[i]), iso)) {
			f->names[n++] = f->names[i];
		}
	}
	f->count = n;
}

/* The reply's words again, from first on, as one name. */
static const char *place_of(struct reply *r, size_t first, size_t count)
{
	const char *place = "";

	for (size_t i = first; i < first + count; i++) {
		place = arena_printf(
			r->arena, "%s%s%s", place, i > first ? " " : "", r->words.at[i].text);
	}
	return place;
}

static bool is_letters(const struct reply *r, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		if (r->words.at[i].kind != WORD_LETTERS) {
			return false;
		}
	}
	return true;
}

/* A word of the language ("in", "me", "no") is no country code inside a sentence. */
static bool may_be_place(const struct reply *r, size_t first, size_t count)
{
	const char *word = r->words.at[first].text;

	return is_letters(r, first, count) &&
	       (count > 1 || (strlen(word) > 3 && !lexicon_knows(r->lex, word)));
}

/* The longest run of words that names a place; a country in the rest narrows it. */
static size_t find_place(struct reply *r, struct found *f, size_t *first_out)
{
	for (size_t count = PLACE_WORDS_MAX; count > 0; count--) {
		for (size_t i = 0; i + count <= r->words.count; i++) {
			if (!may_be_place(r, i, count)) {
				continue;
			}
			search(f, place_of(r, i, count));
			if (f->count) {
				*first_out = i;
				return count;
			}
		}
	}
	return 0;
}

/* Keeps the zones of a country that follows the place. False: it has no such place. */
static bool narrow(struct reply *r, struct found *f, size_t first, size_t count)
{
	bool fits = true;

	for (size_t i = first + count; i < r->words.count; i++) {
		for (size_t n = 3; n > 0; n--) {
			const char *iso = i + n <= r->words.count && is_letters(r, i, n)
						  ? zone_country_find(place_of(r, i, n))
						  : NULL;
			struct found kept = *f;

			if (iso) {
				keep_country(&kept, iso);
			}
			if (iso && kept.count) {
				*f = kept;
				return true;
			}
			fits = fits && !iso;
		}
	}
	return fits;
}

static bool has_not(const struct reply *r)
{
	static const struct lex_set negations = {.has = {[LEX_NOT] = true}};

	for (size_t i = 0; i < r->words.count; i++) {
		if (lexicon_find(r->lex, &negations, &r->words.at[i], r->words.count - i)) {
			return true;
		}
	}
	return false;
}

static void offer(struct reply *r, const struct found *f, const char *note)
{
	const char *home = r->q->zone ? zone_country(r->q->zone) : "";

	/* the person's own country first */
	for (int own = 1; own >= 0; own--) {
		for (size_t i = 0; i < f->count; i++) {
			bool is_own = *home && !strcmp(zone_country(f->names[i]), home);

			if (is_own == (own == 1)) {
				answer_guess(r->out, value_text(f->names[i]), note);
			}
		}
	}
}

/* Other places in the rest of the reply: "Berlin or Paris". */
static bool has_other_place(struct reply *r, size_t first, size_t count, struct found *f)
{
	bool found = false;

	for (size_t i = 0; i < r->words.count; i++) {
		struct found other;

		if ((i >= first && i < first + count) || !may_be_place(r, i, 1)) {
			continue;
		}
		search(&other, r->words.at[i].text);
		if (!other.count || zone_country_find(r->words.at[i].text)) {
			continue;
		}
		for (size_t k = 0; k < other.count && f->count < NAMES_MAX; k++) {
			bool known = false;

			for (size_t j = 0; j < f->count; j++) {
				known = known || !strcmp(f->names[j], other.names[k]);
			}
			if (!known) {
				f->names[f->count++] = other.names[k];
				found = true;
			}
		}
	}
	return found;
}

void read_zone(struct reply *r)
{
	const char *whole = text_trim(r->arena, r->text);
	size_t len = strlen(whole), first = 0, count = 0;
	bool is_clear;
	struct found f;

	while (len && strchr(".!?,", whole[len - 1])) {
		len--;
	}
	whole = arena_strndup(r->arena, whole, len);
	search(&f, whole);
	/* "no" is Norway, but rarely here */
	if (f.count && r->words.count == 1 && lexicon_knows(r->lex, r->words.at[0].text)) {
		offer(r, &f, "doubt");
		return;
	}
	if (!f.count) {
		count = find_place(r, &f, &first);
		is_clear = narrow(r, &f, first, count) && !has_not(r);
		if (count && (has_other_place(r, first, count, &f) || !is_clear)) {
			offer(r, &f, "several");
			return;
		}
	}
	if (f.count == 1) {
		answer_value(r->out, value_text(f.names[0]));
	} else {
		offer(r, &f, "several");
	}
}
