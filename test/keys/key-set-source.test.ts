import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeySetSource } from '../../lambda/config/types.ts';
import { createKeySetFetcher } from '../../lambda/keys/key-set-source.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { outcome } from './support.ts';

const pauses: number[] = [];
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    pauses.push(ms);
  },
}));
/** In the place of the time limits, which the test sets off itself. */
const limits: { readonly ms: number; readonly end: () => void }[] = [];
beforeEach(() => {
  pauses.length = 0;
  limits.length = 0;
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    limits.push({ ms, end: () => controller.abort() });
    return controller.signal;
  });
});

const ISSUER = 'https://id.example';
const JWKS = 'https://keys.id.example/jwks';
const SET = { keys: [] };
const DOWN = new KeyUnavailable('down');
const byAddress: KeySetSource = { kind: 'jwksUri', uri: JWKS, wantsSnapshot: false };
const byIssuer = (issuer = ISSUER): KeySetSource => ({ kind: 'discovery', issuer, wantsSnapshot: false });

/** Answers by address; a list is answered one after the other. */
function workbench(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const fetchKeySet = createKeySetFetcher(async (address, signal) => {
    const times = asked.push(address);
    const given = answers[address];
    const answer = Array.isArray(given) ? given[Math.min(times, given.length) - 1] : given;
    if (signal.aborted || answer === undefined) throw DOWN;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  });
  return { asked, fetched: (source: KeySetSource) => outcome(fetchKeySet(source)) };
}

describe('by its address', () => {
  test('a set is fetched once, within the time of a look-up', async () => {
    const { asked, fetched } = workbench({ [JWKS]: SET });
    expect(await fetched(byAddress)).toBe(SET);
    expect(asked).toEqual([JWKS]);
    expect(limits.map(({ ms }) => ms)).toEqual([3_300]);
    expect(pauses).toEqual([]);
  });
  test('a failure is tried again, after a pause that is not the same everywhere', async () => {
    const { asked, fetched } = workbench({ [JWKS]: [DOWN, SET] });
    expect(await fetched(byAddress)).toBe(SET);
    expect(asked).toEqual([JWKS, JWKS]);
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(100);
    expect(pauses[0]).toBeLessThan(200);
  });
  test('two failures are the end', async () => {
    const last = new KeyUnavailable('still down');
    const { asked, fetched } = workbench({ [JWKS]: [DOWN, last, SET] });
    expect(await fetched(byAddress)).toBe(last);
    expect(asked).toHaveLength(2);
  });
  test('a fetch that never settles ends with the time all the same', async () => {
    const { fetched } = workbench({ [JWKS]: () => new Promise(() => undefined) });
    const asked = fetched(byAddress);
    limits[0]?.end();
    expect(await asked).toBeInstanceOf(KeyUnavailable);
    expect(String(await asked)).toContain(JWKS);
  });
  test('a failure at the end of the time is not tried again', async () => {
    const late = () => {
      limits[0]?.end();
      throw DOWN;
    };
    const { asked, fetched } = workbench({ [JWKS]: [late, SET] });
    expect(await fetched(byAddress)).toBe(DOWN);
    expect(asked).toHaveLength(1);
    expect(pauses).toEqual([]);
  });
});

