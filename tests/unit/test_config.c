/* The configuration: every fault with its place, every value as it was meant. The platforms are
 * two of the test's own. */
#include "bot/config.h"

#include "bot/platform.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define TEN(x)   x x x x x x x x x x

static const struct config_key web_keys[] = {
	{.name = "listen", .type = CONFIG_TEXT, .fallback = "127.0.0.1"},
	{.name = "port", .type = CONFIG_INT, .fallback = "8765", .min = 1, .max = 65535},
	{.name = "history", .type = CONFIG_FLAG, .fallback = "yes"},
	{0},
};
static const struct config_key clinic_keys[] = {
	{.name = "url", .fallback = "", .is_required = true, .help = "address of the server"},
	{.name = "token_file",
		.type = CONFIG_FILE,
		.fallback = "",
		.is_required = true,
		.help = "file with the token"},
	{0},
};
static const struct platform silent = {.name = "silent"};
static const struct platform web = {.name = "web", .keys = web_keys};
static const struct platform mattermost = {.name = "mattermost", .keys = clinic_keys};
const struct platform *const platforms[] = {&silent, &web, &mattermost, NULL};

/* ---- a directory of its own ---- */

static int make_dir(void **state)
{
	char dir[] = "/tmp/limberd-config-XXXXXX";

	*state = mkdtemp(dir) ? strdup(dir) : NULL;
	return *state && chdir(dir) == 0 ? 0 : -1;
}

static int remove_dir(void **state)
{
	unlink("c.ini");
	unlink("secret");
	unlink("credentials/secret");
	rmdir("credentials");
	if (chdir("/") < 0 || rmdir(*state) < 0) {
		return -1;
	}
	free(*state);
	return 0;
}

