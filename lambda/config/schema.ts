import * as v from 'valibot';
import { LONGEST_CLOCK_TOLERANCE_SECONDS } from './clock-tolerance.ts';
import { ALGORITHMS } from './types.ts';

/**
 * The shape of `authorizer.config.yml`, with each option's meaning. It serves twice: `parse.ts` validates
 * with it, and `scripts/schema.ts` writes the JSON Schema for editors from it. What needs more than one
 * option to judge stands in `policy.ts` and `cross-checks.ts`; unknown keys are found by `validate.ts`.
 */

const text = (what: string) => v.pipe(v.string(what), v.nonEmpty(what));
const textOrList = (what: string) =>
  v.union([text(what), v.pipe(v.array(text(what)), v.nonEmpty(what))], `${what}, or a list of them`);
const flag = v.boolean('true or false');
const seconds = (most: number) => {
  const what = `a whole number of seconds from 0 to ${most}`;
  return v.pipe(v.number(what), v.integer(what), v.minValue(0, what), v.maxValue(most, what));
};

const YEAR = 31_622_400;
const HEADER_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const algorithm = v.picklist(ALGORITHMS, `one of ${ALGORITHMS.join(', ')}`);
const EXACT = `a number that JSON carries unchanged, and no whole one beyond ±${Number.MAX_SAFE_INTEGER}`;
/** In the token, and on the configuration's way to the function. */
const exactNumber = v.pipe(
  v.number(),
  v.finite(EXACT),
  v.check((value) => !Number.isInteger(value) || Number.isSafeInteger(value), EXACT),
);
const claimValue = v.union([v.string(), exactNumber, v.boolean()], 'a string, a number or a boolean');
const claimName = text('the name of a claim');

const describe = <S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
  schema: S,
  meaning: string,
) => v.optional(v.pipe(schema, v.description(meaning)));

/** Without a version: which one counts is decided where it is read. */
const PARAMETER = /^[\w.\-/]{1,1011}$/;
const PARAMETER_TEXT = 'the name of an SSM parameter, such as /orders/jwt-key';

const snapshotSchema = v.strictObject({
  fetchedAt: v.pipe(
    v.string('a time such as 2026-11-22T00:00:00.000Z'),
    v.isoTimestamp('a time such as 2026-11-22T00:00:00.000Z'),
    v.description('When the issuer gave it.'),
  ),
  keys: v.pipe(
    v.array(v.unknown()),
    v.maxLength(100, 'at most 100 keys'),
    v.description('The JSON Web Keys of the set.'),
  ),
});

