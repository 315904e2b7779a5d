import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  MockIntegration,
  ResponseType,
  RestApi,
  type RestApiProps,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import {
  JwtAuthorizer,
  type JwtAuthorizerProps,
  JwtAuthorizerPropsError,
  type JwtPolicyProps,
  KeySource,
  TokenSource,
} from '../../lib/index.ts';
import {
  configurationOf,
  newApp,
  PUBLIC_KEY,
  placeholderBundle,
  propertiesOf,
  UNCONTROLLED,
} from './support.ts';

const POLICY: JwtPolicyProps = {
  keySource: KeySource.publicKey(PUBLIC_KEY),
  checkCredentialExistence: false,
};
const SCOPED: Partial<JwtAuthorizerProps> = {
  policies: [{ ...POLICY, scopeClaim: 'scope' }],
  routes: [{ paths: ['/orders/{id}'], scopes: ['orders:write'] }],
};
const integration = new MockIntegration();
const BUNDLES = () => ({
  bundleFolder: placeholderBundle(),
  revocation: { bundleFolder: placeholderBundle() },
});

function world(props: Partial<JwtAuthorizerProps> = {}) {
  const app = newApp();
  const stack = new Stack(app, 'One');
  const auth = new JwtAuthorizer(stack, 'Auth', {
    policies: [POLICY],
    ...BUNDLES(),
    ...props,
  });
  return { app, stack, auth, api: () => new RestApi(stack, 'Api', { cloudWatchRole: false }) };
}

const authorizersOf = (template: Template) => propertiesOf(template, 'AWS::ApiGateway::Authorizer');

/** Method and path → the authorizer's name, or the authorization type. */
function protectionOf(template: Template): Record<string, string> {
  const names = Object.fromEntries(
    Object.entries(template.findResources('AWS::ApiGateway::Authorizer')).map(([id, found]) => [
      id,
      found['Properties'].Name,
    ]),
  );
  const paths = Object.fromEntries(
    Object.entries(template.findResources('AWS::ApiGateway::Resource')).map(([id, found]) => [
      id,
      found['Properties'].PathPart,
    ]),
  );
  return Object.fromEntries(
    propertiesOf(template, 'AWS::ApiGateway::Method').map((method) => {
      const resource = method['ResourceId'] as { Ref?: string };
      const authorizer = method['AuthorizerId'] as { Ref: string } | undefined;
      const path = paths[resource.Ref ?? ''] ?? '/';
      return [
        `${method['HttpMethod']} ${path}`,
        authorizer ? names[authorizer.Ref] : method['AuthorizationType'],
      ];
    }),
  );
}

