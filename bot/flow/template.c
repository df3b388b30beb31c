/* Placeholders are found by one scanner; filling and listing only differ in what they do with a
 * name. */
#include "flow/template.h"

#include "base/buf.h"

#include <string.h>

enum piece { PIECE_END, PIECE_CHAR, PIECE_BRACE, PIECE_NAME, PIECE_FAULT };

/* The piece at *text, which moves past it. A name is name[0..len). */
static enum piece next_piece(const char **text, const char **name, size_t *len)
{
	const char *p = *text;

	if (!*p) {
		return PIECE_END;
	}
	if (*p != '{') {
		*text = p + 1;
		return PIECE_CHAR;
	}
	if (p[1] == '{') {
		*text = p + 2;
		return PIECE_BRACE;
	}
	*name = p + 1;
	*len = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");
	if (*len == 0 || p[1 + *len] != '}') {
		*text = p + 1;
		return PIECE_FAULT;
	}
	*text = p + *len + 2;
	return PIECE_NAME;
}

const char *template_fill(
	struct arena *arena, const char *text, template_lookup_fn lookup, void *ctx)
{
	struct buf out = {0};
	const char *name, *filled, *at = text;
	enum piece piece;
	size_t len;

	while ((piece = next_piece(&text, &name, &len)) != PIECE_END) {
		if (piece == PIECE_NAME) {
			struct value value = lookup(ctx, arena_strndup(arena, name, len));

			buf_adds(&out, value_show(arena, value));
		} else {
			buf_addc(&out, *at);
		}
		at = text;
	}
	filled = arena_strndup(arena, buf_text(&out), out.len);
	buf_finish(&out);
	return filled;
}

const char *const *template_names(struct arena *arena, const char *text, const char **error)
{
	/* at most one name in three bytes */
	const char **names = arena_alloc(arena, (strlen(text) / 3 + 1) * sizeof *names);
	const char *name, *at = text;
	enum piece piece;
	size_t len, n = 0;

	while ((piece = next_piece(&text, &name, &len)) != PIECE_END) {
		if (piece == PIECE_NAME) {
			names[n++] = arena_strndup(arena, name, len);
		} else if (piece == PIECE_FAULT) {
			*error = arena_printf(arena,
				"the brace at \"%.20s\" is not closed, or its name is not of "
				"a-z, 0-9 and _ (write {{ for a brace)",
				at);
			return NULL;
		}
		at = text;
	}
	return names;
}
