/* Visitors who do not play by the rules: each is refused or dropped with a clear code, the daemon
 * stays up, quick and small, and what they sent is in no log. */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import WebSocket from "ws";
import { Daemon, binary, sleep, until } from "./help.mjs";

const PROTOCOL = "limberd.chat.1";
const SECRET_WORD = "zebra-between-the-lines";
let daemon, cookie;

before(async () => {
	daemon = await Daemon.create({ web: "connections = 400\nconnections_per_address = 300" });
	cookie = await daemon.cookie("eve");
});

after(async () => {
	const end = await daemon.stop();
	assert.ok(!daemon.log.includes(SECRET_WORD), daemon.log);
	assert.ok(!daemon.log.includes(cookie.split("=")[1]), daemon.log);
	assert.ok(!daemon.log.includes("eve"), daemon.log);
	await daemon.destroy();
	assert.deepEqual(end, { code: 0, signal: null }, daemon.log);
});

/* Without the sanitizers, whose own memory would hide ours. */
const release = { skip: fs.existsSync(binary("release")) ? false : "build/release/limberd is not built" };

/* Whatever happened: it still answers everybody else, at once. */
afterEach(async () => {
	const begun = Date.now();

	assert.equal(await (await fetch(daemon.address + "/health")).text(), "ok\n");
	assert.ok(Date.now() - begun < 2000);
});

function dial({ path = "/ws", protocol = PROTOCOL, origin = daemon.address, headers = { cookie }, ...rest } = {}) {
	const socket = new WebSocket(`ws://127.0.0.1:${daemon.port}${path}`, protocol ?? undefined,
		{ origin: origin ?? undefined, headers, perMessageDeflate: false, ...rest });

	socket.received = [];
	socket.on("message", (data) => socket.received.push(JSON.parse(data)));
	socket.on("error", (error) => { socket.fault = error; });
	socket.opened = new Promise((done) => {
		socket.on("open", () => done(true));
		socket.on("error", () => done(false));
		socket.on("close", () => done(false));
	});
	socket.closed = new Promise((done) => socket.on("close", (code, why) => done({ code, why: String(why) })));
	return socket;
}

/* A page that said hello and knows its history. */
async function visit(options) {
	const socket = dial(options);

	assert.ok(await socket.opened);
	socket.send(JSON.stringify({ t: "hello", after: 0 }));
	await until(() => socket.received.some((m) => m.t === "history"), "the history");
	return socket;
}

function within(promise, ms = 8000) {
	return Promise.race([promise, sleep(ms).then(() => { throw new Error("nothing within " + ms + " ms"); })]);
}

/* Raw bytes in, everything that comes back until the other side closes. */
function raw(bytes, { port = daemon.port, ms = 40000 } = {}) {
	return new Promise((done) => {
		const socket = net.connect(port, "127.0.0.1");
		const begun = Date.now();
		let back = "";
		const end = (why) => {
			clearTimeout(timer);
			socket.destroy();
			done({ back, why, ms: Date.now() - begun });
		};
		const timer = setTimeout(() => end("still open"), ms);

		socket.on("data", (data) => { back += data.toString("latin1"); });
		socket.on("close", () => end("closed"));
		socket.on("error", () => end("closed"));
		socket.write(bytes);
	});
}

