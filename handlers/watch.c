/* Logged-data events (clinical reference 1.5): after a turn that noted something, do the notes ask
 * for a look? A screen is opened on its own at most once a day, and never on top of another run. */
#include "handlers/person.h"
#include "handlers/triage_now.h"

#include <string.h>

/* Thresholds of the clinical reference, 1.5 and 5. */
enum {
	PAIN_VERY_HIGH = 9,
	PAIN_HIGH = 8,
	PAIN_JUMP = 4,
	PAIN_FIRST_HIGH = 7,
	PAIN_LOW = 3,
	MEDIAN_DAYS = 14,
	MEDIAN_MIN = 5,
	WAKES_MANY = 3,
	NIGHTS_BAD = 4,
	NIGHTS_BAD_BEFORE = 1,
	STIFF_MIN = 30,
	STIFF_DAYS = 10,
	NSAID_DAYS = 10,
	OPIOID_DAYS = 14,
	HURT_TIMES = 3,
	WEEK = 7,
	STEADY_DAYS = 5,
	EPISODE_DAYS = 42,
	FULL_AGAIN_DAYS = 28,
	STILL_PAIN = 4,
};

/* ---- looking back ---- */

struct tally {
	int64_t last_day;
	int days;                 /* different days that counted */
	double min;               /* number that counts from here on */
	const char *is;           /* text that counts, or NULL */
	const char *const *words; /* one of these in the text, or NULL */
};

static bool has_word(const char *text, const char *const *words)
{
	for (; text && *words; words++) {
		if (strcasestr(text, *words)) {
			return true;
		}
	}
	return false;
}

static bool count_day(void *ctx, const struct entry *e)
{
	struct tally *y = ctx;
	bool counts = (!e->has_number || e->number >= y->min) &&
		      (!y->is || (e->text && strcmp(e->text, y->is) == 0)) &&
		      (!y->words || has_word(e->text, y->words));

	if (counts && (y->days == 0 || e->day != y->last_day)) {
		y->days++;
		y->last_day = e->day;
	}
	return true;
}

static int days_with(struct turn *t, const char *kind, int from, int to, struct tally y)
{
	entry_each(turn_store(t), turn_user(t)->id, kind, turn_today(t) - from, turn_today(t) - to,
		count_day, &y);
	return y.days;
}

/* The two newest of a kind. */
struct pair {
	struct entry now, before;
	int count;
};

static bool take_pair(void *ctx, const struct entry *e)
{
	struct pair *p = ctx;

	p->before = p->now;
	p->now = *e;
	p->count++;
	return true;
}

static struct pair newest(struct turn *t, const char *kind)
{
	struct pair p = {0};

	entry_each(turn_store(t), turn_user(t)->id, kind, turn_today(t) - MEDIAN_DAYS,
		turn_today(t), take_pair, &p);
	return p;
}

/* The message itself, when it denies nothing: a check-in may have taken its number alone. */
static bool says_in_message(struct turn *t, const char *const *words)
{
	static const char *const denials[] = {"no ", "not ", "n't", "never", "without", NULL};

	return has_word(turn_words(t), words) && !has_word(turn_words(t), denials);
}

static bool says(struct turn *t, const char *const *words)
{
	static const char *const kinds[] = {"tag", "note", "place", "side", NULL};
	struct entry e;

	for (const char *const *k = kinds; *k; k++) {
		if (turn_has_logged(t, *k) &&
			entry_last(turn_store(t), turn_arena(t), turn_user(t)->id, *k, &e) &&
			has_word(e.text, words)) {
			return true;
		}
	}
	return says_in_message(t, words);
}

/* ---- the events: each says whether it has happened in this turn ---- */

static bool is_pain_very_high(struct turn *t) /* L2 */
{
	struct pair p;

	if (!turn_has_logged(t, "pain")) {
		return false;
	}
	p = newest(t, "pain");
	return p.count > 0 &&
	       (p.now.number >= PAIN_VERY_HIGH ||
		       (p.count > 1 && p.now.number >= PAIN_HIGH && p.before.number >= PAIN_HIGH));
}

