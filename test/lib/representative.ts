/** Configurations that between them make every kind of resource. */
import { Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { JwtAuthorizer, type JwtAuthorizerStackProps } from '../../lib/index.ts';
import { configurationOf, newApp, PUBLIC_KEY, placeholderBundle, stackOf, UNCONTROLLED } from './support.ts';

const SCOPED = { jwt: { secretOrPublicKey: PUBLIC_KEY }, routes: [{ paths: '/orders', scopes: 'orders' }] };

/** Of the stack that `cdk deploy` makes. */
export const FILES: Readonly<Record<string, Record<string, unknown>>> = {
  uncontrolled: { jwt: UNCONTROLLED },
  'controlled, scoped, with an upstream and cors': {
    ...SCOPED,
    upstream: 'https://up.example',
    cors: { allowOrigins: ['https://a.example', 'https://b.example'], allowCredentials: true },
  },
  'with the Admin API for the account': { jwt: { secret: 'generate' }, adminApi: true },
  'with the Admin API for named principals': {
    jwt: { secret: 'generate' },
    adminApi: {
      allowedPrincipals: ['arn:aws:iam::111122223333:role/ops', 'arn:aws:iam::444455556666:root'],
    },
  },
  'with usage plans, the Admin API and cors': {
    jwt: { secret: 'generate' },
    adminApi: true,
    cors: { allowOrigins: 'https://a.example' },
    plans: {
      gold: { rateLimit: 10, burstLimit: 20, quota: { limit: 1000, period: 'WEEK' } },
      'free-1': {},
    },
  },
  'with a generated and a configured secret': {
    jwt: [
      { secret: 'generate', issuer: 'https://a.example', passThrough: true },
      {
        secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt-AbC123',
        algorithms: ['HS256'],
        issuer: 'https://b.example',
        checkCredentialExistence: false,
      },
    ],
  },
  'attached to an API that exists, and attaching again': {
    ...SCOPED,
    adminApi: true,
    restApi: { id: 'a1b2c3d4e5', stages: ['prod', 'beta'], driftCheck: { reattach: true } },
  },
  'attached by the command': {
    jwt: UNCONTROLLED,
    restApi: { id: 'a1b2c3d4e5', stages: 'prod', attachWith: 'command' },
  },
  'with keys that others keep': {
    jwt: [
      {
        secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt',
        algorithms: ['HS256'],
        issuer: 'https://a.example',
      },
      { parameterName: '/jwt/key', algorithms: ['RS256'], issuer: 'https://b.example' },
    ],
  },
};

/** Settings that change what is made, beside a configuration. */
export const OPTIONS: Readonly<Record<string, Partial<JwtAuthorizerStackProps>>> = {
  'with X-Ray': { tracing: true },
  'with replicas': {
    env: { account: '111122223333', region: 'eu-west-1' },
    replicas: [
      {
        region: 'eu-central-1',
        encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      },
    ],
  },
};

/** A stack of somebody's with an API of its own and a `JwtAuthorizer`. */
export function foreignStack(app = newApp()): Stack {
  const stack = new Stack(app, 'Orders');
  const auth = new JwtAuthorizer(stack, 'Auth', {
    configuration: configurationOf({ jwt: { secret: 'generate' } }),
    bundleFolder: placeholderBundle(),
    revocation: { bundleFolder: placeholderBundle() },
  });
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false, deployOptions: { stageName: 'live' } });
  const authorizer = auth.forApi(api);
  api.root.addMethod('GET', new MockIntegration(), authorizer.methodOptions);
  authorizer.addGatewayResponses();
  auth.addMonitoring([{ api }]);
  return stack;
}

/** By what they are: the stacks that the tests of templates look at. */
export function representativeStacks(): ReadonlyMap<string, () => Stack> {
  return new Map<string, () => Stack>([
    ...Object.entries(FILES).map(([name, file]) => [name, () => stackOf(file)] as const),
    ...Object.entries(OPTIONS).map(
      ([name, options]) =>
        [name, () => stackOf(FILES['controlled, scoped, with an upstream and cors'] ?? {}, options)] as const,
    ),
    ['in an app of one’s own', () => foreignStack()],
  ]);
}
