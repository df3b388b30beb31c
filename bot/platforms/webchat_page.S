/* The page's files as bytes of the program: nothing to install, nothing to find at run time. */
.macro file name, path
	.global web_\name, web_\name\()_end
web_\name:
	.incbin "bot/platforms/web/\path"
web_\name\()_end:
	.byte 0
.endm

	.section .rodata
	file index_html, index.html
	file chat_css, chat.css
	file text_js, text.js
	file answers_js, answers.js
	file list_js, list.js
	file chat_js, chat.js
	file icon_svg, icon.svg
	.section .note.GNU-stack, "", %progbits
