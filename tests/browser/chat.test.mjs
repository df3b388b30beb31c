/* A person at the chat page: coming in, talking by button, word and keyboard, and not losing a word
 * when the connection or the daemon goes away. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import {
	Daemon, launch, openAnswers, openPage, press, say, settleIn, settled, shot, sleep, talk, until,
} from "./help.mjs";

let daemon, browser;
const pages = [];

before(async () => {
	daemon = await Daemon.create();
	browser = await launch();
});

after(async () => {
	await browser?.close();
	const end = await daemon?.stop();
	await daemon?.destroy();
	assert.deepEqual(end, { code: 0, signal: null }, daemon.log);
});

afterEach(async () => {
	for (const page of pages.splice(0)) {
		assert.deepEqual(page.faults, []);
		await page.context().close();
	}
});

async function open(options) {
	const page = await openPage(browser, daemon, options);

	pages.push(page);
	return page;
}

/* Somebody who has been through the welcome, each test a person of its own. */
async function arrive(name, options) {
	const page = await open(options);

	await page.goto(daemon.link(name));
	await settleIn(page);
	return page;
}

async function last(page) {
	return (await talk(page)).at(-1);
}

describe("coming in", () => {
	test("without a link the page says how to get one", async () => {
		const page = await open();

		await page.goto(daemon.address);
		await page.getByText("you need a personal link").waitFor();
		await page.getByText("limberd invite NAME").waitFor();
		assert.equal(await page.locator("#chat").isVisible(), false);
		await shot(page, "welcome");
	});

	test("a personal link signs in, and its secret leaves the address at once", async () => {
		const page = await open();

		await page.goto(daemon.link("link"));
		await page.locator(".message").first().waitFor();
		assert.equal(page.url(), daemon.address + "/");
		assert.equal(await page.evaluate(() => history.state), null);
		const [cookie] = await page.context().cookies();
		assert.equal(cookie.httpOnly, true);
		assert.equal(cookie.sameSite, "Strict");
		assert.equal(cookie.path, "/");
	});

	test("a link works once", async () => {
		const link = daemon.link("once");
		const first = await open();
		const second = await open();

		await first.goto(link);
		await first.locator(".message").first().waitFor();
		await second.goto(link);
		await second.getByText("This link has been used or has run out").waitFor();
		await first.reload();
		await first.locator(".message").first().waitFor();
	});

	test("signing out ends the session, also in the other tab", async () => {
		const page = await arrive("leaver");
		const tab = await page.context().newPage();

		await tab.goto(daemon.address);
		await tab.locator(".message").first().waitFor();
		await page.getByRole("button", { name: "Sign out" }).click();
		await page.getByRole("button", { name: "Stay" }).click();
		assert.equal(await page.locator("#chat").isVisible(), true);
		await page.getByRole("button", { name: "Sign out" }).first().click();
		await page.locator("dialog").getByRole("button", { name: "Sign out" }).click();
		await page.getByText("you need a personal link").waitFor();
		await tab.getByText("you need a personal link").waitFor();
		await page.reload();
		await page.getByText("you need a personal link").waitFor();
		assert.deepEqual(await page.context().cookies(), []);
	});

	test("nothing is kept in the browser's storage", async () => {
		const page = await arrive("storage");
		const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length,
			document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]);

		assert.deepEqual(kept, [0, 0, "", 0, 0]);
	});
});

