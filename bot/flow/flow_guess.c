/* A reply that could mean two things is asked back: the guesses are kept as JSON in the run,
 * offered as a question of their own, and the next reply decides between them. */
#include "base/json.h"
#include "flow/flow_walk.h"

#include <string.h>

static struct json_object *guess_to_json(struct value v)
{
	return v.type == VALUE_NUMBER ? json_object_new_double(v.number)
				      : json_object_new_string(v.text);
}

static const char *pending_write(struct arena *arena, const struct reading *r)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const char *text;

	for (size_t i = 0; i < r->guess_count; i++) {
		json_object_array_add(list, guess_to_json(r->guess[i]));
	}
	json_object_object_add(object, "guess", list);
	text = arena_strdup(arena, json_write(object));
	json_object_put(object);
	return text;
}

/* The guesses that were offered; 0 when there are none. */
static size_t pending_read(const struct flow_walk *w, struct value guess[READ_GUESSES])
{
	struct json_object *object, *list;
	size_t n = 0;

	if (!w->run->pending) {
		return 0;
	}
	object = json_read(w->run->pending, strlen(w->run->pending));
	list = json_object_is_type(object, json_type_object) ? json_member(object, "guess") : NULL;
	if (json_object_is_type(list, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(list) && n < READ_GUESSES; i++) {
			struct json_object *item = json_object_array_get_idx(list, i);

			guess[n++] = json_object_is_type(item, json_type_string)
					     ? value_text(arena_strdup(
						       w->arena, json_object_get_string(item)))
					     : value_number(json_object_get_double(item));
		}
	}
	json_object_put(object);
	return n;
}

static const struct flow_choice *guess_choices(
	struct flow_walk *w, const struct value *guess, size_t count)
{
	struct flow_choice *list = arena_alloc(w->arena, (count + 3) * sizeof *list);

	if (count == 1) {
		list[0] = (struct flow_choice){"yes", walk_phrase(w, FLOW_PHRASE_YES)};
		list[1] = (struct flow_choice){"no", walk_phrase(w, FLOW_PHRASE_NO)};
		return list;
	}
	for (size_t i = 0; i < count; i++) {
		list[i] = (struct flow_choice){
			value_show(w->arena, guess[i]), walk_show(w, walk_step(w), guess[i])};
	}
	return list;
}

bool reply_offer(struct flow_walk *w)
{
	struct value guess[READ_GUESSES];
	size_t count = pending_read(w, guess);
	enum flow_phrase phrase = count == 1 ? FLOW_PHRASE_GUESS1 : FLOW_PHRASE_GUESS;
	const char *all = "";
	struct flow_event *event;

	if (!count) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const char *joint = i == 0          ? ""
				    : i + 1 < count ? ", "
						    : arena_printf(w->arena, " %s ",
							      walk_phrase(w, FLOW_PHRASE_OR));

		all = arena_printf(
			w->arena, "%s%s%s", all, joint, walk_show(w, walk_step(w), guess[i]));
	}
	w->extra = values_create(w->arena);
	values_set(w->extra, "guess", value_text(all));
	values_set(w->extra, "guesses", value_text(all));
	walk_push_ask(w, walk_phrase(w, phrase));
	event = &w->front[w->front_count - 1];
	event->context = flow_phrase_at(phrase)->context;
	event->answer = count == 1 ? READ_YESNO : READ_CHOICE;
	event->choices = guess_choices(w, guess, count);
	return true;
}

void reply_guess(struct flow_walk *w, const struct reading *r)
{
	w->run->pending = pending_write(w->arena, r);
	reply_offer(w);
}

/* The words that started a flow did not answer its question for certain, but a number in them may:
 * "6" alone, "wake 2:30". So the question comes with the guess. */
bool reply_open(struct flow_walk *w, const char *message)
{
	const struct flow_step *step = walk_step(w);
	struct reading r;

	if (!reply_takes_numbers(step)) {
		return false;
	}
	reply_read(w, step, message, true, &r);
	if (r.result == READ_VALUE && r.value.type != VALUE_NULL) {
		r.guess[0] = r.value;
		r.guess_count = 1;
	}
	if (!r.guess_count) {
		return false;
	}
	reply_guess(w, &r);
	w->front[w->front_count - 1].text = arena_printf(
		w->arena, "%s %s", walk_text(w, &step->ask), w->front[w->front_count - 1].text);
	return true;
}

/* 1 yes, 0 no, -1 neither: the reply as a whole, so that "no, 7" is not a no. */
static int read_yes(struct flow_walk *w, const char *text)
{
	const struct read_question q = {.type = READ_YESNO, .now_min = -1, .in_answer = true};
	struct reading r = {0};

	if (text[strcspn(text, "0123456789,")]) {
		return -1;
	}
	read_reply(w->arena, w->host->lexicon, &q, text, &r);
	return r.result == READ_VALUE && r.value.type == VALUE_NUMBER ? r.value.number != 0 : -1;
}

bool reply_decide(struct flow_walk *w, const char *text)
{
	struct value guess[READ_GUESSES];
	size_t count = pending_read(w, guess);
	int yes = count ? read_yes(w, text) : -1;

	if (yes == 1 && count == 1) {
		walk_answer(w, guess[0]);
		return true;
	}
	if (yes == 0) {
		w->run->pending = NULL;
		walk_push_ask(w, walk_text(w, &walk_step(w)->ask));
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(text, value_show(w->arena, guess[i])) ||
			!strcmp(text, walk_show(w, walk_step(w), guess[i]))) {
			walk_answer(w, guess[i]);
			return true;
		}
	}
	/* "2" is the second of those that were shown, unless numbers are what is asked for */
	if (!reply_takes_numbers(walk_step(w)) && text[0] >= '1' &&
		(size_t)(text[0] - '1') < count && !text[1]) {
		walk_answer(w, guess[text[0] - '1']);
		return true;
	}
	return false;
}
