/* Everything authors write, loaded and checked as one set: flows, triage, exercises, answers and
 * lexicons from a prompts directory. A set is immutable; a reload makes a new one, and running
 * dialogs go on with the flow version they began with. */
#ifndef BOT_PROMPTS_H
#define BOT_PROMPTS_H

#include "base/mem.h"
#include "flow/flow.h"

struct prompts;
/* NULL when anything is wrong: *errors holds every fault, one "file:line:column: sentence" a line
 * (the caller frees it). */
struct prompts *prompts_load(const char *dir, const struct flow_vocabulary *, char **errors);
void prompts_destroy(struct prompts *);

const struct flow *prompts_flow(const struct prompts *, const char *name); /* or NULL */
const struct flow *prompts_flow_at(const struct prompts *, size_t i);      /* NULL past the end */
/* A flow of an older version from its source, parsed once and kept with the set; NULL when it does
 * not fit this program any more. */
const struct flow *prompts_flow_version(
	struct prompts *, const char *name, const char *version, const char *source);
/* A text of prompts/answers/NAME.yaml by id ("help.menu"), in English; NULL: no such id. */
const char *prompts_text(const struct prompts *, const char *id);
const char *prompts_text_at(
	const struct prompts *, size_t i, const char **id_out); /* NULL past the end */
/* Calls fn with every text that people read and its msgctxt: flows, the engine's own words,
 * answers, triage, exercises. No pair comes twice. */
void prompts_each_text(const struct prompts *,
	void (*fn)(void *ctx, const char *context, const char *source), void *ctx);
/* The text in a language: msgctxt is the id, source the English text. Returns source when there is
 * no translation. */
const char *prompts_translate(
	const struct prompts *, const char *lang, const char *context, const char *source);
const struct lexicon *prompts_lexicon(
	const struct prompts *, const char *lang); /* falls back to en */
bool prompts_has_language(const struct prompts *, const char *lang);
const struct triage_table *prompts_triage(const struct prompts *);
const struct alarm_table *prompts_alarms(const struct prompts *, const char *lang);
const struct exercise_set *prompts_exercises(const struct prompts *);

#endif
