/* Pain noted at any time in a person's own words: "6/10 after gardening", "left hip 4 this
 * morning", "it was 7 yesterday evening", and corrections: "4 not 7", "i meant 4". A number is
 * only taken when the words around it say that it is pain; with two readings the flow asks. */
#include "bot/handler.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { PAIN_MAX = 10, SHORT_WORDS = 9, BARE_WORDS = 2, TAG_MAX = 40, CORRECT_HOURS = 36 };

/* ---- when it was ---- */

static const struct {
	const char *words;
	int day; /* from today */
	enum day_part part;
} moments[] = {
	{"yesterday morning", -1, PART_MORNING},
	{"yesterday evening", -1, PART_EVENING},
	{"yesterday night", -1, PART_EVENING},
	{"yesterday afternoon", -1, PART_DAY},
	{"yesterday at noon", -1, PART_DAY},
	{"last evening", -1, PART_EVENING},
	{"last night", -1, PART_EVENING},
	{"this morning", 0, PART_MORNING},
	{"on waking", 0, PART_MORNING},
	{"when i woke up", 0, PART_MORNING},
	{"when i woke", 0, PART_MORNING},
	{"at noon", 0, PART_DAY},
	{"this afternoon", 0, PART_DAY},
	{"this evening", 0, PART_EVENING},
	{"tonight", 0, PART_EVENING},
	{"yesterday", -1, PART_DAY},
};

struct note {
	double pain;
	bool is_approximate;
	int64_t day;
	enum day_part part;
	const char *moment; /* as said, or NULL: now */
	const char *tag, *place, *side;
};

/* The text without the moment, so that the rest can be read as if said about now. */
static const char *take_moment(struct turn *t, const char *text, struct note *note)
{
	note->part = turn_part(t);
	note->day = turn_today(t) - (note->part == PART_NIGHT); /* the day that they feel in */
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		const char *at = strcasestr(text, moments[i].words);

		if (at) {
			note->day = moments[i].day ? turn_today(t) + moments[i].day : note->day;
			note->part = moments[i].part;
			note->moment = moments[i].words;
			return arena_printf(turn_arena(t), "%.*s %s", (int)(at - text), text,
				at + strlen(moments[i].words));
		}
	}
	return text;
}

/* ---- what came before it ---- */

/* "after gardening", at most a few words, ended by punctuation. */
static const char *take_tag(struct turn *t, const char *text, struct note *note)
{
	static const char *const marks[] = {" after ", " because of ", " since ", " from "};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = strcasestr(text, marks[i]), *from, *p;

		if (!at) {
			continue;
		}
		from = at + strlen(marks[i]);
		for (p = from; *p && !strchr(".,;!?\n", *p); p++) {
			if (isdigit((unsigned char)*p)) {
				return text; /* "6 after 20 minutes": nothing to name */
			}
		}
		if (p > from && p - from <= TAG_MAX) {
			note->tag = text_trim(turn_arena(t),
				arena_strndup(turn_arena(t), from, (size_t)(p - from)));
			return arena_printf(turn_arena(t), "%.*s%s", (int)(at - text), text, p);
		}
	}
	return text;
}

/* ---- where it is ---- */

struct word {
	const char *id;
	const char *const *cues;
};

static const struct word places[] = {
	{"low back", (const char *const[]){"lower back", "low back", "lumbar", NULL}},
	{"upper back", (const char *const[]){"upper back", "shoulder blade", NULL}},
	{"hip", (const char *const[]){"hip", "hips", NULL}},
	{"buttock", (const char *const[]){"buttock", "bottom", "glute", NULL}},
	{"leg", (const char *const[]){"leg", "legs", "thigh", "calf", "foot", NULL}},
	{"neck", (const char *const[]){"neck", NULL}},
	{"groin", (const char *const[]){"groin", NULL}},
	{NULL, NULL},
};
static const struct word sides[] = {
	{"both", (const char *const[]){"both sides", "both", NULL}},
	{"left", (const char *const[]){"left", NULL}},
	{"right", (const char *const[]){"right", NULL}},
	{NULL, NULL},
};