static void write_file(const char *path, const char *text, size_t len, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static struct config_file *load(const char *text, size_t len, struct buf *errors)
{
	write_file("c.ini", text, len, 0600);
	return config_load("c.ini", errors);
}

/* ---- faults ---- */

#define S(text) text, sizeof(text) - 1

static const struct {
	const char *about, *text;
	size_t len;
	const char *faults[4]; /* the lines, each as a part that must stand in it */
} faults[] = {
	{"an unknown section", S("[wbe]\nport = 1\n"),
		{"c.ini:1:2: there is no section [wbe]; there are [bot], [web], [mattermost]"}},
	{"a platform without settings", S("[silent]\n"), {"c.ini:1:2: there is no section"}},
	{"a platform's name with more behind it", S("[webchat]\n"), {"c.ini:1:2: there is no"}},
	{"a section in other letters", S("[Web]\n"), {"c.ini:1:2: there is no section [Web]"}},
	{"a section with spaces around", S("[ web ]\n"), {"c.ini:1:2: there is no section"}},
	{"the same section twice", S("[web]\n[bot]\n[web]\n"),
		{"c.ini:3:2: [web] stands in line 1 already"}},
	{"[bot] twice", S("[bot]\n[web]\n[bot]\n"), {"c.ini:3:2: [bot] stands in line 1"}},
	{"a link twice", S("[web]\n[mattermost a]\nurl=u\ntoken_file=t\n[mattermost a]\n"),
		{"c.ini:5:2: [mattermost a] stands in line 2"}},
	{"an unclosed bracket", S("[web\nport = 1\n"), {"c.ini:1:1: a section is written [name]"}},
	{"a section without a name", S("[]\n"), {"c.ini:1:1: a section is written [name]"}},
	{"something behind a section", S("[web] port = 1\n"), {"c.ini:1:1: a section is written"}},
	{"a comment behind a section", S("[web] ; ours\n"), {"c.ini:1:7: a comment needs a line"}},
	{"a setting before any section", S("port = 1\n[web]\n"),
		{"c.ini:1:1: settings belong into a section; begin with [bot]"}},
	{"no link at all", S("[bot]\n"), {"c.ini:1:1: there is no link; add at least [web]"}},
	{"an empty file", S(""), {"there is no link"}},
	{"an unknown key", S("[web]\nxyz = 1\n"), {"c.ini:2:1: [web] has no setting xyz"}},
	{"a key with a typo", S("[web]\nprot = 1\n"), {"no setting prot; did you mean port?"}},
	{"a typo in [bot]", S("[bot]\nmesage_days = 9\n[web]\n"), {"did you mean message_days?"}},
	{"a key in other letters", S("[web]\nPort = 1\n"), {"did you mean port?"}},
	{"another section's key", S("[web]\ngrace = 10\n"), {"c.ini:2:1: [web] has no setting"}},
	{"a key twice", S("[web]\nport = 1\nport = 2\n"),
		{"c.ini:3:1: port was set above already"}},
	{"a key without a value", S("[web]\nport\n"), {"c.ini:2:1: a setting is written name ="}},
	{"a value without a key", S("[web]\n= 12\n"), {"c.ini:2:1: a setting is written name ="}},
	{"a colon for the equals sign", S("[web]\nport: 80\n"), {"c.ini:2:1: a setting is"}},
	{"a line that goes on", S("[web]\nlisten = a\n  b\n"),
		{"c.ini:3:1: a line must not begin"}},
	{"an indented key", S("[web]\n\tport = 1\n"), {"c.ini:2:1: a line must not begin with"}},
	{"a comment behind a value", S("[web]\nport = 80 ; http\n"),
		{"c.ini:2:11: a comment needs a line of its own"}},
	{"words for a number", S("[web]\nport = eighty\n"),
		{"c.ini:2:8: port takes a whole number, such as 8765"}},
	{"a unit behind a number", S("[bot]\ngrace = 2h\n[web]\n"),
		{"c.ini:2:9: grace takes a whole number of minutes, such as 120"}},
	{"half a number", S("[web]\nport = 80.5\n"), {"c.ini:2:8: port takes a whole number"}},
	{"no number", S("[web]\nport =\n"), {"c.ini:2:1: port takes a whole number"}},
	{"too small", S("[web]\nport = 0\n"), {"c.ini:2:8: port takes 1 to 65535"}},
	{"too large", S("[web]\nport = 65536\n"), {"c.ini:2:8: port takes 1 to 65535"}},
	{"negative", S("[bot]\nseen_days = -1\n[web]\n"), {"seen_days takes 1 to 90 days"}},
	{"larger than any number", S("[web]\nport = 99999999999999999999\n"),
		{"c.ini:2:8: port takes a whole number"}},
	{"a range of six digits", S("[bot]\nrate = 0\n[web]\n"),
		{"rate takes 1 to 100000 messages a second"}},
	{"true for yes", S("[web]\nhistory = true\n"), {"c.ini:2:11: history takes yes or no"}},
	{"YES", S("[web]\nhistory = YES\n"), {"c.ini:2:11: history takes yes or no"}},
	{"an hour only", S("[bot]\nquiet_from = 22\n[web]\n"),
		{"c.ini:2:14: quiet_from takes a time of day, such as 22:00"}},
	{"24:00", S("[bot]\nquiet_from = 24:00\n[web]\n"), {"takes a time of day"}},
	{"a minute of 60", S("[bot]\nquiet_to = 07:60\n[web]\n"), {"takes a time of day"}},
	{"a sign in a time", S("[bot]\nquiet_to = +7:00\n[web]\n"), {"takes a time of day"}},
	{"one digit of minutes", S("[bot]\nquiet_to = 7:5\n[web]\n"), {"takes a time of day"}},
	{"a word that is none of them", S("[bot]\nlog = verbose\n[web]\n"),
		{"c.ini:2:7: log takes one of: error warn info debug"}},
	{"part of a word", S("[bot]\nlog = warn info\n[web]\n"), {"log takes one of"}},
	{"half a word", S("[bot]\nlog = inf\n[web]\n"), {"c.ini:2:7: log takes one of"}},
	{"no word", S("[bot]\nlog =\n[web]\n"), {"c.ini:2:1: log takes one of"}},
	{"quotation marks", S("[web]\nlisten = \"::1\"\n"),
		{"c.ini:2:10: listen takes its text without quotation marks"}},
	{"a secret in the open", S("[mattermost a]\nurl = u\ntoken = abc\ntoken_file = t\n"),
		{"c.ini:3:1: secrets do not belong here: put it in a file of mode 0400 and write "
		 "token_file = FILE"}},
	{"what is needed is missing", S("[web]\n[mattermost a]\n"),
		{"c.ini:2:1: [mattermost a] needs url: address of the server",
			"c.ini:2:1: [mattermost a] needs token_file: file with the token"}},
	{"not UTF-8", S("[web]\nlisten = \xff\n"), {"c.ini:2:1: this line is not valid UTF-8"}},
	{"Latin-1 in a comment", S("; f\xfcr uns\n[web]\n"), {"c.ini:1:1: this line is not valid"}},
	{"a zero byte", S("[web]\nport = 1\0 2\n"), {"c.ini:2:9: a zero byte"}},
	{"a long line", S("[web]\nlisten = " TEN(TEN("ab")) "\n"),
		{"c.ini:2:191: this line is longer than 190 bytes"}},
	{"a long comment", S("; " TEN(TEN("ab")) "\n[web]\n"),
		{"c.ini:1:191: this line is longer"}},
	{"a long section", S("[" TEN(TEN("ab")) "]\n"), {"c.ini:1:191: this line is longer"}},
	{"all faults in one go",
		S("[bot]\nlog = loud\ngrace = 0\n[wbe]\nport = 1\n[web]\nport = x\n"),
		{"c.ini:2:7: log", "c.ini:3:9: grace", "c.ini:4:2: there is no section [wbe]",
			"c.ini:7:8: port"}},
	{"lines are counted past refused ones", S("[web\n\n\n; x\n[web]\r\nport = x\r\n"),
		{"c.ini:1:1:", "c.ini:6:8: port takes"}},
};

static void test_faults(void **state)
{
	(void)state;
	assert_true(COUNT(faults) >= 40);
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct buf errors = {0};
		size_t n = 0;
		char *rest = NULL;

		if (load(faults[i].text, faults[i].len, &errors)) {
			fail_msg("%s: was accepted", faults[i].about);
		}
		for (char *line = strtok_r(errors.data, "\n", &rest); line;
			line = strtok_r(NULL, "\n", &rest), n++) {
			if (n >= COUNT(faults[i].faults) || !faults[i].faults[n] ||
				!strstr(line, faults[i].faults[n])) {
				fail_msg("%s: %s", faults[i].about, line);
			}
		}
		if (n == 0 || (n < COUNT(faults[i].faults) && faults[i].faults[n])) {
			fail_msg("%s: a fault was not reported", faults[i].about);
		}
		buf_finish(&errors);
	}
}