describe('by its issuer', () => {
  const metadata = (issuer: unknown = ISSUER, address: unknown = JWKS) => ({ issuer, jwks_uri: address });
  const WELL_KNOWN = `${ISSUER}/.well-known/openid-configuration`;

  test.each([
    ['without a slash at its end', ISSUER, WELL_KNOWN],
    ['with one', `${ISSUER}/`, WELL_KNOWN],
    ['with a path', `${ISSUER}/realms/a`, `${ISSUER}/realms/a/.well-known/openid-configuration`],
    ['with both', `${ISSUER}/realms/a/`, `${ISSUER}/realms/a/.well-known/openid-configuration`],
  ])('%s', async (_, issuer, wellKnown) => {
    const { asked, fetched } = workbench({ [wellKnown]: metadata(issuer), [JWKS]: SET });
    expect(await fetched(byIssuer(issuer))).toBe(SET);
    expect(asked).toEqual([wellKnown, JWKS]);
    expect(limits).toHaveLength(1);
  });
  test('on this machine may have its keys there', async () => {
    const issuer = 'http://127.0.0.1:8080';
    const jwks = 'http://localhost:8081/jwks';
    const wellKnown = `${issuer}/.well-known/openid-configuration`;
    const { fetched } = workbench({ [wellKnown]: metadata(issuer, jwks), [jwks]: SET });
    expect(await fetched(byIssuer(issuer))).toBe(SET);
  });
  test.each<[string, unknown]>([
    ['of another issuer', metadata('https://evil.example')],
    ['of another issuer by a slash', metadata(`${ISSUER}/`)],
    ['of another issuer by its case', metadata('https://ID.example')],
    ['of another issuer by its port', metadata(`${ISSUER}:443`)],
    ['of several issuers', metadata([ISSUER])],
    ['of nobody', { jwks_uri: JWKS }],
    ['without an address', { issuer: ISSUER }],
    ['with an address that is none', metadata(ISSUER, 'jwks')],
    ['with a relative address', metadata(ISSUER, '/jwks')],
    ['with an empty address', metadata(ISSUER, '')],
    ['with several addresses', metadata(ISSUER, [JWKS])],
    ['with null for an address', metadata(ISSUER, null)],
    ['with an address over http', metadata(ISSUER, 'http://keys.id.example/jwks')],
    ['with an address of a file', metadata(ISSUER, 'file:///etc/passwd')],
    ['with an address that is data', metadata(ISSUER, 'data:application/json,{"keys":[]}')],
    ['with a password in the address', metadata(ISSUER, 'https://a:b@keys.id.example/jwks')],
    ['with a fragment in the address', metadata(ISSUER, `${JWKS}#a`)],
    ['with an address on this machine', metadata(ISSUER, 'http://127.0.0.1/jwks')],
    ['with an address on this machine in capitals', metadata(ISSUER, 'HTTP://127.0.0.1/jwks')],
    ['with an address on this machine behind a space', metadata(ISSUER, ' http://localhost/jwks')],
    ['with an address on this machine in IPv6', metadata(ISSUER, 'http://[::1]/jwks')],
    ['with an address on this machine as a number', metadata(ISSUER, 'http://2130706433/jwks')],
    ['that is a list', [metadata()]],
    ['that is null', null],
    ['that is text', 'https://keys.id.example/jwks'],
  ])('metadata %s name no keys, and nothing else is asked', async (_, answer) => {
    // Twice, since the answer could have been an accident.
    const { asked, fetched } = workbench({ [WELL_KNOWN]: () => answer });
    expect(await fetched(byIssuer())).toBeInstanceOf(KeyUnavailable);
    expect(asked).toEqual([WELL_KNOWN, WELL_KNOWN]);
  });
  test.each<[string, unknown, string]>([
    ['another', 'https://evil.example', '"https://evil.example"'],
    ['none', null, 'none'],
    ['several', [ISSUER], 'none'],
    ['200 characters', 'i'.repeat(200), `"${'i'.repeat(200)}"`],
    ['more', 'i'.repeat(201), `"${'i'.repeat(200)}"`],
  ])('metadata that name another issuer are told with what they name: %s', async (_, named, got) => {
    const { fetched } = workbench({ [WELL_KNOWN]: () => metadata(named) });
    const told = String(await fetched(byIssuer()));
    expect(told).toContain(`${ISSUER} `);
    expect(told.endsWith(` ${got}`)).toBe(true);
  });
  test('metadata that never come end with the time, and the issuer is told', async () => {
    const { fetched } = workbench({ [WELL_KNOWN]: () => new Promise(() => undefined) });
    const asked = fetched(byIssuer());
    limits[0]?.end();
    expect(String(await asked)).toContain(ISSUER);
  });
  test('a failure of the keys asks for the metadata again: they may have moved', async () => {
    const moved = 'https://keys.id.example/moved';
    const answers = [metadata(), undefined, metadata(ISSUER, moved)];
    const { asked, fetched } = workbench({ [WELL_KNOWN]: answers, [moved]: SET });
    expect(await fetched(byIssuer())).toBe(SET);
    expect(asked).toEqual([WELL_KNOWN, JWKS, WELL_KNOWN, moved]);
    expect(limits).toHaveLength(1);
  });
  test('two failures of the metadata are the end', async () => {
    const { asked, fetched } = workbench({});
    expect(await fetched(byIssuer())).toBe(DOWN);
    expect(asked).toEqual([WELL_KNOWN, WELL_KNOWN]);
  });
});
