import { describe, expect, it } from 'vitest';
import { propertiesOf, templateOf, UNCONTROLLED } from './support.ts';

const ROUTES = [{ paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] }];
const SCOPED = { ...UNCONTROLLED, scopeClaim: 'scope' };
const authorizersOf = (file: Record<string, unknown>) =>
  propertiesOf(templateOf(file), 'AWS::ApiGateway::Authorizer');

describe('the authorizer of an API without scoped routes', () => {
  it('is a TOKEN authorizer on the header that holds the token', () => {
    expect(authorizersOf({ jwt: UNCONTROLLED })).toMatchObject([
      {
        Type: 'TOKEN',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 300,
      },
    ]);
  });

  it.each([
    ['query', 'access_token', 'method.request.querystring.access_token'],
    ['cookie', 'session', 'method.request.header.Cookie'],
  ])('is a REQUEST authorizer for a token in a %s', (jwtExtractor, jwtExtractorField, source) => {
    expect(authorizersOf({ jwt: { ...UNCONTROLLED, jwtExtractor, jwtExtractorField } })).toMatchObject([
      { Type: 'REQUEST', IdentitySource: source, AuthorizerResultTtlInSeconds: 300 },
    ]);
  });
});

describe('the authorizers of an API with scoped routes', () => {
  it('key by resource and method, except where only the path tells routes apart', () => {
    const [route, uncached, ...others] = authorizersOf({ jwt: SCOPED, routes: ROUTES });
    expect(route).toMatchObject({
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization,context.resourcePath,context.httpMethod',
      AuthorizerResultTtlInSeconds: 300,
    });
    expect(uncached).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(uncached).not.toHaveProperty('IdentitySource');
    expect(others).toEqual([]);
  });

  it('leave each resource with the one that it needs', () => {
    const template = templateOf({ jwt: SCOPED, routes: ROUTES });
    const names = Object.fromEntries(
      Object.entries(template.findResources('AWS::ApiGateway::Authorizer')).map(([id, authorizer]) => [
        id,
        authorizer['Properties'].Name,
      ]),
    );
    const used = Object.entries(
      template.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'ANY' } }),
    ).map(([id, method]) => [
      id.replace(/ANY.*/, ''),
      method['Properties'].AuthorizationType,
      names[method['Properties'].AuthorizerId.Ref],
    ]);
    expect(used).toEqual([
      ['RestApi', 'CUSTOM', 'Route'],
      ['RestApiorders', 'CUSTOM', 'Route'],
      ['RestApiproxy', 'CUSTOM', 'Uncached'],
    ]);
  });
});

describe('nothing is cached', () => {
  it.each([
    ['the owner says so', { jwt: UNCONTROLLED, authorizerCacheSeconds: 0 }],
    ['a request may be anonymous', { jwt: { ...UNCONTROLLED, passThrough: true } }],
    [
      'the token may be in several places',
      {
        jwt: [
          { ...UNCONTROLLED, issuer: 'https://a.example' },
          {
            ...UNCONTROLLED,
            issuer: 'https://b.example',
            jwtExtractor: 'query',
            jwtExtractorField: 'token',
          },
        ],
      },
    ],
  ])('where %s', (_, file) => {
    expect(authorizersOf(file)).toMatchObject([{ AuthorizerResultTtlInSeconds: 0 }]);
  });
});

describe('the permission to invoke', () => {
  it('names one authorizer and the published version', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    const [authorizer] = Object.keys(template.findResources('AWS::ApiGateway::Authorizer'));
    const [version] = Object.keys(template.findResources('AWS::Lambda::Version'));
    const [api] = Object.keys(template.findResources('AWS::ApiGateway::RestApi'));
    const [permission, ...others] = propertiesOf(template, 'AWS::Lambda::Permission');
    expect(others).toEqual([]);
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      FunctionName: { Ref: version },
    });
    expect(permission?.['SourceArn']).toEqual({
      'Fn::Join': ['', expect.arrayContaining([{ Ref: api }, '/authorizers/', { Ref: authorizer }])],
    });
  });

  it('is all that API Gateway’s URI of the function needs', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    const [version] = Object.keys(template.findResources('AWS::Lambda::Version'));
    const [authorizer] = propertiesOf(template, 'AWS::ApiGateway::Authorizer');
    expect(JSON.stringify(authorizer?.['AuthorizerUri'])).toContain(JSON.stringify({ Ref: version }));
  });
});

describe('the reason of the keying', () => {
  it('is an output for each authorizer', () => {
    const outputs = templateOf({ jwt: SCOPED, routes: ROUTES }).findOutputs('*');
    expect(outputs['RouteKeying']?.['Value']).toContain('context.resourcePath');
    expect(outputs['UncachedKeying']?.['Value']).toContain('/{proxy+}');
  });
});
