/* A translation: a compiled PO file (.mo), looked up by msgctxt and source text. Read by us,
 * because gettext's own state is process-wide and a person's language changes with each turn. */
#ifndef BOT_CATALOGUE_H
#define BOT_CATALOGUE_H

struct catalogue;
/* NULL with *error (static) when the file is not a sound .mo file. */
struct catalogue *catalogue_open(const char *path, const char **error);
void catalogue_close(struct catalogue *); /* NULL accepted */
/* The translation, or NULL. */
const char *catalogue_find(const struct catalogue *, const char *context, const char *source);

#endif