describe('an API with a JwtAuthorizer', () => {
  it('has methods that go through it, and others that do not', () => {
    const { stack, auth, api: make } = world();
    const api = make();
    api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    api.root.addResource('health').addMethod('GET', integration);
    const template = Template.fromStack(stack);
    expect(protectionOf(template)).toEqual({ 'GET /': 'SharedToken', 'GET health': 'NONE' });
    expect(authorizersOf(template)).toMatchObject([
      {
        Type: 'TOKEN',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 300,
      },
    ]);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
  });

  it('takes it as its default, before it is made', () => {
    const { stack, auth } = world();
    const api = new RestApi(stack, 'Api', {
      cloudWatchRole: false,
      defaultMethodOptions: auth.methodOptions,
    });
    api.root.addMethod('GET', integration);
    api.root.addResource('orders').addMethod('ANY', integration);
    expect(protectionOf(Template.fromStack(stack))).toEqual({
      'GET /': 'SharedToken',
      'ANY orders': 'SharedToken',
    });
  });

  it('has one authorizer, however it was asked for', () => {
    const { auth, api: make } = world();
    const api = make();
    expect(auth.forApi(api)).toBe(auth.forApi(api));
    expect(auth.forApi(api).methodOptions).toEqual(auth.forApi(api).methodOptions);
  });

  it('keeps answers where that is right for all of its methods', () => {
    const { stack, auth, api: make } = world(SCOPED);
    const api = make();
    const { methodOptions } = auth.forApi(api);
    const orders = api.root.addResource('orders');
    orders.addMethod('GET', integration, methodOptions);
    orders.addResource('{id}').addMethod('PUT', integration, methodOptions);
    expect(authorizersOf(Template.fromStack(stack))).toMatchObject([
      {
        Name: 'SharedRoute',
        Type: 'REQUEST',
        IdentitySource: 'method.request.header.Authorization,context.resourcePath,context.httpMethod',
        AuthorizerResultTtlInSeconds: 300,
      },
    ]);
  });

  it('keeps none where one of its methods forbids it, but for the resources that say so', () => {
    const { stack, auth, api: make } = world(SCOPED);
    const api = make();
    const authorizer = auth.forApi(api);
    const orders = api.root.addResource('orders');
    orders.addMethod('GET', integration, authorizer.methodOptions);
    orders.addMethod('POST', integration, authorizer.forResource(orders));
    const proxy = api.root.addResource('{proxy+}');
    proxy.addMethod('ANY', integration, authorizer.methodOptions);
    const template = Template.fromStack(stack);
    expect(protectionOf(template)).toEqual({
      'GET orders': 'SharedUncached',
      'POST orders': 'Route',
      'ANY {proxy+}': 'SharedUncached',
    });
    const [shared] = authorizersOf(template);
    expect(shared).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(shared).not.toHaveProperty('IdentitySource');
  });

  it('is deployed again when its answers are kept in another way', () => {
    const deploymentOf = (props: Partial<JwtAuthorizerProps>) => {
      const { stack, auth, api: make } = world(props);
      const api = make();
      api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
      return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
    };
    const [one, same, other] = [
      deploymentOf({}),
      deploymentOf({}),
      deploymentOf({ resultsCacheTtl: Duration.seconds(30) }),
    ];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });
});

describe('several APIs', () => {
  it('of one stack share the function, not the authorizer', () => {
    const { stack, auth, api: make } = world();
    for (const api of [make(), new RestApi(stack, 'Another', { cloudWatchRole: false })])
      api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::ApiGateway::Authorizer', 2);
  });

  it('of other stacks have functions of their own; the table stays, and nothing refers back', () => {
    const {
      app,
      stack,
      auth,
      api: make,
    } = world({
      policies: [{ keySource: KeySource.generatedSecret() }],
    });
    const here = make();
    here.root.addMethod('GET', integration, auth.forApi(here).methodOptions);
    const other = new Stack(app, 'Two');
    const there = new RestApi(other, 'Api', {
      cloudWatchRole: false,
      defaultMethodOptions: auth.methodOptions,
    });
    there.root.addMethod('GET', integration);
    app.synth();
    expect([stack.dependencies, other.dependencies]).toEqual([[], [stack]]);
    // The authorizer, and what flushes the API's cache.
    for (const one of [stack, other]) Template.fromStack(one).resourceCountIs('AWS::Lambda::Function', 2);
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
    Template.fromStack(other).resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    // Another configuration makes another version, and no export may go with the one before.
    const exports = Object.keys(Template.fromStack(stack).findOutputs('*'));
    expect(exports.filter((name) => /Version|Function/.test(name))).toEqual([]);
  });

  it('cannot share method options that belong to one', () => {
    const { stack, auth, api: make } = world();
    const options = auth.methodOptions;
    make().root.addMethod('GET', integration, options);
    const another = new RestApi(stack, 'Another', { cloudWatchRole: false });
    expect(() => another.root.addMethod('GET', integration, options)).toThrow(/belong to One\/Api/);
  });
});

