/* Listening, limits and the doors through which libwebsockets calls us. Accepting is our own: a
 * port that is taken must be a clear sentence, and limits must hold before the library spends
 * memory.
 *
 * The rules of this library version, each learnt from a crash or a spin: no extensions; never
 * return non-zero from RECEIVE; refuse every upgrade but "websocket" (the HTTP/2 header code has a
 * known memory bug, and `in` of that callback may point to freed memory); refuse a handshake
 * without sub-protocol, which lands at protocols[0]; clean up in WSI_DESTROY only. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/serve_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	ACCEPT_MAX = 64, /* in one go, so that others have their turn */
	BACKLOG = 511,
	FULL_EVERY_S = 10, /* a crowd must not fill the log as well */
	RESUME_MS = 1000,
	RX_BYTES = 4096,
	GOODBYE_MS = 300, /* for everybody together, when the daemon stops */
};

static const lws_retry_bo_t life = {
	.secs_since_valid_ping = 30,
	.secs_since_valid_hangup = 50,
};

static struct serve_peer *peer_of(struct lws *wsi)
{
	return lws_get_opaque_user_data(wsi);
}

/* ---- the library's doors ---- */

static void peer_destroy(struct serve_peer *peer)
{
	struct serve *serve = peer->serve;

	if (peer->is_accepted) {
		serve->settings.gone(serve->settings.ctx, peer);
	}
	serve_http_finish(peer);
	serve_ws_finish(peer);
	buf_finish(&peer->received);
	*(peer->previous ? &peer->previous->next : &serve->peers) = peer->next;
	if (peer->next) {
		peer->next->previous = peer->previous;
	}
	serve->peer_count--;
	free(peer);
}

static int confirm_upgrade(struct lws *wsi)
{
	char upgrade[16];

	if (lws_hdr_copy(wsi, upgrade, sizeof upgrade, WSI_TOKEN_UPGRADE) <= 0) {
		return -1;
	}
	return strcasecmp(upgrade, "websocket") == 0 ? 0 : -1;
}

/* protocols[0]: everything that is not (yet) our WebSocket. */
static int on_http(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct serve_peer *peer = peer_of(wsi);

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return confirm_upgrade(wsi);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return -1; /* a handshake without sub-protocol */
	case LWS_CALLBACK_WSI_DESTROY:
		if (peer) {
			lws_set_opaque_user_data(wsi, NULL);
			peer_destroy(peer);
		}
		return 0;
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return peer ? serve_on_http(peer, reason, in, len) : -1;
	default:
		return 0;
	}
}

/* protocols[1]: ours. */
static int on_ws(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct serve_peer *peer = peer_of(wsi);

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return peer ? serve_on_ws(peer, reason, in, len) : -1;
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return peer ? serve_on_ws(peer, reason, in, len) : 0;
	default:
		return 0;
	}
}

/* ---- accepting ---- */

static int count_address(const struct serve *serve, const char *address)
{
	int n = 0;

	for (const struct serve_peer *p = serve->peers; p; p = p->next) {
		n += strcmp(p->address, address) == 0;
	}
	return n;
}

static void log_full(struct serve *serve, const char *what)
{
	int64_t now_us = clock_mono_us();

	serve->turned_away++;
	if (!serve->full_us || now_us - serve->full_us > FULL_EVERY_S * 1000000LL) {
		log_warn("web.full what=%s connections=%d turned_away=%u", what, serve->peer_count,
			serve->turned_away);
		serve->full_us = now_us;
		serve->turned_away = 0;
	}
}

/* Behind a proxy all sockets come from one address: only the total can be limited here. */
static bool is_welcome(struct serve *serve, const char *address)
{
	if (serve->peer_count >= serve->settings.max_connections) {
		log_full(serve, "total");
		return false;
	}
	if (!serve->settings.has_proxy &&
		count_address(serve, address) >= serve->settings.max_per_address) {
		log_full(serve, "address");
		return false;
	}
	return true;
}

static void adopt(struct serve *serve, int fd, const char *address)
{
	struct serve_peer *peer;
	struct lws *wsi = lws_adopt_socket_vhost(serve->vhost, fd); /* closes it when it fails */

	if (!wsi) {
		return;
	}
	peer = mem_alloc(1, sizeof *peer);
	peer->serve = serve;
	peer->wsi = wsi;
	peer->number = ++serve->next_number;
	peer->last = &peer->first;
	snprintf(peer->address, sizeof peer->address, "%s", address);
	peer->next = serve->peers;
	if (peer->next) {
		peer->next->previous = peer;
	}
	serve->peers = peer;
	serve->peer_count++;
	lws_set_opaque_user_data(wsi, peer);
}

