/* The boundary between the bot and what it talks about. A handler is a row that explains itself:
 * facts and actions that flows may use, due times it answers, dialogs it leads by itself.
 *
 * Everything here runs inside a turn: one transaction, one arena. Texts come from prompts/answers
 * by id ("help.menu"); placeholders in them are the turn's values, the dialog's answers and facts.
 * Nothing returned needs freeing. */
#ifndef BOT_HANDLER_H
#define BOT_HANDLER_H

#include "base/mem.h"
#include "base/zone.h"
#include "flow/flow.h"
#include "flow/values.h"
#include "store/dialogs.h"
#include "store/entries.h"
#include "store/reminders.h"
#include "store/users.h"

struct turn;

/* An action of flows: `do: name` or `do: name argument`. Sets its values by turn_set(). */
struct handler_action {
	const char *name;
	void (*run)(struct turn *, const char *argument);
	const struct flow_fact *sets; /* values it sets, ended by a NULL name; or NULL */
	bool takes_argument;
};

/* A fact that conditions and texts of flows may mention. */
struct handler_fact {
	const char *name;
	enum value_type type;
	struct value (*get)(struct turn *);
};

/* A command: words that a person may type at any time. */
struct handler_command {
	const char *const *words; /* phrases, ended by NULL; English, translated by the lexicon */
	void (*run)(
		struct turn *, const char *rest); /* rest: what follows the phrase, "" if nothing */
	bool always;     /* works over an open question ("stop", "help", "undo") */
	bool takes_rest; /* "exercise hips": the phrase may be followed by more words */
	bool before_consent;
};

struct handler {
	const char *name;
	const struct handler_action *actions;   /* ended by a NULL name; or NULL */
	const struct handler_fact *facts;       /* ended by a NULL name; or NULL */
	const struct handler_command *commands; /* ended by NULL words; or NULL */
	const char *const *due_kinds;           /* reminder kinds that due() answers; or NULL */
	/* A reminder came due. The schedule has already planned the next one. */
	void (*due)(struct turn *, struct reminder *);
	/* Looks at every message before anything else; true: it has taken it (alarm words). */
	bool (*first)(struct turn *, const char *text);
	/* A reply while its own dialog (dialog.flow == name) is open; false: not for it. */
	bool (*reply)(struct turn *, struct dialog *, enum flow_input_kind, const char *text);
	/* Asks its own dialog's question again (after an interruption or undo). */
	void (*repeat)(struct turn *, struct dialog *);
	/* Free talk that no command matched ("6/10 after gardening"); true: taken. */
	bool (*free_talk)(struct turn *, const char *text);
	/* After a turn that stored or changed entries (logged-data events, clinical-safety 1.5). */
	void (*logged)(struct turn *);
};

/* All handlers in the order they are asked, ended by NULL: the one list (handlers/handlers.c). */
extern const struct handler *const handlers[];

/* ---- who and when ---- */
struct arena *turn_arena(struct turn *);
struct store *turn_store(struct turn *);
struct user *turn_user(struct turn *); /* change it freely: saved at the end of the turn */
int64_t turn_now_utc_ms(const struct turn *);
const struct zone *turn_zone(const struct turn *);
int64_t turn_today(const struct turn *); /* local day number */
int turn_minute(const struct turn *);    /* local minute of the day */
enum day_part turn_part(const struct turn *);
bool turn_has_consent(const struct turn *);
const struct lexicon *turn_lexicon(const struct turn *);
const struct prompts *turn_prompts(const struct turn *); /* bot/prompts.h */
/* What the person wrote, cleaned and cut to 4,000 bytes; "" for a due time. */
const char *turn_words(const struct turn *);
int64_t turn_message_id(const struct turn *); /* inbound row, 0 for a due time */

/* ---- values ---- */
void turn_set(struct turn *, const char *name, struct value); /* seen by texts and conditions */
void turn_set_text(struct turn *, const char *name, const char *text);
void turn_set_number(struct turn *, const char *name, double);
struct value turn_get(
	struct turn *, const char *name); /* values, answers, facts; null if unknown */

/* ---- speaking ---- */
const char *turn_text(struct turn *, const char *text_id); /* filled in, translated; never NULL */
void turn_say(struct turn *, const char *text_id);
void turn_say_raw(struct turn *, const char *text); /* already filled text (a list, an export) */
void turn_alarm(
	struct turn *, const char *text_id); /* safety: passes pause, stop and quiet hours */
/* A question of a handler's own dialog. choices end with a NULL id; NULL: none, or Yes and No where
 * the answer is "yesno". */
void turn_ask(struct turn *, const char *text, const char *step, const char *answer,
	const struct flow_choice *choices, bool can_skip);
/* Joins a picture or a file to the last message of this turn. */
void turn_image(struct turn *, const char *name, const char *alt);
void turn_file(struct turn *, const char *name, const char *type, const char *data, size_t len);
/* What "why this?" answers from now on: a text id of prompts/answers, or raw text. */
void turn_why(struct turn *, const char *text_id_or_raw);

/* The answer to "why this?": the open question's own, else what turn_why() said last. Never NULL.
 */
const char *turn_why_text(struct turn *);

/* For the coverage of talk files: "triage row a_chest". */
void turn_trace(struct turn *, const char *what);

/* ---- dialogs ---- */
/* Opens a flow (over the open dialog, which is offered again later). message: what the person
 * said to start it, or NULL. */
void turn_start(struct turn *, const char *flow, const char *message);
/* Opens or updates a dialog that the handler leads itself. values: JSON object. */
void turn_dialog(struct turn *, const char *handler, const char *step, const char *values);
void turn_end_dialog(struct turn *); /* the open one; the one below is then repeated */
void turn_end_all(struct turn *);    /* all, silently */
bool turn_has_dialog(struct turn *, const char *flow); /* open on top? */

/* ---- keeping ---- */
/* Logs an entry for today's part of day, from this message. Returns its id. */
int64_t turn_log_number(struct turn *, const char *kind, double number, const char *text);
int64_t turn_log_text(struct turn *, const char *kind, const char *text);
/* Takes the person's last answers and entries back and opens the question again that was open
 * before them. False: nothing to take back. */
bool turn_undo(struct turn *);
void turn_repeat(
	struct turn *); /* asks the open question as it stands; nothing when none is open */
/* Amends an entry; "undo" brings the old value back. */
void turn_correct(struct turn *, const char *kind, int64_t entry_id, double number);
/* Has this turn logged an entry of the kind? */
bool turn_has_logged(const struct turn *, const char *kind);
/* For another moment: day number and part (say, yesterday evening). */
int64_t turn_log_at(struct turn *, const char *kind, bool has_number, double number,
	const char *text, int64_t day, enum day_part);

/* The person has just been deleted: this turn keeps nothing more for them; its words still go out.
 */
void turn_forget(struct turn *);

/* ---- reminders ---- */
/* (Re)plans a reminder with a rule; replaces one of the same kind. */
void turn_remind(
	struct turn *, const char *kind, const struct rule *, int per_day, const char *data);
/* One moment, delay_ms from now. Quiet hours move it to the person's wake time unless is_safety. */
void turn_remind_once(
	struct turn *, const char *kind, int64_t delay_ms, const char *data, bool is_safety);
/* All rules again (the zone changed, a pause ended). */
void turn_replan(struct turn *);

#endif