describe('revocations', () => {
  const CONTROLLED: JwtPolicyProps = { keySource: KeySource.generatedSecret() };
  const flushed = (template: Template) =>
    propertiesOf(template, 'AWS::IAM::Policy')
      .flatMap(
        (policy) =>
          (policy['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
      )
      .filter(({ Action }) => Action === 'apigateway:DELETE')
      .flatMap(({ Resource }) => Resource as unknown[]);

  it('reach the caches of all stages that are known', () => {
    const { stack, auth, api: make } = world({ policies: [CONTROLLED] });
    for (const api of [make(), new RestApi(stack, 'Another', { cloudWatchRole: false })])
      api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    auth.forApi(undeployed(stack)).addStage({ stageName: 'beta' });
    expect(flushed(Template.fromStack(stack))).toHaveLength(3);
  });

  const undeployed = (stack: Stack) => {
    const api = new RestApi(stack, 'Third', { cloudWatchRole: false, deploy: false });
    api.root.addMethod('GET', integration);
    return api;
  };

  it('count as soon as the construct says', () => {
    const { auth } = world({ policies: [CONTROLLED], timeout: Duration.seconds(5) });
    expect(auth.revocationBound).toMatch(/60 s .* 5 s .* 65 s/);
  });

  it('need a stage', () => {
    const { app, stack, auth } = world({ policies: [CONTROLLED] });
    auth.forApi(undeployed(stack));
    expect(() => app.synth()).toThrow(/no stage of the API is known/);
  });

  it.each([
    ['nothing is looked up', { policies: [POLICY] }, 0],
    ['nothing is cached', { policies: [CONTROLLED], resultsCacheTtl: Duration.seconds(0) }, 0],
    ['something is revocable and cached', { policies: [{ ...POLICY, tokenRevocation: true }] }, 1],
  ])('where %s', (_, props, mappings) => {
    const { stack, auth, api: make } = world(props);
    const api = make();
    api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', mappings * 2);
  });
});

describe('the keys', () => {
  const functionOf = (policy: Partial<JwtPolicyProps>, props: Partial<JwtAuthorizerProps> = {}) => {
    const { stack, auth, api: make } = world({ policies: [{ ...POLICY, ...policy }], ...props });
    const api = make();
    api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    return Template.fromStack(stack);
  };
  const actionsOf = (template: Template) =>
    propertiesOf(template, 'AWS::IAM::Policy').flatMap((policy) =>
      (policy['PolicyDocument'] as { Statement: { Action: unknown }[] }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );

  it('of a secret of the same app is read by the ARN that the deployment knows', () => {
    const { stack, api: make } = world();
    const secret = new Secret(stack, 'Mine');
    const auth = new JwtAuthorizer(stack, 'Second', {
      policies: [{ ...POLICY, keySource: KeySource.secret(secret), algorithms: ['HS256'] }],
      ...BUNDLES(),
    });
    const api = make();
    api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    const template = Template.fromStack(stack);
    const [mine] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { GENERATED_SECRET_ARN_0: { Ref: mine } } },
    });
    expect(actionsOf(template)).toContain('secretsmanager:GetSecretValue');
  });

  it('of a secret and a parameter elsewhere are read where they are', () => {
    const { stack } = world();
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt-Ab12Cd';
    const secret = Secret.fromSecretCompleteArn(stack, 'Imported', arn);
    const parameter = StringParameter.fromStringParameterName(stack, 'Parameter', '/jwt/key');
    const algorithms = ['RS256'] as const;
    expect(
      actionsOf(functionOf({ keySource: KeySource.secret(secret, { jsonField: 'key' }), algorithms })),
    ).toContain('secretsmanager:GetSecretValue');
    expect(actionsOf(functionOf({ keySource: KeySource.parameter(parameter), algorithms }))).toContain(
      'ssm:GetParameter',
    );
    expect(() => KeySource.secret(new Secret(stack, 'New'), { jsonField: 'key' })).toThrow(/complete ARN/);
  });

  it('of a secret under a key of one’s own need that key', () => {
    const { stack, api: make } = world();
    const encryptionKey = new Key(stack, 'Key');
    const auth = new JwtAuthorizer(stack, 'Second', {
      policies: [
        {
          ...POLICY,
          keySource: KeySource.secret(new Secret(stack, 'Mine', { encryptionKey })),
          algorithms: ['HS256'],
        },
      ],
      secretEncryptionKeys: [encryptionKey],
      ...BUNDLES(),
    });
    const api = make();
    api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
    expect(actionsOf(Template.fromStack(stack))).toContain('kms:Decrypt');
  });

  it('of the credentials, and of issuers', () => {
    const credential = functionOf({ keySource: KeySource.credentialKey(), checkCredentialExistence: true });
    credential.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
    functionOf({ keySource: KeySource.discovery(), issuer: ['https://id.example'], audience: ['orders'] });
    functionOf({
      keySource: KeySource.jwks('https://id.example/keys'),
      issuer: ['https://id.example'],
      audience: ['orders'],
      tokenSource: TokenSource.cookie('session'),
      maxAge: Duration.hours(1),
      clockTolerance: Duration.seconds(5),
      requiredClaimNames: ['tenant'],
    });
  });
});