describe("talking", () => {
	test("a question is answered by its buttons, which then rest", async () => {
		const page = await arrive("clicker");

		await say(page, "pain");
		await shot(page, "scale");
		await press(page, "7 of 10");
		assert.match((await talk(page)).join("\n"), /> 7\n< .*7/);
		const used = page.locator(".past .answers").last();
		assert.equal(await used.locator("button:enabled").count(), 0);
		assert.equal(await used.locator("button.chosen").textContent(), "7");
	});

	test("the same question is answered by a word", async () => {
		const page = await arrive("typer");

		await say(page, "pain");
		await say(page, "about a six");
		assert.match(await last(page), /6/);
		assert.equal(await openAnswers(page).count(), 0);
	});

	test("a button's label, not its id, is shown as what was said", async () => {
		const page = await arrive("label");
		/* [what is stored, what is shown] of all that was said by button */
		const said = () => page.evaluate(() => items.filter((x) => x.from === "me" && x.text)
			.map((x) => [x.text, x.node.querySelector(".bubble").lastChild.textContent]));
		const labelled = (list) => list.filter(([stored, shown]) => stored !== shown
			&& stored.toLowerCase() !== shown.toLowerCase());

		const before = labelled(await said());
		assert.notEqual(before.length, 0);
		await page.reload();
		await page.locator(".message").first().waitFor();
		assert.deepEqual(labelled(await said()), before);
	});

	test("several choices are collected before they are sent", async () => {
		const page = await arrive("several");

		await say(page, "exercise");
		const open = openAnswers(page).last();
		const done = open.getByRole("button", { name: "Done" });
		assert.equal(await done.isEnabled(), false);
		await open.getByRole("button", { name: "I cannot kneel" }).click();
		await open.getByRole("button", { name: "Poor balance" }).click();
		assert.equal(await open.locator("[aria-pressed=true]").count(), 2);
		await done.click();
		await settled(page);
		assert.ok((await talk(page)).includes("> I cannot kneel, Poor balance"));
	});

	test("Enter sends, Shift and Enter begin a line, and the field grows", async () => {
		const page = await arrive("writer");
		const text = page.locator("#text");
		const small = (await text.boundingBox()).height;

		await text.pressSequentially("first");
		await page.keyboard.press("Shift+Enter");
		await text.pressSequentially("second");
		assert.equal(await text.inputValue(), "first\nsecond");
		assert.ok((await text.boundingBox()).height > small + 10);
		await page.keyboard.press("Enter");
		await settled(page);
		assert.equal(await text.inputValue(), "");
		assert.ok((await talk(page)).includes("> first\nsecond"));
	});

	test("text that is too long stays with its writer", async () => {
		const page = await arrive("novelist");

		await page.locator("#text").fill("ä".repeat(2001));
		await page.keyboard.press("Enter");
		await page.getByText("Too long by 2").waitFor();
		assert.equal((await page.locator("#text").inputValue()).length, 2001);
	});

	test("markup is shown as it was written", async () => {
		const page = await arrive("markup");
		const evil = "<img src=x onerror=alert(1)> <b>6</b> \u202e";

		await say(page, evil);
		assert.ok((await talk(page)).includes("> " + evil));
		assert.equal(await page.locator(".me img, .me b").count(), 0);
	});

	test("an alarm word is answered visibly, with a number to tap", async () => {
		const page = await arrive("alarm");

		await say(page, "I cannot feel my legs and I wet myself");
		await page.locator(".alarm").first().waitFor();
		assert.ok(await page.locator(".alarm a[href='tel:112']").count());
		await shot(page, "alarm");
	});

	test("an export is a file to keep, and only for its owner", async () => {
		const page = await arrive("exporter");
		const other = await arrive("nosy");

		await say(page, "pain");
		await press(page, "4 of 10");
		await say(page, "export");
		const link = page.locator("a.file").first();
		const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
		assert.match(fs.readFileSync(await download.path(), "utf8"), /4/);
		const path = await link.getAttribute("href");
		assert.equal((await other.request.get(daemon.address + path)).status(), 404);
		assert.equal((await fetch(daemon.address + path)).status, 401);
	});
});

describe("more than one place", () => {
	test("a reload shows the same conversation", async () => {
		const page = await arrive("reloader");

		await say(page, "pain");
		await press(page, "3 of 10");
		const talked = await talk(page);
		await page.reload();
		await until(async () => (await talk(page)).length === talked.length, "the history");
		assert.deepEqual(await talk(page), talked);
	});

	test("two tabs show one conversation", async () => {
		const page = await arrive("tabs");
		const tab = await page.context().newPage();

		await tab.goto(daemon.address);
		await tab.locator(".message").first().waitFor();
		await say(page, "pain");
		await tab.locator(".message:not(.past) .scale").waitFor();
		assert.deepEqual(await talk(tab), await talk(page));
		await press(tab, "5 of 10");
		await until(async () => (await talk(page)).length === (await talk(tab)).length, "the other tab");
		assert.deepEqual(await talk(tab), await talk(page));
		assert.equal(await openAnswers(page).count(), 0);
	});

	test("one person sees nothing of another", async () => {
		const ann = await arrive("privacy-ann");
		const bob = await arrive("privacy-bob");

		await say(ann, "pain");
		await press(ann, "9 of 10");
		await sleep(300);
		assert.ok(!(await talk(bob)).join("\n").includes("9"));
	});

	test("earlier messages come on demand, in order and once", async () => {
		const page = await arrive("old-hand");

		for (let i = 0; i < 30; i++) {
			await say(page, "pain");
			await say(page, String(i % 11));
		}
		const all = await talk(page);
		await page.reload();
		await page.locator(".message").first().waitFor();
		await page.getByRole("button", { name: "Earlier messages" }).waitFor();
		await until(async () => {
			await page.locator("#log").evaluate((log) => { log.scrollTop = 0; });
			return (await talk(page)).length === all.length;
		}, "the earlier messages");
		assert.deepEqual(await talk(page), all);
		assert.equal(await page.locator("#older").isVisible(), false);
	});
});

