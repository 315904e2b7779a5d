/** Signature Version 4, held against the algorithm as AWS documents it. */
import { createHash, createHmac } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { isAwsHost, signWithSdk } from '../../bin/consumers/sign.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

afterEach(() => vi.unstubAllEnvs());

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(lines: readonly string[], date: string, region: string): string {
  const scope = `${date.slice(0, 8)}/${region}/execute-api/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash(lines.join('\n'))].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${SECRET}`);
  return hmac(key, toSign).toString('hex');
}

it('signs for API Gateway, in the region that the host names, path and query as they are sent', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  const url = new URL('https://abc.execute-api.eu-west-1.amazonaws.com/prod/users/a%20b?start=0&count=5');
  const body = '{"username":"ann"}';
  const headers = await signWithSdk(
    url,
    undefined,
  )({ method: 'PUT', url, headers: { 'content-type': 'application/json' }, body });
  const date = headers['x-amz-date'] ?? '';
  expect(date).toMatch(/^\d{8}T\d{6}Z$/);
  expect(headers['x-amz-security-token']).toBe('session');
  const names = 'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token';
  const signature = signatureOf(
    [
      'PUT',
      '/prod/users/a%2520b',
      'count=5&start=0',
      'content-type:application/json',
      `host:${url.host}`,
      `x-amz-content-sha256:${hash(body)}`,
      `x-amz-date:${date}`,
      'x-amz-security-token:session',
      '',
      names,
      hash(body),
    ],
    date,
    'eu-west-1',
  );
  expect(headers['authorization']).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${date.slice(0, 8)}/eu-west-1/execute-api/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
  );
  expect(headers).not.toHaveProperty('host');
});

it.each([
  ['abc.execute-api.eu-west-1.amazonaws.com', true],
  ['abc.execute-api.cn-north-1.amazonaws.com.cn', true],
  ['amazonaws.com.example.com', false],
  ['notamazonaws.com', false],
  ['admin.example.com', false],
])('%s is AWS: %s', (host, isAws) => {
  expect(isAwsHost(host)).toBe(isAws);
});
