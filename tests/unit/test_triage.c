/* The triage engine over its real table: every row alone, every pair, every rule, all orders; then
 * what people reply, and what a broken table is told. */
#include "flow/triage.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { STEPS_MAX = 80, RANDOM_RUNS = 100000 };

static struct arena *kept, *arena;
static struct expr_engine *engine;
static struct triage_table *table;
static struct lexicon *lexicon;

/* ---- a person who answers from a list ---- */

struct person {
	const char *facts;  /* "p_age=45 p_bone=1": known beforehand; NULL: nothing */
	const char *yes;    /* rows answered yes, in words; others no */
	const char *unsure; /* rows answered not sure */
	double pain;
	bool is_settled; /* long known and examined */
	bool skips_facts;
};

/* "id" or "id=value" in a list; the value or NULL when it is not there. */
static const char *find_item(const char *list, const char *id)
{
	static char value[64];
	size_t len = strlen(id);

	for (const char *p = list; p && (p = strstr(p, id)); p += len) {
		if ((p == list || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' ')) {
			return "yes";
		}
		if ((p == list || p[-1] == ' ') && p[len] == '=') {
			snprintf(value, sizeof value, "%.*s", (int)strcspn(p + len + 1, " "),
				p + len + 1);
			return value;
		}
	}
	return NULL;
}

/* Everything known and nothing special; items of the person come on top. */
static struct values *facts_of(const struct person *p)
{
	struct values *facts = values_create(arena);
	const struct triage_row *row;

	for (size_t i = 0; p->facts && (row = triage_row_at(table, i)); i++) {
		const char *item = row->is_fact ? find_item(p->facts, row->id) : NULL;

		if (!row->is_fact || (item && strcmp(item, "?") == 0)) {
			continue;
		}
		if (row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES) {
			values_set(facts, row->id,
				value_text(item                         ? item
					   : row->kind == TRIAGE_CHOICE ? "no"
									: ""));
		} else if (row->kind == TRIAGE_NUMBER) {
			values_set(facts, row->id, value_number(item ? atof(item) : 45));
		} else if (strcmp(row->id, "p_minor") != 0) {
			values_set(facts, row->id, value_number(item ? atof(item) : 0));
		}
	}
	return facts;
}

static void answer_row(struct triage_run *run, const struct person *p, const struct triage_row *row)
{
	bool is_text = row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES;

	if (row->is_fact && p->skips_facts) {
		triage_set(run, row->id,
			strcmp(row->id, "p_minor") == 0 ? TRIAGE_NO : TRIAGE_SKIPPED, value_null());
	} else if (is_text) {
		triage_set(run, row->id, TRIAGE_VALUE,
			value_text(row->kind == TRIAGE_CHOICE ? "no" : ""));
	} else if (row->kind == TRIAGE_NUMBER) {
		triage_set(run, row->id, TRIAGE_VALUE, value_number(row->is_fact ? 45 : p->pain));
	} else if (row->kind == TRIAGE_TEMPERATURE) {
		triage_set(run, row->id, TRIAGE_SKIPPED, value_null());
	} else {
		triage_set(run, row->id,
			find_item(p->yes, row->id)      ? TRIAGE_YES
			: find_item(p->unsure, row->id) ? TRIAGE_UNSURE
							: TRIAGE_NO,
			value_null());
	}
}

static struct triage_run *begin(const struct person *p)
{
	return triage_begin(arena, table, facts_of(p), NULL);
}

static void walk(struct triage_run *run, const struct person *p)
{
	for (int step = 0;; step++) {
		struct triage_next next;

		assert_true(step < STEPS_MAX);
		triage_next(run, &next);
		if (next.ask == TRIAGE_RESULT) {
			return;
		}
		assert_true(next.row_count >= 1 && next.row_count <= TRIAGE_PART_ROWS);
		if (next.ask == TRIAGE_ASK_SETTLED) {
			triage_settle(run, p->is_settled);
		}
		for (size_t i = 0; i < next.row_count; i++) {
			answer_row(run, p, next.rows[i]);
		}
	}
}

static struct triage_result result_of(const struct person *p)
{
	struct triage_run *run = begin(p);
	struct triage_result r;

	walk(run, p);
	triage_result(run, &r);
	assert_true(r.is_finished);
	return r;
}

static bool has_rule(const struct triage_result *r, const char *id)
{
	for (const struct triage_rule *const *rule = r->rules; *rule; rule++) {
		if (strcmp((*rule)->id, id) == 0) {
			return true;
		}
	}
	return false;
}

/* ---- every row alone, as the reference says ---- */

