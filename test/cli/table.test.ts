/** A deployed table, as far as the SDK's own variables lead to it. */
import { describe, expect, it } from 'vitest';
import { runCommand } from '../e2e/command.ts';
import { startTable } from '../e2e/table.ts';
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
