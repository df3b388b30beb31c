/* The "=" lines of a talk file: what must be stored. */
#include "bot/talk_private.h"

#include "bot/handler.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

bool talk_matches(const char *glob, const char *text)
{
	return fnmatch(glob, text, FNM_CASEFOLD) == 0;
}

static bool who_user(struct talk *t, struct user *user)
{
	return user_find(t->bot->store, "talk", t->who->name, user);
}

struct wanted {
	const char *value;
	int part; /* -1: any */
	bool found;
	struct buf seen;
};

static bool see_entry(void *ctx, const struct entry *e)
{
	struct wanted *w = ctx;
	char number[32];
	bool same;

	snprintf(number, sizeof number, "%g", e->number);
	same = (e->has_number && strcmp(number, w->value) == 0) ||
	       (e->text && talk_matches(w->value, e->text));
	if (same && (w->part < 0 || (int)e->part == w->part)) {
		w->found = true;
	}
	buf_printf(&w->seen, " %s%s%s on %s part %d;", e->has_number ? number : "",
		e->has_number && e->text ? " " : "", e->text ? e->text : "",
		civil_format_date(e->day).text, (int)e->part);
	return true;
}

static int part_by_name(const char *name)
{
	static const char *const names[] = {"night", "morning", "day", "evening"};

	for (int i = 0; i < 4; i++) {
		if (strcmp(names[i], name) == 0) {
			return i;
		}
	}
	return -1;
}

/* Cuts " at DATE" and " part P" off the end of text. */
static void cut_place(char *text, int64_t *day, int *part)
{
	char *p = strstr(text, " part ");

	if (p) {
		*part = part_by_name(p + 6);
		*p = '\0';
	}
	p = strstr(text, " at ");
	if (p && civil_parse_date(p + 4, day)) {
		*p = '\0';
	}
}

static void assert_entry(struct talk *t, const struct user *user, char *rest)
{
	struct wanted w = {.part = -1};
	char *value = strchr(rest, ' ');
	int64_t day = INT64_MIN;
	bool is_any_day;

	if (!value) {
		talk_fail(t, "write = entry KIND VALUE");
		return;
	}
	*value++ = '\0';
	cut_place(value, &day, &w.part);
	w.value = value;
	is_any_day = day == INT64_MIN;
	entry_each(t->bot->store, user->id, rest, is_any_day ? -100000 : day,
		is_any_day ? 100000 : day, see_entry, &w);
	if (!w.found) {
		talk_fail(t, "no entry %s %s; there are:%s", rest, value, buf_text(&w.seen));
	}
	buf_finish(&w.seen);
}

static bool count_entry(void *ctx, const struct entry *e)
{
	(void)e;
	(*(int *)ctx)++;
	return true;
}

static void assert_no(struct talk *t, const struct user *user, struct arena *a, const char *rest)
{
	struct dialog d;
	struct reminder r;
	int n = 0;

	if (strncmp(rest, "entry ", 6) == 0) {
		entry_each(t->bot->store, user->id, rest + 6, -100000, 100000, count_entry, &n);
		if (n) {
			talk_fail(t, "there are %d entries %s", n, rest + 6);
		}
	} else if (strncmp(rest, "fact ", 5) == 0) {
		if (fact_get(t->bot->store, a, user->id, rest + 5)) {
			talk_fail(t, "fact %s is \"%s\"", rest + 5,
				fact_get(t->bot->store, a, user->id, rest + 5));
		}
	} else if (strcmp(rest, "dialog") == 0) {
		if (dialog_top(t->bot->store, a, user->id, &d)) {
			talk_fail(t, "%s.%s is open", d.flow, d.step);
		}
	} else if (strncmp(rest, "next ", 5) == 0) {
		if (reminder_find(t->bot->store, a, user->id, rest + 5, &r) && r.next_utc_ms) {
			talk_fail(t, "%s is planned", rest + 5);
		}
	} else {
		talk_fail(t, "unknown assertion \"= no %s\"", rest);
	}
}

static void assert_fact(struct talk *t, const struct user *user, struct arena *a, char *rest)
{
	char *value = strchr(rest, ' ');
	const char *is;

	if (!value) {
		talk_fail(t, "write = fact NAME VALUE");
		return;
	}
	*value++ = '\0';
	is = fact_get(t->bot->store, a, user->id, rest);
	if (!is || !talk_matches(value, is)) {
		talk_fail(
			t, "fact %s is \"%s\", expected \"%s\"", rest, is ? is : "(unset)", value);
	}
}

static void assert_dialog(
	struct talk *t, const struct user *user, struct arena *a, const char *rest)
{
	struct dialog d;
	const char *is = "none";

	if (dialog_top(t->bot->store, a, user->id, &d)) {
		is = arena_printf(a, "%s.%s", d.flow, d.step);
	}
	if (!talk_matches(rest, is)) {
		talk_fail(t, "the open question is %s, expected %s", is, rest);
	}
}

static void assert_next(struct talk *t, const struct user *user, struct arena *a, char *rest)
{
	struct reminder list[64];
	char *when = strchr(rest, ' ');
	const struct zone *zone = zone_find(user->zone[0] ? user->zone : "UTC");
	struct civil c;
	const char *is = "never";
	size_t n;

	if (!when || !zone) {
		talk_fail(t, "write = next KIND YYYY-MM-DD HH:MM");
		return;
	}
	*when++ = '\0';
	n = reminder_list(t->bot->store, a, user->id, list, sizeof list / sizeof *list);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].kind, rest) != 0 || !list[i].next_utc_ms) {
			continue;
		}
		zone_local(zone, list[i].next_utc_ms / 1000, &c);
		is = arena_printf(
			a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
		if (strcmp(is, when) == 0) {
			return;
		}
	}
	talk_fail(t, "next %s is %s, expected %s", rest, is, when);
}

static void assert_known(struct talk *t, struct user *user, struct arena *a, char *text)
{
	if (strncmp(text, "no ", 3) == 0) {
		assert_no(t, user, a, text + 3);
	} else if (strncmp(text, "entry ", 6) == 0) {
		assert_entry(t, user, text + 6);
	} else if (strncmp(text, "fact ", 5) == 0) {
		assert_fact(t, user, a, text + 5);
	} else if (strncmp(text, "dialog ", 7) == 0) {
		assert_dialog(t, user, a, text + 7);
	} else if (strncmp(text, "next ", 5) == 0) {
		assert_next(t, user, a, text + 5);
	} else if (strncmp(text, "tier ", 5) == 0) {
		assert_fact(t, user, a, arena_printf(a, "tier %s", text + 5));
	} else {
		talk_fail(t, "unknown assertion \"= %s\"", text);
	}
}

void talk_assert(struct talk *t, char *text)
{
	struct arena *a = arena_create();
	struct user user;

	if (strcmp(text, "silent") == 0) {
		if (t->who->cursor < t->who->count) {
			talk_fail(t, "the bot said \"%s\"", t->who->heard[t->who->cursor].text);
		}
	} else if (strcmp(text, "no user") == 0) {
		if (who_user(t, &user)) {
			talk_fail(t, "the person is still known");
		}
	} else if (who_user(t, &user)) {
		assert_known(t, &user, a, text);
	} else if (strncmp(text, "no ", 3) != 0) {
		talk_fail(t, "the bot does not know %s", t->who->name);
	}
	arena_destroy(a);
}