static const struct {
	const char *id, *facts;
	enum triage_level level;
} rows[] = {
	{"a_chest", "", TRIAGE_EMERGENCY},
	{"a_tear", "", TRIAGE_EMERGENCY},
	{"a_faint", "", TRIAGE_EMERGENCY},
	{"a_harm", "", TRIAGE_EMERGENCY},
	{"a_saddle", "", TRIAGE_EMERGENCY},
	{"a_retain", "", TRIAGE_EMERGENCY},
	{"a_leak", "", TRIAGE_EMERGENCY},
	{"a_sex", "", TRIAGE_EMERGENCY},
	{"a_bothlegs", "", TRIAGE_EMERGENCY},
	{"a_weak", "", TRIAGE_EMERGENCY},
	{"a_crash", "", TRIAGE_EMERGENCY},
	{"a_sepsis", "", TRIAGE_EMERGENCY},
	{"a_bleed", "", TRIAGE_EMERGENCY},
	{"a_belly", "", TRIAGE_EMERGENCY},
	{"a_swell", "", TRIAGE_EMERGENCY},
	{"a_dose", "", TRIAGE_EMERGENCY},
	{"a_testis", "", TRIAGE_EMERGENCY},
	{"p_flood", "p_preg=pregnant", TRIAGE_EMERGENCY},
	{"p_ectopic", "p_preg=pregnant", TRIAGE_EMERGENCY},
	{"p_labour", "p_preg=pregnant", TRIAGE_URGENT},
	{"p_spot", "p_preg=pregnant", TRIAGE_URGENT},
	{"p_post", "p_preg=birth", TRIAGE_URGENT},
	{"p_test", "p_preg=maybe", TRIAGE_URGENT},
	{"b_fever", "", TRIAGE_URGENT},
	{"b_kidney", "", TRIAGE_URGENT},
	{"b_nopee", "", TRIAGE_URGENT},
	{"b_minor", "p_age=66", TRIAGE_URGENT},
	{"b_minor", "p_bone=1", TRIAGE_URGENT},
	{"b_minor", "p_steroid=1", TRIAGE_URGENT},
	{"b_lump", "", TRIAGE_URGENT},
	{"b_weight", "", TRIAGE_URGENT},
	{"b_constant", "", TRIAGE_URGENT},
	{"b_band", "", TRIAGE_URGENT},
	{"b_wobble", "", TRIAGE_URGENT},
	{"b_pulse", "", TRIAGE_URGENT},
	{"b_aorta", "p_aorta=1", TRIAGE_EMERGENCY},
	{"b_sudden", "p_age=60", TRIAGE_EMERGENCY},
	{"b_pelvis", "", TRIAGE_URGENT},
	{"b_rash", "", TRIAGE_URGENT},
	{"b_eye", "", TRIAGE_URGENT},
	{"b_joint", "", TRIAGE_URGENT},
	{"b_nsaid", "p_nsaid=1", TRIAGE_URGENT},
	{"b_nsaid", "p_thin=1", TRIAGE_URGENT},
	{"b_nsaid", "p_age=66", TRIAGE_URGENT},
	{"b_nsaid", "p_preg=pregnant", TRIAGE_URGENT},
	{"b_double", "", TRIAGE_URGENT},
	{"b_thin", "p_thin=1", TRIAGE_URGENT},
	{"b_dark", "", TRIAGE_URGENT},
	{"c_cancer", "p_cancer=1", TRIAGE_SOON},
	{"c_height", "", TRIAGE_SOON},
	{"c_leg", "", TRIAGE_ROUTINE},
	{"c_uti", "", TRIAGE_SOON},
	{"c_stiff", "", TRIAGE_SELF_CARE},
	{"c_ibp", "", TRIAGE_ROUTINE},
	{"c_2nd", "", TRIAGE_SELF_CARE},
	{"c_spa", "", TRIAGE_SELF_CARE},
	{"c_pmr", "p_age=51", TRIAGE_SOON},
	{"c_small", "", TRIAGE_SOON},
	{"c_cough", "", TRIAGE_SOON},
	{"c_rx", "", TRIAGE_SOON},
	{"c_mood", "", TRIAGE_SOON},
	{"c_home", "", TRIAGE_SOON},
	{"d_walk", "p_age=51", TRIAGE_ROUTINE},
	{"d_cycle", "", TRIAGE_ROUTINE},
	{"d_wide", "", TRIAGE_ROUTINE},
	{"d_6wk", "", TRIAGE_ROUTINE},
	{"m_refuse", "p_age=12", TRIAGE_EMERGENCY},
	{"m_fever", "p_age=12", TRIAGE_EMERGENCY},
	{"m_wake", "p_age=12", TRIAGE_EMERGENCY},
	{"m_weight", "p_age=12", TRIAGE_EMERGENCY},
	{"m_leg", "p_age=12", TRIAGE_EMERGENCY},
	{"m_stiff", "p_age=12", TRIAGE_URGENT},
	{"m_limp", "p_age=12", TRIAGE_URGENT},
	{"m_curve", "p_age=12", TRIAGE_URGENT},
	{"m_weeks", "p_age=17", TRIAGE_URGENT},
	{"x_ra", "p_dx=ra", TRIAGE_SOON},
	{"x_ra_neck", "p_dx=ra", TRIAGE_EMERGENCY},
	{"x_bone", "p_dx=bone", TRIAGE_SOON},
	{"x_as_fall", "p_dx=as", TRIAGE_URGENT},
	{"x_as", "p_dx=as", TRIAGE_SOON},
	{"x_stenosis", "p_dx=stenosis", TRIAGE_SOON},
	{"x_disc", "p_dx=disc", TRIAGE_SOON},
	{"x_facet", "p_dx=facet", TRIAGE_URGENT},
	/* nothing at all */
	{"nothing", "", TRIAGE_SELF_CARE},
	{"nothing", "p_age=5", TRIAGE_EMERGENCY},
	{"nothing", "p_age=6", TRIAGE_URGENT},
	{"nothing", "p_age=9", TRIAGE_URGENT},
	{"nothing", "p_age=10", TRIAGE_SOON},
	{"nothing", "p_age=17", TRIAGE_SOON},
	{"nothing", "p_age=18", TRIAGE_SELF_CARE},
	{"nothing", "p_age=90", TRIAGE_SELF_CARE},
	{"nothing", "p_dx=ra", TRIAGE_ROUTINE},
	{"nothing", "p_dx=fibro", TRIAGE_ROUTINE},
	{"nothing", "p_dx=bone", TRIAGE_ROUTINE},
	{"nothing", "p_dx=oa", TRIAGE_ROUTINE},
	{"nothing", "p_dx=as", TRIAGE_ROUTINE},
	{"nothing", "p_dx=stenosis", TRIAGE_ROUTINE},
	{"nothing", "p_preg=pregnant", TRIAGE_ROUTINE},
	{"nothing", "p_dx=disc", TRIAGE_ROUTINE},
	{"nothing", "p_dx=sprain", TRIAGE_SELF_CARE},
	{"nothing", "p_dx=facet", TRIAGE_ROUTINE},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *facts_text(const char *facts)
{
	return *facts ? facts : " ";
}

static void test_every_row(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct person yes = {
			.facts = facts_text(rows[i].facts), .yes = rows[i].id, .pain = 3};
		struct person unsure = {
			.facts = facts_text(rows[i].facts), .unsure = rows[i].id, .pain = 3};
		struct triage_result r = result_of(&yes), u = result_of(&unsure);

		if (r.level != rows[i].level || u.level != rows[i].level) {
			print_error("%s (%s): %s wanted, yes gives %s, not sure %s\n", rows[i].id,
				rows[i].facts, triage_level_name(rows[i].level),
				triage_level_name(r.level), triage_level_name(u.level));
			bad++;
		}
		arena_reset(arena);
	}
	assert_int_equal(bad, 0);
	print_message("%d rows alone, yes and not sure\n", (int)ROWS);
}

