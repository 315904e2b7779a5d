import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON line a request: who, what, how it ended, and where the time went. Neither headers nor the query
 * string, since either may carry the token; not the path, which may carry anything, but the resource.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify(FIELDS));
}

const FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  requestTime: '$context.requestTimeEpoch',
  sourceIp: '$context.identity.sourceIp',
  httpMethod: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatencyMs: '$context.responseLatency',
  principalId: '$context.authorizer.principalId',
  credentialId: '$context.authorizer.credentialId',
  authorizeStatus: '$context.authorize.status',
  authorizerStatus: '$context.authorizer.status',
  authorizerLatencyMs: '$context.authorizer.latency',
  authorizerRequestId: '$context.authorizer.requestId',
  integrationStatus: '$context.integration.status',
  integrationLatencyMs: '$context.integration.latency',
  errorType: '$context.error.responseType',
};
