import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayRequest, Pair } from '../../bin/local/request.ts';
import { buildUpstreamRequest, headerSafe, parseUpstream } from '../../bin/local/upstream-request.ts';
import { UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';

const NOBODY = { principalId: 'p', context: {} };

function build(
  url: string,
  changes: Partial<GatewayRequest>,
  caller: Parameters<typeof buildUpstreamRequest>[2] = NOBODY,
) {
  const request = { method: 'GET', rawPath: '/', headers: [], sourceIp: '127.0.0.1', ...changes };
  const built = buildUpstreamRequest(parseUpstream(url), request, caller);
  if (!built) return undefined;
  const pairs: Pair[] = [];
  for (let i = 0; i < built.headers.length; i += 2)
    pairs.push([built.headers[i] ?? '', built.headers[i + 1] ?? '']);
  return { path: built.path, pairs };
}

describe('parseUpstream', () => {
  it.each([
    ['http://h:1', ''],
    ['http://h:1/', ''],
    ['http://h:1/base/', '/base'],
    ['https://h/a/b', '/a/b'],
  ])('%s has base path "%s"', (url, basePath) => {
    expect(parseUpstream(url).basePath).toBe(basePath);
  });

  it.each([['ftp://h'], ['http://u:p@h'], ['http://h/?q=1'], ['http://h/#f'], ['h:1'], ['']])(
    'refuses %s',
    (url) => {
      expect(() => parseUpstream(url)).toThrow(TypeError);
    },
  );
});

describe('the path', () => {
  it.each([['/a/../b'], ['//a'], ['/%2e%2e/x'], ['/a?b=c?d'], ['/a/./']])('%s goes on as it is', (target) => {
    const [rawPath = '', ...query] = target.split('?');
    const rawQuery = query.join('?');
    expect(build('http://h', { rawPath, ...(rawQuery ? { rawQuery } : {}) })?.path).toBe(target);
  });

  it.each([
    ['/..'],
    ['/../x'],
    ['/a/../../x'],
    ['/.%2E/x'],
    ['/%2e%2e%2fx'],
    ['/a%5c..%5cx'],
    ['/..;/x'],
    ['/..\\x'],
    ['/./x'],
  ])('%s may not climb out of a base path', (rawPath) => {
    expect(build('http://h/base', { rawPath })).toBeUndefined();
  });

  it.each([['/a..b'], ['/...'], ['/.well-known'], ['/a.'], ['/']])(
    '%s stays below a base path',
    (rawPath) => {
      expect(build('http://h/base', { rawPath })?.path).toBe(`/base${rawPath}`);
    },
  );
});

describe('headers', () => {
  const names = (headers: readonly Pair[]) =>
    build('http://up:1', { headers })?.pairs.map(([name]) => name.toLowerCase());

  it('lose what belongs to the connection, named ones included', () => {
    const sent: readonly Pair[] = [
      ['Connection', 'close, X-Private'],
      ['Keep-Alive', '1'],
      ['TE', 'trailers'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['Proxy-Authorization', 'x'],
      ['Expect', '100-continue'],
      ['x-private', '1'],
      ['X-Public', '1'],
    ];
    const kept = names(sent);
    expect(kept).toContain('x-public');
    expect(kept).not.toEqual(expect.arrayContaining(['keep-alive']));
    for (const gone of [
      'connection',
      'te',
      'transfer-encoding',
      'upgrade',
      'proxy-authorization',
      'expect',
      'x-private',
    ]) {
      expect(kept).not.toContain(gone);
    }
  });

  it('name the upstream as host and add the client to x-forwarded-for', () => {
    const headers: readonly Pair[] = [
      ['Host', 'evil.example'],
      ['X-Forwarded-For', '10.0.0.1'],
    ];
    const { pairs = [] } = build('http://up:1/base', { headers }) ?? {};
    expect(pairs.filter(([name]) => name.toLowerCase() === 'host')).toEqual([['host', 'up:1']]);
    expect(pairs).toContainEqual(['x-forwarded-for', '10.0.0.1, 127.0.0.1']);
  });

  it('hold each of ours exactly once, whatever the client sends', () => {
    const spelling = fc.constantFrom(...Object.keys(UPSTREAM_HEADERS)).chain((name) =>
      fc
        .array(fc.tuple(fc.boolean(), fc.constantFrom('-', '_', '.')), {
          minLength: name.length,
          maxLength: name.length,
        })
        .map((choices) =>
          [...name]
            .map((char, i) => (char === '-' ? choices[i]?.[1] : choices[i]?.[0] ? char.toUpperCase() : char))
            .join(''),
        ),
    );
    fc.assert(
      fc.property(fc.array(spelling, { maxLength: 5 }), (spellings) => {
        const headers = spellings.map((name): Pair => [name, 'forged']);
        const { pairs = [] } = build('http://up', { headers }) ?? {};
        expect(pairs.some(([, value]) => value === 'forged')).toBe(false);
        for (const name of Object.keys(UPSTREAM_HEADERS)) {
          expect(pairs.filter(([given]) => given === name)).toHaveLength(1);
        }
      }),
    );
  });

  it('come from the context, empty where it has nothing', () => {
    const caller = {
      principalId: 'p-1',
      context: { consumerId: 'c-1', username: 'J\u00e9r\u00f4me', scopes: 'a b' },
    };
    const { pairs = [] } = build('http://up', {}, caller) ?? {};
    const headers = Object.fromEntries(pairs);
    expect(headers).toMatchObject({
      'x-authorizer-principal-id': 'p-1',
      'x-authorizer-consumer-id': 'c-1',
      'x-authorizer-username': 'J%C3%A9r%C3%B4me',
      'x-authorizer-scopes': 'a b',
      'x-authorizer-claims': '-',
      'x-authorizer-credential-id': '-',
    });
  });
});

describe('headerSafe', () => {
  it('is printable ASCII without outer spaces, and can be taken back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const safe = headerSafe(value);
        expect(safe).toMatch(/^(?:[!-~]|[!-~][ -~]*[!-~])?$/);
        expect(decodeURIComponent(safe)).toBe(value);
      }),
    );
  });

  it.each([
    ['a\r\nx: y', 'a%0D%0Ax: y'],
    ['100%', '100%25'],
    [' a ', '%20a%20'],
    [' ', '%20'],
    ['\u0000\u007f', '%00%7F'],
  ])('%j becomes %s', (value, safe) => {
    expect(headerSafe(value)).toBe(safe);
  });
});
