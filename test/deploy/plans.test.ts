/**
 * Usage plans, and API keys that the deployed Admin API makes for them.
 *
 * What this cannot show: permissions; test/lib/usage-plans.test.ts holds them.
 */
import { describe, expect, it } from 'vitest';
import { deployWith } from './cdk.ts';
import {
  adminOf,
  bearer,
  callAws,
  claims,
  generatedSecretOf,
  outputsOf,
  request,
  signHs256,
} from './support.ts';

const stack = 'planned';
const admin = adminOf(stack);

type Plan = {
  readonly id: string;
  readonly name: string;
  readonly throttle?: object;
  readonly quota?: object;
};
interface Key {
  readonly id: string;
  readonly name: string;
  readonly tags?: object;
}
const planIds = () => JSON.parse(outputsOf(stack)['UsagePlanIds'] ?? '{}') as Record<string, string>;
const planOf = async (name: string) =>
  (await callAws('apigateway', { path: `/usageplans/${planIds()[name]}` })) as unknown as Plan;
const keysOf = async (path: string) =>
  ((await callAws('apigateway', { path })) as { item?: Key[] }).item ?? [];
/** All of the account but those of a template: other stacks have keys too. */
const keysMade = async () =>
  (await keysOf('/apikeys?limit=500')).filter(({ tags }) => !('aws:cloudformation:stack-id' in (tags ?? {})));

async function make(keyId: string, plan?: string): Promise<Response> {
  const credential = { keyId, ...(plan !== undefined && { plan }) };
  return admin('POST', '/credentials', { consumerId: 'paul', type: 'jwt', credential });
}

async function ask(keyId: string, apiKey?: string): Promise<Response> {
  const { headers } = bearer(signHs256(claims({ sub: keyId }), await generatedSecretOf(stack)));
  return request(stack, '/', {
    headers: { ...headers, ...(apiKey !== undefined && { 'x-api-key': apiKey }) },
  });
}

describe('a deployed API with plans', () => {
  it('has them, with their limits', async () => {
    expect(await planOf('gold')).toMatchObject({
      name: 'gold',
      throttle: { rateLimit: 100, burstLimit: 200 },
      quota: { limit: 3, period: 'DAY' },
      apiStages: [{ stage: 'prod' }],
    });
  });

  it('asks for an API key of a plan, which goes with its credential', async () => {
    expect((await admin('POST', '/users', { username: 'paul' })).status).toBe(200);
    const made = await make('key-of-paul', 'gold');
    expect(made.status).toBe(200);
    const { apiKey, apiKeyId, plan } = (await made.json()) as Record<string, string>;
    expect(plan).toBe('gold');
    expect(await keysOf(`/usageplans/${planIds()['gold']}/keys`)).toMatchObject([{ id: apiKeyId }]);
    expect(await keysMade()).toMatchObject([
      { id: apiKeyId, name: `key-of-paul (${outputsOf(stack)['CredentialsTableName']})` },
    ]);

    // A client's own counts for nothing.
    expect((await make('without-plan')).status).toBe(200);
    const without = await ask('without-plan', apiKey);
    expect([without.status, await without.json()]).toEqual([
      403,
      { message: 'Forbidden', code: 'api_key_invalid' },
    ]);
    for (let i = 0; i < 3; i += 1) expect((await ask('key-of-paul')).status).toBe(200);
    expect((await ask('key-of-paul')).status).toBe(429);

    expect((await admin('DELETE', '/credentials/jwt/key-of-paul')).status).toBe(204);
    expect((await ask('key-of-paul')).status).toBe(401);
    expect(await keysMade()).toEqual([]);
  });

  it('refuses a plan that is not there', async () => {
    const refused = await make('other', 'platinum');
    expect([refused.status, await refused.text()]).toEqual([
      400,
      'There is no such usage plan; there are: gold',
    ]);
    expect(await keysMade()).toEqual([]);
  });

  it('has other limits and another plan after an update, and keeps what is counted', async () => {
    const { id } = await planOf('gold');
    const { apiKeyId } = (await (await make('stays', 'gold')).json()) as Record<string, string>;
    await deployWith(stack, (file) =>
      file.replace('gold: { rateLimit: 100,', 'silver: {}\n  gold: { rateLimit: 50,'),
    );
    expect(Object.keys(planIds()).sort()).toEqual(['gold', 'silver']);
    expect(await planOf('gold')).toMatchObject({ id, throttle: { rateLimit: 50, burstLimit: 200 } });
    // The emulator goes on to list deleted keys there.
    expect(await keysOf(`/usageplans/${id}/keys`)).toContainEqual(expect.objectContaining({ id: apiKeyId }));
    expect((await make('new', 'silver')).status).toBe(200);
    expect(await keysOf(`/usageplans/${planIds()['silver']}/keys`)).toHaveLength(1);

    expect((await admin('DELETE', '/users/paul')).status).toBe(204);
    expect(await keysMade()).toEqual([]);
  }, 120_000);
});
