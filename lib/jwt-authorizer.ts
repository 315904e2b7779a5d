import { Annotations, type Duration, Names, Stack } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { needsTable } from '../lambda/config/modality.ts';
import { parseConfig } from '../lambda/config/parse.ts';
import type { Problem } from '../lambda/config/problem.ts';
import {
  DELIVERY_ON_AWS,
  describeRevocation,
  longestCacheSeconds,
} from '../lambda/config/revocation-bound.ts';
import { ApiAuthorizer, type ProtectedMethodOptions } from './api-authorizer.ts';
import { AuthorizerFunction, type Configuration } from './authorizer-function.ts';
import { CredentialsTable } from './credentials-table.ts';
import type { AttachableAuthorizer, AttachedHandler } from './existing-rest-api-props.ts';
import { type FunctionSizing, sizingOf } from './function-sizing.ts';
import { type JwtPolicyProps, policyOptions, type RouteRuleProps, withoutUndefined } from './jwt-policy.ts';
import type { StoredSecret } from './key-source.ts';
import type { AuthorizedApi } from './keyed-authorizer.ts';
import type { MonitoredApi } from './monitored-api.ts';
import { Monitoring, type MonitoringOptions } from './monitoring.ts';
import { JwtAuthorizerPropsError } from './props-error.ts';
import { addRevocation, type Revocation, type RevocationOptions } from './revocation.ts';
import { SigningSecret } from './signing-secret.ts';
import { UnboundAuthorizer } from './unbound-authorizer.ts';

export interface JwtAuthorizerProps extends FunctionSizing {
  /**
   * Which tokens are accepted, in the order in which they are tried.
   * @default - those of `configuration`, one of which is needed
   */
  readonly policies?: readonly JwtPolicyProps[] | undefined;
  /**
   * Scopes per route.
   * @default - every route needs only authentication
   */
  readonly routes?: readonly RouteRuleProps[] | undefined;
  /**
   * How long API Gateway may keep an answer, up to an hour. Where a cached answer could be wrong nothing is kept; a
   * time given all the same is refused.
   * @default Duration.minutes(5)
   */
  readonly resultsCacheTtl?: Duration | undefined;
  /**
   * How long a warm function remembers a credential, up to an hour.
   * @default Duration.minutes(1)
   */
  readonly credentialCacheTtl?: Duration | undefined;
  /**
   * While the table cannot be reached, let credentials in that a warm function has read at most so long ago, up to a
   * day. What was taken away since counts that long, and `resultsCacheTtl` more.
   * @default Duration.seconds(0): an outage answers 500
   */
  readonly staleCredentialTtl?: Duration | undefined;
  /**
   * Add a condition to the answer that denies after the token has expired, so that a cached answer cannot outlive it.
   * @default false
   */
  readonly expiryCondition?: boolean | undefined;
  /**
   * `policy`: denials that time and state cannot change answer a cached 403 instead of a 401.
   * @default 'unauthorized'
   */
  readonly onDenial?: 'unauthorized' | 'policy' | undefined;
  /**
   * What `loadConfigFile` made of an `authorizer.config.yml`, in the place of all of the above.
   * @default - the props above
   */
  readonly configuration?: Configuration | undefined;
  /**
   * Where credentials and revocations are looked up.
   * @default - a new one, where a policy asks for it
   */
  readonly credentialsTable?: CredentialsTable | undefined;
  /**
   * The KMS keys under which the secrets and parameters of the policies are kept. A key's policy must let the
   * account's IAM policies decide, as it does by default.
   * @default - none; they are kept under the account's own keys
   */
  readonly secretEncryptionKeys?: readonly IKey[] | undefined;
  /**
   * Settings of what flushes the APIs' authorizer caches when a right is taken away.
   * @default - those of `Revocation`
   */
  readonly revocation?: RevocationOptions | undefined;
  /**
   * How long the function's log, which holds its denials, is kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * X-Ray: `ACTIVE` samples requests, `PASS_THROUGH` follows what API Gateway sampled.
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing | undefined;
  /**
   * Folder of the built authorizer: `index.mjs` and its chunks.
   * @default - that of this package
   */
  readonly bundleFolder?: string | undefined;
}

