import type { Snapshot } from './snapshot.ts';

/** A REST API as it is: what the next deployment would publish, and what each stage serves. */
export interface Live {
  readonly restApiId: string;
  readonly workingCopy: WorkingCopy;
  readonly stages: readonly LiveStage[];
}

export interface WorkingCopy {
  /** All methods of all resources. */
  readonly methods: readonly LiveMethod[];
  readonly authorizers: readonly LiveAuthorizer[];
  /** The same, as far as a stage's export tells it too. */
  readonly snapshot: Snapshot;
  /** The API's resource policy: JSON, unescaped; undefined where it has none. */
  readonly policy: string | undefined;
}

/** A method's name: what survives a re-import, which gives resources new ids. */
export interface MethodName {
  readonly path: string;
  /** A verb, or `ANY`. */
  readonly httpMethod: string;
}

/** `GET /orders`. */
export const routeOf = ({ httpMethod, path }: MethodName): string => `${httpMethod} ${path}`;

/** What stands before a method. */
export interface Protection {
  /** `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`. */
  readonly authorizationType: string;
  readonly authorizerId?: string | undefined;
}

export interface LiveMethod extends MethodName, Protection {
  readonly resourceId: string;
  readonly apiKeyRequired: boolean;
  readonly authorizationScopes: readonly string[];
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html */
export interface LiveAuthorizer {
  readonly id: string;
  readonly name: string;
  /** `TOKEN`, `REQUEST` or `COGNITO_USER_POOLS`. */
  readonly type: string;
  readonly authorizerUri?: string | undefined;
  readonly authorizerCredentials?: string | undefined;
  readonly identitySource?: string | undefined;
  readonly identityValidationExpression?: string | undefined;
  readonly authorizerResultTtlInSeconds?: number | undefined;
}

export interface LiveStage {
  readonly stageName: string;
  readonly deploymentId: string;
  readonly hasCanary: boolean;
  /** Whether execution logs hold whole requests, tokens included. */
  readonly tracesData: boolean;
  /** What it serves. */
  readonly snapshot: Snapshot;
}
