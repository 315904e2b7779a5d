import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, readHeader } from './header.ts';
import { runSteps } from './session.ts';

/** Answers with the status, and with the code if there is one, that the path names. */
const server = createServer(({ url, headers }, response) => {
  const [, status, code] = (url ?? '').split('/');
  const body = code === undefined ? {} : { code };
  response.writeHead(headers.authorization === undefined ? Number(status) : 200).end(JSON.stringify(body));
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const run = async (lines: readonly string[], env = {}) => {
  const steps = readHeader(lines.map((line) => `#   ${line}\n`).join(''));
  const ran = await runSteps(steps, { folder: tmpdir(), env: { API: origin, ...env } });
  const expected = new Map(
    steps.flatMap(({ line, expected: one }): [number, Answer][] => (one ? [[line, one]] : [])),
  );
  return { ...ran, expected };
};

describe('what a header says', () => {
  it('is what is run: variables, functions, quoting', async () => {
    const { answers, expected, failure } = await run([
      `caller() { echo "authorization: $1 it's"; }`,
      'CALLER=$(caller ann)',
      'curl "$API/401" # 401',
      'curl "$API/403/scope_missing" # 403 scope_missing',
      'curl "$API/401" -H "$CALLER" # 200',
    ]);
    expect(failure).toBeUndefined();
    expect(answers).toEqual(expected);
  });

  it.each([
    ['another status', 'curl "$API/200" # 401'],
    ['another code', 'curl "$API/403/scope_missing" # 403 token_expired'],
    ['a code where there is none', 'curl "$API/403" # 403 scope_missing'],
    ['no code where there is one', 'curl "$API/403/scope_missing" # 403'],
  ])('is found out where the answer has %s', async (_, line) => {
    const { answers, expected, failure } = await run(['curl "$API/200" # 200', line]);
    expect(failure).toBeUndefined();
    expect(answers.get(1)).toEqual(expected.get(1));
    expect(answers.get(2)).toBeDefined();
    expect(answers.get(2)).not.toEqual(expected.get(2));
  });

  it.each([
    ['a command fails', 'false'],
    ['a command in a pipe fails', 'false | cat'],
    ['a variable was not set', 'echo "$NOBODY_SAID"'],
    ['nobody answers', 'curl http://127.0.0.1:1/ # 200'],
  ])('ends where %s', async (_, line) => {
    const { answers, failure } = await run(['curl "$API/200" # 200', line, 'curl "$API/200" # 200']);
    expect(failure).toMatch(/line 2:|NOBODY_SAID/);
    expect([...answers.keys()]).not.toContain(3);
  });

  it('asks the emulator in the place of AWS', async () => {
    const line = 'curl https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders?a=b # 404';
    const asked: (string | undefined)[] = [];
    const emulator = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    const { port } = emulator.address() as AddressInfo;
    const { answers, expected } = await run([line], { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    emulator.close();
    expect(answers).toEqual(expected);
    expect(asked).toEqual(['/restapis/a1b2c3/prod/_user_request_/orders?a=b']);
  });
});