export const policySchema = v.object(
  {
    secretOrPublicKey: describe(
      v.string('a secret, or a PEM public key or certificate, as a string'),
      'The secret, or a PEM public key or X.509 certificate (SPKI or PKCS#1). A policy has exactly one key source. A secret cannot be deployed from here: use `secret: generate` or `secretArn`.',
    ),
    secretOrPublicKeyFile: describe(
      text('the path of a file'),
      'The same in a file, relative to the configuration file. Its bytes are taken as they are.',
    ),
    secretOrPublicKeyBase64: describe(
      v.pipe(v.string('bytes in base64'), v.base64('bytes in base64')),
      'The same in base64: what a `secretOrPublicKeyFile` that is no text becomes when it is handed to the function.',
    ),
    secret: describe(
      v.literal('generate', 'the word generate'),
      '`generate`: the stack makes a Secrets Manager secret of 512 random bits; locally one is kept in the data folder.',
    ),
    secretArn: describe(
      v.pipe(
        v.string('the ARN of a Secrets Manager secret'),
        v.regex(
          /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^\s*?]+$/,
          'the ARN of a Secrets Manager secret',
        ),
      ),
      'AWS Secrets Manager secret that holds the secret or public key. Needs `algorithms`.',
    ),
    secretJsonField: describe(
      text('the name of a field'),
      'With `secretArn`: the field of a JSON secret that holds the key. Unset: the whole secret is the key.',
    ),
    previousSecretSeconds: describe(
      seconds(YEAR),
      'How long the secret before the current one still verifies: AWSPREVIOUS, counted from when AWSCURRENT was made; with `parameterName` the version before. Seconds, default 86400 (0 with `parameterName`).',
    ),
    parameterName: describe(
      v.pipe(v.string(PARAMETER_TEXT), v.regex(PARAMETER, PARAMETER_TEXT)),
      'SSM Parameter Store parameter (String or SecureString) that holds the secret or public key. Needs `algorithms`.',
    ),
    jwksUri: describe(
      text('an https URL'),
      'JSON Web Key Set (RFC 7517) over https. Needs `issuer`, and `audience` or what stands for it.',
    ),
    discovery: describe(
      flag,
      'Find the key set from `issuer` by OpenID Connect Discovery. Needs `audience` or what stands for it. Default false.',
    ),
    jwksSnapshot: describe(
      v.union([flag, snapshotSchema], 'true, or what the tools make of it: fetchedAt and keys'),
      'With `jwksUri` and `discovery`: put the key set of deploy time beside the configuration, so that a cold start needs no network. Default false.',
    ),
    credentialKey: describe(
      flag,
      "Each credential's own `keySecret` or `publicKey` verifies its tokens, and nothing else does. Default false.",
    ),
    algorithms: describe(
      v.pipe(v.array(algorithm, 'a list of algorithms'), v.nonEmpty('at least one algorithm')),
      'Allow-list. By default a secret means the HS* whose hash it is long enough for, an RSA key RS* and PS*, an EC key the ES* of its curve.',
    ),
    allowShortSecret: describe(
      flag,
      'Accept an HMAC secret shorter than its hash (RFC 7518 §3.2); never an empty one. Default false.',
    ),
    jwtExtractor: describe(
      v.picklist(
        ['authBearer', 'authScheme', 'header', 'query', 'cookie'],
        'one of authBearer, authScheme, header, query, cookie',
      ),
      'Where the token is: `authBearer` (default, `Authorization: Bearer <token>`), `authScheme` (another scheme of Authorization), `header` (a header that holds the token alone), `query` or `cookie`.',
    ),
    jwtExtractorField: describe(
      text('a name'),
      'The scheme, header, parameter or cookie name; required for every extractor but authBearer.',
    ),
    audience: describe(textOrList('an audience'), '`aud` must contain one of these.'),
    anyAudience: describe(
      flag,
      'With `jwksUri` and `discovery`: accept tokens made for other clients of the issuer. Default false.',
    ),
    issuer: describe(textOrList('an issuer'), '`iss` must equal one of these, character for character.'),
    checkCredentialExistence: describe(
      flag,
      'true (default): controlled, `sub` must be the keyId of a stored credential. false: uncontrolled, nothing is looked up.',
    ),
    tokenRevocation: describe(
      flag,
      'With `checkCredentialExistence: false`: look revocations up, so that tokens can be revoked before they expire. Needs the table, at most one read a token every `credentialCacheSeconds`, and loads the AWS SDK. Default false; controlled policies always look.',
    ),
    passThrough: describe(
      flag,
      'When this policy denies, try the next; when every policy says so, the request goes on as anonymous. Default false.',
    ),
    requireExp: describe(flag, 'Deny a token without `exp`. Default true.'),
    maxAgeSeconds: describe(
      seconds(10 * YEAR),
      'Deny when the token was issued longer ago; `iat` is then required. Seconds.',
    ),
    clockToleranceSeconds: describe(
      seconds(LONGEST_CLOCK_TOLERANCE_SECONDS),
      'Leeway for `exp` and `nbf`. Seconds, default 0.',
    ),
    requiredClaims: describe(
      v.union(
        [
          v.array(claimName),
          v.record(
            claimName,
            v.union([claimValue, v.pipe(v.array(claimValue), v.nonEmpty('at least one value'))]),
          ),
        ],
        'a list of claim names, or claim names with a value or a list of values',
      ),
      'Claims that must be there, or must have one of the given values.',
    ),
    tokenTypes: describe(
      textOrList('a token type'),
      'Allowed `typ` header values, such as at+jwt (RFC 9068). Unset accepts any.',
    ),
    scopeClaim: describe(
      textOrList('the name of a claim'),
      "Claim whose scopes count for `routes`: a name (taken literally) or a list (a path). Unset: the token's scopes are not looked at.",
    ),
  },
  'the options of a jwt policy',
);

export const routeSchema = v.object(
  {
    paths: v.pipe(
      textOrList('a path such as /orders/{id}'),
      v.description(
        'Path templates: /orders, /orders/{id}, /files/{proxy+}; a trailing /* means everything below.',
      ),
    ),
    methods: describe(
      v.union(
        [v.string(), v.pipe(v.array(v.string()), v.nonEmpty('at least one method'))],
        `a method or a list of methods: ${HTTP_METHODS.join(', ')}, or * for all`,
      ),
      'HTTP methods; unset means all. GET holds for HEAD too.',
    ),
    scopes: describe(
      v.union([v.string(), v.array(v.string())], 'a scope or a list of scopes'),
      'The caller needs all of them.',
    ),
  },
  'a rule with paths, methods and scopes',
);

