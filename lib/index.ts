export { type LoadedConfig, type LoadResult, loadConfigFile } from '../lambda/config/load.ts';
export { accessLogFormat } from './access-log.ts';
export { AdminApi, type AdminApiOptions, type AdminApiProps } from './admin-api.ts';
export {
  ApiAuthorizer,
  type ApiAuthorizerProps,
  type GatewayResponsesOptions,
  type ProtectedMethodOptions,
} from './api-authorizer.ts';
export type { AttachmentJournal } from './attachment-journal.ts';
export type { AlarmThresholds } from './authorizer-alarms.ts';
export {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  type Configuration,
} from './authorizer-function.ts';
export { CredentialsTable, type CredentialsTableProps, type TableReplica } from './credentials-table.ts';
export type { DriftCheck, DriftCheckOptions } from './drift-check.ts';
export { ExistingRestApi } from './existing-rest-api.ts';
export type {
  AttachableAuthorizer,
  AttachedHandler,
  ExistingRestApiOptions,
  ExistingRestApiProps,
} from './existing-rest-api-props.ts';
export type { FunctionSizing } from './function-sizing.ts';
export { JwtAuthorizer, type JwtAuthorizerProps } from './jwt-authorizer.ts';
export { JwtAuthorizerStack, type JwtAuthorizerStackProps } from './jwt-authorizer-stack.ts';
export { type JwtPolicyProps, type RouteRuleProps, TokenSource } from './jwt-policy.ts';
export {
  KeySource,
  type RotatedKeyOptions,
  type SecretKeyOptions,
  type StoredSecret,
} from './key-source.ts';
export { KeyedAuthorizers, type KeyedAuthorizersProps } from './keyed-authorizers.ts';
export type { MonitoredApi } from './monitored-api.ts';
export { Monitoring, type MonitoringOptions, type MonitoringProps } from './monitoring.ts';
export { JwtAuthorizerPropsError } from './props-error.ts';
export { ProtectedRestApi, type ProtectedRestApiOptions, type ProtectedRestApiProps } from './rest-api.ts';
export {
  Revocation,
  type RevocationOptions,
  type RevocationProps,
  type StreamedTable,
} from './revocation.ts';
export type { FlushedStage } from './revocation-function.ts';
export { SigningSecret } from './signing-secret.ts';
export { SecretInTemplateError } from './template-secrets.ts';
export { UsagePlans, type UsagePlansProps } from './usage-plans.ts';
