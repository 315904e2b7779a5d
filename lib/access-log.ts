import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON line a request: who, what, how it ended, and where the time went. Neither headers nor the query
 * string, since either may carry the token; not the path, which may carry anything, but the resource.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify(FIELDS));
}

/** As {@link accessLogFormat}, with the IAM principal that signed the request. */
export function adminAccessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify({ ...COMMON, ...SIGNER }));
}

const COMMON = {
  apiId: '$context.apiId',
  stage: '$context.stage',
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
  integrationStatus: '$context.integration.status',
  integrationLatencyMs: '$context.integration.latency',
  errorType: '$context.error.responseType',
};

const FIELDS = {
  ...COMMON,
  principalId: '$context.authorizer.principalId',
  credentialId: '$context.authorizer.credentialId',
  authorizeStatus: '$context.authorize.status',
  authorizerStatus: '$context.authorizer.status',
  authorizerError: '$context.authorizer.error',
  authorizerLatencyMs: '$context.authorizer.latency',
  authorizerRequestId: '$context.authorizer.requestId',
};

const SIGNER = {
  callerArn: '$context.identity.userArn',
  callerAccount: '$context.identity.accountId',
  authenticateStatus: '$context.authenticate.status',
  authorizeStatus: '$context.authorize.status',
};
