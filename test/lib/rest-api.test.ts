import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { gatewayResponsesOf } from '../../lambda/config/gateway-responses.ts';
import { UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';
import { configurationOf, firstOf, propertiesOf, templateOf, UNCONTROLLED } from './support.ts';

const METHOD = 'AWS::ApiGateway::Method';
const ORDERS = [{ paths: ['/users/{userId}/orders/{id}', '/files/*'], scopes: [] }];
const withUpstream = (upstream: string) => templateOf({ jwt: UNCONTROLLED, routes: ORDERS, upstream });

describe('an API in front of an upstream', () => {
  it('keeps the upstream’s base path and every path parameter', () => {
    const integrations = propertiesOf(withUpstream('https://up.example/base/'), METHOD).map(
      (method) => method['Integration'] as { Uri: string; RequestParameters: Record<string, string> },
    );
    expect(integrations.map(({ Uri }) => Uri).sort()).toEqual([
      'https://up.example/base/',
      'https://up.example/base/files',
      'https://up.example/base/files/{proxy}',
      'https://up.example/base/users',
      'https://up.example/base/users/{userId}',
      'https://up.example/base/users/{userId}/orders',
      'https://up.example/base/users/{userId}/orders/{id}',
      'https://up.example/base/{proxy}',
    ]);
    for (const { Uri, RequestParameters } of integrations)
      for (const [, name] of Uri.matchAll(/\{(\w+)\}/g))
        expect(RequestParameters[`integration.request.path.${name}`]).toBe(`method.request.path.${name}`);
  });

  it('declares each path parameter, without which API Gateway maps nothing', () => {
    withUpstream('https://up.example').hasResourceProperties(METHOD, {
      Integration: Match.objectLike({ Uri: 'https://up.example/users/{userId}/orders/{id}' }),
      RequestParameters: { 'method.request.path.userId': true, 'method.request.path.id': true },
    });
  });

  it('sets every header of the closed list on every method', () => {
    for (const method of propertiesOf(withUpstream('https://up.example'), METHOD)) {
      const { Type, RequestParameters } = method['Integration'] as Record<string, Record<string, string>>;
      expect(Type).toBe('HTTP_PROXY');
      for (const [header, entry] of Object.entries(UPSTREAM_HEADERS))
        expect(RequestParameters?.[`integration.request.header.${header}`]).toBe(
          `context.authorizer.${entry}`,
        );
    }
  });

  it('passes bytes on as bytes', () => {
    withUpstream('https://up.example').hasResourceProperties('AWS::ApiGateway::RestApi', {
      BinaryMediaTypes: ['*/*'],
    });
  });
});

describe('an API without an upstream', () => {
  it('answers with the caller’s context, written so that it stays JSON', () => {
    const [method] = propertiesOf(templateOf({ jwt: UNCONTROLLED }), METHOD);
    expect(method).toMatchObject({
      AuthorizationType: 'CUSTOM',
      Integration: { Type: 'MOCK', IntegrationResponses: [{ StatusCode: '200' }] },
      MethodResponses: [{ StatusCode: '200' }],
    });
    const body = JSON.stringify(method?.['Integration']);
    expect(body).toContain('$context.authorizer');
    expect(body).toContain('$util.escapeJavaScript($caller.get($name))');
  });
});

describe('every method', () => {
  it('goes through an authorizer when there is no cors', () => {
    for (const method of propertiesOf(withUpstream('https://up.example'), METHOD))
      expect(method).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: expect.anything() });
  });

  it('goes through an authorizer except for preflight requests when there is', () => {
    const methods = propertiesOf(
      templateOf({ jwt: UNCONTROLLED, routes: ORDERS, upstream: 'https://up.example', cors: true }),
      METHOD,
    );
    const open = methods.filter((method) => method['AuthorizationType'] === 'NONE');
    expect(open).toHaveLength(methods.length / 2);
    for (const method of open)
      expect(method).toMatchObject({
        HttpMethod: 'OPTIONS',
        Integration: { Type: 'MOCK', ContentHandling: 'CONVERT_TO_TEXT' },
      });
  });
});

describe('gateway responses', () => {
  const RESPONSE = 'AWS::ApiGateway::GatewayResponse';
  const FILES = {
    plain: { jwt: UNCONTROLLED },
    'with cors': { jwt: UNCONTROLLED, cors: { allowOrigins: ['https://a.example', 'https://b.example'] } },
    'with plans': { jwt: { secret: 'generate' }, plans: { gold: {} } },
    'with scopes': {
      jwt: { ...UNCONTROLLED, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders'], scopes: ['orders'] }],
    },
  };

  it.each(Object.entries(FILES))('are those of the local gateway: %s', (_, file) => {
    const deployed = propertiesOf(templateOf(file), RESPONSE).map((properties) => {
      const { ResponseType, ResponseParameters = {}, ResponseTemplates, RestApiId, ...more } = properties;
      expect({ RestApiId, more }).toEqual({ RestApiId: { Ref: expect.any(String) }, more: {} });
      const headers = Object.entries(ResponseParameters as object).map(([name, value]) => [
        name.replace(/^gatewayresponse\.header\./, ''),
        value,
      ]);
      const template = (ResponseTemplates as Record<string, string> | undefined)?.['application/json'];
      return [ResponseType, { headers: Object.fromEntries(headers), ...(template && { template }) }];
    });
    expect(Object.fromEntries(deployed)).toEqual(gatewayResponsesOf(configurationOf(file).config));
  });

  it('are part of the deployment', () => {
    const deploymentOf = (file: Record<string, unknown>) =>
      Object.keys(templateOf(file).findResources('AWS::ApiGateway::Deployment'));
    const changed = { ...FILES['with scopes'], onDenial: 'policy' };
    expect(deploymentOf(changed)).not.toEqual(deploymentOf(FILES['with scopes']));
  });
});

describe('the stage', () => {
  const stage = () => firstOf(templateOf({ jwt: UNCONTROLLED }), 'AWS::ApiGateway::Stage');

  it('logs no header, no query string and no path', () => {
    const { Format } = stage()['AccessLogSetting'] as { Format: string };
    expect(JSON.parse(Format)).toMatchObject({ requestId: '$context.requestId' });
    expect(Format).not.toMatch(/header|\$context\.path|querystring|userAgent|claims/i);
  });

  it('throttles and traces no data', () => {
    expect(stage()['MethodSettings']).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        DataTraceEnabled: false,
        LoggingLevel: 'OFF',
        ThrottlingRateLimit: 1000,
        ThrottlingBurstLimit: 2000,
      },
    ]);
  });

  it('waits for the account’s log role, unless another stack looks after it', () => {
    const ours = templateOf({ jwt: UNCONTROLLED });
    ours.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const theirs = templateOf({ jwt: UNCONTROLLED }, { restApi: { cloudWatchRole: false } });
    theirs.resourceCountIs('AWS::ApiGateway::Account', 0);
    theirs.resourceCountIs('AWS::IAM::Role', 1);
  });

  it('is regional', () => {
    templateOf({ jwt: UNCONTROLLED }).hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });
});
