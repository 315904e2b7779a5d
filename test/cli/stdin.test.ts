import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { listen } from '../../bin/local/listen.ts';
import { builtPackage, closeAtEnd } from '../support/gateway.ts';
import { cli, dataFolder, type Json } from './cli.ts';

const LINES = 2_000;
const users = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => JSON.stringify({ username: `u${from + i}`, n: from + i })).join(
    '\n',
  );

const linesOf = (text: string): readonly Json[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Json]));

async function create(what: string, lines: string, ...options: string[]) {
  const ran = await cli([what, 'create', '--stdin', '--json', ...options], lines);
  const said = ran.stderr.trimEnd().split('\n');
  const at = said.findIndex((line) => line.startsWith('{'));
  return { ...ran, summary: JSON.parse(said[at] ?? '{}') as Json, failures: said.slice(0, at) };
}

/** `users create --stdin`, given one line and then nothing. */
async function piped(...place: readonly string[]) {
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const child = spawn(process.execPath, [command, 'users', 'create', '--stdin', ...place]);
  const ended = new Promise((resolve) => child.on('close', resolve));
  closeAtEnd({ close: async () => void child.kill('SIGKILL') });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  child.stdin.write('{"username": "ann"}\n');
  return { ended, output: () => output, interrupt: () => child.kill('SIGINT') };
}

