/* Any bytes as a message, and as the bot's own last question. */
#include "flow/alarm.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *kept, *arena;
	static struct alarm_table *table;
	const char *errors = NULL, *text;
	struct alarm_hit hit;

	if (!table) {
		kept = arena_create();
		arena = arena_create();
		table = alarm_load(kept, "prompts/triage/alarms.yaml", &errors);
	}
	if (!table) {
		abort();
	}
	text = arena_strndup(arena, (const char *)data, size < 4000 ? size : 4000);
	alarm_scan(arena, table, text, NULL, &hit);
	if (hit.verdict == ALARM_HIT && !hit.family) {
		abort();
	}
	/* A message that is the question itself is never an alarm. */
	alarm_scan(arena, table, text, text, &hit);
	if (hit.verdict != ALARM_NONE) {
		abort();
	}
	arena_reset(arena);
	return 0;
}
