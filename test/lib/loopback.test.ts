/** An address of this machine in what is deployed: said at synthesis, and no reason to stop. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { JwtAuthorizer, type JwtAuthorizerStack } from '../../lib/index.ts';
import { configurationOf, placeholderBundle, stackOf, UNCONTROLLED } from './support.ts';

const OPEN = { audience: 'orders', checkCredentialExistence: false };
const discoveryFrom = (issuer: string) => ({ jwt: { discovery: true, issuer, ...OPEN } });
const keysAt = (jwksUri: string) => ({ jwt: { jwksUri, issuer: 'https://id.example/', ...OPEN } });
const inFrontOf = (upstream: string) => ({ jwt: UNCONTROLLED, upstream });

const warningsOf = (stack: JwtAuthorizerStack): string[] =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('jwt-authorizer:loopback'))
    .map(({ entry }) => String(entry.data));

describe('an address on loopback is warned of, by its option', () => {
  it.each([
    ['jwt.issuer', 'http://127.0.0.1:9400', discoveryFrom('http://127.0.0.1:9400')],
    ['jwt.issuer', 'https://localhost', discoveryFrom('https://localhost/')],
    ['jwt.jwksUri', 'http://[::1]:9400', keysAt('http://[::1]:9400/jwks')],
    ['jwt.jwksUri', 'https://127.0.0.2', keysAt('https://127.0.0.2/jwks')],
    ['upstream', 'http://127.0.0.1:3000', inFrontOf('http://127.0.0.1:3000/base')],
    ['upstream', 'http://api.localhost:3000', inFrontOf('http://api.localhost:3000')],
  ])('%s: %s', (option, origin, file) => {
    const [warning, ...others] = warningsOf(stackOf(file));
    expect(others).toEqual([]);
    expect(warning).toMatch(`${option}: ${origin} `);
  });

  it('of each policy that has one', () => {
    const jwt = [
      discoveryFrom('http://127.0.0.1:9400').jwt,
      discoveryFrom('https://id.example/').jwt,
      { ...keysAt('http://localhost:9401/jwks').jwt, issuer: 'https://other.example/' },
    ];
    const warnings = warningsOf(stackOf({ jwt }));
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual(['jwt[0].issuer', 'jwt[2].jwksUri']);
  });

  it('of a construct, whose upstream nobody asks', () => {
    const stack = stackOf({ jwt: UNCONTROLLED });
    const configuration = configurationOf({
      ...discoveryFrom('http://localhost:9400'),
      upstream: 'http://localhost:3000',
    });
    new JwtAuthorizer(stack, 'Auth', { configuration, bundleFolder: placeholderBundle() }).handlerIn(stack);
    expect(warningsOf(stack)).toEqual([expect.stringContaining('jwt.issuer: http://localhost:9400 ')]);
  });
});

describe('nothing is said', () => {
  it.each([
    ['of an issuer', discoveryFrom('https://127.0.0.1.example/')],
    ['of a key set', keysAt('https://localhost.example/jwks?of=127.0.0.1')],
    ['of an upstream', inFrontOf('http://10.0.0.1:3000/localhost')],
    // Its name in `iss`, which nobody asks.
    ['of an issuer whose key is at hand', { jwt: { ...UNCONTROLLED, issuer: 'http://127.0.0.1:9400' } }],
  ])('%s elsewhere', (_, file) => {
    expect(warningsOf(stackOf(file))).toEqual([]);
  });
});
