import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../bin/local/listen.ts';
import { configFile, runCurls, type Started, start, temporaryFolder } from './command.ts';

const shipped = () => readFile(new URL('../../authorizer.config.yml', import.meta.url), 'utf8');

describe('jwt-authorizer start, with the configuration that comes with it', () => {
  let started: Started;

  beforeAll(async () => {
    started = await start(['--ephemeral', '--config', await configFile(await shipped())]);
  });
  afterAll(() => started.stop());

  it('prints one line with `ready`, and the address in it', () => {
    const ready = started.lines().filter((line) => line.includes('ready'));
    expect(ready).toHaveLength(1);
    expect(ready[0]).toMatch(/^ready: http:\/\/127\.0\.0\.1:\d+ in front of http:\/\/127\.0\.0\.1:\d+,/);
  });

  it('prints curl lines that give what they say as they stand: 200, 401, 403, 200', async () => {
    const results = await runCurls(started);
    expect(results.map(({ says }) => says)).toEqual([200, 401, 403, 200]);
    expect(results.map(({ status }) => status)).toEqual([200, 401, 403, 200]);
    const [reader, , , writer] = results.map(({ body }) => JSON.parse(body));
    expect(reader.headers).toMatchObject({ 'x-authorizer-username': 'demo', 'x-authorizer-scopes': '-' });
    expect(writer).toMatchObject({
      method: 'POST',
      path: '/orders',
      headers: { 'x-authorizer-scopes': 'orders:write' },
    });
  });

  it('prints a line a request, without the token', async () => {
    const { token = 'none' } = started;
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${started.url}/secret-path?and=query`, { headers });
    await started.printed((line) => line === 'GET /{proxy+} 200 allowed (cache off)');
    const lines = started.lines();
    const printed = lines.slice(lines.findIndex((line) => line.startsWith('ready')));
    expect(printed.join('\n')).not.toMatch(/secret-path|and=query|eyJ/);
  });
});

describe('jwt-authorizer start --ephemeral', () => {
  it.concurrent.each(['SIGTERM', 'SIGINT'] as const)(
    'stops cleanly on %s and leaves nothing',
    async (signal) => {
      const folder = await temporaryFolder();
      const config = await configFile(await shipped());
      const started = await start(['--ephemeral', '--config', config], { TMPDIR: folder });
      expect(await readdir(folder)).toHaveLength(1);
      // A client that keeps its connection must not keep the gateway.
      await fetch(started.url, { headers: { connection: 'keep-alive' } });
      const { code, stderr, ms } = await started.stop(signal);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(ms).toBeLessThan(2_000);
      expect(await readdir(folder)).toEqual([]);
      expect(await readdir(new URL('.', `file://${config}`))).toEqual(['authorizer.config.yml']);
    },
  );

  it.concurrent('stops within two seconds while an upstream does not answer', async () => {
    const upstream = createServer(() => undefined);
    const { url, close } = await listen(upstream, '127.0.0.1', 0);
    const config = await configFile(await shipped());
    const started = await start(['--ephemeral', '--config', config, '--upstream', url]);
    const arrived = once(upstream, 'request');
    const { hostname, port } = new URL(started.url);
    const client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    client.write(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${started.token}\r\n\r\n`);
    await arrived;
    const { code, ms } = await started.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
    client.destroy();
    await close();
  });
});
