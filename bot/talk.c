/* Talk files, line by line; and what they reached, over many files. */
#include "bot/talk_private.h"

#include "base/clock.h"
#include "bot/cmd.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- coverage ---- */

struct talk_coverage {
	char **items;
	size_t count, cap;
};

struct talk_coverage *talk_coverage_create(void)
{
	return mem_alloc(1, sizeof(struct talk_coverage));
}

void talk_coverage_destroy(struct talk_coverage *c)
{
	for (size_t i = 0; c && i < c->count; i++) {
		free(c->items[i]);
	}
	if (c) {
		free(c->items);
		free(c);
	}
}

bool talk_coverage_has(const struct talk_coverage *c, const char *what)
{
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->items[i], what) == 0) {
			return true;
		}
	}
	return false;
}

void talk_coverage_add(struct talk_coverage *c, const char *what)
{
	if (talk_coverage_has(c, what)) {
		return;
	}
	if (c->count == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 256;
		c->items = mem_resize(c->items, c->cap, sizeof *c->items);
	}
	c->items[c->count++] = mem_strdup(what);
}

/* ---- lines ---- */

static void line_clock(struct talk *t, const char *text)
{
	int64_t utc_ms;
	long amount;
	char *unit;

	if (*text == '+' || *text == '-') {
		amount = strtol(text, &unit, 10);
		utc_ms = clock_utc_ms() + amount * (*unit == 's'          ? 1000LL
							   : *unit == 'm' ? 60000LL
							   : *unit == 'h' ? 3600000LL
									  : 86400000LL);
	} else if (!cmd_parse_time(text, talk_zone(t), &utc_ms)) {
		talk_fail(t, "\"%s\" is not a time; write @ 2026-03-02 07:15 or @ +15m", text);
		return;
	}
	if (t->bot) {
		talk_move_clock(t, utc_ms);
	} else {
		clock_set_utc_ms(utc_ms);
	}
}

static void check_unread(struct talk *t)
{
	struct person *p = t->who;

	if (t->is_strict && p->cursor < p->count) {
		talk_fail(t, "the bot also said \"%s\"", p->heard[p->cursor].text);
	}
	p->cursor = p->count;
}

static void say(
	struct talk *t, enum inbound_kind kind, const char *text, bool is_public, bool again)
{
	struct person *p = t->who;
	char id[96];
	struct inbound in = {
		.kind = kind,
		.message_id = id,
		.handle = p->name,
		.conversation = is_public ? "public" : p->name,
		.text = text,
		.question = t->question,
		.is_public = is_public,
		.profile = {.zone = t->zone[0] ? t->zone : NULL,
			.lang = t->lang[0] ? t->lang : NULL},
	};

	check_unread(t);
	if (kind == INBOUND_TEXT || kind == INBOUND_CHOICE) {
		p->sent += again ? 0 : 1;
		snprintf(p->last_text, sizeof p->last_text, "%s", text);
	}
	snprintf(id, sizeof id, "%s-%d", p->name, p->sent);
	p->last_spoke = p->count;
	bot_on_message(t->link, &in);
	talk_settle(t);
}

/* ">> id" or ">> id of flow.step": the button as it was shown with that question. */
static void press(struct talk *t, char *text)
{
	char *of = strstr(text, " of ");

	if (of) {
		*of = '\0';
		t->question = of + 4;
	}
	say(t, INBOUND_CHOICE, text, false, false);
	t->question = NULL;
}

static void line_heard(struct talk *t, const char *glob)
{
	struct person *p = t->who;

	if (p->cursor == p->count) {
		talk_fail(t, "expected \"%s\", but the bot said nothing", glob);
	} else if (!talk_matches(glob, p->heard[p->cursor].text)) {
		talk_fail(t, "expected \"%s\", but the bot said \"%s\"", glob,
			p->heard[p->cursor++].text);
	} else {
		p->cursor++;
	}
}

static void line_heard_later(struct talk *t, const char *glob)
{
	struct person *p = t->who;
	size_t i = p->cursor;

	while (i < p->count && !talk_matches(glob, p->heard[i].text)) {
		i++;
	}
	if (i == p->count) {
		talk_fail(t,
			"expected \"%s\" among what the bot said; it said %zu things, first \"%s\"",
			glob, p->count - p->cursor,
			p->cursor < p->count ? p->heard[p->cursor].text : "");
		return;
	}
	p->cursor = i + 1;
}

static void line_not_heard(struct talk *t, const char *glob)
{
	struct person *p = t->who;

	for (size_t i = p->last_spoke; i < p->count; i++) {
		if (talk_matches(glob, p->heard[i].text)) {
			talk_fail(t, "the bot should not have said \"%s\"", p->heard[i].text);
		}
	}
}

/* ---- the file ---- */

static void line_restart(struct talk *t)
{
	bot_destroy(t->bot);
	t->bot = NULL;
	talk_start(t);
	if (t->bot) {
		talk_settle(t);
	}
}