/**
 * A JWT authorizer for the REST APIs of an app, in any of its stacks:
 *
 * ```ts
 * const auth = new JwtAuthorizer(this, 'Auth', { policies: [{ keySource: KeySource.discovery(), … }] });
 * api.root.addMethod('GET', integration, auth.forApi(api).methodOptions);
 * new RestApi(this, 'Other', { defaultMethodOptions: auth.methodOptions });
 * ```
 *
 * Each stack with such an API gets a function of its own: CloudFormation cannot change what another stack has
 * imported, and with each configuration there is another version. Table and secrets are shared, and stay here.
 * The table's stream has a reader in each such stack too; DynamoDB advises against more than two.
 */
export class JwtAuthorizer extends Construct implements AttachableAuthorizer {
  /** Undefined when no policy looks anything up. */
  readonly credentialsTable: CredentialsTable | undefined;
  /** How long a request may pass after its right was taken away: a sentence for the deployer. */
  readonly revocationBound: string;
  private readonly props: JwtAuthorizerProps;
  private readonly configuration: Configuration;
  private readonly signingSecrets: ReadonlyMap<number, StoredSecret>;
  private readonly inStacks = new Map<Stack, Handler>();
  private readonly authorizers = new Map<AuthorizedApi, ApiAuthorizer>();
  private unbound = 0;

  /** @throws JwtAuthorizerPropsError */
  constructor(scope: Construct, id: string, props: JwtAuthorizerProps) {
    super(scope, id);
    this.props = props;
    this.configuration = configurationOf(this.node.path, props);
    const { config } = this.configuration;
    this.credentialsTable = needsTable(config)
      ? (props.credentialsTable ??
        new CredentialsTable(this, 'Credentials', { stream: longestCacheSeconds(config) > 0 }))
      : undefined;
    this.signingSecrets = this.signingSecretsOf(props.policies ?? []);
    this.revocationBound = describeRevocation(config, {
      ...(props.timeout && { functionTimeoutSeconds: props.timeout.toSeconds() }),
      delivery: DELIVERY_ON_AWS,
    });
    Annotations.of(this).addInfoV2('jwt-authorizer:revocation', this.revocationBound);
  }

  /** The authorizer of an API (any `IRestApi`); the same one each time. */
  forApi(api: AuthorizedApi): ApiAuthorizer {
    const known = this.authorizers.get(api);
    if (known !== undefined) return known;
    const { authorizer: made, revocation } = this.handlerIn(Stack.of(api));
    const authorizer = new ApiAuthorizer(api as unknown as Construct, this.idFor('Authorizer'), {
      api,
      handler: made.version,
      config: this.configuration.config,
      revocation,
    });
    this.authorizers.set(api, authorizer);
    return authorizer;
  }

  /** For the methods of one API that is yet to be made: the `defaultMethodOptions` of a `RestApi`. New ones each time. */
  get methodOptions(): ProtectedMethodOptions {
    this.unbound += 1;
    const authorizer = new UnboundAuthorizer(this, `Unbound${this.unbound}`, (api) => this.forApi(api));
    return { authorizationType: AuthorizationType.CUSTOM, authorizer };
  }

  /**
   * A dashboard and alarms for APIs of one stack, once for each stack. An access log is `accessLogFormat()`'s.
   * @throws Error when there is no API, they are in several stacks, or one has no stage.
   */
  addMonitoring(apis: readonly MonitoredApi[], options: MonitoringOptions = {}): Monitoring {
    const [stack, ...others] = new Set(apis.map(({ api }) => Stack.of(api)));
    if (stack === undefined || others.length > 0)
      throw new Error(`${this.node.path}: monitor the APIs of one stack at a time`);
    const { authorizer, revocation } = this.handlerIn(stack);
    return new Monitoring(stack, this.idFor('Monitoring'), {
      ...options,
      authorizer,
      revocation,
      apis,
    });
  }