/* Somebody of whom nothing is known, who skips every fact: never lower than when it is known. */
static void test_unknown_facts_never_lower(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct person p = {.yes = rows[i].id, .pain = 3, .skips_facts = true};
		struct triage_result r = result_of(&p);

		if (r.level < rows[i].level && !strstr(rows[i].facts, "p_age=") &&
			strcmp(rows[i].id, "nothing") != 0) {
			print_error("%s: %s wanted at least, %s\n", rows[i].id,
				triage_level_name(rows[i].level), triage_level_name(r.level));
			bad++;
		}
		assert_true(r.level > TRIAGE_SELF_CARE);
		arena_reset(arena);
	}
	assert_int_equal(bad, 0);
}

/* Is every yes/no row of the table in the list above (or a detail of a rule)? */
static void test_all_rows_are_listed(void **state)
{
	const struct triage_row *row;
	int n = 0;

	(void)state;
	for (size_t i = 0; (row = triage_row_at(table, i)); i++) {
		bool is_listed = false;

		for (size_t k = 0; k < ROWS; k++) {
			is_listed |= strcmp(rows[k].id, row->id) == 0;
		}
		if (row->has_level && !is_listed && strcmp(row->screen, "E") != 0) {
			print_error("not tested: %s\n", row->id);
			n++;
		}
		assert_true(strlen(row->ask) > 10);
		assert_true(strlen(row->brief) < 140);
	}
	assert_int_equal(n, 0);
}

/* ---- pairs ---- */

static void test_every_pair(void **state)
{
	int pairs = 0, bad = 0;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		for (size_t k = i + 1; k < ROWS; k++) {
			char facts[80], yes[80];
			struct person p = {.facts = facts, .yes = yes, .pain = 3};
			enum triage_level want =
				rows[i].level > rows[k].level ? rows[i].level : rows[k].level;
			struct triage_result r;

			if (rows[i].id[0] != rows[k].id[0] || strcmp(rows[i].id, "nothing") == 0 ||
				strcmp(rows[i].facts, rows[k].facts) != 0) {
				continue;
			}
			snprintf(facts, sizeof facts, " %s", rows[i].facts);
			snprintf(yes, sizeof yes, "%s %s", rows[i].id, rows[k].id);
			r = result_of(&p);
			pairs++;
			if (r.level < want) {
				print_error("%s: %s\n", yes, triage_level_name(r.level));
				bad++;
			}
			arena_reset(arena);
		}
	}
	assert_int_equal(bad, 0);
	print_message("%d pairs\n", pairs);
}

/* ---- rules ---- */