static const struct word hurts[] = {
	{"pain", (const char *const[]){"pain", "hurt", "hurts", "hurting", "sore", "ache", NULL}},
	{NULL, NULL},
};

static const char *find_word(struct turn *t, const char *text, const struct word *words)
{
	for (; words->id; words++) {
		if (read_has_cue(turn_arena(t), turn_lexicon(t), text, words->cues)) {
			return words->id;
		}
	}
	return NULL;
}

/* ---- reading ---- */

static enum read_result read_pain(
	struct turn *t, const char *text, bool in_answer, struct reading *out)
{
	struct read_question q = {
		.type = READ_SCALE,
		.max = PAIN_MAX,
		.subject = "pain",
		.today = turn_today(t),
		.now_min = turn_minute(t),
		.in_answer = in_answer,
	};

	read_reply(turn_arena(t), turn_lexicon(t), &q, text, out);
	return out->result;
}

/* "it was 7" is a question to ask back, unless the moment has been named. */
static void accept_past(const struct note *note, struct reading *reading)
{
	if (note->moment && reading->result == READ_ASK && reading->guess_count == 1 &&
		reading->guess[0].type == VALUE_NUMBER) {
		reading->result = READ_VALUE;
		reading->value = reading->guess[0];
	}
}

/* A bare number counts only beside a place or a moment, and in a short message. */
static bool read_note(struct turn *t, const char *text, struct note *note, struct reading *reading)
{
	const char *rest = take_moment(t, text, note);
	bool is_about_pain;

	rest = take_tag(t, rest, note);
	note->place = find_word(t, rest, places);
	note->side = find_word(t, rest, sides);
	is_about_pain = (note->place || note->moment || find_word(t, rest, hurts)) &&
			text_word_count(text) <= SHORT_WORDS;
	read_pain(t, rest, is_about_pain, reading);
	accept_past(note, reading);
	if (reading->result == READ_VALUE) {
		note->pain = reading->value.number;
		note->is_approximate = reading->is_approximate;
	}
	return reading->result != READ_NONE;
}

/* ---- keeping ---- */

static void keep_extra(struct turn *t, const char *kind, const char *text, const struct note *note)
{
	if (text) {
		turn_log_at(t, kind, false, 0, text, note->day, note->part);
	}
}

static const char *details(struct turn *t, const struct note *note)
{
	return arena_printf(turn_arena(t), "%s%s%s%s%s%s%s%s", note->side ? ", " : "",
		note->side ? note->side : "", note->place ? note->side ? " " : ", " : "",
		note->place ? note->place : "", note->tag ? ", after " : "",
		note->tag ? note->tag : "", note->moment ? ", " : "",
		note->moment ? note->moment : "");
}

static void keep_note(struct turn *t, const struct note *note)
{
	turn_log_at(t, "pain", true, note->pain, NULL, note->day, note->part);
	keep_extra(t, "place", note->place, note);
	keep_extra(t, "side", note->side, note);
	keep_extra(t, "tag", note->tag, note);
	turn_set_number(t, "pain", note->pain);
	turn_set_text(t, "details", details(t, note));
	turn_say(t, note->is_approximate ? "painlog.noted_about" : "painlog.noted");
	if (note->pain >= 8) {
		turn_say(t, turn_get(t, "exercise_ok").number != 0 ? "painlog.much"
								   : "painlog.much_doctor");
	}
}

/* ---- corrections ---- */

/* "wait no 6", "oops, i meant 4": what is said before the correction itself. */
static const char *skip_startle(const char *text)
{
	static const char *const words[] = {
		"wait", "no wait", "oops", "ups", "hang on", "hold on", "hm", "hmm", "um", NULL};

	for (const char *const *w = words; *w; w++) {
		size_t len = strlen(*w);

		if (strncasecmp(text, *w, len) == 0 && strchr(" ,.", text[len]) && text[len]) {
			return text + len + strspn(text + len, " ,.");
		}
	}
	return text;
}