static void test_no_file(void **state)
{
	struct buf errors = {0};

	(void)state;
	assert_null(config_load("missing.ini", &errors));
	assert_string_equal(buf_text(&errors), "missing.ini: No such file or directory\n");
	buf_clear(&errors);
	assert_null(config_load("/", &errors));
	assert_true(errors.len > 0);
	buf_finish(&errors);
}

/* ---- values ---- */

static const char whole[] = "\xef\xbb\xbf# ours\n"
			    "; more\n"
			    "\n"
			    "[bot]\r\n"
			    "data=/srv/limberd\n"
			    "grace   =   45  \n"
			    "quiet_from = 9:30\n"
			    "log = debug\n"
			    "[mattermost clinic one]\n"
			    "url = https://chat.example/a?b=c;d#e\n"
			    "token_file = secrets/token\n"
			    "[web]\n"
			    "history = no\n"
			    "listen = K\xc3\xb6ln # not a comment\n";

static void test_values(void **state)
{
	struct buf errors = {0};
	struct config_file *file = load(whole, sizeof whole - 1, &errors);
	const struct platform *platform;
	const struct config *c;

	(void)state;
	assert_string_equal(buf_text(&errors), "");
	assert_non_null(file);
	c = config_bot(file);
	assert_string_equal(config_text(c, "data"), "/srv/limberd");
	assert_int_equal(config_int(c, "grace"), 45);
	assert_int_equal(config_int(c, "quiet_from"), 570);
	assert_int_equal(config_int(c, "quiet_to"), 420);
	assert_int_equal(config_int(c, "message_days"), 90);
	assert_string_equal(config_text(c, "log"), "debug");
	assert_string_equal(config_text(c, "nonsense"), "");
	assert_string_equal(config_link(file, 0, &platform, &c), "mattermost clinic one");
	assert_ptr_equal(platform, &mattermost);
	assert_string_equal(config_text(c, "url"), "https://chat.example/a?b=c;d#e");
	assert_string_equal(config_text(c, "token_file"), "./secrets/token");
	assert_string_equal(config_link(file, 1, &platform, &c), "web");
	assert_ptr_equal(platform, &web);
	assert_false(config_flag(c, "history"));
	assert_int_equal(config_int(c, "port"), 8765);
	assert_string_equal(config_text(c, "listen"), "K\xc3\xb6ln # not a comment");
	assert_null(config_link(file, 2, &platform, &c));
	config_free(file);
	buf_finish(&errors);
}

static void test_defaults(void **state)
{
	struct buf errors = {0};
	struct config_file *file = config_load(NULL, &errors);
	const struct platform *platform;
	const struct config *c;

	(void)state;
	assert_non_null(file);
	assert_string_equal(config_link(file, 0, &platform, &c), "web");
	assert_true(config_flag(c, "history"));
	assert_null(config_link(file, 1, &platform, &c));
	assert_string_equal(config_text(config_bot(file), "data"), "var");
	config_free(file);
	config_free(NULL);
	buf_finish(&errors);
}

