/* limberd read: how the bot would read a reply, one JSON object a line. */
#include "bot/cmd.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/zone.h"
#include "flow/read.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const struct {
	const char *name;
	struct read_question question;
} types[] = {
	{"pain", {.type = READ_SCALE, .min = 0, .max = 10, .subject = "pain", .in_answer = true}},
	{"scale", {.type = READ_SCALE, .min = 0, .max = 10, .in_answer = true}},
	{"minutes", {.type = READ_MINUTES, .min = 0, .max = 240, .in_answer = true}},
	{"number", {.type = READ_NUMBER, .min = 0, .max = 1000, .in_answer = true}},
	{"time", {.type = READ_TIME, .in_answer = true}},
	{"date", {.type = READ_DATE, .in_answer = true}},
	{"zone", {.type = READ_ZONE, .in_answer = true}},
	{"yesno", {.type = READ_YESNO, .in_answer = true}},
};

static const struct read_question *find_type(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(types[i].name, name) == 0) {
			return &types[i].question;
		}
	}
	return NULL;
}

static struct json_object *value_json(const struct read_question *q, struct value v)
{
	struct json_object *holder = json_object_new_object(), *member;

	if (q->type == READ_YESNO) {
		json_add_text(holder, "v",
			v.type == VALUE_NULL ? "unsure"
			: v.number != 0      ? "yes"
					     : "no");
	} else if (v.type == VALUE_NUMBER) {
		json_add_number(holder, "v", v.number);
	} else {
		json_add_text(holder, "v", v.text ? v.text : "");
	}
	member = json_object_get(json_member(holder, "v"));
	json_object_put(holder);
	return member;
}

static void print_reading(const struct read_question *q, const struct reading *r)
{
	static const char *const results[] = {"none", "value", "ask"};
	struct json_object *o = json_object_new_object(), *list;

	json_add_text(o, "result", results[r->result]);
	if (r->result == READ_VALUE) {
		json_object_object_add(o, "value", value_json(q, r->value));
		if (r->is_approximate) {
			json_add_bool(o, "about", true);
		}
	}
	if (r->result == READ_ASK) {
		list = json_object_new_array();
		for (size_t i = 0; i < r->guess_count; i++) {
			json_object_array_add(list, value_json(q, r->guess[i]));
		}
		json_object_object_add(o, "guess", list);
	}
	json_add_text(o, "note", r->note);
	puts(json_write(o));
	fflush(stdout);
	json_object_put(o);
}

static void read_one(const struct lexicon *lexicon, const struct read_question *q, const char *text)
{
	struct arena *a = arena_create();
	struct reading r;

	read_reply(a, lexicon, q, text, &r);
	print_reading(q, &r);
	arena_destroy(a);
}

static void read_lines(const struct lexicon *lexicon, const struct read_question *q)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, stdin)) >= 0) {
		if (len > 0 && line[len - 1] == '\n') {
			line[len - 1] = '\0';
		}
		read_one(lexicon, q, line);
	}
	free(line);
}

/* Several words may be given as several arguments. */
static void read_args(
	const struct lexicon *lexicon, const struct read_question *q, int argc, char **argv)
{
	struct buf text = {0};

	for (int i = 0; i < argc; i++) {
		buf_printf(&text, "%s%s", i ? " " : "", argv[i]);
	}
	read_one(lexicon, q, buf_text(&text));
	buf_finish(&text);
}

/* Today in the zone, or the moment of --at. */
static bool set_now(struct read_question *q, const char *at, const char *zone_wanted)
{
	const struct zone *zone = zone_find(zone_wanted);
	int64_t utc_ms = clock_utc_ms();

	if (!zone || (at && !cmd_parse_time(at, zone, &utc_ms))) {
		return false;
	}
	q->today = zone_day(zone, utc_ms / 1000);
	q->now_min = zone_minute(zone, utc_ms / 1000);
	q->zone = zone_wanted;
	return true;
}

/* The replies of the command line, or those of standard input. */
static int read_all(const char *lang, const struct read_question *q, int argc, char **argv)
{
	struct arena *a = arena_create();
	const char *error = NULL;
	struct lexicon *lexicon = lexicon_load(
		a, arena_printf(a, "%s/lexicon/%s.yaml", cmd_prompts_dir(), lang), &error);

	if (!lexicon) {
		fprintf(stderr, "%s\n", error);
	} else if (argc > 0) {
		read_args(lexicon, q, argc, argv);
	} else {
		read_lines(lexicon, q);
	}
	arena_destroy(a);
	return lexicon ? EX_OK : EX_DATAERR;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{"lang", required_argument, NULL, 'l'},
		{"at", required_argument, NULL, 'a'},
		{"zone", required_argument, NULL, 'z'},
		{"past", no_argument, NULL, 'p'},
		{0},
	};
	const char *lang = "en", *at = NULL, *zone = "UTC";
	const struct read_question *type;
	struct read_question q;
	bool past = false;
	int c;

	/* "+": what follows TYPE is the reply, even "-1" */
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			lang = optarg;
			break;
		case 'a':
			at = optarg;
			break;
		case 'z':
			zone = optarg;
			break;
		case 'p':
			past = true;
			break;
		default:
			return cmd_usage(&cmd_read);
		}
	}
	type = optind < argc ? find_type(argv[optind]) : NULL;
	if (!type) {
		return cmd_usage(&cmd_read);
	}
	q = *type;
	q.past_only = past;
	if (!set_now(&q, at, zone)) {
		return cmd_fail(EX_USAGE,
			"--zone takes a name like Europe/Berlin, --at a time like "
			"\"2026-03-02 07:15\"");
	}
	optind++;
	if (optind < argc && strcmp(argv[optind], "--") == 0) {
		optind++;
	}
	return read_all(lang, &q, argc - optind, argv + optind);
}

const struct cmd cmd_read = {
	.name = "read",
	.usage = "[--lang xx] [--zone ZONE] [--at TIME] [--past] TYPE [TEXT]",
	.about = "Show how a reply would be read",
	.help = "TYPE is pain, scale, minutes, number, time, date, zone or yesno. Prints one JSON "
		"object:\n"
		"  {\"result\":\"value\",\"value\":6}       understood\n"
		"  {\"result\":\"ask\",\"guess\":[5,6]}     would be asked back\n"
		"  {\"result\":\"none\"}                  not understood\n"
		"Without TEXT, each line of standard input is a reply.\n\n"
		"  --lang xx     language of the reply (en)\n"
		"  --zone ZONE   the person's zone (UTC)\n"
		"  --at TIME     their local time, \"2026-03-02 07:15\" (now)\n"
		"  --past        dates: \"Monday\" means the last one\n",
	.run = run,
};