static void test_rules(void **state)
{
	static const struct {
		const char *rule, *facts, *yes;
		double pain;
		enum triage_level level;
		bool hits;
	} cases[] = {
		{"C1", "", "a_saddle", 3, TRIAGE_EMERGENCY, true},
		{"C2", "p_inject=1", "b_fever", 3, TRIAGE_EMERGENCY, true},
		{"C2", "p_immune=1", "b_fever", 3, TRIAGE_EMERGENCY, true},
		{"C2", "p_steroid=1", "b_fever", 3, TRIAGE_EMERGENCY, true},
		{"C2", "", "b_fever n_leg", 3, TRIAGE_EMERGENCY, true},
		{"C2", "", "b_fever", 3, TRIAGE_URGENT, false},
		{"C2", "p_inject=?", "b_fever p_inject", 3, TRIAGE_EMERGENCY, true},
		{"C2", "p_inject=?", "b_fever", 3, TRIAGE_URGENT, false},
		{"C3", "p_thin=1", "b_thin n_leg", 3, TRIAGE_EMERGENCY, true},
		{"C3", "p_thin=1", "b_thin n_bladder", 3, TRIAGE_EMERGENCY, true},
		{"C3", "p_thin=1", "b_band n_sudden n_leg", 8, TRIAGE_EMERGENCY, true},
		{"C3", "p_thin=1", "b_thin", 3, TRIAGE_URGENT, false},
		{"C4", "p_aorta=1", "b_aorta", 3, TRIAGE_EMERGENCY, true},
		{"C4", "p_aorta=?", "b_aorta", 3, TRIAGE_EMERGENCY, true},
		{"C4b", "p_age=60", "b_sudden", 3, TRIAGE_EMERGENCY, true},
		{"C4b", "p_age=59", "b_sudden", 3, TRIAGE_SELF_CARE, false},
		{"C5", "p_bone=1", "b_minor", 7, TRIAGE_EMERGENCY, true},
		{"C5", "p_bone=1", "b_minor", 6, TRIAGE_URGENT, false},
		{"C5", "p_bone=1", "b_minor n_stand", 3, TRIAGE_EMERGENCY, true},
		{"C5", "p_bone=1", "b_minor n_leg", 3, TRIAGE_EMERGENCY, true},
		{"C6", "p_cancer=1", "b_constant", 3, TRIAGE_URGENT, true},
		{"C6", "p_cancer=1", "c_cough", 3, TRIAGE_URGENT, true},
		{"C6", "p_cancer=1", "b_eye n_night", 3, TRIAGE_URGENT, true},
		{"C6", "p_cancer=1", "b_eye n_mid", 3, TRIAGE_URGENT, true},
		{"C6", "p_cancer=?", "b_band p_cancer", 3, TRIAGE_URGENT, true},
		{"C6b", "p_cancer=1", "b_constant n_leg", 3, TRIAGE_EMERGENCY, true},
		{"C6b", "p_cancer=1", "b_wobble", 3, TRIAGE_EMERGENCY, true},
		{"C6b", "p_cancer=1", "b_band n_bladder", 3, TRIAGE_EMERGENCY, true},
		{"C6b", "", "b_wobble", 3, TRIAGE_URGENT, false},
		{"C7", "", "b_kidney b_fever", 3, TRIAGE_EMERGENCY, true},
		{"C7", "", "b_kidney n_vomit", 3, TRIAGE_EMERGENCY, true},
		{"C7", "", "b_kidney n_kidney", 3, TRIAGE_EMERGENCY, true},
		{"C7", "", "b_kidney b_nopee", 3, TRIAGE_EMERGENCY, true},
		{"C7", "", "b_kidney n_unbearable", 3, TRIAGE_EMERGENCY, true},
		{"C7", "p_preg=pregnant", "b_kidney", 3, TRIAGE_EMERGENCY, true},
		{"C7", "", "b_kidney", 3, TRIAGE_URGENT, false},
		{"C8", "", "b_pelvis n_pelvis", 3, TRIAGE_EMERGENCY, true},
		{"C8", "", "b_pelvis b_fever", 3, TRIAGE_EMERGENCY, true},
		{"C8", "", "b_pelvis n_faint", 3, TRIAGE_EMERGENCY, true},
		{"C8", "", "b_pelvis n_vomit", 3, TRIAGE_EMERGENCY, true},
		{"C8", "", "b_pelvis", 3, TRIAGE_URGENT, false},
		{"C9", "", "c_ibp i_young i_slow i_move i_rest", 3, TRIAGE_SOON, true},
		{"C9", "", "c_ibp i_young i_slow i_move", 3, TRIAGE_ROUTINE, false},
		{"C10", "", "c_ibp c_stiff i_young i_slow i_move", 3, TRIAGE_SOON, true},
		{"C10", "", "c_ibp c_2nd i_young i_slow i_move", 3, TRIAGE_SOON, true},
		{"C10", "", "c_ibp c_spa i_young i_slow i_move", 3, TRIAGE_SOON, true},
		{"C10", "", "c_ibp c_spa i_young i_slow", 3, TRIAGE_ROUTINE, false},
		{"C11", "", "c_ibp", 3, TRIAGE_ROUTINE, true},
		{"C12", "p_preg=maybe", "p_test", 3, TRIAGE_URGENT, true},
		{"C13", "p_immune=1", "b_rash", 3, TRIAGE_URGENT, true},
		{"C13", "p_preg=pregnant", "b_rash", 3, TRIAGE_URGENT, true},
		{"C13", "", "b_rash n_eye", 3, TRIAGE_URGENT, true},
		{"C13", "", "b_rash", 3, TRIAGE_URGENT, false},
		{"C14", "", "c_height c_small c_cough", 3, TRIAGE_URGENT, true},
		{"C14", "", "c_height c_small c_leg e_leg", 3, TRIAGE_URGENT, true},
		{"C14", "", "c_height c_small", 3, TRIAGE_SOON, false},
		{"C15", "", "b_dark n_plan", 3, TRIAGE_EMERGENCY, true},
		{"C15", "", "b_dark", 3, TRIAGE_URGENT, false},
		{"C16", "p_opioid=1", "a_retain", 3, TRIAGE_EMERGENCY, true},
		{"C16", "p_inject=1", "a_retain", 3, TRIAGE_EMERGENCY, true},
		{"DX_as_fall", "p_dx=as", "x_as_fall", 7, TRIAGE_EMERGENCY, true},
		{"DX_as_fall", "p_dx=as", "x_as_fall", 6, TRIAGE_URGENT, false},
		{"R_leg", "", "c_leg e_leg", 3, TRIAGE_SOON, true},
		{"R_uti", "", "c_uti e_uti", 3, TRIAGE_URGENT, true},
		{"R_uti", "p_preg=pregnant", "c_uti", 3, TRIAGE_URGENT, true},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct person p = {.facts = facts_text(cases[i].facts),
			.yes = cases[i].yes,
			.pain = cases[i].pain};
		struct triage_result r = result_of(&p);

		if (r.level != cases[i].level || has_rule(&r, cases[i].rule) != cases[i].hits) {
			print_error("%s (%s; %s): %s wanted, %s, the rule is %s\n", cases[i].rule,
				cases[i].facts, cases[i].yes, triage_level_name(cases[i].level),
				triage_level_name(r.level),
				has_rule(&r, cases[i].rule) ? "hit" : "not hit");
			bad++;
		}
		arena_reset(arena);
	}
	assert_int_equal(bad, 0);
	print_message("%zu cases of rules\n", sizeof cases / sizeof *cases);
}