describe('create --stdin', () => {
  it('credentials with -q are keyId:keySecret, since nobody is told it again', async () => {
    const data = await dataFolder();
    await create('users', users(0, 1), '--data', data);
    const lines = '{"keyId": "k0"}\n{"keyId": "k1"}\n';
    const args = ['credentials', 'create', '--stdin', '-q', '-c', 'u0', '--data', data];
    const { code, stdout } = await cli(args, lines);
    expect(code).toBe(0);
    const made = stdout.trimEnd().split('\n').sort();
    expect(made).toEqual(['k0', 'k1'].map((id) => expect.stringMatching(new RegExp(`^${id}:[\\w-]{86}$`))));
  });

  it('credentials with a secret of their own are keyIds with -q: who gave it knows it', async () => {
    const data = await dataFolder();
    await create('users', users(0, 1), '--data', data);
    const lines = JSON.stringify({ keyId: 'k0', keySecret: 'x'.repeat(64) });
    const args = ['credentials', 'create', '--stdin', '-q', '-c', 'u0', '--data', data];
    expect(await cli(args, lines)).toMatchObject({ code: 0, stdout: 'k0\n' });
  });

  it('2,000 lines in two runs: what exists is skipped', { timeout: 120_000 }, async () => {
    const data = await dataFolder();
    const first = await create('users', users(0, LINES / 2), '--data', data);
    expect(first).toMatchObject({ code: 0, summary: { created: LINES / 2, skipped: 0, failed: 0 } });
    const all = await create('users', users(0, LINES), '--data', data);
    expect(all.summary).toEqual({ created: LINES / 2, skipped: LINES / 2, failed: 0 });
    expect(all.code).toBe(0);
    const names = [...linesOf(first.stdout), ...linesOf(all.stdout)].map(({ username }) => username);
    expect(new Set(names).size).toBe(LINES);
    const listed = await cli(['users', 'list', '--json', '--data', data]);
    expect(JSON.parse(listed.stdout)).toHaveLength(LINES);
  });

  it('apps, credentials and scopes; a secret is shown once, and a line may have its fields below', async () => {
    const data = await dataFolder();
    await create('users', users(0, 2), '--data', data);
    expect((await create('scopes', '"a"\n{"scope": "b"}\r\n\n"a"', '--data', data)).summary).toEqual({
      created: 2,
      skipped: 1,
      failed: 0,
    });
    const apps = '{"userId": "u0", "name": "x"}\n{"userId": "u1", "name": "x"}\n{"name": "y"}';
    expect((await create('apps', apps, '-u', 'u0', '--data', data)).summary).toMatchObject({ created: 3 });
    const credentials = [
      { consumerId: 'u0', keyId: 'k0', scopes: ['a'] },
      { consumerId: 'y', type: 'jwt', credential: { keyId: 'k1', scopes: ['a', 'b'] } },
    ];
    const lines = credentials.map((line) => JSON.stringify(line)).join('\n');
    const made = await create('credentials', lines, '--data', data);
    expect(made.summary).toEqual({ created: 2, skipped: 0, failed: 0 });
    const shown = linesOf(made.stdout);
    expect(shown.map(({ keyId }) => keyId).sort()).toEqual(['k0', 'k1']);
    for (const { keySecret } of shown) expect(keySecret).toMatch(/^[\w-]{86}$/);
    const again = await create('credentials', lines, '--data', data);
    expect(again).toMatchObject({ code: 0, stdout: '', summary: { created: 0, skipped: 2, failed: 0 } });
  });

  it('skips what is the same by its name alone, and says what only has that name', async () => {
    const data = await dataFolder();
    const [annsId, bobsId] = ['0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e01', '0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e02'];
    const people = [
      { username: 'ann', id: annsId },
      { username: 'bob', id: bobsId },
    ];
    const apps = [
      { userId: 'ann', name: 'shop' },
      { userId: 'bob', name: 'shop' },
      { userId: annsId, name: 'desk' },
    ];
    const credentials = [
      { consumerId: 'ann', keyId: 'k0' },
      { consumerId: 'desk', keyId: 'k1' },
      { consumerId: '..', keyId: 'k2' },
    ];
    const give = (what: string, lines: readonly object[]) =>
      create(what, lines.map((line) => JSON.stringify(line)).join('\n'), '--data', data);
    expect((await give('users', people)).summary).toEqual({ created: 2, skipped: 0, failed: 0 });
    expect((await give('users', people)).summary).toEqual({ created: 0, skipped: 2, failed: 0 });
    const others = [
      { username: 'eve', id: annsId },
      { username: 'ann', id: '0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e03' },
    ];
    expect((await give('users', others)).summary).toEqual({ created: 0, skipped: 0, failed: 2 });
    expect((await give('apps', apps)).summary).toEqual({ created: 3, skipped: 0, failed: 0 });
    // By now the name stands for several.
    expect((await give('apps', apps)).summary).toEqual({ created: 0, skipped: 3, failed: 0 });
    expect((await give('credentials', credentials)).summary).toEqual({ created: 2, skipped: 0, failed: 1 });
    expect((await give('credentials', credentials)).summary).toEqual({ created: 0, skipped: 2, failed: 1 });
    const byId = [{ consumerId: annsId, keyId: 'k0' }];
    expect((await give('credentials', byId)).summary).toEqual({ created: 0, skipped: 1, failed: 0 });
    for (const consumerId of ['bob', bobsId, 'desk', 'nobody', '..']) {
      const taken = await give('credentials', [{ consumerId, keyId: 'k0' }]);
      expect(taken).toMatchObject({ code: 1, summary: { created: 0, skipped: 0, failed: 1 } });
      if (consumerId === 'bob') expect(taken.failures.join()).toMatch(/another consumer/);
    }
  });

  it('tells that a key of a credential that is there was not compared, and refuses another issuer', async () => {
    const data = await dataFolder();
    await create('users', '{"username": "ann"}', '--data', data);
    const keySecret = 'a-key-secret-with-more-than-thirty-two-bytes';
    const line = { consumerId: 'ann', keyId: 'k', keySecret, issuer: 'https://a.example' };
    const give = (...lines: readonly object[]) =>
      create('credentials', lines.map((each) => JSON.stringify(each)).join('\n'), '--data', data);
    expect((await give(line)).summary).toEqual({ created: 1, skipped: 0, failed: 0 });
    const { keySecret: _, ...without } = line;
    expect((await give(without)).summary).toEqual({ created: 0, skipped: 1, failed: 0 });
    const other = { ...line, keySecret: `another-${keySecret}` };
    const again = await give(other, without);
    expect(again.summary).toEqual({ created: 0, skipped: 2, failed: 0, notCompared: 1 });
    expect(again.code).toBe(0);
    const moved = await give({ ...line, issuer: 'https://b.example' });
    expect(moved).toMatchObject({ code: 1, summary: { created: 0, skipped: 0, failed: 1 } });
    expect(moved.failures.join()).toMatch(/another issuer/);
  });

  it('says which lines failed and why, without repeating them, and ends with 1', async () => {
    const data = await dataFolder();
    const lines = ['{"username": "ann"}', 'pa55word', '[]', '{}', '{"username": ""}', '{"username": "bob"}'];
    const { code, summary, failures } = await create('users', lines.join('\n'), '--data', data);
    expect(code).toBe(1);
    expect(summary).toEqual({ created: 2, skipped: 0, failed: 4 });
    expect(failures.map((line) => line.split(':')[0]).sort()).toEqual([
      'line 2',
      'line 3',
      'line 4',
      'line 5',
    ]);
    expect(failures.join()).not.toContain('pa55word');
  });

  it.each([
    ['users', ['id', 'username', 'email', 'plan']],
    ['apps', ['id', 'userId', 'name']],
    ['credentials', ['consumerId', 'type', 'keyId', 'keySecret', 'publicKey', 'scopes', 'credential']],
    ['scopes', ['scope']],
  ])('%s: a field that is no text is no bug', async (what, fields) => {
    const data = await dataFolder();
    const line = { username: 'ann', userId: 'ann', name: 'shop', consumerId: 'ann', keyId: 'k', scope: 's' };
    const lines = fields.map((field) => JSON.stringify({ ...line, [field]: { toString: 1, valueOf: 1 } }));
    const { stderr, failures } = await create(what, lines.join('\n'), '--data', data);
    expect(stderr).not.toContain('Error');
    expect(failures.length).toBeGreaterThan(0);
  });

  it('Ctrl-C: what is under way is made and shown, and no more', async () => {
    const data = await dataFolder();
    const controller = new AbortController();
    const text = users(0, 500).split('\n');
    async function* input() {
      for (const [index, line] of text.entries()) {
        if (index === 100) controller.abort();
        yield Buffer.from(`${line}\n`);
      }
      // Who types or pipes has not ended.
      await new Promise(() => undefined);
    }
    const ran = await cli(['users', 'create', '--stdin', '--json', '--data', data], '', false, {
      stdin: Readable.from(input()),
      interruption: () => controller.signal,
    });
    expect(ran.code).toBe(130);
    const made = linesOf(ran.stdout).length;
    expect(JSON.parse(ran.stderr.split('\n')[0] ?? '')).toEqual({
      created: made,
      skipped: 0,
      failed: 0,
      stopped: true,
    });
    expect(made).toBeLessThan(110);
    const listed = await cli(['users', 'list', '--json', '--data', data]);
    expect(made === 0 ? [] : JSON.parse(listed.stdout)).toHaveLength(made);
    expect((await create('users', users(0, 500), '--data', data)).summary).toMatchObject({
      ...{ created: 500 - made, skipped: made },
    });
  });

  // npm passes a Ctrl-C on that the process has got already.
  it.each([1, 2])('as a process that waits for input: Ctrl-C, %d times at once', async (times) => {
    const child = await piped('--data', await dataFolder());
    await vi.waitUntil(() => child.output().includes('"ann"'), { timeout: 15_000 });
    for (let time = 0; time < times; time += 1) child.interrupt();
    expect(await child.ended).toBe(130);
    expect(child.output()).toMatch(/created 1, .*stopped/);
  });

  it('as a process that waits for an answer: only a second Ctrl-C ends it', async () => {
    let isAsked = false;
    const server = createServer(() => {
      isAsked = true;
    });
    const { url } = closeAtEnd(await listen(server, '127.0.0.1', 0));
    const child = await piped('--admin-url', url);
    await vi.waitUntil(() => isAsked, { timeout: 15_000 });
    child.interrupt();
    expect(await Promise.race([child.ended, sleep(500, 'runs')])).toBe('runs');
    child.interrupt();
    expect(await child.ended).toBe(130);
    expect(child.output()).toBe('');
  });

  it('stops where nobody answers', async () => {
    const { code, summary } = await create('users', users(0, 500), '--admin-url', 'http://127.0.0.1:9');
    expect({ code, summary }).toEqual({ code: 1, summary: { created: 0, skipped: 0, failed: 0 } });
  });

  it('draws a bar for who watches, and for nobody else', async () => {
    const data = await dataFolder();
    const args = (name: string) => ['users', 'create', '--stdin', '-q', '--data', `${data}${name}`];
    expect((await cli(args('1'), users(0, 50), true)).stderr).toMatch(/\r.*\[#*-*\] +\d+% /);
    expect((await cli(args('2'), users(0, 50))).stderr).not.toContain('\r');
  });
});