static bool is_pain_jump(struct turn *t) /* L3 */
{
	struct pair p;
	double median = 0;

	if (!turn_has_logged(t, "pain") ||
		entry_median(turn_store(t), turn_user(t)->id, "pain", turn_today(t) - MEDIAN_DAYS,
			turn_today(t), -1, &median) < MEDIAN_MIN) {
		return false;
	}
	p = newest(t, "pain");
	return p.now.number >= median + PAIN_JUMP ||
	       (p.now.number >= PAIN_FIRST_HIGH &&
		       days_with(t, "pain", MEDIAN_DAYS, 1, (struct tally){.min = PAIN_LOW + 1}) ==
			       0);
}

static bool is_leg_new(struct turn *t) /* L4 */
{
	static const char *const words[] = {
		"leg", "foot", "numb", "tingl", "weak", "calf", "thigh", NULL};

	if (!says(t, words) || person_fact(t, "leg_seen")) {
		return false;
	}
	person_keep(t, "leg_seen", "yes");
	return true;
}

static bool is_fever(struct turn *t) /* L5 */
{
	static const char *const words[] = {"fever", "chills", "shiver", "night sweat", NULL};

	return says(t, words);
}

static bool is_fall(struct turn *t) /* L6 */
{
	static const char *const words[] = {
		"fall", "fell", "accident", "crash", "injur", "slipped", "tripped", NULL};

	return says(t, words);
}

static bool is_all_night(struct turn *t) /* L7, by N2 */
{
	struct tally many = {.min = WAKES_MANY};

	return turn_has_logged(t, "wakes") &&
	       days_with(t, "wakes", WEEK - 1, 0, many) >= NIGHTS_BAD &&
	       days_with(t, "wakes", WEEK - 1 + MEDIAN_DAYS, WEEK, many) <= NIGHTS_BAD_BEFORE;
}

static bool is_long_stiff(struct turn *t) /* L8 */
{
	return turn_has_logged(t, "stiffness") &&
	       days_with(t, "stiffness", MEDIAN_DAYS - 1, 0,
		       (struct tally){.min = STIFF_MIN + 1}) >= STIFF_DAYS;
}

/* The same or worse on each of five days, and nothing that was done is marked as done well. */
static bool is_never_easing(struct turn *t) /* L9 */
{
	double old = 0, median = 0;
	int64_t today = turn_today(t);

	if (!turn_has_logged(t, "pain") ||
		days_with(t, "exercise", STEADY_DAYS - 1, 0, (struct tally){.is = "done"}) > 0) {
		return false;
	}
	for (int64_t day = today - STEADY_DAYS + 1; day <= today; day++) {
		double morning = 0, evening = 0;
		int64_t user = turn_user(t)->id;

		if (entry_median(turn_store(t), user, "pain", day, day, -1, &median) == 0 ||
			median < STILL_PAIN || median < old) {
			return false;
		}
		if (entry_median(turn_store(t), user, "pain", day, day, PART_MORNING, &morning) &&
			entry_median(
				turn_store(t), user, "pain", day, day, PART_EVENING, &evening) &&
			evening < morning) {
			return false;
		}
		old = median;
	}
	return true;
}

static bool is_nsaid_often(struct turn *t) /* L10 */
{
	static const char *const words[] = {"ibuprofen", "naproxen", "diclofenac", "aspirin",
		"nurofen", "advil", "voltaren", "anti-inflammator", NULL};

	return turn_has_logged(t, "medicine") &&
	       days_with(t, "medicine", MEDIAN_DAYS - 1, 0, (struct tally){.words = words}) >=
		       NSAID_DAYS;
}

static bool is_opioid_daily(struct turn *t) /* L11 */
{
	static const char *const words[] = {"codeine", "tramadol", "morphine", "oxycodone",
		"pregabalin", "gabapentin", "fentanyl", NULL};

	return turn_has_logged(t, "medicine") &&
	       days_with(t, "medicine", OPIOID_DAYS - 1, 0, (struct tally){.words = words}) >=
		       OPIOID_DAYS;
}