/* Rule 7: long known and examined is URGENT; anything else is EMERGENCY. */
static void test_settled(void **state)
{
	static const char *const signs[] = {
		"a_saddle", "a_retain", "a_leak", "a_sex", "a_bothlegs", "a_weak"};
	struct triage_next next;
	struct triage_result r;

	(void)state;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		struct person p = {.facts = " ", .yes = signs[i], .pain = 3, .is_settled = true};
		struct triage_run *run;

		assert_int_equal(result_of(&p).level, TRIAGE_URGENT);
		run = begin(&p);
		triage_set(run, signs[i], TRIAGE_YES, value_null());
		triage_next(run, &next);
		assert_int_equal(next.ask, TRIAGE_ASK_SETTLED);
		/* No answer to that is not "long known". */
		triage_result(run, &r);
		assert_int_equal(r.level, TRIAGE_EMERGENCY);
		assert_false(r.is_finished);
		arena_reset(arena);
	}
}

/* Not sure in the emergency screen is asked once more in clearer words; again not sure is yes. */
static void test_clearer(void **state)
{
	struct person p = {.facts = " "};
	struct triage_run *run = begin(&p);
	struct triage_next next;

	(void)state;
	triage_next(run, &next);
	triage_set(run, "a_chest", TRIAGE_UNSURE, value_null());
	triage_next(run, &next);
	assert_int_equal(next.ask, TRIAGE_ASK_CLEARER);
	assert_string_equal(next.rows[0]->id, "a_chest");
	triage_set(run, "a_chest", TRIAGE_UNSURE, value_null());
	triage_next(run, &next);
	assert_int_equal(next.ask, TRIAGE_RESULT);
	arena_reset(arena);
}

/* B is finished after a first hit; C and D are then left out. */
static void test_screens(void **state)
{
	struct person p = {.facts = " ", .yes = "b_eye", .pain = 3};
	struct triage_run *run = begin(&p);

	(void)state;
	walk(run, &p);
	assert_int_equal(triage_answer_get(run, "b_dark", NULL), TRIAGE_NO);
	assert_int_equal(triage_answer_get(run, "n_sudden", NULL), TRIAGE_NO);
	assert_int_equal(triage_answer_get(run, "c_height", NULL), TRIAGE_UNASKED);
	assert_int_equal(triage_answer_get(run, "d_wide", NULL), TRIAGE_UNASKED);
	arena_reset(arena);
}