export const corsSchema = v.object(
  {
    allowOrigins: v.pipe(
      textOrList('an origin such as https://app.example.com'),
      v.description('Origins, or *.'),
    ),
    allowMethods: describe(textOrList('a method'), 'Methods that a page may use. Default: all methods.'),
    allowHeaders: describe(
      textOrList('a header name'),
      'Headers that a page may send. Default: content-type and the headers that carry the token.',
    ),
    exposeHeaders: describe(
      textOrList('a header name'),
      'Response headers that a page may read. Default none.',
    ),
    allowCredentials: describe(flag, 'Whether a page may send its cookies; not with *. Default false.'),
    maxAgeSeconds: describe(seconds(86_400), 'How long a browser may keep the answer. Seconds.'),
  },
  'true, or cors settings',
);

/** Not a session's ARN (`sts`, `assumed-role`): the policy compares roles. Not `*`, which stands for anybody. */
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:root|(?:role|user)\/[\w+=,.@/-]{1,576})$/;
const PRINCIPAL_TEXT = 'the ARN of an IAM role or user, or arn:aws:iam::ACCOUNT:root for an account';

export const adminApiSchema = v.object(
  {
    allowedPrincipals: v.pipe(
      v.array(
        v.pipe(v.string(PRINCIPAL_TEXT), v.regex(PRINCIPAL, PRINCIPAL_TEXT)),
        'a list of ARNs of IAM principals',
      ),
      v.nonEmpty('at least one ARN of an IAM principal'),
      v.description(
        'ARNs of the IAM roles and users that may call it, and no others; arn:aws:iam::ACCOUNT:root leaves it to the IAM policies of that account.',
      ),
    ),
  },
  'true, or adminApi settings',
);

/** Letters first, so that it stays one in a path, a log line and an output of the stack. */
export const PLAN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,29}$/;
/** What an output of the stack and a variable of a function take, with their ids. */
export const MAX_PLANS = 20;
/** API Gateway's integers. */
const MAX_COUNT = 2_147_483_647;

const requests = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(MAX_COUNT, what));
const RATE_TEXT = 'a number of requests a second, above 0';

export const quotaSchema = v.object(
  {
    limit: v.pipe(
      requests('a whole number of requests, from 1'),
      v.description('Requests of an API key in a period.'),
    ),
    period: v.pipe(
      v.picklist(['DAY', 'WEEK', 'MONTH'], 'one of DAY, WEEK, MONTH'),
      v.description('Periods begin at midnight UTC: every day, on Sunday, on the first of the month.'),
    ),
  },
  'a mapping with limit and period',
);

export const planSchema = v.object(
  {
    rateLimit: describe(
      v.pipe(v.number(RATE_TEXT), v.finite(RATE_TEXT), v.gtValue(0, RATE_TEXT)),
      'Requests a second of an API key in the steady state. Stands with `burstLimit`. Default: not limited.',
    ),
    burstLimit: describe(
      requests('a whole number of requests, from 1'),
      'Requests of an API key that may come at once. Stands with `rateLimit`. Default: not limited.',
    ),
    quota: describe(quotaSchema, 'Requests of an API key in a longer period. Default: not limited.'),
  },
  'a mapping with rateLimit, burstLimit and quota',
);

const REST_API_ID = /^[a-z0-9]{1,32}$/;
const REST_API_ID_TEXT = "a REST API's id, such as a1b2c3d4e5; in quotes, so that it is read as text";
/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
const STAGE_NAME = /^[A-Za-z0-9_-]{1,128}$/;
const STAGE_TEXT = "a stage's name of letters, digits, - and _";
const stageName = v.pipe(v.string(STAGE_TEXT), v.regex(STAGE_NAME, STAGE_TEXT));
const MINUTES_TEXT = 'a whole number of minutes from 1 to 1440';

export const driftCheckSchema = v.object(
  {
    everyMinutes: describe(
      v.pipe(
        v.number(MINUTES_TEXT),
        v.integer(MINUTES_TEXT),
        v.minValue(1, MINUTES_TEXT),
        v.maxValue(1440, MINUTES_TEXT),
      ),
      'How often. Minutes, default 60.',
    ),
    reattach: describe(flag, 'Attach again where a method was found open. Default false: only the alarm.'),
  },
  'true, false, or driftCheck settings',
);