describe("trouble on the line", () => {
	test("the daemon restarts: what was written meanwhile arrives, once", async () => {
		const page = await arrive("restart");

		await say(page, "pain");
		await daemon.stop();
		await page.locator("#text").fill("8");
		await page.keyboard.press("Enter");
		await page.getByText("Reconnecting… your words are kept.").waitFor();
		await page.getByText("waiting for the connection").waitFor();
		await shot(page, "reconnecting");
		await daemon.start();
		await until(async () => /8/.test(await last(page)) && (await last(page)).startsWith("<"), "the answer", 20000);
		assert.equal(await page.locator("#banner").isVisible(), false);
		const talked = await talk(page);
		assert.equal(talked.filter((x) => x === "> 8").length, 1);
		await page.reload();
		await until(async () => (await talk(page)).length === talked.length, "the history");
		assert.deepEqual(await talk(page), talked);
	});

	test("killed in the middle of a burst: nothing is lost and nothing doubled", async () => {
		const page = await arrive("burst");
		const words = Array.from({ length: 15 }, (_, i) => "note number " + (i + 100));

		for (const [i, word] of words.entries()) {
			await page.locator("#text").fill(word);
			await page.keyboard.press("Enter");
			if (i === 7) {
				await daemon.stop("SIGKILL");
			}
		}
		await daemon.start();
		await until(async () => await page.locator(".me", { hasText: "saved" }).count()
			=== await page.locator(".me").count(), "all of them to be stored", 30000);
		await page.reload();
		await page.locator(".message").first().waitFor();
		await until(async () => {
			await page.locator("#log").evaluate((log) => { log.scrollTop = 0; });
			return !(await page.locator("#older").isVisible());
		}, "the whole history");
		const said = (await talk(page)).filter((x) => x.startsWith("> note"));
		assert.deepEqual(said.sort(), words.map((w) => "> " + w).sort());
	});

	test("a message that the bot sends while the page is away is there afterwards", async () => {
		const page = await arrive("away");
		const phone = await open();

		await page.context().setOffline(true);
		await page.evaluate(() => socket.close());
		await phone.goto(daemon.link("away"));
		await phone.locator(".message").first().waitFor();
		await say(phone, "pain");
		await page.context().setOffline(false);
		await until(async () => (await talk(page)).length === (await talk(phone)).length, "the rest");
		assert.deepEqual(await talk(page), await talk(phone));
	});

	test("too much at once is held back and still arrives", async () => {
		const page = await arrive("fast");
		const before = await page.locator(".me").count();

		await page.evaluate(() => {
			for (let i = 0; i < 30; i++) {
				sendOwn({ t: "say", text: "quick " + i }, "quick " + i);
			}
		});
		await until(async () => await page.locator(".me", { hasText: "saved" }).count() === before + 30,
			"all of them", 30000);
	});
});

describe("keyboard and screen reader", () => {
	test("a question is answered without a mouse", async () => {
		const page = await arrive("keys");

		await say(page, "pain");
		await page.keyboard.press("Shift+Tab"); /* from the text field to what is above */
		while (await page.evaluate(() => !document.activeElement.closest(".scale"))) {
			await page.keyboard.press("Shift+Tab");
		}
		const focused = () => page.evaluate(() => document.activeElement.textContent);
		assert.equal(await focused(), "0");
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("ArrowDown");
		assert.equal(await focused(), "2");
		await page.keyboard.press("End");
		assert.equal(await focused(), "10");
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("ArrowLeft");
		await page.keyboard.press("ArrowLeft");
		assert.equal(await focused(), "9");
		const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
		assert.notEqual(ring, "none");
		await shot(page, "keyboard");
		await page.keyboard.press("Enter");
		await settled(page);
		assert.ok((await talk(page)).includes("> 9"));
		assert.equal(await page.evaluate(() => document.activeElement.id), "text");
	});

	test("questions and their answers belong together for a screen reader", async () => {
		const page = await arrive("reader");

		await say(page, "pain");
		const group = openAnswers(page).last();
		const name = await group.evaluate((e) =>
			document.getElementById(e.getAttribute("aria-labelledby")).textContent);
		assert.match(name, /0 to 10/);
		assert.equal(await group.getAttribute("role"), "group");
		const log = page.getByRole("log", { name: "Conversation" });
		assert.equal(await log.getAttribute("aria-live"), "polite");
		assert.equal(await group.getByRole("button", { name: "0 of 10, none" }).count(), 1);
		assert.equal(await group.getByRole("button", { name: "10 of 10, worst" }).count(), 1);
	});
});