  /** What the APIs of a stack share, there from the first of them on: the function, and what flushes their caches. */
  handlerIn(stack: Stack): Handler {
    const known = this.inStacks.get(stack);
    if (known !== undefined) return known;
    const scope = stack === Stack.of(this) ? this : new Construct(stack, this.idFor(''));
    const { logRetention, tracing, bundleFolder } = this.props;
    const authorizer = new AuthorizerFunction(scope, 'Authorizer', {
      ...sizingOf(this.props),
      ...{ logRetention, tracing, bundleFolder },
      configuration: this.configuration,
      credentialsTable: this.credentialsTable,
      secretKeyArns: this.props.secretEncryptionKeys?.map(({ keyArn }) => keyArn),
      signingSecrets: this.signingSecrets,
    });
    const revocation = addRevocation(scope, {
      authorizer,
      credentialsTable: this.credentialsTable,
      stages: [],
      options: this.props.revocation,
    });
    const made = { authorizer, revocation };
    this.inStacks.set(stack, made);
    return made;
  }

  private signingSecretsOf(policies: readonly JwtPolicyProps[]): ReadonlyMap<number, StoredSecret> {
    const generated = this.configuration.config.policies.filter(
      ({ keySource }) => keySource.kind === 'generated',
    );
    return new Map(
      generated.map(({ index }) => [
        index,
        policies[index]?.keySource.stored.secret ?? new SigningSecret(this, `SigningSecret${index}`).secret,
      ]),
    );
  }

  /** Of this authorizer, wherever in the app it stands. */
  private idFor(name: string): string {
    return `${Names.uniqueResourceName(this, { maxLength: 60 })}${name}`;
  }
}

/** What is in each stack that has an API with the authorizer. */
interface Handler extends AttachedHandler {
  readonly revocation: Revocation | undefined;
}

/** @throws JwtAuthorizerPropsError */
function configurationOf(path: string, props: JwtAuthorizerProps): Configuration {
  const { policies, routes, resultsCacheTtl, credentialCacheTtl, staleCredentialTtl } = props;
  const { expiryCondition, onDenial } = props;
  const times = { resultsCacheTtl, credentialCacheTtl, staleCredentialTtl };
  const given = { policies, routes, ...times, expiryCondition, onDenial };
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (props.configuration !== undefined) {
    if (names.length === 0) return withoutApi(path, props.configuration);
    const message = `stands beside configuration, which says it too; give one of them`;
    throw new JwtAuthorizerPropsError(
      path,
      names.map((name) => ({ code: 'option_unused', path: name, message })),
    );
  }
  const jwt = policies?.map(policyOptions) ?? [];
  const runtimeConfig = withoutUndefined({
    jwt: jwt.length === 1 ? jwt[0] : jwt,
    routes: routes?.map((route) => withoutUndefined({ ...route })),
    authorizerCacheSeconds: resultsCacheTtl?.toSeconds(),
    credentialCacheSeconds: credentialCacheTtl?.toSeconds(),
    staleCredentialSeconds: staleCredentialTtl?.toSeconds(),
    expiryCondition,
    onDenial,
  });
  const parsed = parseConfig(runtimeConfig);
  if (!parsed.ok) throw new JwtAuthorizerPropsError(path, parsed.problems);
  return { config: parsed.config, runtimeConfig };
}

/**
 * Of an API, which is not ours, a configuration says nothing here: the source of API keys is a setting of the API, so that plans
 * would be read, and nothing counted; and to which API to attach is a construct's to say.
 * @throws JwtAuthorizerPropsError
 */
function withoutApi(path: string, configuration: Configuration): Configuration {
  const { plans, restApi } = configuration.config;
  const problems: Problem[] = [];
  if (plans !== undefined)
    problems.push({
      code: 'plans_need_own_api',
      path: 'plans',
      message: 'are made for the API of a JwtAuthorizerStack alone; leave them out',
    });
  if (restApi !== undefined)
    problems.push({
      code: 'option_unused',
      path: 'restApi',
      message: 'is for a JwtAuthorizerStack; make an ExistingRestApi with this authorizer in its place',
    });
  if (problems.length > 0) throw new JwtAuthorizerPropsError(path, problems);
  return configuration;
}
