import { isRecord } from '../config/record.ts';
import type { Spelled } from './snapshot.ts';
import { spelled } from './spelling.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * An integration in the one spelling of snapshots, as `GetResources` or as an export tells it.
 *
 * That an export leaves defaults out, writes types and `passthroughBehavior` in small letters and keeps responses by
 * their pattern, is recorded (LocalStack, test_export_oas30_openapi); that it tells `cacheNamespace` beside
 * `cacheKeyParameters` only is what exports show that people published.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
export function spelledIntegration(integration: unknown): Spelled {
  if (!isRecord(integration)) return {};
  const type = lower(integration['type']);
  const keys = listOf(integration['cacheKeyParameters']).toSorted();
  const settings = spelled({
    type,
    // A mock calls nobody.
    ...(type !== 'mock' && { httpMethod: integration['httpMethod'], uri: integration['uri'] }),
    credentials: integration['credentials'],
    connectionType: unless(integration['connectionType'], 'INTERNET'),
    connectionId: integration['connectionId'],
    contentHandling: integration['contentHandling'],
    passthroughBehavior: unless(lower(integration['passthroughBehavior']), 'when_no_match'),
    timeoutInMillis: unless(integration['timeoutInMillis'], 29_000),
    responseTransferMode: unless(integration['responseTransferMode'], 'BUFFERED'),
    requestParameters: integration['requestParameters'],
    requestTemplates: templates(integration['requestTemplates']),
    cacheKeyParameters: keys,
    cacheNamespace: keys.length > 0 ? integration['cacheNamespace'] : undefined,
    insecureSkipVerification: unless(recordOf(integration['tlsConfig'])['insecureSkipVerification'], false),
    responses: responsesOf(integration),
  });
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`integration.${name}`, value]));
}

/** By their patterns: an export has them so, `GetResources` by their status. */
function responsesOf({ responses, integrationResponses }: Members): Members {
  const byPattern = isRecord(responses)
    ? Object.entries(responses)
    : Object.values(recordOf(integrationResponses)).map((response) => [
        String(recordOf(response)['selectionPattern'] || 'default'),
        response,
      ]);
  return Object.fromEntries(
    byPattern.map(([pattern, response]) => {
      const { statusCode, responseParameters, responseTemplates, contentHandling } = recordOf(response);
      return [
        pattern,
        spelled({
          statusCode: String(statusCode),
          responseParameters,
          responseTemplates: templates(responseTemplates),
          contentHandling,
        }),
      ];
    }),
  );
}

/** A template that passes the body on is null, empty or a word of its own. */
function templates(value: unknown): Members {
  return Object.fromEntries(
    Object.entries(recordOf(value)).map(([type, text]) => [
      type,
      text === null || text === undefined || text === '__passthrough__' ? '' : text,
    ]),
  );
}

const recordOf = (value: unknown): Members => (isRecord(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : undefined);
const unless = (value: unknown, byDefault: unknown) => (value === byDefault ? undefined : value);