export const restApiSchema = v.object(
  {
    id: v.pipe(
      v.string(REST_API_ID_TEXT),
      v.regex(REST_API_ID, REST_API_ID_TEXT),
      v.description("The API's id."),
    ),
    stages: v.pipe(
      v.union(
        [stageName, v.pipe(v.array(stageName), v.nonEmpty(STAGE_TEXT))],
        `${STAGE_TEXT}, or a list of them`,
      ),
      v.description(
        'The stages that are protected. Others get the authorizer with their own next deployment, since methods belong to the API.',
      ),
    ),
    routes: describe(
      textOrList('a method and a path, such as GET /orders/*'),
      'Which methods: GET /orders/*, ANY /admin/{proxy+}; with ! in front they are left alone, as in !GET /health. ANY is every method but OPTIONS, which stays open in any case. Default: all.',
    ),
    takeOver: describe(
      flag,
      'Protect methods too that something else protects now, in its place. Default false: they are refused.',
    ),
    deployPendingChanges: describe(
      flag,
      'Whether what others changed in the API and have not deployed yet may go live with the attachment. Default false: it is listed and refused.',
    ),
    onDetach: describe(
      v.picklist(['restore', 'deny'], 'restore or deny'),
      'What a detachment makes of the methods. `restore` (default): what they were before; `deny`: those that were open ask for IAM.',
    ),
    driftCheck: describe(
      v.union([flag, driftCheckSchema], 'true, false, or driftCheck settings'),
      'Whether a schedule looks for methods that others opened again, by a rollback or an import; `everyMinutes`, `reattach`. Default true.',
    ),
    attachWith: describe(
      v.picklist(['deployment', 'command'], 'deployment or command'),
      '`deployment` (default): the stack attaches. `command`: the stack makes what it takes, and `jwt-authorizer attach` attaches.',
    ),
  },
  'a mapping with id and stages',
);

/** Everything but `jwt`. */
export const topLevelEntries = {
  routes: describe(
    v.array(routeSchema, 'a list of rules'),
    'Scopes per route. A route that no rule matches needs only authentication.',
  ),
  upstream: describe(
    text('an http(s) URL'),
    'What the local gateway and a stack-made API stand in front of. Unset: an echo.',
  ),
  authorizerCacheSeconds: describe(
    seconds(3600),
    'How long API Gateway may keep an answer. Seconds, default 300. Where a cached answer could be wrong nothing is kept; a time given all the same is refused.',
  ),
  credentialCacheSeconds: describe(
    seconds(3600),
    'How long a warm function remembers a credential. Seconds, default 60.',
  ),
  staleCredentialSeconds: describe(
    seconds(86_400),
    'While the table cannot be reached: let credentials in that a warm function has read at most so long ago. What was taken away since counts that long, and `authorizerCacheSeconds` more. Seconds, default 0: an outage answers 500.',
  ),
  expiryCondition: describe(
    flag,
    'Add a condition to the answer that denies after the token has expired, so that a cached answer cannot outlive it. Default false.',
  ),
  onDenial: describe(
    v.picklist(['unauthorized', 'policy'], 'unauthorized or policy'),
    '`policy`: denials that time and state cannot change answer a cached 403 instead of a 401. Default unauthorized.',
  ),
  cors: describe(
    v.union([flag, corsSchema], 'true, or cors settings with allowOrigins'),
    'Answer OPTIONS preflights without authorizing them. true means any origin, without credentials.',
  ),
  restApi: describe(
    restApiSchema,
    'Attach to a REST API that already exists, instead of making one: `id`, `stages`, `routes` (default all), `takeOver`, `deployPendingChanges`, `onDetach`, `driftCheck`, `attachWith`. Not with `upstream`, `cors` and `plans`.',
  ),
  adminApi: describe(
    v.union([flag, adminApiSchema], 'true, or adminApi settings with allowedPrincipals'),
    'Deploy the Admin API too, behind a REST API of its own with IAM authorization. true: whoever the IAM policies of its account allow may call it. Needs a policy with `checkCredentialExistence` or `tokenRevocation`. Default false.',
  ),
  plans: describe(
    v.record(v.pipe(v.string(), v.regex(PLAN_NAME)), planSchema, 'a mapping of names to plans'),
    'Usage plans by name: `rateLimit` and `burstLimit`, `quota` with `limit` and `period`. Every request then needs a credential that was made with a plan, so every policy must have `checkCredentialExistence`. Default none.',
  ),
};

/** The file but for its policies, rules, plans, cors, restApi and adminApi settings, which are validated apart, each under its path. */
export const fileSchema = v.object(
  {
    ...topLevelEntries,
    jwt: v.optional(v.unknown()),
    routes: v.optional(v.array(v.unknown(), 'a list of rules')),
    cors: v.optional(v.unknown()),
    restApi: v.optional(v.unknown()),
    adminApi: v.optional(v.unknown()),
    plans: v.optional(v.unknown()),
  },
  'a mapping with the key jwt',
);

/** The file as an editor should see it. */
export const editorSchema = v.object({
  jwt: v.pipe(
    v.union([policySchema, v.pipe(v.array(policySchema), v.nonEmpty())]),
    v.description('One policy, or a list that is tried in order.'),
  ),
  ...topLevelEntries,
});

export type RawPolicy = v.InferOutput<typeof policySchema>;
export type RawFile = v.InferOutput<typeof fileSchema>;
export type RawRoute = v.InferOutput<typeof routeSchema>;
export type RawCors = v.InferOutput<typeof corsSchema>;

export { HEADER_TOKEN, HTTP_METHODS };
