/* The person owns the data: see it, take it along, have it deleted, each by a word in the chat. */
#include "store/privacy.h"
#include "base/buf.h"
#include "bot/handler.h"

#include <string.h>

static void set_counts(struct turn *t, const struct privacy_receipt *r)
{
	turn_set_number(t, "entries", r->entries);
	turn_set_number(t, "messages", r->messages);
	turn_set_number(t, "reminders", r->reminders);
	turn_set_number(t, "facts", r->facts);
	turn_set_number(t, "answers", r->answers);
}

static void count_data(struct turn *t, const char *argument)
{
	struct privacy_receipt r = privacy_count(turn_store(t), turn_user(t)->id);

	(void)argument;
	set_counts(t, &r);
}

/* The bytes as the turn's own. */
static void attach(struct turn *t, const char *name, const char *type, struct buf *b)
{
	char *copy = arena_alloc(turn_arena(t), b->len + 1);

	memcpy(copy, buf_text(b), b->len);
	turn_file(t, name, type, copy, b->len);
	buf_finish(b);
}

static void export_all(struct turn *t, const char *argument)
{
	struct buf json = {0}, csv = {0};

	(void)argument;
	privacy_export_json(turn_store(t), turn_user(t)->id, &json);
	privacy_export_csv(turn_store(t), turn_user(t)->id, &csv);
	turn_say(t, "privacy.csv");
	attach(t, "diary.csv", "text/csv", &csv);
	turn_say(t, "privacy.json");
	attach(t, "everything.json", "application/json", &json);
}

static void forget_all(struct turn *t, const char *argument)
{
	struct privacy_receipt r;

	(void)argument;
	r = privacy_forget(turn_store(t), turn_user(t)->id);
	set_counts(t, &r);
	turn_say(t, "privacy.receipt");
	turn_forget(t);
}

static const struct flow_fact sets_counts[] = {{"entries", VALUE_NUMBER},
	{"messages", VALUE_NUMBER}, {"reminders", VALUE_NUMBER}, {"facts", VALUE_NUMBER},
	{"answers", VALUE_NUMBER}, {0}};

static const struct handler_action actions[] = {
	{.name = "count_data", .run = count_data, .sets = sets_counts},
	{.name = "forget_all", .run = forget_all},
	{0},
};

static void my_data(struct turn *t, const char *rest)
{
	(void)rest;
	count_data(t, "");
	turn_say(t, "privacy.mine");
}

static void export_words_run(struct turn *t, const char *rest)
{
	(void)rest;
	export_all(t, "");
}

static void forget(struct turn *t, const char *rest)
{
	(void)rest;
	turn_start(t, "forget", NULL);
}

static const char *const data_words[] = {"my data", "privacy", "is my data safe",
	"what do you do with my data", "where is my data", "what do you keep",
	"what do you know about me", "what do you know", "data", NULL};
static const char *const export_words[] = {
	"export", "export my data", "download", "download my data", NULL};
static const char *const forget_words[] = {"forget me", "delete my data", "delete all my data",
	"erase my data", "delete everything about me", "delete everything", "delete me",
	"delete my account", NULL};

static const struct handler_command commands[] = {
	{.words = data_words, .run = my_data, .always = true, .before_consent = true},
	{.words = export_words, .run = export_words_run, .always = true, .before_consent = true},
	{.words = forget_words, .run = forget, .always = true, .before_consent = true},
	{0},
};

const struct handler privacy_handler = {
	.name = "privacy",
	.actions = actions,
	.commands = commands,
};
