/* Which path shows which of the compiled-in files. */
#include "platforms/webchat_private.h"

#include <string.h>

#define FILE_BYTES(name) extern const char web_##name[], web_##name##_end[]
FILE_BYTES(index_html);
FILE_BYTES(chat_css);
FILE_BYTES(text_js);
FILE_BYTES(answers_js);
FILE_BYTES(list_js);
FILE_BYTES(chat_js);
FILE_BYTES(icon_svg);

#define SCRIPT "text/javascript; charset=utf-8"

static const struct {
	const char *path, *type, *begin, *end;
} files[] = {
	{"/", "text/html; charset=utf-8", web_index_html, web_index_html_end},
	{"/chat.css", "text/css; charset=utf-8", web_chat_css, web_chat_css_end},
	{"/text.js", SCRIPT, web_text_js, web_text_js_end},
	{"/answers.js", SCRIPT, web_answers_js, web_answers_js_end},
	{"/list.js", SCRIPT, web_list_js, web_list_js_end},
	{"/chat.js", SCRIPT, web_chat_js, web_chat_js_end},
	{"/icon.svg", "image/svg+xml", web_icon_svg, web_icon_svg_end},
};

bool web_file_find(const char *path, struct web_file *out)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (strcmp(files[i].path, path) == 0) {
			*out = (struct web_file){
				.path = files[i].path,
				.type = files[i].type,
				.data = files[i].begin,
				.len = (size_t)(files[i].end - files[i].begin),
			};
			return true;
		}
	}
	return false;
}
