/* Everything about one person, out and away. The tables are listed once, so that counting and
 * deleting cannot drift apart; a test compares the list with the schema. */
#include "store/privacy.h"

#include "store/entries.h"
#include "store/stmt.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

/* ---- JSON ---- */

/* SQLite writes the JSON of each row. Moments are ISO 8601 in UTC, NULL when they are 0. */
#define MOMENT(column) "strftime('%Y-%m-%dT%H:%M:%SZ', nullif(" column ", 0) / 1000, 'unixepoch')"
#define NUMBER(column)                                                                             \
	"iif(" column " = CAST(" column " AS INTEGER), CAST(" column " AS INTEGER), " column ")"
#define JSON_OR_TEXT(column) "json(iif(json_valid(" column "), " column ", json_quote(" column ")))"
#define SLOT_TIME(column)    "printf('%02d:%02d', " column " / 60, " column " % 60)"

static const char export_user_sql[] =
	"SELECT json_object('name', name, 'zone', zone, 'language', lang, 'country', "
	"country,"
	" 'since', " MOMENT(
		"created_utc_ms") ","
				  " 'consent', json_object('at', " MOMENT(
					  "consent_utc_ms") ", 'text', consent_text),"
							    " 'paused_until', " MOMENT(
								    "paused_until_utc_"
								    "ms") ","
									  " 'stopped',"
									  " json(iif("
									  "is_stopped,"
									  " 'true', "
									  "'false')),"
									  " 'last_"
									  "message',"
									  " " MOMENT("las"
										     "t_"
										     "inb"
										     "oun"
										     "d_"
										     "utc"
										     "_m"
										     "s") ")"
											  " FROM "
											  "users "
											  "WHERE "
											  "user_id "
											  "= ?1";
static const char export_handles_sql[] =
	"SELECT json_object('link', link, 'handle', handle, 'conversation', conversation)"
	" FROM handles WHERE user_id = ?1";
static const char export_facts_sql[] =
	"SELECT json_object('name', name, 'value', value, 'set', " MOMENT(
		"set_utc_ms") ")"
			      " FROM facts WHERE user_id = ?1";
static const char export_entries_sql[] =
	"SELECT json_object('day', date(day * 86400, 'unixepoch'),"
	" 'part', CASE part WHEN 0 THEN 'night' WHEN 1 THEN 'morning' WHEN 2 THEN 'day'"
	"  ELSE 'evening' END,"
	" 'kind', kind, 'number', " NUMBER(
		"number") ", 'text', text,"
			  " 'at', " MOMENT("at_utc_ms") ", 'source', source,"
							" 'taken_back', json(iif(is_retracted, "
							"'true', 'false')),"
							" 'history', (SELECT "
							"json_group_array(json_object('what', "
							"what, 'number', " NUMBER(
								"h.number") ","
									    "   'text', h.text, "
									    "'at', " MOMENT(
										    "changed_utc_"
										    "ms") ")) FROM "
											  "entry_"
											  "history "
											  "AS h"
											  "  WHERE "
											  "h.entry_"
											  "id = "
											  "entries."
											  "entry_"
											  "id))"
											  " FROM "
											  "entries "
											  "WHERE "
											  "user_id "
											  "= ?1 "
											  "ORDER "
											  "BY "
											  "entry_"
											  "id";
static const char export_reminders_sql[] =
	"SELECT json_object('kind', kind, 'days', days,"
	" 'from', " SLOT_TIME("from_min") ", 'to', " SLOT_TIME(
		"to_min") ", 'every_min', every_min,"
			  " 'next', " MOMENT("next_utc_ms") ", 'data', " JSON_OR_TEXT(
				  "data") ")"
					  " FROM reminders WHERE user_id = ?1 ORDER BY reminder_id";
/* Of our messages the text is enough: an attachment may be an earlier export. */
static const char export_messages_sql[] =
	"SELECT json_object('from', iif(state = 0, 'you', 'limberd'),"
	" 'at', " MOMENT("created_utc_ms") ", 'link', link,"
					   " 'text', iif(state <> 0 AND json_valid(body), "
					   "json_extract(body, '$.text'), body))"
					   " FROM messages WHERE user_id = ?1 ORDER BY message_id";
static const char export_turns_sql[] = "SELECT json_object('what', what, 'at', " MOMENT(
	"at_utc_ms") ","
		     " 'undone', json(iif(is_undone, 'true', 'false')), 'before', " JSON_OR_TEXT(
			     "before") ")"
				       " FROM turns WHERE user_id = ?1 ORDER BY turn_id";
static const char export_dialogs_sql[] =
	"SELECT json_object('flow', flow, 'step', step, 'answers', " JSON_OR_TEXT(
		"answers") ","
			   " 'pending', " JSON_OR_TEXT("pending") ", 'started', " MOMENT(
				   "started_utc_ms") ")"
						     " FROM dialogs WHERE user_id = ?1 ORDER BY "
						     "dialog_id";

static const struct section {
	const char *name, *sql;
	bool is_one; /* an object, not a list of them */
} sections[] = {
	{"person", export_user_sql, true},
	{"handles", export_handles_sql, false},
	{"facts", export_facts_sql, false},
	{"entries", export_entries_sql, false},
	{"reminders", export_reminders_sql, false},
	{"messages", export_messages_sql, false},
	{"turns", export_turns_sql, false},
	{"dialogs", export_dialogs_sql, false},
};

