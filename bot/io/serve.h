/* A small web server for one page and its WebSocket. It keeps the rules that libwebsockets 4.1
 * needs (see serve.c) and the limits of a public port; what is said on it is its owner's affair. */
#ifndef IO_SERVE_H
#define IO_SERVE_H

#include "base/buf.h"
#include "io/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct serve;
struct serve_peer; /* one WebSocket connection */

/* A request; its texts are valid during the call, "" when absent. */
struct serve_request {
	bool is_post; /* else GET or HEAD; nothing else gets here */
	const char *path;
	const char *cookie;  /* the whole header */
	const char *address; /* of the visitor, as far as it can be known */
	bool is_own_origin;  /* its Origin is in the list: sent by our own page */
	bool is_https;       /* it came through a proxy that ended TLS */
	const char *body;
	size_t body_len;
};

/* To be filled in; it begins as an empty 404. */
struct serve_answer {
	int status;
	const char *type;  /* media type */
	const void *fixed; /* bytes that live as long as the program, ... */
	size_t fixed_len;
	struct buf body;       /* ... or these, which the server frees */
	char cookie[256];      /* Set-Cookie */
	char disposition[256]; /* Content-Disposition */
};

struct serve_settings {
	const char *listen; /* numeric address */
	int port;
	const char *path, *protocol; /* of the WebSocket, both required from a visitor */
	const char *origins;         /* allowed ones, separated by spaces */
	const char *csp;
	int max_connections, max_per_address;
	bool has_proxy; /* believe X-Forwarded-For and X-Forwarded-Proto */
	void *ctx;
	void (*request)(void *ctx, const struct serve_request *, struct serve_answer *);
	/* A WebSocket with the right path, protocol and origin: false refuses it. */
	bool (*open)(void *ctx, struct serve_peer *, const struct serve_request *);
	/* One whole text message, valid UTF-8, at most SERVE_FRAME_MAX bytes, ended by NUL. */
	void (*frame)(void *ctx, struct serve_peer *, const char *text, size_t len);
	/* The connection is no more, for whatever reason; once for each open() that said true. */
	void (*gone)(void *ctx, struct serve_peer *);
};

enum {
	SERVE_FRAME_MAX = 64 * 1024,   /* longer: closed with 1009 */
	SERVE_QUEUE_MAX = 1024 * 1024, /* bytes waiting for a slow reader: then it is dropped */
	SERVE_BODY_MAX = 4 * 1024,     /* of a POST */
	SERVE_HELLO_S = 10,            /* a WebSocket that says nothing for so long is closed */
};

/* Close codes of RFC 6455 that we use. */
enum serve_close {
	SERVE_GOING_AWAY = 1001,
	SERVE_MALFORMED = 1002,
	SERVE_NOT_TEXT = 1003,
	SERVE_NOT_UTF8 = 1007,
	SERVE_TOO_FAST = 1008,
	SERVE_TOO_LONG = 1009,
	SERVE_SIGNED_OUT = 4401,
};

/* Settings are copied, their texts kept by reference. NULL with *error (static or kept until the
 * next call) when it cannot listen. */
struct serve *serve_open(struct loop *, const struct serve_settings *, const char **error);
void serve_close(struct serve *);     /* NULL accepted; says 1001 to everybody */
int serve_port(const struct serve *); /* useful when the setting was 0 */

void serve_set_state(struct serve_peer *, void *state);
void *serve_state(struct serve_peer *);
/* Queues one text message; ignored once the peer is being dropped. Never calls back. */
void serve_send(struct serve_peer *, const char *text, size_t len);
/* Ends the connection: nothing more is read, gone() follows later. */
void serve_drop(struct serve_peer *, enum serve_close, const char *why);
/* For the log: a short number, meaningless outside. */
unsigned serve_number(const struct serve_peer *);

#endif
