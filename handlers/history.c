/* What was noted, told back in plain words: middle values, gaps as gaps, no causes, no praise. */
#include "bot/handler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7, MONTH = 30, LONG = 90, FEW_DAYS = 4, FEW_NUMBERS = 3, ROUND = 10 };

struct span {
	int64_t from, to;
	int days;
};

static struct span span_of(struct turn *t, int days)
{
	return (struct span){.from = turn_today(t) - days + 1, .to = turn_today(t), .days = days};
}

/* One decimal is all that a middle value deserves. */
static double rounded(double n)
{
	return round(n * ROUND) / ROUND;
}

static int median(struct turn *t, const char *kind, struct span s, int part, double *out)
{
	return entry_median(turn_store(t), turn_user(t)->id, kind, s.from, s.to, part, out);
}

static const char *add_line(struct turn *t, const char *text, const char *id)
{
	const char *line = turn_text(t, id);

	return arena_printf(turn_arena(t), "%s%s%s", text, *text ? "\n" : "", line);
}

/* "Mornings (5 notes): 5 in the middle." */
static const char *part_line(struct turn *t, const char *text, struct span s, int part,
	const char *id, double *middle, int *count)
{
	*count = median(t, "pain", s, part, middle);
	if (*count < FEW_NUMBERS) {
		return text;
	}
	turn_set_number(t, "count", *count);
	turn_set_number(t, "middle", rounded(*middle));
	return add_line(t, text, id);
}

static const char *night_line(struct turn *t, const char *text, double morning, double evening)
{
	double gap = rounded(morning - evening);

	turn_set_number(t, "gap", fabs(gap));
	return add_line(t, text,
		gap > 0   ? "history.morning_higher"
		: gap < 0 ? "history.evening_higher"
			  : "history.same");
}

static void tell(struct turn *t, int days)
{
	struct span s = span_of(t, days);
	double morning = 0, evening = 0, stiff = 0;
	int mornings, evenings;
	int noted = entry_days(turn_store(t), turn_user(t)->id, "pain", s.from, s.to);
	const char *text;

	turn_set_number(t, "days", days);
	turn_set_number(t, "noted", noted);
	turn_set_number(t, "missing", days - noted);
	if (noted < FEW_DAYS) {
		turn_say(t, noted ? "history.few" : "history.none");
		return;
	}
	text = turn_text(t, noted == days ? "history.all_days" : "history.some_days");
	text = part_line(t, text, s, PART_MORNING, "history.mornings", &morning, &mornings);
	text = part_line(t, text, s, PART_EVENING, "history.evenings", &evening, &evenings);
	if (mornings >= FEW_NUMBERS && evenings >= FEW_NUMBERS) {
		text = night_line(t, text, morning, evening);
	}
	if (median(t, "stiffness", s, -1, &stiff) >= FEW_NUMBERS) {
		turn_set_number(t, "middle", rounded(stiff));
		text = add_line(t, text, "history.stiffness");
	}
	turn_say_raw(t, text);
	turn_why(t, "history.why");
}

/* "history 30", "history month". */
static int days_of(struct turn *t, const char *text)
{
	static const char *const month[] = {"month", "30", NULL};
	static const char *const quarter[] = {
		"quarter", "three months", "3 months", "90", "year", "365", NULL};

	if (read_has_cue(turn_arena(t), turn_lexicon(t), text, quarter)) {
		return LONG;
	}
	return read_has_cue(turn_arena(t), turn_lexicon(t), text, month) ? MONTH : WEEK;
}

static void history(struct turn *t, const char *rest)
{
	tell(t, days_of(t, rest));
}

static void month(struct turn *t, const char *rest)
{
	(void)rest;
	tell(t, MONTH);
}

static void quarter(struct turn *t, const char *rest)
{
	(void)rest;
	tell(t, LONG);
}

static const char *const history_words[] = {"history", "how was my week", "my week", "week",
	"summary", "how am i doing", "my history", "show me my numbers", NULL};
static const char *const month_words[] = {
	"month", "my month", "how was my month", "30 days", "last month", NULL};
static const char *const quarter_words[] = {"90 days", "three months", "last three months", NULL};

static const struct handler_command commands[] = {
	{.words = history_words, .run = history, .takes_rest = true},
	{.words = month_words, .run = month},
	{.words = quarter_words, .run = quarter},
	{0},
};

const struct handler history_handler = {
	.name = "history",
	.commands = commands,
};
