/* What the files of the web chat share. */
#ifndef PLATFORMS_WEBCHAT_PRIVATE_H
#define PLATFORMS_WEBCHAT_PRIVATE_H

#include "bot/platform.h"
#include "io/serve.h"

#include <stdint.h>

enum { HANDLE_LEN = 64, COOKIE_NAME_LEN = 24 };

/* So many at once, then so many a second. */
struct bucket {
	double tokens;
	int64_t filled_us;
};

struct webchat {
	struct link *link;
	struct serve *serve;
	struct visitor *visitors;      /* people with at least one open page */
	struct waiting *first, **last; /* messages that are not on disk yet */
	uint64_t next_token;
	struct bucket sign_ins; /* of everybody together */
	char cookie_name[COOKIE_NAME_LEN];
	char *origins;
};

bool bucket_take(struct bucket *, double burst, double a_second);

/* Who the request comes from; false: nobody who is signed in. */
bool webchat_who(
	struct webchat *, const struct serve_request *, char *session_out, char *handle_out);
void webchat_request(void *webchat, const struct serve_request *, struct serve_answer *);
/* Ends the pages that were opened with a session. */
void webchat_end_session(struct webchat *, const char *session);

/* The page's files, compiled in. NULL: no such path. */
struct web_file {
	const char *path, *type;
	const void *data;
	size_t len;
};
bool web_file_find(const char *path, struct web_file *out);

#endif