describe('props that contradict each other', () => {
  const problemsOf = (props: Partial<JwtAuthorizerProps>) => {
    try {
      world(props);
    } catch (error) {
      if (error instanceof JwtAuthorizerPropsError)
        return error.problems.map(({ code, path }) => `${code} at ${path}`);
      throw error;
    }
    return [];
  };

  it('fail at synthesis, all of them at once', () => {
    expect(problemsOf({ policies: undefined })).toEqual(['value_invalid at jwt']);
    expect(problemsOf({ policies: [{ ...POLICY, algorithms: ['HS256'], anyAudience: true }] })).toEqual([
      'option_unused at jwt.anyAudience',
      'algorithm_key_mismatch at jwt.algorithms',
    ]);
    expect(problemsOf({ routes: [{ paths: ['/a'], scopes: ['w'] }] })).toEqual([
      'scope_source_missing at jwt',
    ]);
    expect(
      problemsOf({ policies: [{ ...POLICY, passThrough: true }], resultsCacheTtl: Duration.seconds(1) }),
    ).toEqual(['cache_contradiction at authorizerCacheSeconds']);
    expect(problemsOf({ configuration: configurationOf({ jwt: UNCONTROLLED }) })).toEqual([
      'option_unused at policies',
    ]);
    expect(
      problemsOf({ configuration: configurationOf({ jwt: UNCONTROLLED }), policies: undefined }),
    ).toEqual([]);
  });

  it('staleCredentialTtl has the bounds that the file has', () => {
    const stale = (seconds: number, credentialCacheTtl?: Duration) =>
      problemsOf({ staleCredentialTtl: Duration.seconds(seconds), credentialCacheTtl });
    for (const seconds of [0, 61, 86_400]) expect(stale(seconds)).toEqual([]);
    for (const seconds of [1, 60, 86_401])
      expect(stale(seconds)).toEqual(['value_invalid at staleCredentialSeconds']);
    expect(stale(600, Duration.seconds(600))).toEqual(['value_invalid at staleCredentialSeconds']);
    expect(stale(1, Duration.seconds(0))).toEqual([]);
    expect(
      problemsOf({
        ...{ configuration: configurationOf({ jwt: UNCONTROLLED }), policies: undefined },
        staleCredentialTtl: Duration.hours(1),
      }),
    ).toEqual(['option_unused at staleCredentialTtl']);
  });

  it('usage plans are refused, since nothing would count by them', () => {
    const configuration = configurationOf({ jwt: { secretOrPublicKey: PUBLIC_KEY }, plans: { gold: {} } });
    expect(problemsOf({ configuration, policies: undefined })).toEqual(['plans_need_own_api at plans']);
  });

  it('a secret in the place of a public key is refused before it is in a template', () => {
    const keySource = KeySource.publicKey('x'.repeat(64));
    const { auth, api: make } = world({ policies: [{ ...POLICY, keySource }] });
    expect(() => auth.forApi(make())).toThrow(expect.objectContaining({ name: 'SecretInTemplateError' }));
  });
});