static bool is_no_better(struct turn *t) /* L15 */
{
	double first = 0, last = 0;
	int64_t user = turn_user(t)->id, today = turn_today(t), start = today - EPISODE_DAYS;

	return turn_has_logged(t, "pain") &&
	       entry_median(turn_store(t), user, "pain", start, start + WEEK - 1, -1, &first) > 0 &&
	       entry_median(turn_store(t), user, "pain", today - WEEK + 1, today, -1, &last) > 0 &&
	       entry_days(turn_store(t), user, "pain", start - WEEK, start - 1) == 0 &&
	       last >= STILL_PAIN && last > first * 0.7;
}

static bool is_worse_after(struct turn *t) /* L16 */
{
	return turn_has_logged(t, "exercise") &&
	       days_with(t, "exercise", WEEK - 1, 0, (struct tally){.is = "hurt"}) >= HURT_TIMES;
}

static bool is_long_since(struct turn *t) /* L18 */
{
	double last = 0;

	return turn_has_logged(t, "pain") && newest(t, "pain").now.number >= STILL_PAIN &&
	       fact_get_number(turn_store(t), turn_user(t)->id, "triage_full", &last) &&
	       (double)turn_now_utc_ms(t) - last > FULL_AGAIN_DAYS * 24.0 * 3600 * 1000;
}

static const struct {
	const char *id, *start; /* screen to begin with */
	bool (*has_happened)(struct turn *);
} events[] = {
	{"L2", "A", is_pain_very_high},
	{"L3", "A", is_pain_jump},
	{"L4", "A", is_leg_new},
	{"L5", "A", is_fever},
	{"L6", "A", is_fall},
	{"L7", "B", is_all_night},
	{"L9", "B", is_never_easing},
	{"L10", "B", is_nsaid_often},
	{"L16", "A", is_worse_after},
	{"L8", "C", is_long_stiff},
	{"L11", "C", is_opioid_daily},
	{"L15", "C", is_no_better},
	{"L18", "A", is_long_since},
};

/* ---- acting on them ---- */

/* Once a day and screen; the fact remembers the day. */
static bool may_ask(struct turn *t, const char *screen)
{
	const char *name = arena_printf(turn_arena(t), "watch_%s", screen);

	if (turn_has_dialog(t, "triage") || person_number(t, name, -1) == (int)turn_today(t)) {
		return false;
	}
	person_keep_number(t, name, (double)turn_today(t));
	return true;
}

static bool is_emergency_now(struct turn *t)
{
	return strcmp(triage_level_now(t), "EMERGENCY") == 0;
}

/* After much pain and then silence, one word two days later (L17). */
static void watch_silence(struct turn *t)
{
	if (turn_has_logged(t, "pain") && newest(t, "pain").now.number >= PAIN_HIGH) {
		reminder_cancel(turn_store(t), turn_user(t)->id, "watch_silence");
		turn_remind_once(t, "watch_silence", INT64_C(48) * 3600 * 1000, NULL, true);
	}
}

static void logged(struct turn *t)
{
	if (!turn_has_consent(t) || turn_has_dialog(t, "triage")) {
		return;
	}
	watch_silence(t);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		const char *start = events[i].start;

		if (!events[i].has_happened(t) || is_emergency_now(t) || !may_ask(t, start)) {
			continue;
		}
		triage_say_numbers(t);
		turn_say(t, strcmp(events[i].id, "L2") == 0 ? "triage.watch_pain"
							    : "triage.watch_change");
		turn_log_text(t, "event", events[i].id);
		triage_now_begin(
			t, strcmp(start, "A") == 0 ? NULL : start, strcmp(start, "A") == 0);
		return;
	}
}

static void due(struct turn *t, struct reminder *r)
{
	(void)r;
	if (turn_now_utc_ms(t) - turn_user(t)->last_inbound_utc_ms >= INT64_C(47) * 3600 * 1000) {
		triage_say_numbers(t);
		turn_alarm(t, "triage.back_pain");
	}
}

static const char *const due_kinds[] = {"watch_silence", NULL};

const struct handler watch_handler = {
	.name = "watch",
	.due_kinds = due_kinds,
	.due = due,
	.logged = logged,
};
