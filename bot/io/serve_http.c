/* One request, one answer. Every answer carries the same security headers: nothing is stored by
 * browsers or proxies, nothing is framed, nothing is loaded from elsewhere. */
#include "base/log.h"
#include "base/mem.h"
#include "io/serve_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_BYTES = 4096, CHUNK_BYTES = 16 * 1024, ANSWER_S = 60 };

/* ---- reading ---- */

static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t len)
{
	if (lws_hdr_copy(wsi, out, (int)len, token) < 0) {
		out[0] = '\0'; /* absent or too long */
	}
}

static bool is_in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; len && *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n == len && memcmp(p, word, n) == 0) {
			return true;
		}
		p += n;
	}
	return false;
}

/* The last entry is the one that our own proxy added. */
static void read_forwarded(struct lws *wsi, struct serve_head *head)
{
	static const char proto_name[] = "x-forwarded-proto:";
	char list[512], proto[16] = "";
	const char *last;

	copy_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, list, sizeof list);
	last = strrchr(list, ',');
	last = last ? last + 1 : list;
	last += strspn(last, " ");
	if (*last) {
		snprintf(head->address, sizeof head->address, "%.*s", (int)sizeof head->address - 1,
			last);
	}
	if (lws_hdr_custom_copy(wsi, proto, sizeof proto, proto_name, (int)sizeof proto_name - 1) >
		0) {
		head->is_https = strcmp(proto, "https") == 0;
	}
}

bool serve_head_read(struct serve_peer *peer, struct serve_head *head)
{
	char origin[ORIGIN_LEN], *path = NULL;
	int len = 0, method = lws_http_get_uri_and_method(peer->wsi, &path, &len);

	if (len <= 0 || len >= PATH_LEN) {
		return false;
	}
	memcpy(head->path, path, (size_t)len);
	head->path[len] = '\0';
	head->is_post = method == LWSHUMETH_POST;
	head->is_head = method == LWSHUMETH_HEAD;
	snprintf(head->address, sizeof head->address, "%s", peer->address);
	copy_header(peer->wsi, WSI_TOKEN_HTTP_COOKIE, head->cookie, sizeof head->cookie);
	copy_header(peer->wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin);
	head->is_own_origin = is_in_list(peer->serve->settings.origins, origin);
	if (peer->serve->settings.has_proxy) {
		read_forwarded(peer->wsi, head);
	}
	return method == LWSHUMETH_GET || head->is_post || head->is_head;
}

struct serve_request serve_request_of(const struct serve_peer *peer, const struct serve_head *head)
{
	return (struct serve_request){
		.is_post = head->is_post,
		.path = head->path,
		.cookie = head->cookie,
		.address = head->address,
		.is_own_origin = head->is_own_origin,
		.is_https = head->is_https,
		.body = buf_text(&peer->received),
		.body_len = peer->received.len,
	};
}

/* ---- answering ---- */

static size_t answer_len(const struct serve_answer *a)
{
	return a->fixed ? a->fixed_len : a->body.len;
}

static bool add(
	struct lws *wsi, const char *name, const char *value, unsigned char **p, unsigned char *end)
{
	return !*value || lws_add_http_header_by_name(wsi, (const unsigned char *)name,
				  (const unsigned char *)value, (int)strlen(value), p, end) == 0;
}

static bool write_headers(struct serve_peer *peer)
{
	const struct serve_answer *a = &peer->answer;
	const struct {
		const char *name, *value;
	} headers[] = {
		{"content-security-policy:", peer->serve->settings.csp},
		{"cache-control:", "no-store"},
		{"x-content-type-options:", "nosniff"},
		{"x-frame-options:", "DENY"},
		{"referrer-policy:", "no-referrer"},
		{"cross-origin-resource-policy:", "same-origin"},
		{"cross-origin-opener-policy:", "same-origin"},
		{"permissions-policy:", "camera=(), microphone=(), geolocation=()"},
		{"set-cookie:", a->cookie},
		{"content-disposition:", a->disposition},
	};
	unsigned char space[LWS_PRE + HEADERS_BYTES];
	unsigned char *start = space + LWS_PRE, *p = start, *end = space + sizeof space;

	if (lws_add_http_common_headers(
		    peer->wsi, (unsigned)a->status, a->type, answer_len(a), &p, end)) {
		return false;
	}
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		if (!add(peer->wsi, headers[i].name, headers[i].value, &p, end)) {
			return false;
		}
	}
	return lws_finalize_write_http_header(peer->wsi, start, &p, end) == 0;
}

/* Ready for the next request on this connection. */
static int completed(struct serve_peer *peer)
{
	serve_http_finish(peer);
	return lws_http_transaction_completed(peer->wsi) ? -1 : 0;
}

static int answer(struct serve_peer *peer)
{
	struct serve_request request = serve_request_of(peer, peer->head);
	bool is_head = peer->head->is_head;

	peer->answer = (struct serve_answer){.status = 404, .type = "text/plain; charset=utf-8"};
	peer->serve->settings.request(peer->serve->settings.ctx, &request, &peer->answer);
	peer->answered = 0;
	buf_clear(&peer->received);
	lws_set_timeout(peer->wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
	if (!write_headers(peer)) {
		return -1;
	}
	if (is_head || answer_len(&peer->answer) == 0) {
		return completed(peer);
	}
	lws_callback_on_writable(peer->wsi);
	return 0;
}

static int on_writeable(struct serve_peer *peer)
{
	const struct serve_answer *a = &peer->answer;
	const char *data = a->fixed ? a->fixed : buf_text(&a->body);
	unsigned char space[LWS_PRE + CHUNK_BYTES];
	size_t left = answer_len(a) - peer->answered;
	size_t n = left < CHUNK_BYTES ? left : CHUNK_BYTES;

	if (!peer->head || n == 0) {
		return 0;
	}
	memcpy(space + LWS_PRE, data + peer->answered, n);
	peer->answered += n;
	if (lws_write(peer->wsi, space + LWS_PRE, n,
		    n == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n) {
		return -1;
	}
	if (n == left) {
		return completed(peer);
	}
	lws_callback_on_writable(peer->wsi);
	return 0;
}

static int on_request(struct serve_peer *peer)
{
	serve_http_finish(peer);
	buf_clear(&peer->received);
	peer->head = mem_alloc(1, sizeof *peer->head);
	if (!serve_head_read(peer, peer->head)) {
		return -1;
	}
	return peer->head->is_post ? 0 : answer(peer);
}

static int on_body(struct serve_peer *peer, const void *in, size_t len)
{
	if (!peer->head || peer->received.len + len > SERVE_BODY_MAX) {
		log_warn("web.body_too_long peer=%u", peer->number);
		return -1;
	}
	buf_add(&peer->received, in, len);
	return 0;
}

int serve_on_http(
	struct serve_peer *peer, enum lws_callback_reasons reason, const void *in, size_t len)
{
	if (peer->serve->is_closing) {
		return -1;
	}
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return on_request(peer);
	case LWS_CALLBACK_HTTP_BODY:
		return on_body(peer, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return peer->head ? answer(peer) : -1;
	default:
		return on_writeable(peer);
	}
}

void serve_http_finish(struct serve_peer *peer)
{
	free(peer->head);
	peer->head = NULL;
	buf_finish(&peer->answer.body);
	peer->answer = (struct serve_answer){0};
	peer->answered = 0;
}