static void on_listen(void *ctx, int fd, unsigned what)
{
	struct serve *serve = ctx;
	char address[ADDRESS_LEN];
	const int on = 1;

	(void)what;
	for (int i = 0; i < ACCEPT_MAX; i++) {
		struct sockaddr_storage from;
		socklen_t len = sizeof from;
		int peer_fd =
			accept4(fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (peer_fd < 0) {
			/* No descriptors: asking again at once would spin. */
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
				errno == ENOBUFS) {
				log_error("web.accept errno=%d", errno);
				loop_fd_set(serve->loop, fd, 0, NULL, NULL);
				loop_timer_set(serve->resume, RESUME_MS);
			}
			return;
		}
		if (getnameinfo((struct sockaddr *)&from, len, address, sizeof address, NULL, 0,
			    NI_NUMERICHOST) != 0 ||
			!is_welcome(serve, address)) {
			close(peer_fd);
			continue;
		}
		setsockopt(peer_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		adopt(serve, peer_fd, address);
	}
}

static void resume_listening(void *ctx)
{
	struct serve *serve = ctx;

	loop_fd_set(serve->loop, serve->fd, LOOP_READ, on_listen, serve);
}

/* ---- opening and closing ---- */

static void close_keeping_errno(int fd)
{
	int kept = errno;

	close(fd);
	errno = kept;
}

static int bound_socket(const struct addrinfo *to)
{
	const int on = 1;
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		if (bind(fd, to->ai_addr, to->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
			return fd;
		}
		close_keeping_errno(fd);
	}
	return -1;
}

static int port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	char port[8] = "";

	if (getsockname(fd, (struct sockaddr *)&a, &len) == 0) {
		getnameinfo((struct sockaddr *)&a, len, NULL, 0, port, sizeof port, NI_NUMERICSERV);
	}
	return atoi(port);
}

static bool listen_on(struct serve *serve, const char **error)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *to = NULL;
	char port[8];

	snprintf(port, sizeof port, "%d", serve->settings.port);
	if (getaddrinfo(serve->settings.listen, port, &hints, &to) != 0) {
		*error = "listen must be a numeric address, such as 127.0.0.1 or ::1";
		return false;
	}
	serve->fd = bound_socket(to);
	freeaddrinfo(to); /* does not touch errno */
	if (serve->fd < 0) {
		*error = errno == EADDRINUSE
				 ? "the port is taken; is another limberd running? Choose "
				   "another port in the configuration"
			 : errno == EACCES
				 ? "this user may not listen on that port; use one above 1023"
			 : errno == EADDRNOTAVAIL
				 ? "this machine does not have the address to listen on"
				 : "the system refuses to listen";
		return false;
	}
	serve->port = port_of(serve->fd);
	return loop_fd_set(serve->loop, serve->fd, LOOP_READ, on_listen, serve);
}

static struct lws_vhost *open_vhost(struct serve *serve)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = serve->protocols,
		.vhost_name = "serve",
		.user = serve,
		.keepalive_timeout = 15,
		.timeout_secs_ah_idle = 10,
		.retry_and_idle_policy = &life,
		.options = LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
	};

	return lws_create_vhost(loop_context(serve->loop), &info);
}

struct serve *serve_open(
	struct loop *loop, const struct serve_settings *settings, const char **error)
{
	struct serve *serve = mem_alloc(1, sizeof *serve);

	serve->settings = *settings;
	serve->loop = loop;
	serve->fd = -1;
	serve->protocols[0] = (struct lws_protocols){.name = "http", .callback = on_http};
	serve->protocols[1] = (struct lws_protocols){
		.name = settings->protocol, .callback = on_ws, .rx_buffer_size = RX_BYTES};
	serve->resume = loop_timer_create(loop, resume_listening, serve);
	*error = "the web server cannot be set up";
	serve->vhost = open_vhost(serve);
	if (!serve->vhost || !listen_on(serve, error)) {
		serve_close(serve);
		return NULL;
	}
	return serve;
}

/* Acknowledgements that are still queued and the goodbye get a moment to leave. Whoever misses them
 * asks again after coming back. */
static void say_goodbye(struct serve *serve)
{
	int64_t until_us = clock_mono_us() + GOODBYE_MS * 1000;
	const struct timespec pause = {.tv_nsec = 1000000};

	serve->is_closing = true;
	for (struct serve_peer *p = serve->peers; p; p = p->next) {
		serve_end(p);
	}
	while (serve->peers && clock_mono_us() < until_us) {
		lws_service(loop_context(serve->loop), -1);
		nanosleep(&pause, NULL);
	}
}

void serve_close(struct serve *serve)
{
	if (!serve) {
		return;
	}
	if (serve->fd >= 0) {
		loop_fd_set(serve->loop, serve->fd, 0, NULL, NULL);
		close(serve->fd);
	}
	loop_timer_destroy(serve->resume);
	say_goodbye(serve);
	if (serve->vhost) {
		lws_vhost_destroy(serve->vhost);
	}
	free(serve);
}

int serve_port(const struct serve *serve)
{
	return serve->port;
}
