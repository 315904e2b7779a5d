// Writes docs/execution-policy.json: what CloudFormation must be allowed to do for the stack, for the bootstrap's execution
// role. From the types of the stacks that the template tests look at, and what AWS's resource schemas say that each
// needs (`handlers`, all but `list`; of August 2026). One more: aws cloudformation describe-type --type RESOURCE
// --type-name NAME. With --check: fails when it is stale.
import { readFileSync } from 'node:fs';
import { writeOrCheck } from './generated.ts';

const FILE = 'docs/execution-policy.json';
const { types } = readJson('test/lib/pinned-resources.json') as { types: readonly string[] };
const permissions = readJson('scripts/resource-permissions.json') as Record<string, readonly string[]>;

/** The name of the stack, or what the names of several begin with. */
const STACK = 'JwtAuthorizer';
/** What a managed policy may have, without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAXIMUM_LENGTH = 6144;

/** What the schemas name for properties that no resource of ours has, or to read what the stack is to protect. */
const OMITTED = [
  /^(?:application-autoscaling|codedeploy|ec2|elasticfilesystem|firehose|kinesis|s3files):/,
  // Items, which a replica's making asks for: docs/operations.md says so. The values of secrets.
  /^dynamodb:(?:BatchWrite|Delete|Get|Put|Update)Item$|^dynamodb:(?:Query|Scan)$|^secretsmanager:GetSecretValue$/,
  /^dynamodb:\w*(?:Kinesis|ContributorInsights|ResourcePolicy|Replica)/,
  /^secretsmanager:\w*(?:Region|Regions)/,
  /^iam:\w*(?:Group|User)Policy$|^iam:\w*PermissionsBoundary$/,
  /^lambda:\w*(?:CodeSigning|Layer|CapacityProvider|Scaling)/,
  /^logs:\w*(?:DataProtection|IndexPolic|ResourcePolic|BearerToken|LogDelivery|KmsKey|DeletionProtection)/,
  /^s3:REST|^cloudwatch:PutMetricData$|^kms:Encrypt$/,
];

/** The first that fits says on what; all that fits none is on everything, as its names are not known before. */
const RESOURCES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^iam:CreateServiceLinkedRole$/, ['arn:aws:iam::*:role/aws-service-role/*']],
  [/^iam:/, [`arn:aws:iam::*:role/${STACK}-*`]],
  [/^s3:/, ['arn:aws:s3:::cdk-*-assets-*']],
  [/^ssm:/, ['arn:aws:ssm:*:*:parameter/cdk-bootstrap/*']],
  [/^lambda:\w*EventSourceMapping/, ['*']],
  [/^lambda:/, [`arn:aws:lambda:*:*:function:${STACK}-*`, 'arn:aws:lambda:*:*:event-source-mapping:*']],
  [/^dynamodb:/, [`arn:aws:dynamodb:*:*:table/${STACK}-*`]],
  [/^events:/, [`arn:aws:events:*:*:rule/${STACK}-*`]],
  [/^sqs:/, [`arn:aws:sqs:*:*:${STACK}-*`]],
  [/^apigateway:/, ['arn:aws:apigateway:*::/*']],
];

/** A custom resource is a call of its function. */
const permissionsOf = (type: string) =>
  type.startsWith('Custom::') ? ['lambda:InvokeFunction'] : permissions[type];

const missing = types.filter((type) => permissionsOf(type) === undefined);
if (missing.length > 0) fail(`scripts/resource-permissions.json has nothing of ${missing.join(', ')}`);
const actions = [
  ...types.flatMap((type) => permissionsOf(type) ?? []),
  // The template's own parameter: the version of the bootstrap.
  'ssm:GetParameters',
].filter((action) => !OMITTED.some((omitted) => omitted.test(action)));

const byResource = new Map<string, Set<string>>();
for (const action of [...new Set(actions)].sort()) {
  const resources = RESOURCES.find(([fits]) => fits.test(action))?.[1] ?? ['*'];
  const key = JSON.stringify(resources);
  byResource.set(key, (byResource.get(key) ?? new Set()).add(action));
}
const policy = {
  Version: '2012-10-17',
  Statement: [...byResource].map(([resources, allowed]) => {
    const [only, ...more] = JSON.parse(resources) as string[];
    return { Effect: 'Allow', Action: [...allowed], Resource: more.length === 0 ? only : [only, ...more] };
  }),
};
const length = JSON.stringify(policy).length;
if (length > MAXIMUM_LENGTH) fail(`${FILE} would have ${length} characters; IAM takes ${MAXIMUM_LENGTH}`);

writeOrCheck(FILE, `${JSON.stringify(policy, null, 2)}\n`, 'npx tsx scripts/execution-policy.ts');

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