static void export_section(
	struct store *s, const struct section *section, int64_t user_id, struct buf *out)
{
	struct stmt q = stmt_open(s, section->sql);
	const char *separator = section->is_one ? "" : "[";

	buf_printf(out, "\"%s\":", section->name);
	put_int(&q, user_id);
	while (stmt_row(&q)) {
		buf_adds(out, separator);
		buf_adds(out, get_text(&q, NULL));
		separator = ",\n";
	}
	stmt_close(&q);
	if (section->is_one) {
		buf_adds(out, *separator ? "" : "null");
	} else {
		buf_adds(out, *separator == '[' ? "[]" : "]");
	}
}

void privacy_export_json(struct store *s, int64_t user_id, struct buf *out)
{
	const char *separator = "{";

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		buf_adds(out, separator);
		export_section(s, &sections[i], user_id, out);
		separator = ",\n";
	}
	buf_adds(out, "}\n");
}

/* ---- CSV ---- */

/* Quoted when needed; a text that a spreadsheet would run is made harmless by an apostrophe. */
static void add_cell(struct buf *out, const char *text)
{
	bool is_formula = *text && strchr("=+-@\t\r", *text);

	if (!is_formula && !text[strcspn(text, ",\"\r\n")]) {
		buf_adds(out, text);
		return;
	}
	buf_adds(out, is_formula ? "\"'" : "\"");
	for (; *text; text++) {
		if (*text == '"') {
			buf_addc(out, '"');
		}
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}

enum { DATE = 10, MOMENT_UTC = 20 }; /* of "2026-03-02T07:15:00Z" */

static void add_utc(struct buf *out, int64_t utc_s, size_t len)
{
	time_t t = (time_t)utc_s;
	struct tm utc;
	char text[32];

	if (gmtime_r(&t, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) >= len) {
		buf_add(out, text, len);
	}
}

static bool add_line(void *ctx, const struct entry *e)
{
	static const char *const parts[] = {"night", "morning", "day", "evening"};
	struct buf *out = ctx;

	add_utc(out, e->day * 86400, DATE);
	buf_printf(out, ",%s,", parts[e->part & 3]);
	add_cell(out, e->kind);
	buf_addc(out, ',');
	if (e->has_number) {
		buf_printf(out, "%.10g", e->number);
	}
	buf_addc(out, ',');
	add_cell(out, e->text ? e->text : "");
	buf_addc(out, ',');
	add_utc(out, e->at_utc_ms / 1000, MOMENT_UTC);
	buf_adds(out, "\r\n");
	return true;
}

void privacy_export_csv(struct store *s, int64_t user_id, struct buf *out)
{
	buf_adds(out, "day,part,kind,number,text,at\r\n");
	entry_each(s, user_id, NULL, INT64_MIN, INT64_MAX, add_line, out);
}

/* ---- forgetting ---- */

#define OF_USER(table)   " FROM " table " WHERE user_id = ?1"
#define OF_HANDLE(table) " FROM " table " WHERE handle IN (SELECT handle" OF_USER("handles") ")"
#define BOTH(of)         "SELECT count(*)" of, "DELETE" of

/* Children before parents, as the foreign keys want it. A session or an invite names only a
 * handle: those of the person's handles go. */
static const struct place {
	const char *count_sql, *delete_sql;
	ptrdiff_t receipt; /* where it is counted; -1: not */
} places[] = {
	{BOTH(OF_USER("entry_history")), -1},
	{BOTH(OF_USER("entries")), offsetof(struct privacy_receipt, entries)},
	{BOTH(OF_USER("turns")), offsetof(struct privacy_receipt, answers)},
	{BOTH(OF_USER("dialogs")), offsetof(struct privacy_receipt, answers)},
	{BOTH(OF_USER("messages")), offsetof(struct privacy_receipt, messages)},
	{BOTH(OF_USER("reminders")), offsetof(struct privacy_receipt, reminders)},
	{BOTH(OF_USER("facts")), offsetof(struct privacy_receipt, facts)},
	{BOTH(OF_HANDLE("sessions")), -1},
	{BOTH(OF_HANDLE("invites")), -1},
	{BOTH(OF_USER("handles")), offsetof(struct privacy_receipt, handles)},
	{BOTH(OF_USER("users")), -1},
};

static void add_to(struct privacy_receipt *receipt, ptrdiff_t offset, int64_t count)
{
	if (offset >= 0) {
		*(int *)((char *)receipt + offset) += (int)count;
	}
}

struct privacy_receipt privacy_count(struct store *s, int64_t user_id)
{
	struct privacy_receipt receipt = {0};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct stmt q = stmt_open(s, places[i].count_sql);

		put_int(&q, user_id);
		add_to(&receipt, places[i].receipt, stmt_int(&q));
	}
	return receipt;
}

struct privacy_receipt privacy_forget(struct store *s, int64_t user_id)
{
	struct privacy_receipt receipt = {0};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct stmt q = stmt_open(s, places[i].delete_sql);

		put_int(&q, user_id);
		add_to(&receipt, places[i].receipt, stmt_run(&q));
	}
	return receipt;
}
