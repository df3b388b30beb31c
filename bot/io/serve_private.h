/* What the three files of the server share. A peer is one accepted connection: first it speaks
 * HTTP, later perhaps WebSocket. */
#ifndef IO_SERVE_PRIVATE_H
#define IO_SERVE_PRIVATE_H

#include "io/loop_lws.h"
#include "io/serve.h"

#include <stdint.h>

enum { ADDRESS_LEN = 48, PATH_LEN = 256, ORIGIN_LEN = 256, COOKIE_LEN = 4096 };

/* What a request's headers said: copied, because the library frees them before the body is read. */
struct serve_head {
	bool is_post, is_head, is_https, is_own_origin;
	char path[PATH_LEN], cookie[COOKIE_LEN], address[ADDRESS_LEN];
};

struct serve_waiting { /* a message on its way out */
	struct serve_waiting *next;
	size_t len;
	unsigned char space[]; /* LWS_PRE, then the text */
};

struct serve_peer {
	struct serve *serve;
	struct serve_peer *next, *previous;
	struct lws *wsi;
	unsigned number;
	char address[ADDRESS_LEN]; /* of the socket */

	/* HTTP */
	struct serve_head *head; /* while a request is being read */
	struct buf received;     /* its body; later the WebSocket message */
	struct serve_answer answer;
	size_t answered; /* bytes of the answer's body that are written */

	/* WebSocket */
	void *state;
	bool is_accepted; /* open() said true, gone() is due */
	bool is_open;     /* the handshake is done */
	bool is_dead;     /* being dropped: nothing that arrives counts */
	enum serve_close close_code;
	const char *close_why;
	struct serve_waiting *first, **last;
	size_t waiting_len;
	double tokens; /* for pieces of messages */
	int64_t tokens_us;
};

struct serve {
	struct serve_settings settings;
	struct loop *loop;
	struct lws_vhost *vhost;
	struct loop_timer *resume; /* of listening, after descriptors ran out */
	struct serve_peer *peers;
	int peer_count;
	unsigned next_number, turned_away; /* since full_us */
	int64_t full_us;                   /* when that was last logged */
	int fd, port;
	bool is_closing; /* nothing that arrives counts any more */
	struct lws_protocols protocols[3];
};

/* Reads the headers of the request at hand. False: not one that we answer. */
bool serve_head_read(struct serve_peer *, struct serve_head *);
struct serve_request serve_request_of(const struct serve_peer *, const struct serve_head *);
int serve_on_http(struct serve_peer *, enum lws_callback_reasons, const void *in, size_t len);
int serve_on_ws(struct serve_peer *, enum lws_callback_reasons, const void *in, size_t len);
void serve_http_finish(struct serve_peer *);
void serve_ws_finish(struct serve_peer *);
/* Closes it with 1001 once its queue is empty; one that speaks HTTP at once. */
void serve_end(struct serve_peer *);

#endif
