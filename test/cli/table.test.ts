/** A deployed table, as far as the SDK's own variables lead to it. */
import { describe, expect, it } from 'vitest';
import { runCommand } from '../e2e/command.ts';
import { startTable } from '../e2e/table.ts';
import { startControlPlane } from '../support/api-gateway.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { withEnvironment } from './environment.ts';

const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

describe('--table', () => {
  it('works on that table, with the environment’s credentials and region', async () => {
    const { endpoint, tableName, store } = await startTable();
    const run = (...args: string[]) =>
      withEnvironment({ ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: endpoint }, () =>
        runCommand(...args, '--table', tableName),
      );
    expect((await run('users', 'create', '-p', 'username=ann')).code).toBe(0);
    expect(await store.getUser('ann')).toMatchObject({ ok: true, value: { username: 'ann' } });
    expect((await run('users', 'deactivate', 'ann')).code).toBe(0);
    expect(await store.getUser('ann')).toMatchObject({ ok: true, value: { isActive: false } });
    expect((await run('users', 'remove', 'ann')).code).toBe(0);
    expect(await store.getUser('ann')).toMatchObject({ ok: false, code: 'user_not_found' });

    const unknown = await withEnvironment({ ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: endpoint }, () =>
      runCommand('users', 'list', '--table', 'unknown'),
    );
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('--table');
    expect(unknown.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('makes and deletes the API keys of plans', async () => {
    const { endpoint, tableName, store } = await startTable();
    const plane = closeAtEnd(await startControlPlane('gold', 'silver', 'silver'));
    const run = (command: string) =>
      withEnvironment(
        { ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ENDPOINT_URL_API_GATEWAY: plane.origin },
        () => runCommand(...command.split(' '), '--table', tableName),
      );
    await store.createUser({ username: 'ann' });
    const made = await run('credentials create -c ann --plan gold -p keyId=k --json');
    const [[apiKeyId, key] = []] = [...plane.keys];
    expect(JSON.parse(made.stdout)).toMatchObject({ plan: 'gold', apiKeyId, apiKey: key?.value });
    expect(key?.name).toBe(`k (${tableName})`);
    expect(made.stderr).not.toContain(key?.value);

    const several = await run('credentials create -c ann --plan silver');
    expect([several.code, several.stderr]).toEqual([1, expect.stringContaining('plan2, plan3')]);
    const unknown = await run('credentials create -c ann --plan platinum');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('gold, silver')]);
    expect((await run('credentials create -c ann --plan plan3 -p keyId=k3')).code).toBe(0);
    expect(plane.plans.get('plan3')?.keys.size).toBe(1);

    expect((await run('users remove ann')).code).toBe(0);
    expect(plane.keys.size).toBe(0);

    await store.createUser({ username: 'bob' });
    plane.trouble = () => ({ error: 'AccessDeniedException', status: 403 });
    const denied = await run('credentials create -c bob --plan gold');
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain('AccessDeniedException');
    expect(denied.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['no region', { ...LOCAL, AWS_REGION: undefined }, '--region'],
    ['no credentials', { AWS_REGION: 'us-east-1' }, 'AWS_PROFILE'],
    ['nobody there', { ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }, 'network'],
  ])('says what to do about %s', async (_, variables, what) => {
    const isolated = { AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none' };
    const imds = { AWS_EC2_METADATA_DISABLED: 'true' };
    const ran = await withEnvironment({ ...isolated, ...imds, ...variables }, () =>
      runCommand('users', 'list', '--table', 'credentials'),
    );
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(what);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