/* The daemon is away until then: the clock moves and nothing happens on the way. */
static void line_outage(struct talk *t, const char *text)
{
	int64_t utc_ms;

	check_unread(t);
	if (!cmd_parse_time(text, talk_zone(t), &utc_ms)) {
		talk_fail(t, "\"%s\" is not a time; write outage 2026-03-02 07:15", text);
		return;
	}
	clock_set_utc_ms(utc_ms);
	talk_settle(t);
}

static void line_reload(struct talk *t)
{
	struct prompts *prompts = cmd_prompts(t->prompts_dir);

	if (prompts) {
		bot_use_prompts(t->bot, prompts);
	}
}

static void line_as(struct talk *t, const char *name)
{
	struct person *p = talk_person(t, name);

	if (p) {
		t->who = p;
	} else {
		talk_fail(t, "at most %d people in one file (\"pat\" is one)", PEOPLE_MAX);
	}
}

static void line_word(struct talk *t, char *line)
{
	char *rest = strchr(line, ' ');

	if (rest) {
		*rest++ = '\0';
	} else {
		rest = line + strlen(line);
	}
	if (strcmp(line, "zone") == 0) {
		snprintf(t->zone, sizeof t->zone, "%s", rest);
	} else if (strcmp(line, "lang") == 0) {
		snprintf(t->lang, sizeof t->lang, "%s", rest);
	} else if (strcmp(line, "as") == 0) {
		line_as(t, rest);
	} else if (strcmp(line, "known") == 0) {
		talk_known(t, rest);
	} else if (strcmp(line, "strict") == 0) {
		t->is_strict = true;
	} else if (strcmp(line, "hello") == 0) {
		say(t, INBOUND_HELLO, NULL, false, false);
	} else if (strcmp(line, "restart") == 0) {
		line_restart(t);
	} else if (strcmp(line, "outage") == 0) {
		line_outage(t, rest);
	} else if (strcmp(line, "reload") == 0) {
		line_reload(t);
	} else {
		talk_fail(t, "unknown line \"%s\"; see docs/authoring.md", line);
	}
}

static char *after(char *line, size_t len)
{
	line += len;
	return *line == ' ' ? line + 1 : line;
}

static void run_line(struct talk *t, char *line)
{
	if (*line == '\0' || *line == '#') {
		return;
	}
	if (strncmp(line, ">public", 7) == 0) {
		say(t, INBOUND_TEXT, after(line, 7), true, false);
	} else if (strncmp(line, ">edit", 5) == 0) {
		say(t, INBOUND_EDIT, after(line, 5), false, false);
	} else if (strncmp(line, ">delete", 7) == 0) {
		say(t, INBOUND_DELETE, "", false, false);
	} else if (strncmp(line, ">repeat", 7) == 0) {
		say(t, INBOUND_TEXT, t->who->last_text, false, true);
	} else if (strncmp(line, ">>", 2) == 0) {
		press(t, after(line, 2));
	} else if (*line == '>') {
		say(t, INBOUND_TEXT, after(line, 1), false, false);
	} else if (strncmp(line, "<<", 2) == 0) {
		line_heard_later(t, after(line, 2));
	} else if (strncmp(line, "<!", 2) == 0) {
		line_not_heard(t, after(line, 2));
	} else if (*line == '<') {
		line_heard(t, after(line, 1));
	} else if (*line == '@') {
		check_unread(t);
		line_clock(t, after(line, 1));
	} else if (*line == '=') {
		talk_assert(t, after(line, 1));
	} else {
		line_word(t, line);
	}
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void run_lines(struct talk *t, char *source)
{
	char *line, *rest = source;

	while (rest && t->bot) {
		line = rest;
		rest = strchr(line, '\n');
		if (rest) {
			*rest++ = '\0';
		}
		t->line++;
		run_line(t, line);
	}
}

bool talk_run(
	const char *path, const char *prompts_dir, struct talk_coverage *coverage, struct buf *out)
{
	struct talk t = {
		.path = path, .prompts_dir = prompts_dir, .out = out, .coverage = coverage};
	struct buf source = {0};
	const char *error;

	if (!buf_read_file(&source, path, 1 << 20, &error)) {
		buf_printf(out, "%s: %s\n", path, error);
		return false;
	}
	t.who = talk_person(&t, "pat");
	/* Only a restart needs a file; the others run in memory. */
	if (strstr(buf_text(&source), "\nrestart")) {
		snprintf(t.dir, sizeof t.dir, "/tmp/limberd-talk-XXXXXX");
		if (!mkdtemp(t.dir)) {
			t.dir[0] = '\0';
		}
	}
	clock_set_utc_ms(1772437800000); /* 2026-03-02 07:50 UTC, until the first "@" */
	if (talk_start(&t)) {
		run_lines(&t, source.data ? source.data : NULL);
	}
	bot_destroy(t.bot);
	talk_forget_people(&t);
	buf_finish(&source);
	if (t.dir[0]) {
		nftw(t.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return !t.failed;
}