/* "i meant 4", "make that 4", "4 not 7". */
static const char *correction(const char *said)
{
	static const char *const starts[] = {"i meant ", "i mean ", "make that ", "make it ",
		"sorry, ", "sorry ", "correction: ", "correction ", "should be ", "it should be ",
		"actually ", "no, ", NULL};
	const char *text = skip_startle(said);

	if (text != said && isdigit((unsigned char)*text)) {
		return text; /* "oops 6" */
	}
	for (const char *const *s = starts; *s; s++) {
		if (strncasecmp(text, *s, strlen(*s)) == 0) {
			return text + strlen(*s);
		}
	}
	if (strncasecmp(text, "no ", 3) == 0 && isdigit((unsigned char)text[3])) {
		return text + 3;
	}
	if (strcasestr(text, " actually") || strcasestr(text, " should be ")) {
		return text;
	}
	return strcasestr(text, " not ") && isdigit((unsigned char)text[0]) ? text : NULL;
}

/* Says what has changed, and asks what is still open once more. */
static bool keep_correction(struct turn *t, int64_t id, double old_pain, double pain)
{
	turn_set_number(t, "old_pain", old_pain);
	turn_set_number(t, "pain", pain);
	turn_correct(t, "pain", id, pain);
	turn_say(t, "painlog.corrected");
	if (turn_has_dialog(t, "checkin")) {
		turn_repeat(t);
	}
	return true;
}

struct wanted {
	double number;
	int64_t id; /* of the newest entry with that number; 0: none */
};

static bool find_number(void *ctx, const struct entry *e)
{
	struct wanted *w = ctx;

	w->id = e->has_number && e->number == w->number ? e->id : w->id;
	return true;
}

/* "it was 8 this morning, not 6": the 6 of yesterday or today becomes 8. */
static bool correct_not(struct turn *t, const char *text)
{
	struct note note = {0};
	struct reading old, new;
	const char *not = strcasestr(text, " not ");
	struct wanted w = {0};

	if (!not || text_word_count(text) > SHORT_WORDS ||
		read_pain(t, not +5, true, &old) != READ_VALUE) {
		return false;
	}
	text = arena_strndup(turn_arena(t), text, (size_t)(not -text));
	text = take_moment(t, text, &note);
	read_pain(t, text, true, &new);
	note.moment = "then";
	accept_past(&note, &new);
	w.number = old.value.number;
	entry_each(turn_store(t), turn_user(t)->id, "pain", turn_today(t) - 1, turn_today(t),
		find_number, &w);
	if (new.result != READ_VALUE || !w.id) {
		return false;
	}
	return keep_correction(t, w.id, old.value.number, new.value.number);
}

struct said {
	int64_t id; /* 0: none */
	int64_t at_utc_ms;
	double number;
};

static bool keep_last_said(void *ctx, const struct entry *e)
{
	struct said *s = ctx;

	if (e->id > s->id) {
		*s = (struct said){e->id, e->at_utc_ms, e->number};
	}
	return true;
}

/* The number that was said last, whatever day it is about. */
static struct said last_said(struct turn *t)
{
	struct said s = {0};

	entry_each(turn_store(t), turn_user(t)->id, "pain", turn_today(t) - 2, turn_today(t),
		keep_last_said, &s);
	if (turn_now_utc_ms(t) - s.at_utc_ms > CORRECT_HOURS * INT64_C(3600000)) {
		s.id = 0;
	}
	return s;
}

static bool correct(struct turn *t, const char *text)
{
	const char *rest = correction(text);
	struct note then = {.moment = "then"}; /* "it was 7 actually" */
	struct reading reading;
	struct said last;

	if (!rest || text_word_count(text) > SHORT_WORDS) {
		return false;
	}
	read_pain(t, rest, true, &reading);
	accept_past(&then, &reading);
	last = last_said(t);
	if (reading.result != READ_VALUE || !last.id) {
		return false;
	}
	return keep_correction(t, last.id, last.number, reading.value.number);
}

/* ---- a number or a word that came by itself ---- */

/* "stiff 20 min", "6, slept badly": the morning's questions, answered before they were asked. */
static bool is_morning_talk(struct turn *t, const char *text)
{
	static const char *const cues[] = {"stiff", "slept", "sleep", "night", "looser", NULL};
	enum day_part part = turn_part(t);

	return (part == PART_MORNING || part == PART_NIGHT) &&
	       read_has_cue(turn_arena(t), turn_lexicon(t), text, cues);
}