static void test_places(void **state)
{
	static const struct {
		const char *facts, *yes;
		unsigned to;
	} cases[] = {
		{"", "b_rash", TRIAGE_TO_PHARMACIST},
		{"", "b_rash b_eye", 0},
		{"p_immune=1", "b_rash", TRIAGE_TO_DOCTOR},
		{"p_preg=pregnant", "p_labour", TRIAGE_TO_MATERNITY},
		{"", "a_harm", TRIAGE_TO_CRISIS},
		{"", "b_dark", TRIAGE_TO_CRISIS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct person p = {
			.facts = facts_text(cases[i].facts), .yes = cases[i].yes, .pain = 3};

		assert_int_equal(result_of(&p).to, cases[i].to);
		arena_reset(arena);
	}
}

/* ---- chance ---- */

static uint64_t seed = 20260302;

static unsigned chance(unsigned n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % n;
}

static void answer_by_chance(struct triage_run *run, const struct triage_row *row, unsigned rarity)
{
	unsigned n = chance(rarity);

	switch (row->kind) {
	case TRIAGE_YESNO:
		triage_set(run, row->id,
			n == 0                    ? TRIAGE_YES
			: n == 1                  ? TRIAGE_UNSURE
			: n == 2 && row->can_skip ? TRIAGE_SKIPPED
						  : TRIAGE_NO,
			value_null());
		break;
	case TRIAGE_NUMBER:
	case TRIAGE_TEMPERATURE:
		if (n == 0) {
			triage_set(run, row->id, TRIAGE_DOUBT, value_null());
		} else {
			triage_set(run, row->id, TRIAGE_VALUE,
				value_number(chance((unsigned)row->max + 1)));
		}
		break;
	default:
		if (n == 0) {
			triage_set(run, row->id, TRIAGE_SKIPPED, value_null());
		} else {
			triage_set(run, row->id, TRIAGE_VALUE,
				value_text(row->options[chance((unsigned)row->option_count)].id));
		}
		break;
	}
}

/* One run by chance: levels never fall, it ends, it can be kept and read back anywhere. */
static enum triage_level run_by_chance(bool leaves)
{
	struct person p = {.facts = chance(3) ? " " : NULL};
	struct triage_run *run = begin(&p);
	unsigned rarity = 3 + chance(60), stop = leaves ? chance(12) : STEPS_MAX;
	enum triage_level level = TRIAGE_SELF_CARE;
	struct triage_result r;

	for (unsigned step = 0; step < stop; step++) {
		struct triage_next next;
		struct triage_run *copy;

		triage_next(run, &next);
		if (next.ask == TRIAGE_RESULT) {
			break;
		}
		assert_true(step + 1 < STEPS_MAX);
		if (next.ask == TRIAGE_ASK_SETTLED) {
			triage_settle(run, chance(2));
		} else {
			for (size_t i = 0; i < next.row_count; i++) {
				answer_by_chance(run, next.rows[i], rarity);
			}
		}
		if (chance(40) == 0) {
			copy = triage_from_json(
				arena, table, facts_of(&p), triage_to_json(arena, run));
			assert_non_null(copy);
			assert_string_equal(
				triage_to_json(arena, copy), triage_to_json(arena, run));
			run = copy;
		}
		assert_true(triage_level_of(run) >= level);
		level = triage_level_of(run);
	}
	triage_result(run, &r);
	assert_true(r.level >= level);
	assert_true(r.is_finished || r.level > TRIAGE_SELF_CARE);
	for (const struct triage_row *const *row = r.rows; *row; row++) {
		assert_true(!(*row)->has_level || (*row)->can_settle || r.level >= (*row)->level);
	}
	for (const struct triage_rule *const *rule = r.rules; *rule; rule++) {
		assert_true(r.level >= (*rule)->level);
	}
	arena_reset(arena);
	return r.level;
}

static void test_by_chance(void **state)
{
	int counts[TRIAGE_EMERGENCY + 1] = {0};

	(void)state;
	for (int i = 0; i < RANDOM_RUNS; i++) {
		counts[run_by_chance(i % 4 == 0)]++;
	}
	print_message(
		"%d runs by chance (seed 20260302): %d SELF_CARE, %d ROUTINE, %d SOON, %d URGENT, "
		"%d EMERGENCY\n",
		RANDOM_RUNS, counts[0], counts[1], counts[2], counts[3], counts[4]);
	for (size_t i = 0; i <= TRIAGE_EMERGENCY; i++) {
		assert_true(counts[i] > 0);
	}
}

/* ---- replies ---- */

/* The first list of the emergency screen, after a reply: one letter a row: y n ? (asked again) s .
 * (not asked yet). */
static const char *read_list(const char *text)
{
	struct person p = {.facts = " "};
	struct triage_run *run = begin(&p);
	struct triage_next next;
	struct buf b = {0};
	const char *out;

	triage_next(run, &next);
	assert_int_equal(next.row_count, 9);
	if (triage_reply(run, lexicon, text) == TRIAGE_UNREAD) {
		return "unread";
	}
	for (size_t i = 0; i < next.row_count; i++) {
		static const char letters[] = {[TRIAGE_UNASKED] = '.',
			[TRIAGE_NO] = 'n',
			[TRIAGE_YES] = 'y',
			[TRIAGE_UNSURE] = '?',
			[TRIAGE_DOUBT] = '!',
			[TRIAGE_SKIPPED] = 's',
			[TRIAGE_VALUE] = 'v'};

		buf_addc(&b, letters[triage_answer_get(run, next.rows[i]->id, NULL)]);
	}
	out = arena_strdup(arena, buf_text(&b));
	buf_finish(&b);
	return out;
}

static void test_replies(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"none", "nnnnnnnnn"},
		{"NONE", "nnnnnnnnn"},
		{"None of them.", "nnnnnnnnn"},
		{"no", "nnnnnnnnn"},
		{"nope, none", "nnnnnnnnn"},
		{"a c", "ynynnnnnn"},
		{"A and C", "ynynnnnnn"},
		{"a, c", "ynynnnnnn"},
		{"ac", "ynynnnnnn"},
		{"A+C", "ynynnnnnn"},
		{"just e", "nnnnynnnn"},
		{"e please", "nnnnynnnn"},
		{"(e)", "nnnnynnnn"},
		{"b?", "n?nnnnnnn"},
		{"a, b?", "y?nnnnnnn"},
		{"maybe b", "n?nnnnnnn"},
		{"b maybe", "n?nnnnnnn"},
		{"a, not sure about c", "yn?nnnnnn"},
		{"i", "nnnnnnnny"},
		{"not sure", "?????????"},
		{"I don't know", "?????????"},
		{"all of them", "yyyyyyyyy"},
		{"skip h", ".......s."},
		{"skip", "unread"},
		{"a: yes, b: no", "ynnnnnnnn"},
		{"b: no", ".n......."},
		{"the numb one", "nnnnynnnn"},
		{"e I think", "nnnnynnnn"},
		{"", "unread"},
		{"   ", "unread"},
		{"hi", "unread"},
		{"what?", "unread"},
		{"yes", "unread"},
		{"I think a bit", "unread"},
		{"all but c", "unread"},
		{"not c", "unread"},
		{"no idea what you mean by c", "unread"},
		{"it is raining", "unread"},
		{"x", "unread"},
		{"z y", "unread"},
		{"6", "unread"},
		{"done", "unread"},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *found = read_list(cases[i].text);

		if (strcmp(found, cases[i].want) != 0) {
			print_error("\"%s\": %s wanted, %s\n", cases[i].text, cases[i].want, found);
			bad++;
		}
		arena_reset(arena);
	}
	assert_int_equal(bad, 0);
}