describe('gateway responses', () => {
  const RESPONSE = 'AWS::ApiGateway::GatewayResponse';
  const typesOf = (template: Template) =>
    propertiesOf(template, RESPONSE)
      .map((response) => response['ResponseType'])
      .sort();
  const OURS = ['ACCESS_DENIED', 'AUTHORIZER_CONFIGURATION_ERROR', 'AUTHORIZER_FAILURE', 'UNAUTHORIZED'];
  const ORIGIN = ['ResponseParameters', 'gatewayresponse.header.Access-Control-Allow-Origin'];

  /** An API with a protected method, and what is made of it. */
  function protectedApi(options: RestApiProps = {}) {
    const { auth, stack } = world();
    const api = new RestApi(stack, 'Api', { cloudWatchRole: false, ...options });
    const authorizer = auth.forApi(api);
    api.root.addMethod('GET', integration, authorizer.methodOptions);
    return { stack, api, authorizer };
  }

  it('are made for an API that asks for them, and for no other', () => {
    const { stack, authorizer } = protectedApi();
    expect(typesOf(Template.fromStack(protectedApi().stack))).toEqual([]);
    authorizer.addGatewayResponses();
    const template = Template.fromStack(stack);
    expect(typesOf(template)).toEqual(OURS);
    template.hasResourceProperties(RESPONSE, {
      ResponseType: 'UNAUTHORIZED',
      ResponseParameters: { 'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="api"'` },
    });
  });

  it('let those pages read them that preflights let in, or others', () => {
    const defaultCorsPreflightOptions = { allowOrigins: ['https://a.example'] };
    const { stack, authorizer } = protectedApi({ defaultCorsPreflightOptions });
    authorizer.addGatewayResponses();
    for (const response of propertiesOf(Template.fromStack(stack), RESPONSE))
      expect(response).toHaveProperty(ORIGIN, "'https://a.example'");
    const other = protectedApi({ defaultCorsPreflightOptions });
    other.authorizer.addGatewayResponses({ cors: { allowOrigins: ['https://b.example'] } });
    for (const response of propertiesOf(Template.fromStack(other.stack), RESPONSE))
      expect(response).toHaveProperty(ORIGIN, "'https://b.example'");
  });

  it.each([
    ['ACCESS_DENIED', ['ACCESS_DENIED']],
    ['DEFAULT_4XX', ['ACCESS_DENIED', 'UNAUTHORIZED']],
    ['DEFAULT_5XX', ['AUTHORIZER_CONFIGURATION_ERROR', 'AUTHORIZER_FAILURE']],
  ])('are refused beside the API’s own %s, whichever comes first', (type, refused) => {
    const own = (api: RestApi) => api.addGatewayResponse('Own', { type: ResponseType.of(type) });
    const before = protectedApi();
    own(before.api);
    before.authorizer.addGatewayResponses();
    const after = protectedApi();
    after.authorizer.addGatewayResponses();
    own(after.api);
    for (const { stack } of [before, after]) {
      const said = messageOf(() => Template.fromStack(stack));
      for (const one of OURS) expect(said.includes(`answers ${one} already`)).toBe(refused.includes(one));
    }
  });

  it('are not refused beside another type, or those of another API', () => {
    const { stack, api, authorizer } = protectedApi();
    api.addGatewayResponse('Own', { type: ResponseType.THROTTLED });
    const other = new RestApi(stack, 'Other', { cloudWatchRole: false });
    other.root.addMethod('GET', integration);
    other.addGatewayResponse('Own', { type: ResponseType.DEFAULT_4XX });
    authorizer.addGatewayResponses();
    expect(typesOf(Template.fromStack(stack))).toEqual([...OURS, 'DEFAULT_4XX', 'THROTTLED'].sort());
  });

  it('are refused for an API whose own cannot be seen', () => {
    const { auth, stack } = world();
    const imported = RestApi.fromRestApiAttributes(stack, 'Imported', {
      restApiId: 'abc1234567',
      rootResourceId: 'root',
    });
    const definition = ApiDefinition.fromInline({ openapi: '3.0.0', paths: {} });
    const described = new SpecRestApi(stack, 'Described', { apiDefinition: definition });
    for (const api of [imported, described])
      expect(() => auth.forApi(api).addGatewayResponses()).toThrow('no RestApi of this app');
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return String(error);
  }
}
