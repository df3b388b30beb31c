// The promises under force: kill -9 at any moment, signals under load, a full disk, a disk that
// fails. The real daemon, its chat page's own protocol, and in the end its database.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { House } from './house.mjs';
import { Person } from './person.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 200);
const PEOPLE = 16;
const disk = process.env.CRASH_FAULTS; // the library that makes a disk slow, full or broken

// A seed names a run: print it first, set it again to repeat the moments of killing.
let seed = Number(process.env.CRASH_SEED ?? Date.now() % 1000000);
console.log(`# CRASH_SEED=${seed}`);
function random(below) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed / 0x80000000) * below;
}

const welcome = ['hello', 'yes', 'Europe/Berlin', '7:00', 'no', 'no', 'no', 'no'];
const everyday = ['6', 'pain 4', 'help', '5/10 after gardening', 'undo', 'stiff for 20 min', 'history',
  'exercise', 'done', 'skip', 'settings', 'my data', 'slept badly', 'pain about a six', 'thanks'];

function talk(n) {
  return n < welcome.length ? welcome[n] : everyday[n % everyday.length];
}

async function gather(house, count) {
  assert.ok(await house.start(), house.log);
  assert.deepEqual(await house.end('SIGTERM'), { code: 0, signal: null }, house.log);
  const names = Array.from({ length: count }, (_, i) => `p${i}`);
  const secrets = names.map((name) => house.invite(name));
  assert.ok(await house.start(), house.log);
  const people = [];
  for (const [i, name] of names.entries()) {
    people.push(await Person.meet(house, name, secrets[i], talk));
  }
  return people;
}

/** Waits until nobody waits for an answer any more. */
async function settle(people, limitMs = 30000) {
  for (const p of people) p.isRetiring = true;
  for (let waited = 0; waited < limitMs; waited += 20) {
    if (people.every((p) => p.isReady && p.waiting.size === 0)) {
      await sleep(300); // what the bot still has to say
      return;
    }
    await sleep(20);
  }
  assert.fail(`not settled: ${people.filter((p) => p.waiting.size).map((p) => p.name)}`);
}

