/**
 * `doctor` on what was deployed: the table and the secret that the stack names, and its API.
 *
 * What this cannot show: deletion protection, time to live and point-in-time recovery, which the emulator does not carry
 * out (and doctor warns of); test/cli/doctor-table.test.ts holds them.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jwtAuthorizer } from './command.ts';
import { adminOf, apiIdOf, claims, endpoint, folder, generatedSecretOf, signHs256 } from './support.ts';

const stack = 'controlled';

async function doctor(...more: readonly string[]) {
  const config = join(folder, `${stack}.yml`);
  const { status, stdout, stderr } = await jwtAuthorizer(
    'doctor',
    '--config',
    config,
    '--stack',
    stack,
    '--json',
    ...more,
  );
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { status: string; code: string }[] };
  return { status, stdout, found: findings.map((finding) => `${finding.status} ${finding.code}`) };
}

it('finds nothing wrong, and a token whose credential is gone', async () => {
  const admin = adminOf(stack);
  const secret = await generatedSecretOf(stack);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const tokenFile = (name: string, exp: number) => {
    const path = join(folder, name);
    writeFileSync(path, signHs256(claims({ sub: 'key-of-doctor', iat: nowSeconds - 3_600, exp }), secret));
    return path;
  };
  const url = `${endpoint}/restapis/${apiIdOf(stack)}/prod/_user_request_`;
  const tokens = [
    ...['--token-file', tokenFile('valid', nowSeconds + 600)],
    ...['--expired-token-file', tokenFile('expired', nowSeconds - 600)],
  ];
  await admin('POST', '/users', { username: 'doctor' });
  const credential = { keyId: 'key-of-doctor' };
  await admin('POST', '/credentials', { consumerId: 'doctor', type: 'jwt', credential });

  const right = await doctor('--url', url, '--path', '/orders', ...tokens);
  for (const code of ['credentials', 'stack', 'key', 'table', 'table_reading'])
    expect(right.found).toContain(`ok ${code}`);
  for (const code of [
    'missing',
    'malformed',
    'valid',
    'expired',
    'spellings',
    'trailing_slash',
    'header_case',
  ])
    expect(right.found).toContain(`ok ${code}`);
  expect(right.status).toBe(0);
  expect(right.stdout).not.toContain(secret);

  expect((await admin('DELETE', '/users/doctor')).status).toBe(204);
  const wrong = await doctor('--url', url, '--path', '/orders', ...tokens);
  expect(wrong.found).toContain('problem valid');
  expect(wrong.found).toContain('unknown expired');
  expect(wrong.status).toBe(1);
});
