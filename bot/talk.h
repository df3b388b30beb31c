/* Talk files: example conversations with a simulated clock that must stay true. The language is
 * described in docs/authoring.md. */
#ifndef BOT_TALK_H
#define BOT_TALK_H

#include "base/buf.h"
#include "bot/bot.h"

#include <stdbool.h>

struct talk_coverage; /* texts that were said and choices that were taken, over many files */
struct talk_coverage *talk_coverage_create(void);
void talk_coverage_destroy(struct talk_coverage *);
void talk_coverage_add(struct talk_coverage *, const char *what);
bool talk_coverage_has(const struct talk_coverage *, const char *what);

/* Runs one file against prompts in prompts_dir. False with every failure appended to out as
 * "file:line: sentence" lines. */
bool talk_run(const char *path, const char *prompts_dir, struct talk_coverage *, struct buf *out);

#endif
