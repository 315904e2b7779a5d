import { describe, expect, it } from 'vitest';
import { startApi } from '../support/gateway.ts';
import { DENIED_BY_ALLOW, OK } from './answers.ts';
import { expectValue, startTable } from './table.ts';
import { bearer, nowSeconds, SECRET, token } from './tokens.ts';

const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const UNCONTROLLED = { ...POLICY, checkCredentialExistence: false };

/** Ends in five minutes, for as long as the gateway's clock is right. */
const END = nowSeconds() + 300;

interface Row {
  readonly name: string;
  readonly jwt: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly end: number;
}

const ROWS: readonly Row[] = [
  { name: 'exp', jwt: UNCONTROLLED, claims: { exp: END }, end: END },
  { name: 'exp with a fraction', jwt: UNCONTROLLED, claims: { exp: END + 0.4 }, end: END + 1 },
  {
    name: 'exp and the clock tolerance',
    jwt: { ...UNCONTROLLED, clockToleranceSeconds: 30 },
    claims: { exp: END },
    end: END + 30,
  },
  {
    name: 'maxAgeSeconds, where it ends before exp',
    jwt: { ...UNCONTROLLED, maxAgeSeconds: 400 },
    claims: { exp: END + 3600, iat: END - 400 },
    end: END,
  },
  { name: "the credential's own end", jwt: POLICY, claims: { sub: 'ending', exp: END + 3600 }, end: END },
];

describe('a cached Allow beyond the end of what it rests on', () => {
  it.each(ROWS)('is a 403 with expiryCondition ($name)', async ({ jwt, claims, end }) => {
    const table = jwt === POLICY ? await tableWithEnding() : undefined;
    let nowMs = Date.now();
    const file = { jwt, expiryCondition: true, authorizerCacheSeconds: 3600 };
    const api = await startApi(file, { now: () => nowMs, ...(table && { table }) });
    const mine = bearer(token(claims));
    expect(await api.send('/', mine)).toMatchObject(OK);
    nowMs = end * 1000 - 1;
    const last = await api.send('/', mine);
    expect(last).toMatchObject(OK);
    expect(last.record.cache).toBe('hit');
    nowMs = end * 1000;
    const denied = await api.send('/', mine);
    expect(denied).toMatchObject(DENIED_BY_ALLOW);
    expect(denied.record.cache).toBe('hit');
  });

  it('is still an Allow without expiryCondition, until the cache lets go of it', async () => {
    let nowMs = Date.now();
    const file = { jwt: UNCONTROLLED, authorizerCacheSeconds: 3600 };
    const api = await startApi(file, { now: () => nowMs });
    const mine = bearer(token({ exp: END }));
    expect(await api.send('/', mine)).toMatchObject(OK);
    nowMs = END * 1000 + 60_000;
    expect(await api.send('/', mine)).toMatchObject(OK);
  });

  it('stays an Allow where nothing ends', async () => {
    let nowMs = Date.now();
    const jwt = { ...UNCONTROLLED, requireExp: false };
    const api = await startApi(
      { jwt, expiryCondition: true, authorizerCacheSeconds: 3600 },
      { now: () => nowMs },
    );
    const mine = bearer(token({ exp: undefined }));
    expect(await api.send('/', mine)).toMatchObject(OK);
    nowMs += 3_599_000;
    const late = await api.send('/', mine);
    expect(late).toMatchObject(OK);
    expect(late.record.cache).toBe('hit');
  });
});

async function tableWithEnding() {
  const table = await startTable();
  expectValue(await table.store.createUser({ username: 'ann' }));
  const credential = { consumerId: 'ann', keyId: 'ending', expiresAtSeconds: END };
  expectValue(await table.store.createCredential(credential));
  return table;
}