/* Rows asked alone: reply, then the answer and value. */
static void test_single_replies(void **state)
{
	static const struct {
		const char *facts, *text;
		const char *row;
		enum triage_answer answer;
		double value;
	} cases[] = {
		{NULL, "45", "p_age", TRIAGE_VALUE, 45},
		{NULL, "i am 45", "p_age", TRIAGE_VALUE, 45},
		{NULL, "skip", "p_age", TRIAGE_SKIPPED, 0},
		{NULL, "old enough", "p_age", TRIAGE_UNASKED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct person p = {.facts = cases[i].facts};
		struct triage_run *run = begin(&p);
		struct value v;

		triage_reply(run, lexicon, cases[i].text);
		assert_int_equal(triage_answer_get(run, cases[i].row, &v), cases[i].answer);
		if (cases[i].answer == TRIAGE_VALUE) {
			assert_true(v.number == cases[i].value);
		}
		arena_reset(arena);
	}
}

static void walk_to(struct triage_run *run, const struct person *p, const char *row)
{
	struct triage_next next;

	for (triage_next(run, &next); strcmp(next.rows[0]->id, row) != 0; triage_next(run, &next)) {
		assert_int_not_equal(next.ask, TRIAGE_RESULT);
		for (size_t i = 0; i < next.row_count; i++) {
			answer_row(run, p, next.rows[i]);
		}
	}
}

static void test_other_replies(void **state)
{
	static const struct {
		const char *row, *text;
		enum triage_answer answer;
		double number;
		const char *value;
	} cases[] = {
		{"n_temp", "38,5", TRIAGE_VALUE, 38.5, NULL},
		{"n_temp", "101.3 F", TRIAGE_VALUE, 38.5, NULL},
		{"n_temp", "it was 39", TRIAGE_VALUE, 39, NULL},
		{"n_temp", "12", TRIAGE_UNASKED, 0, NULL},
		{"n_temp", "skip", TRIAGE_SKIPPED, 0, NULL},
		{"n_pain", "7", TRIAGE_VALUE, 7, NULL},
		{"n_pain", "between 6 and 8", TRIAGE_VALUE, 8, NULL},
		{"n_pain", "skip", TRIAGE_UNASKED, 0, NULL},
		{"n_pain", "not sure", TRIAGE_DOUBT, 0, NULL},
		{"p_preg", "no", TRIAGE_VALUE, 0, "no"},
		{"p_preg", "pregnant", TRIAGE_VALUE, 0, "pregnant"},
		{"p_preg", "na", TRIAGE_VALUE, 0, "na"},
		{"p_preg", "c", TRIAGE_VALUE, 0, "maybe"},
		{"p_dx", "none", TRIAGE_VALUE, 0, ""},
		{"p_dx", "b d", TRIAGE_VALUE, 0, "fibro oa"},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct person p = {.facts = "p_preg=? p_dx=?", .yes = "b_fever", .pain = 3};
		struct triage_run *run = begin(&p);
		enum triage_answer a;
		struct value v;

		walk_to(run, &p, cases[i].row);
		triage_reply(run, lexicon, cases[i].text);
		a = triage_answer_get(run, cases[i].row, &v);
		if (a != cases[i].answer ||
			(a == TRIAGE_VALUE && cases[i].value &&
				strcmp(v.text, cases[i].value) != 0) ||
			(a == TRIAGE_VALUE && !cases[i].value && v.number != cases[i].number)) {
			print_error("%s \"%s\": answer %d %s\n", cases[i].row, cases[i].text, a,
				a == TRIAGE_VALUE ? value_show(arena, v) : "");
			bad++;
		}
		arena_reset(arena);
	}
	assert_int_equal(bad, 0);
}

static void test_one_by_one(void **state)
{
	struct person p = {.facts = " "};
	struct triage_run *run = begin(&p);
	struct triage_next next;

	(void)state;
	assert_int_equal(triage_reply(run, lexicon, "one by one"), TRIAGE_TOOK);
	triage_next(run, &next);
	assert_int_equal(next.ask, TRIAGE_ASK_ROW);
	assert_string_equal(next.rows[0]->id, "a_chest");
	assert_int_equal(triage_reply(run, lexicon, "no"), TRIAGE_TOOK);
	triage_next(run, &next);
	assert_string_equal(next.rows[0]->id, "a_tear");
	assert_int_equal(triage_reply(run, lexicon, "yes"), TRIAGE_TOOK);
	triage_next(run, &next);
	assert_int_equal(next.ask, TRIAGE_RESULT);
	arena_reset(arena);
}

/* Somebody who has just written alarm words is asked for signs before the age. */
static void test_hurry(void **state)
{
	struct person p = {0};
	struct triage_run *run = begin(&p);
	struct triage_next next;

	(void)state;
	triage_next(run, &next);
	assert_string_equal(next.screen, "age");
	triage_hurry(run);
	triage_next(run, &next);
	assert_string_equal(next.screen, "A");
	arena_reset(arena);
}

/* ---- numbers and faults ---- */

static void test_numbers(void **state)
{
	static const struct {
		const char *country, *emergency;
	} cases[] = {{"DE", "112"}, {"GB", "999 or 112"}, {"US", "911"}, {"AU", "000"},
		{"NZ", "111"}, {"JP", "119"}, {"TH", "1669"}, {"PE", "106 or 117"}};
	const struct number_set *set = triage_numbers(table);
	const struct number_row *row;
	size_t n = 0;

	(void)state;
	for (; (row = numbers_at(set, n)); n++) {
		assert_true(row->emergency[0] != '\0');
		assert_ptr_equal(numbers_find(set, row->country), row);
	}
	assert_true(n >= 75);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(
			numbers_find(set, cases[i].country)->emergency, cases[i].emergency);
	}
	assert_non_null(strstr(numbers_find(set, "XX")->emergency, "112 from a mobile"));
	print_message("%zu countries\n", n);
}