static bool free_talk(struct turn *t, const char *text)
{
	struct note note = {0};
	struct reading reading;

	if (correct_not(t, text) || correct(t, text)) {
		return true;
	}
	take_moment(t, text, &note);
	if (!note.moment && is_morning_talk(t, text)) {
		turn_start(t, "checkin", text);
		return true;
	}
	if (!read_note(t, text, &note, &reading)) {
		return false;
	}
	if (reading.result == READ_ASK) {
		turn_start(t, "painlog", text);
	} else {
		keep_note(t, &note);
	}
	return true;
}

/* A card with buttons is open, and the person tells their pain: a number there is no choice. */
static bool first(struct turn *t, const char *text)
{
	static const char *const cards[] = {"exercise", "stretch", "exercise_done", "fewer", NULL};
	struct note note = {0};
	struct reading reading;
	struct dialog d;
	bool is_card = false;

	if (!turn_has_consent(t) || !strpbrk(text, "0123456789") || strlen(text) < 3 ||
		!dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &d)) {
		return false;
	}
	for (const char *const *c = cards; *c; c++) {
		is_card = is_card || strcmp(d.flow, *c) == 0;
	}
	is_card = is_card || (strcmp(d.flow, "checkin") == 0 && strcmp(d.step, "offer") == 0);
	if (!is_card) {
		return false;
	}
	if (correct_not(t, text) || correct(t, text)) {
		return true;
	}
	if (!read_note(t, text, &note, &reading) || reading.result != READ_VALUE) {
		return false;
	}
	keep_note(t, &note);
	return true;
}

/* "pain" asks; "pain 6 left hip" has said it all. */
static void pain(struct turn *t, const char *rest)
{
	const char *text = arena_printf(turn_arena(t), "pain %s", rest);

	if (!*rest || !free_talk(t, text)) {
		turn_start(t, "painlog", *rest ? text : NULL);
	}
}

static bool begins_like_a_number(const char *text)
{
	static const char *const starts[] = {"it's ", "its ", "it is ", "it’s ", "feels like ",
		"about ", "maybe ", "probably ", "now ", "today ", "still ", NULL};

	for (const char *const *s = starts; *s; s++) {
		if (strncasecmp(text, *s, strlen(*s)) == 0) {
			return true;
		}
	}
	return isdigit((unsigned char)*text);
}

/* "6 after two ibuprofen" and "it's an 8" may be pain, "my back is killing me" is: the question,
 * not a note. When another question is open a number more likely belongs there. */
static bool ask_about(struct turn *t, const char *text)
{
	static const char *const cues[] = {"my back", "bad back", "hurts", "hurting", "sore",
		"ache", "aches", "aching", "ouch", "ow", NULL};
	struct reading reading;
	struct dialog open;
	size_t words = text_word_count(text);
	bool is_open = dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &open);
	bool is_number = is_open ? isdigit((unsigned char)*text) && words > BARE_WORDS
				 : words <= BARE_WORDS || begins_like_a_number(text);

	if (words > SHORT_WORDS || (strchr(text, '?') && words > BARE_WORDS)) {
		return false;
	}
	if (read_has_cue(turn_arena(t), turn_lexicon(t), text, cues) ||
		(is_number && read_pain(t, text, true, &reading) != READ_NONE)) {
		turn_start(t, "painlog", text);
		return true;
	}
	return false;
}

static const char *const pain_words[] = {"pain", "log pain", "note pain", "my pain is", "back pain",
	"it hurts", "my back hurts", NULL};

static const struct handler_command commands[] = {
	{.words = pain_words, .run = pain, .takes_rest = true},
	{0},
};

const struct handler painlog_handler = {
	.name = "painlogs",
	.commands = commands,
	.first = first,
	.free_talk = free_talk,
};

/* Asked after all others: they may know better what such a sentence means. */
const struct handler painask_handler = {
	.name = "painasks",
	.free_talk = ask_about,
};