function upgrade(lines) {
	return `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const good = () => ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", `Sec-WebSocket-Protocol: ${PROTOCOL}`,
	`Origin: ${daemon.address}`, `Cookie: ${cookie}`];

describe("handshakes", () => {
	const cases = [
		["from a foreign page", { origin: "https://evil.example" }],
		["from a page whose address only begins like ours", { origin: () => daemon.address + "0" }],
		["without an origin", { origin: null }],
		["without a sub-protocol", { protocol: null }],
		["with a foreign sub-protocol", { protocol: "chat" }],
		["on another path", { path: "/other" }],
		["without a session", { headers: {} }],
		["with a made-up session", { headers: () => ({ cookie: cookie.replace(/=.*/, "=" + "A".repeat(32)) }) }],
		["with a session that is cut", { headers: () => ({ cookie: cookie.slice(0, -1) }) }],
	];

	for (const [what, options] of cases) {
		test("refused " + what, async () => {
			for (const key in options) {
				options[key] = typeof options[key] === "function" ? options[key]() : options[key];
			}
			assert.equal(await within(dial(options).opened), false);
		});
	}

	test("a right one is accepted, without extensions", async () => {
		const socket = dial({ perMessageDeflate: true });

		assert.ok(await socket.opened);
		assert.equal(socket.extensions, "");
		assert.equal(socket.protocol, PROTOCOL);
		socket.close(1000);
		assert.equal((await within(socket.closed)).code, 1000);
	});

	test("an upgrade to HTTP/2 is refused", async () => {
		const answer = await raw(upgrade(["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings",
			"HTTP2-Settings: AAMAAABkAAQAAP__"]), { ms: 5000 });

		assert.equal(answer.why, "closed");
		assert.ok(!answer.back.includes("101"), answer.back);
	});

	test("HTTP/2 with prior knowledge is refused", async () => {
		const answer = await raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", { ms: 30000 });

		assert.equal(answer.why, "closed");
	});

	test("a good raw handshake works (so the refusals above mean something)", async () => {
		const answer = await raw(upgrade(good()), { ms: 500 });

		assert.match(answer.back, /^HTTP\/1.1 101/);
	});

	test("slow headers are cut", async () => {
		const slow = net.connect(daemon.port, "127.0.0.1");
		const begun = Date.now();
		const closed = new Promise((done) => { slow.on("close", done); slow.on("error", done); });
		const drip = setInterval(() => slow.write("x"), 500);

		slow.write("GET / HTTP/1.1\r\nX-Slow: ");
		await within(closed, 40000);
		clearInterval(drip);
		assert.ok(Date.now() - begun < 35000);
	});

	test("silence is cut", async () => {
		assert.equal((await raw("", { ms: 40000 })).why, "closed");
	});

	test("headers of 100 KB are refused", async () => {
		assert.equal((await raw(`GET / HTTP/1.1\r\nX: ${"a".repeat(100000)}\r\n\r\n`)).why, "closed");
	});
});

describe("requests", () => {
	const post = (path, body, headers = { origin: daemon.address }) =>
		fetch(daemon.address + path, { method: "POST", body, headers });

	test("signing in needs our own page", async () => {
		const secret = daemon.link("mallory").split("#")[1];

		assert.equal((await post("/sign-in", JSON.stringify({ secret }), {})).status, 403);
		assert.equal((await post("/sign-in", JSON.stringify({ secret }), { origin: "https://evil.example" })).status, 403);
		assert.equal((await post("/sign-in", JSON.stringify({ secret }))).status, 200);
	});

	test("nonsense does not sign in", async () => {
		for (const body of ["", "{", "[]", "null", '{"secret":1}', '{"secret":"short"}',
			JSON.stringify({ secret: "A".repeat(32) }), "[".repeat(4000)]) {
			assert.ok([403, 429].includes((await post("/sign-in", body)).status), body);
		}
	});

	test("guessing is slowed down", async () => {
		const states = await Promise.all(Array.from({ length: 40 }, () =>
			post("/sign-in", JSON.stringify({ secret: "B".repeat(32) })).then((a) => a.status)));

		assert.ok(states.includes(429));
	});

	test("a body of 100 KB is refused", async () => {
		await assert.rejects(post("/sign-in", "x".repeat(100000)));
	});

	test("pictures and files need a session", async () => {
		for (const path of ["/image/cat-camel", "/file/1", "/file/-1", "/file/99999999999999999999"]) {
			const answer = await fetch(daemon.address + path);
			assert.equal(answer.status, 401, path);
			assert.match(await answer.text(), /limberd invite/);
		}
		for (const path of ["/image/..%2f..%2fetc%2fpasswd", "/file/9223372036854775807", "/file/x", "/etc/passwd"]) {
			assert.equal((await fetch(daemon.address + path, { headers: { cookie } })).status, 404, path);
		}
	});

	test("every answer carries the same strict headers", async () => {
		for (const path of ["/", "/chat.js", "/session", "/nothing", "/file/1", "/health"]) {
			const { headers } = await fetch(daemon.address + path);
			assert.equal(headers.get("cache-control"), "no-store", path);
			assert.equal(headers.get("x-content-type-options"), "nosniff", path);
			assert.equal(headers.get("referrer-policy"), "no-referrer", path);
			assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", path);
			const csp = headers.get("content-security-policy");
			assert.match(csp, /^default-src 'none'; .*frame-ancestors 'none'/, path);
			assert.ok(!csp.includes("unsafe") && !csp.includes(","), csp);
		}
	});

	test("other methods get nothing", async () => {
		for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
			const answer = await fetch(daemon.address + "/", { method }).catch(() => ({ status: 0 }));
			assert.ok(answer.status === 0 || answer.status >= 400, method + answer.status);
		}
		const head = await fetch(daemon.address + "/", { method: "HEAD" });
		assert.equal(head.status, 200);
		assert.equal(await head.text(), "");
	});

	test("many requests on one connection are answered in order", async () => {
		const one = `GET /health HTTP/1.1\r\nHost: x\r\n\r\n`;
		const { back } = await raw(one.repeat(20), { ms: 1500 });
		assert.equal(back.split("\r\n\r\nok\n").length - 1, 20);
	});
});

describe("frames", () => {
	const cases = [
		["binary", (s) => s.send(Buffer.from([1, 2, 3])), 1003],
		["longer than 64 KiB", (s) => s.send("x".repeat(65537)), 1009],
		["fragments that never end", (s) => {
			s.send("x", { fin: false });
			for (let i = 0; i < 70; i++) {
				s.send("y".repeat(1000), { fin: i === 100 });
			}
		}, 1009],
		["a flood of empty fragments", (s) => {
			s.send("x", { fin: false });
			for (let i = 0; i < 5000 && s.readyState === 1; i++) {
				s.send("", { fin: false });
			}
		}, 1008],
		["a flood of messages", (s) => {
			for (let i = 0; i < 3000; i++) {
				s.send(JSON.stringify({ t: "older", before: 1 }));
			}
		}, 1008],
		["text that is not UTF-8", (s) => s.send(Buffer.from([0x22, 0xc3, 0x28, 0x22]), { binary: false }), 1007],
		["UTF-8 cut in half", (s) => s.send(Buffer.from([0x22, 0xe2, 0x82]), { binary: false }), 1007],
		["a zero byte", (s) => s.send(Buffer.from('{"t":"hello"}\0', "latin1"), { binary: false }), 1007],
		["no JSON", (s) => s.send(SECRET_WORD), 1002],
		["something behind the JSON", (s) => s.send('{"t":"hello"} {}'), 1002],
		["a list", (s) => s.send('["hello"]'), 1002],
		["an unknown kind", (s) => s.send(JSON.stringify({ t: SECRET_WORD })), 1002],
		["no kind", (s) => s.send("{}"), 1002],
		["deep nesting", (s) => s.send("[".repeat(30000)), 1002],
		["nesting inside a known kind", (s) => s.send('{"t":"hello","after":' + "[".repeat(20) + "]".repeat(20) + "}"), 1002],
		["say without an id", (s) => s.send(JSON.stringify({ t: "say", text: SECRET_WORD })), 1002],
		["say with an id that is none", (s) => s.send(JSON.stringify({ t: "say", cid: "a:b", text: SECRET_WORD })), 1002],
		["say with a hidden rest", (s) => s.send('{"t":"say","cid":"a","text":"6\\u0000rest"}'), 1002],
		["say without text", (s) => s.send(JSON.stringify({ t: "say", cid: "a", text: "" })), 1002],
		["a negative place", (s) => s.send(JSON.stringify({ t: "hello", after: -1 })), 1002],
		["older than nothing", (s) => s.send(JSON.stringify({ t: "older", before: 0 })), 1002],
	];

	for (const [what, act, code] of cases) {
		test(`${what}: closed with ${code}`, async () => {
			const socket = await visit();

			act(socket);
			const end = await within(socket.closed);
			if (end.code === 1006) { /* it was still sending: its system threw the goodbye away */
				assert.match(daemon.log.trim().split("\n").at(-1), new RegExp("code=" + code));
			} else {
				assert.equal(end.code, code, end.why);
				assert.notEqual(end.why, "");
				assert.ok(!end.why.includes(SECRET_WORD));
			}
		});
	}

	test("an unmasked frame is closed", async () => {
		const bytes = Buffer.concat([Buffer.from(upgrade(good())), Buffer.from([0x81, 0x02, 0x68, 0x69])]);

		assert.equal((await raw(bytes, { ms: 20000 })).why, "closed");
	});

	test("a frame that claims 2^62 bytes is closed without being waited for", async () => {
		const memory = daemon.memoryKb();
		const head = Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
		const answer = await raw(Buffer.concat([Buffer.from(upgrade(good())), head, Buffer.alloc(100000)]), { ms: 20000 });

		assert.equal(answer.why, "closed");
		assert.ok(daemon.memoryKb() - memory < 10000);
	});

	test("a visitor who says nothing is closed", async () => {
		const socket = dial();

		assert.ok(await socket.opened);
		await within(socket.closed, 25000);
	});

	test("words that are too long are refused, not cut", async () => {
		const socket = await visit();

		socket.send(JSON.stringify({ t: "say", cid: "long", text: "x".repeat(4001) }));
		const refused = await until(() => socket.received.find((m) => m.t === "refused"), "the refusal");
		assert.deepEqual(refused, { t: "refused", cid: "long", why: "long" });
		socket.close();
	});

	test("a place that is no more begins anew", async () => {
		const socket = dial();

		assert.ok(await socket.opened);
		socket.send(JSON.stringify({ t: "hello", after: 2 ** 40 }));
		const history = await until(() => socket.received.find((m) => m.t === "history"), "the history");
		assert.equal(history.what, "newest");
		assert.notEqual(history.items.length, 0);
		const last = history.items.at(-1).id;
		socket.send(JSON.stringify({ t: "hello", after: last }));
		const missed = await until(() => socket.received.find((m) => m.what === "missed"), "the rest");
		assert.deepEqual(missed.items, []);
		socket.close();
	});

	test("a repeated id is stored once and acknowledged each time", async () => {
		const socket = await visit();
		const message = JSON.stringify({ t: "say", cid: "twice-" + Date.now(), text: "hello" });

		socket.send(message);
		socket.send(message);
		await until(() => socket.received.filter((m) => m.t === "stored").length === 2, "both acknowledgements");
		const again = await visit();
		const cid = JSON.parse(message).cid;
		const items = again.received.find((m) => m.t === "history").items;
		assert.equal(items.filter((m) => m.cid === cid).length, 1);
		socket.close();
		again.close();
	});

	test("one person cannot use up another's ids", async () => {
		const cid = "same-" + Date.now();
		const eve = await visit();
		const ann = await visit({ headers: { cookie: await daemon.cookie("ann") } });

		for (const socket of [eve, ann]) {
			socket.send(JSON.stringify({ t: "say", cid, text: "hello" }));
			const stored = await until(() => socket.received.find((m) => m.t === "stored"), "the acknowledgement");
			assert.notEqual(stored.id, 0);
			socket.close();
		}
	});

	test("more than five a second are held back by name", async () => {
		const socket = await visit({ headers: { cookie: await daemon.cookie("quick") } });

		for (let i = 0; i < 40; i++) {
			socket.send(JSON.stringify({ t: "say", cid: "quick-" + i, text: "hello" }));
		}
		await until(() => socket.received.filter((m) => m.t === "stored" || m.t === "refused").length === 40, "40 answers");
		const refused = socket.received.filter((m) => m.t === "refused");
		assert.ok(refused.length >= 10 && refused.length <= 20, String(refused.length));
		assert.ok(refused.every((m) => m.why === "fast" && m.retry_ms > 0 && m.cid));
		socket.close();
	});
});

describe("crowds", () => {
	test("connections from one address are limited", async () => {
		const descriptors = () => fs.readdirSync(`/proc/${daemon.process.pid}/fd`).length;
		const base = descriptors();
		const sockets = Array.from({ length: 1200 }, () => net.connect(daemon.port, "127.0.0.1"));

		try {
			sockets.forEach((socket) => socket.on("error", () => {}));
			await until(() => descriptors() - base >= 290, "the first 300");
			await sleep(1500);
			assert.ok(descriptors() - base <= 300, String(descriptors() - base));
			assert.match(daemon.log, /web.full what=address/);
			assert.ok(daemon.log.match(/web.full/g).length <= 2);
		} finally {
			sockets.forEach((socket) => socket.destroy());
		}
		await until(() => descriptors() - base <= 5, "room again");
	});

	test("a reader who never reads is dropped", async () => {
		const socket = await visit({ headers: { cookie: await daemon.cookie("bookworm") } });

		for (let i = 0; i < 20; i++) {
			socket.send(JSON.stringify({ t: "say", cid: "w" + i, text: "x".repeat(3900) }));
		}
		await until(() => socket.received.filter((m) => m.t === "stored").length === 20, "20 messages");
		socket._socket.pause();
		await until(async () => {
			for (let i = 0; i < 40 && socket.readyState === 1; i++) {
				socket.send(JSON.stringify({ t: "older", before: 1e9 }));
			}
			await sleep(900);
			return daemon.log.includes("reads too slowly");
		}, "the drop", 30000);
		socket.terminate();
	});

	test("a thousand pages open, talk and go: memory stays flat", release, async () => {
		const big = await Daemon.create({ flavour: "release", web: "connections = 1500\nconnections_per_address = 1500" });

		try {
			const origin = big.address;
			const headers = { cookie: await big.cookie("crowd") };
			const rounds = [];

			for (let round = 0; round < 3; round++) {
				const sockets = Array.from({ length: 1000 }, () => new WebSocket(
					`ws://127.0.0.1:${big.port}/ws`, PROTOCOL, { origin, headers, perMessageDeflate: false }));
				await Promise.all(sockets.map((s) => new Promise((done, fail) => {
					s.on("message", () => done());
					s.on("error", fail);
					s.on("open", () => s.send('{"t":"hello","after":0}'));
				})));
				rounds.push(big.memoryKb());
				sockets.forEach((s) => s.terminate());
				await until(async () => (await fetch(big.address + "/health")).ok, "room");
				await sleep(300);
			}
			assert.ok(rounds[0] < 60000, rounds.join(" "));
			assert.ok(rounds[2] - rounds[0] < 4000, rounds.join(" "));
		} finally {
			await big.destroy();
		}
	});
});