static void copy_file(const char *dir, const char *name, const char *from, const char *to)
{
	struct buf in = {0};
	const char *error, *path = arena_printf(arena, "%s/%s", dir, name), *at;
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(buf_read_file(
		&in, arena_printf(arena, "prompts/triage/%s", name), 1 << 20, &error));
	at = from ? strstr(buf_text(&in), from) : NULL;
	if (at) {
		fwrite(in.data, 1, (size_t)(at - in.data), out);
		fputs(to, out);
		fputs(at + strlen(from), out);
	} else {
		fwrite(in.data, 1, in.len, out);
	}
	fclose(out);
	buf_finish(&in);
}

/* Every fault has a file, a line, a column and a sentence. */
static void test_faults(void **state)
{
	static const char *const names[] = {"profile.yaml", "screens.yaml", "minors.yaml",
		"conditions.yaml", "rules.yaml", "numbers.yaml"};
	static const struct {
		const char *file, *from, *to, *want;
	} cases[] = {
		{"rules.yaml", "b_fever and", "b_fevr and", "rules.yaml:"},
		{"rules.yaml", "level: EMERGENCY", "level: PANIC", "a level is EMERGENCY"},
		{"screens.yaml", "level: EMERGENCY", "levle: EMERGENCY", "did you mean \"level\""},
		{"screens.yaml", "id: a_tear", "id: a_chest", "another row has this id"},
		{"screens.yaml", "kind: number 0..120", "kind: numbers", "a kind is"},
		{"numbers.yaml", "emergency: \"998\"", "advice: \"998\"",
			"emergency number is missing"},
		{"minors.yaml", "rules:", "rulez:", "did you mean \"rules\""},
		{"conditions.yaml", "screen: C", "screen: Q", "no such screen"},
		{"profile.yaml", "again: 180", "agin: 180", "did you mean \"again\""},
	};
	char dir[] = "/tmp/limberd-triage-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *errors = "";

		for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
			bool is_it = strcmp(names[k], cases[i].file) == 0;

			copy_file(dir, names[k], is_it ? cases[i].from : NULL, cases[i].to);
		}
		assert_null(triage_load(arena, engine, dir, &errors));
		if (!strstr(errors, cases[i].want)) {
			print_error("%s: %s\n", cases[i].to, errors);
		}
		assert_non_null(strstr(errors, cases[i].want));
		arena_reset(arena);
	}
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		unlink(arena_printf(arena, "%s/%s", dir, names[k]));
	}
	rmdir(dir);
}

static int setup(void **state)
{
	const char *errors = NULL;

	(void)state;
	kept = arena_create();
	arena = arena_create();
	engine = expr_engine_create();
	table = triage_load(kept, engine, "prompts/triage", &errors);
	if (!table) {
		print_error("%s\n", errors);
		return -1;
	}
	lexicon = lexicon_load(kept, "prompts/lexicon/en.yaml", &errors);
	if (!lexicon) {
		print_error("%s\n", errors);
	}
	return lexicon ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	triage_finish(table);
	expr_engine_destroy(engine);
	arena_destroy(arena);
	arena_destroy(kept);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_unknown_facts_never_lower),
		cmocka_unit_test(test_all_rows_are_listed),
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_settled),
		cmocka_unit_test(test_clearer),
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_single_replies),
		cmocka_unit_test(test_other_replies),
		cmocka_unit_test(test_one_by_one),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_by_chance),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
