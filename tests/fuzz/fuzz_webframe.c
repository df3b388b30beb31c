/* Fuzz: a frame of the chat page. Whatever arrives is refused with a reason, or is a struct whose
 * promises hold. */
#include "platforms/webchat_wire.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_plain(const char *text, size_t max)
{
	assert(strlen(text) >= 1 && strlen(text) <= max);
	for (const char *p = text; *p; p++) {
		assert(*p > ' ' && *p < 0x7f && *p != ':' && *p != '"' && *p != '\\');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf copy = {0}, out = {0};
	struct web_frame f;
	const char *why;

	buf_add(&copy, data, size); /* as the server hands it over: ended by NUL, UTF-8 */
	if (!text_is_utf8(buf_text(&copy), copy.len)) {
		buf_finish(&copy);
		return 0;
	}
	if (!web_frame_read(&f, buf_text(&copy), copy.len, &why)) {
		assert(why && *why && strlen(why) < 64);
		buf_finish(&copy);
		return 0;
	}
	assert(!why);
	if (f.kind == WEB_SAY || f.kind == WEB_CHOOSE) {
		is_plain(f.cid, WEB_CID_MAX);
		assert(f.text && *f.text);
		/* What goes back to the other tabs is JSON again. */
		web_write_own(&out, 1, f.cid, f.text, 2);
		json_object_put(json_read(buf_text(&out), out.len));
	}
	assert(f.kind != WEB_HELLO || f.after >= 0);
	assert(f.kind != WEB_OLDER || f.before > 0);
	if (f.kind == WEB_HELLO && f.zone) {
		is_plain(f.zone, WEB_PLACE_MAX);
	}
	if (f.kind == WEB_HELLO && f.lang) {
		is_plain(f.lang, WEB_LANG_MAX);
	}
	web_frame_finish(&f);
	buf_finish(&out);
	buf_finish(&copy);
	return 0;
}
