#include "bot/event.h"

#include <stdlib.h>

struct event_queue *event_queue_create(void)
{
	struct event_queue *q = mem_alloc(1, sizeof *q);

	q->arena = arena_create();
	return q;
}

void event_queue_destroy(struct event_queue *q)
{
	if (!q) {
		return;
	}
	arena_destroy(q->arena);
	free(q->items);
	free(q);
}

void event_queue_clear(struct event_queue *q)
{
	q->count = 0;
	arena_reset(q->arena);
}

static void copy_texts(struct arena *a, struct event *e)
{
	struct inbound *in = &e->inbound;
	const char **texts[] = {&in->message_id, &in->handle, &in->conversation, &in->thread,
		&in->text, &in->question, &in->profile.name, &in->profile.zone, &in->profile.lang,
		&e->name, &e->value};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		*texts[i] = arena_strdup(a, *texts[i]);
	}
}

struct event *event_queue_add(struct event_queue *q, const struct event *event)
{
	struct event *e;

	if (q->count >= EVENT_QUEUE_MAX) {
		return NULL;
	}
	if (q->count == q->cap) {
		q->cap = q->cap ? q->cap * 2 : 64;
		q->items = mem_resize(q->items, q->cap, sizeof *q->items);
	}
	e = &q->items[q->count++];
	*e = *event;
	copy_texts(q->arena, e);
	return e;
}