/* Every default of our own table must be acceptable as a written value. */
static void test_fallbacks(void **state)
{
	struct buf text = {0}, errors = {0};
	struct config_file *file;

	(void)state;
	buf_adds(&text, "[web]\n[bot]\n");
	for (const struct config_key *k = config_bot_keys; k->name; k++) {
		buf_printf(&text, "%s = %s\n", k->name, k->fallback);
		assert_non_null(k->help);
	}
	file = load(text.data, text.len, &errors);
	assert_string_equal(buf_text(&errors), "");
	config_free(file);
	buf_finish(&text);
	buf_finish(&errors);
}

/* ---- secrets ---- */

static const struct {
	const char *about, *text;
	size_t len;
	mode_t mode;
	const char *secret, *error; /* one of them; error: a part of it */
} secrets[] = {
	{"with a newline", S("s3cret\n"), 0400, "s3cret", NULL},
	{"without one", S("s3cret"), 0600, "s3cret", NULL},
	{"with two", S("s3cret\n\n"), 0600, "s3cret\n", NULL},
	{"others can read it", S("s3cret\n"), 0604, NULL,
		"token_file: others can read ./secret; mend it by: chmod 600 './secret'"},
	{"the group can read it", S("s3cret\n"), 0640, NULL, "chmod 600"},
	{"others can write it", S("s3cret\n"), 0602, NULL, "chmod 600"},
	{"empty", S(""), 0600, NULL, "token_file: ./secret is empty"},
	{"a newline only", S("\n"), 0600, NULL, "token_file: ./secret is empty"},
	{"zero bytes", S("a\0b"), 0600, NULL, "token_file: ./secret holds zero bytes"},
};

static struct config_file *load_clinic(const char *secret_path, const struct config **c)
{
	const struct platform *platform;
	struct buf text = {0}, errors = {0};
	struct config_file *file;

	buf_printf(&text, "[mattermost a]\nurl = u\ntoken_file = %s\n", secret_path);
	file = load(text.data, text.len, &errors);
	assert_string_equal(buf_text(&errors), "");
	config_link(file, 0, &platform, c);
	buf_finish(&text);
	buf_finish(&errors);
	return file;
}

static void check_secret(
	const struct config *c, const char *about, const char *wanted, const char *wanted_error)
{
	struct arena *a = arena_create();
	const char *error = NULL;
	const char *secret = config_secret(a, c, "token_file", &error);

	if (!secret != !wanted || (secret && strcmp(secret, wanted) != 0)) {
		fail_msg("%s: %s", about, secret ? secret : error);
	}
	if (!secret && (!error || !strstr(error, wanted_error) || strstr(error, "s3cret"))) {
		fail_msg("%s: %s", about, error ? error : "no reason given");
	}
	arena_destroy(a);
}

static void test_secrets(void **state)
{
	const struct config *c;
	struct config_file *file = load_clinic("secret", &c);
	char long_text[4098];

	(void)state;
	for (size_t i = 0; i < COUNT(secrets); i++) {
		write_file("secret", secrets[i].text, secrets[i].len, secrets[i].mode);
		check_secret(c, secrets[i].about, secrets[i].secret, secrets[i].error);
	}
	memset(long_text, 'x', sizeof long_text);
	write_file("secret", long_text, sizeof long_text, 0600);
	check_secret(c, "too long", NULL, "larger than 4 KiB");
	unlink("secret");
	check_secret(c, "missing", NULL, "./secret: No such file or directory");
	assert_int_equal(mkfifo("secret", 0600), 0);
	check_secret(c, "a pipe", NULL, "./secret is not a file");
	config_free(file);
	file = load_clinic("", &c);
	check_secret(c, "not named", NULL, "token_file names no file");
	config_free(file);
}

/* The service manager's file wins, whatever its mode looks like. */
static void test_credentials(void **state)
{
	const struct config *c;
	struct config_file *file = load_clinic("/nowhere/secret", &c);

	(void)state;
	assert_int_equal(mkdir("credentials", 0700), 0);
	setenv("CREDENTIALS_DIRECTORY", "credentials", 1);
	check_secret(c, "not handed over", NULL, "/nowhere/secret: No such file");
	write_file("credentials/secret", S("handed over\n"), 0440);
	check_secret(c, "handed over", "handed over", NULL);
	unsetenv("CREDENTIALS_DIRECTORY");
	check_secret(c, "without a manager", NULL, "/nowhere/secret: No such file");
	config_free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_fallbacks),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_credentials),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
