import { describe, expect, test } from 'vitest';
import { fileOf, honestToken } from './doors.ts';
import { forge } from './forge.ts';
import { bearerEvent, codeOf, guardOf } from './ours.ts';
import { requests } from './requests.ts';

describe('requests', () => {
  test.each(requests.map((attack) => [attack.id, attack] as const))(
    '%s',
    async (_, { file, event, expected }) => {
      const guard = guardOf(file);
      for (let time = 1; time <= 3; time++) expect(codeOf(await guard.respond(event))).toBe(expected);
    },
  );
});

/** API Gateway spells the request's path into the ARN; nothing of it may come back in an answer. */
describe('method ARNs (RFC 3986 §6.2, RFC 8725 §2.9)', () => {
  const STAGE = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod';
  const honest = bearerEvent(honestToken('HS256') ?? '');
  const PATHS = [
    ...[
      '/*',
      '/**',
      '/orders/*',
      '/?',
      '/orders/:id',
      '/a:b:c',
      '/arn:aws:execute-api:*:*:*/*/*/*',
      '//',
      '/../admin',
    ],
    ...[
      '/%2e%2e/admin',
      '/orders%2Fadmin',
      '/orders/\u0000',
      '/orders\n/admin',
      '/$\u007baws:userid}',
      `/${'x'.repeat(9000)}`,
    ],
    ...['', '/', '/GET/orders', '/"]}', '/\ud800'],
  ];

  const scoped = fileOf('HS256');
  const files = {
    'where only the token decides': fileOf('HS256'),
    'where the route has scopes': {
      jwt: { ...scoped.jwt, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders/{id}'], methods: ['GET'], scopes: ['orders:read'] }],
    },
  };
  const token = forge('HS256', { payload: { scope: 'orders:read' } });
  const answerFor = async (file: object, path: string) => {
    const event = { ...bearerEvent(token), resource: '/orders/{id}', path, methodArn: `${STAGE}/GET${path}` };
    const outcome = await guardOf({ ...file }).respond(event);
    if (outcome.kind !== 'decided') throw new Error('not decided');
    return outcome.answer;
  };

  describe.each(Object.entries(files))('%s', (_, file) => {
    test.each(PATHS.map((path) => [path.slice(0, 40), path]))(
      'nothing of the path %j is in the answer',
      async (_name, path) => {
        const plain = await answerFor(file, '/orders/7');
        expect(plain?.policyDocument.Statement[0]).toMatchObject({ Effect: 'Allow' });
        expect(await answerFor(file, path)).toEqual(plain);
      },
    );
  });

  const NO_ARNS = [
    ...[
      '',
      '*',
      'arn:aws:execute-api:*',
      `${STAGE}`,
      `${STAGE}/`,
      'arn:aws:s3:::bucket/key',
      STAGE.replace('prod', '*'),
    ],
    ...[
      STAGE.replace('abcdef1234', '*').concat('/GET/'),
      STAGE.replace('prod', 'pr?d').concat('/GET/'),
      ` ${STAGE}/GET/`,
    ],
    ...[null, 7, [`${STAGE}/GET/`], { methodArn: `${STAGE}/GET/` }],
  ];
  test.each(NO_ARNS.map((arn) => [arn]))('%j is none: no decision', async (methodArn) => {
    expect(codeOf(await guardOf(fileOf('HS256')).respond({ ...honest, methodArn }))).toBe('unavailable');
  });
});