/** Holds what people remember against what the database has. */
function verify(house, people) {
  assert.deepEqual(house.query('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  assert.deepEqual(house.query('PRAGMA foreign_key_check'), []);
  const inbound = house.query('SELECT message_id AS id, platform_id AS pid, handle FROM messages '
    + 'WHERE state = 0 ORDER BY message_id');
  const outbound = house.query('SELECT message_id AS id, handle FROM messages WHERE state <> 0 '
    + 'ORDER BY message_id');
  const stored = new Map();
  for (const row of inbound) stored.set(row.pid, [...(stored.get(row.pid) ?? []), row.id]);

  let acknowledged = 0;
  for (const p of people) {
    assert.deepEqual(p.faults, []);
    for (const [cid, id] of p.acknowledged) {
      const rows = stored.get(`${p.name}:${cid}`);
      assert.ok(rows, `${cid} was acknowledged and is gone`);
      assert.equal(rows.length, 1, `${cid} is stored ${rows.length} times`);
      if (id) assert.equal(rows[0], id, cid);
      acknowledged++;
    }
    assert.equal(p.acknowledged.size, p.sent, `${p.name} sent more than was acknowledged`);
    const told = outbound.filter((row) => row.handle === p.name).map((row) => row.id);
    assert.deepEqual([...p.heard.keys()].sort((a, b) => a - b), told,
      `${p.name} heard something else than was said`);
    noHalfTurn(p.name, inbound, told);
  }
  assert.equal(inbound.length, acknowledged, 'stored what nobody was told about');
  return { acknowledged, heard: outbound.length,
    repeats: people.reduce((sum, p) => sum + p.repeats, 0) };
}

/** A message and its answer are one transaction: each stored word is followed by a reply. */
function noHalfTurn(name, inbound, told) {
  const mine = inbound.filter((row) => row.handle === name).map((row) => row.id);
  for (const [i, id] of mine.entries()) {
    const next = mine[i + 1] ?? Infinity;
    assert.ok(told.some((reply) => reply > id && reply < next), `${name}: ${id} has no answer`);
  }
}

test(`killed ${KILLS} times under load: nothing lost, nothing twice, no half turn`, async () => {
  const house = await House.build();
  const people = await gather(house, PEOPLE);
  let early = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    if (!house.isUp) {
      // A slow disk makes the moments long in which half of something is written.
      const slow = Math.floor(random(20000));
      house.spawn({ env: { LD_PRELOAD: disk, CRASH_SLOW_US: String(slow) } });
      const listening = house.listening();
      // One in eight dies while it is still starting.
      if (random(8) < 1) {
        await sleep(random(60));
        early++;
        await house.end('SIGKILL');
        await listening;
        continue;
      }
      assert.ok(await listening, house.log);
    }
    for (const p of people) p.connect();
    await sleep(5 + random(150));
    const { signal } = await house.end('SIGKILL');
    assert.equal(signal, 'SIGKILL', `it ended by itself: ${house.log}`);
    for (const p of people) p.leave();
  }
  assert.ok(await house.start(), house.log);
  for (const p of people) p.connect();
  await settle(people);
  assert.deepEqual(await house.end('SIGTERM'), { code: 0, signal: null }, house.log);
  const { acknowledged, heard, repeats } = verify(house, people);
  console.log(`# ${KILLS} kills (${early} while starting), ${acknowledged} messages acknowledged, `
    + `${heard} heard, ${repeats} of them shown again`);
  assert.ok(acknowledged > KILLS, 'there was hardly any load');
  await house.clear();
});

test('SIGTERM under load: ends within 10 s with code 0, what was acknowledged is there', async () => {
  const house = await House.build();
  const people = await gather(house, PEOPLE);
  for (let round = 0; round < 5; round++) {
    for (const p of people) p.connect();
    await sleep(50 + random(200));
    const ended = await house.end('SIGTERM', 10000);
    assert.deepEqual(ended, { code: 0, signal: null }, house.log);
    for (const p of people) p.leave();
    assert.ok(await house.start(), house.log);
  }
  for (const p of people) p.connect();
  await settle(people);
  assert.equal((await house.end('SIGINT')).code, 0);
  verify(house, people);
  await house.clear();
});

test('SIGHUP: a broken flow is refused with its place, a good one is taken', async () => {
  const house = await House.build({ prompts: true });
  const [person] = await gather(house, 1);
  const file = join(house.prompts, 'answers', 'help.yaml');
  const before = readFileSync(file, 'utf8');
  person.talk = () => 'help';
  person.connect();
  writeFileSync(file, `${before}\nhelp:\n  menu: [\n`);
  house.child.kill('SIGHUP');
  assert.ok(await house.logged('reload.refused'), house.log);
  assert.match(house.log, /help\.yaml:\d+:\d+: /);
  const heard = person.heard.size;
  for (let i = 0; i < 100 && person.heard.size === heard; i++) await sleep(20);
  assert.ok(person.heard.size > heard, 'it no longer talks');
  writeFileSync(file, before);
  house.child.kill('SIGHUP');
  assert.ok(await house.logged('reload.done'), house.log);
  await settle([person]);
  assert.equal((await house.end('SIGTERM')).code, 0);
  verify(house, [person]);
  await house.clear();
});

test('a second daemon on the same data is refused by name', async () => {
  const house = await House.build();
  assert.ok(await house.start(), house.log);
  assert.throws(() => house.run('run'), (error) => {
    assert.equal(error.status, 73);
    assert.match(error.stderr, /another limberd/);
    return true;
  });
  assert.equal((await house.end('SIGTERM')).code, 0);
  await house.clear();
});

test('a data directory that cannot be written is refused with a sentence', async () => {
  const house = await House.build();
  const isRoot = process.getuid() === 0;
  chmodSync(house.dir, 0o755);
  chmodSync(house.config, 0o644);
  chmodSync(house.data, 0o555);
  assert.equal(await house.start(isRoot ? { uid: 65534, gid: 65534 } : {}), false);
  assert.equal((await house.ended).code, 73, house.log);
  assert.match(house.log, /^limberd: .*data.*/m);
  chmodSync(house.data, 0o700);
  await house.clear();
});

test('the disk is full for a while: nothing is acknowledged, then all of it is', async () => {
  const house = await House.build();
  let people = await gather(house, 4);
  await house.end('SIGTERM');
  const flag = join(house.dir, 'full');
  assert.ok(await house.start({ env: { LD_PRELOAD: disk, CRASH_FULL: flag } }), house.log);
  for (const p of people) p.connect();
  await sleep(300);
  writeFileSync(flag, '');
  await sleep(200); // what was under way
  const before = people.map((p) => p.acknowledged.size);
  await sleep(700);
  assert.deepEqual(people.map((p) => p.acknowledged.size), before, 'acknowledged on a full disk');
  assert.ok(house.isUp, `it gave up: ${house.log}`);
  rmSync(flag);
  for (let i = 0; i < 500 && people.some((p, n) => p.acknowledged.size <= before[n]); i++) {
    await sleep(20);
  }
  assert.ok(people.every((p, n) => p.acknowledged.size > before[n]), `it did not go on: ${house.log}`);
  await settle(people);
  assert.equal((await house.end('SIGTERM')).code, 0, house.log);
  verify(house, people);
  await house.clear();
});

test('fsync fails: the process stops, the next start has all that was acknowledged', async () => {
  const house = await House.build();
  const people = await gather(house, 4);
  await house.end('SIGTERM');
  const flag = join(house.dir, 'fsync');
  assert.ok(await house.start({ env: { LD_PRELOAD: disk, CRASH_FSYNC: flag } }), house.log);
  for (const p of people) p.connect();
  await sleep(300);
  writeFileSync(flag, '');
  const ended = await Promise.race([house.ended, sleep(10000, null, { ref: false })]);
  assert.deepEqual(ended, { code: 74, signal: null }, house.log);
  for (const p of people) p.leave();
  assert.ok(await house.start(), house.log);
  for (const p of people) p.connect();
  await settle(people);
  assert.equal((await house.end('SIGTERM')).code, 0, house.log);
  verify(house, people);
  await house.clear();
});
