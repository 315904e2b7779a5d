import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { representativeStacks } from './representative.ts';

/** What must not change, and the types that are made. Sorted; changed by hand, after what a failed test shows. */
interface Pinned {
  readonly types: readonly string[];
  /** By the id of the stack and the logical id: the type, with the values that make another resource when changed. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

interface Resource {
  readonly type: string;
  readonly fixed?: Readonly<Record<string, unknown>>;
}

/**
 * Types that hold something, that callers know by an id or a name, or of which API Gateway and Lambda take one at a
 * time, with the properties that CloudFormation replaces them for (`createOnlyProperties` of AWS's resource schemas; of
 * a table, AWS's page names its keys too; a secret is drawn again).
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Account': [],
  'AWS::ApiGateway::Authorizer': ['Name'],
  'AWS::ApiGateway::GatewayResponse': ['ResponseType'],
  'AWS::ApiGateway::Method': ['HttpMethod'],
  'AWS::ApiGateway::Resource': ['PathPart'],
  'AWS::ApiGateway::RestApi': [],
  'AWS::ApiGateway::Stage': ['StageName'],
  'AWS::ApiGateway::UsagePlan': ['UsagePlanName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::Lambda::EventInvokeConfig': ['Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['StartingPosition'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::SecretsManager::Secret': ['Name', 'GenerateSecretString'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  // Its id is part of whose the attachment is; another finds that the API is taken.
  'Custom::JwtAuthorizerAttachment': ['RestApiId'],
};

/** Types that may be others after an update: nobody knows them, or to be another is what they are for. */
const FREE = [
  'AWS::ApiGateway::Deployment',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::MetricFilter',
  'AWS::SQS::QueuePolicy',
];

const WHY = `
An update of a deployed stack deletes a resource whose logical id is no longer there and makes a new one: a table, a key, a
secret or a log stays behind where nobody looks for it, with all that is in it; an API gets another URL; API Gateway and Lambda
refuse a second one of what there may be one of. A changed value below \`fixed\` does the same. So give the construct the id
that it had. What is new is added to test/lib/pinned-resources.json; what goes away there goes away for everybody who updates:
say so in CHANGELOG.md.`;

type Properties = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;

const FILE = new URL('pinned-resources.json', import.meta.url);
const pinned = JSON.parse(readFileSync(FILE, 'utf8')) as Pinned;
const stacks = new Map([...representativeStacks()].map(([name, make]) => [name, seen(make())]));

function seen(stack: Stack): { readonly stackId: string; readonly resources: Resources } {
  return { stackId: stack.node.id, resources: Template.fromStack(stack).toJSON()['Resources'] };
}

function pinnedOf(resources: Resources): Record<string, Resource> {
  const entries = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    const names = PINNED[Type];
    if (names === undefined) return [];
    const fixed = names.flatMap((name) => (name in Properties ? [[name, Properties[name]] as const] : []));
    return [[id, { type: Type, ...(fixed.length > 0 && { fixed: Object.fromEntries(fixed) }) }] as const];
  });
  return Object.fromEntries(entries);
}

describe('what an update must leave as it is', () => {
  it.each([...stacks])('is what it was: %s', (_, { stackId, resources }) => {
    const now = pinnedOf(resources);
    expect(now, WHY).toEqual(
      Object.fromEntries(Object.keys(now).map((id) => [id, pinned.resources[stackId]?.[id]])),
    );
  });

  it('is there still', () => {
    const now: Record<string, Record<string, Resource>> = {};
    for (const { stackId, resources } of stacks.values())
      now[stackId] = { ...now[stackId], ...pinnedOf(resources) };
    expect(now, WHY).toEqual(pinned.resources);
  });

  it('is known of every type', () => {
    const types = [...stacks.values()].flatMap(({ resources }) =>
      Object.values(resources).map(({ Type }) => Type),
    );
    expect([...new Set(types)].sort(), 'say in PINNED or FREE what an update does to it').toEqual(
      pinned.types,
    );
    expect([...Object.keys(PINNED), ...FREE].sort()).toEqual(pinned.types);
  });

  it('is kept where it would be missed', () => {
    for (const { resources } of stacks.values())
      for (const [id, resource] of Object.entries(resources)) {
        if (!/^AWS::(DynamoDB|KMS|SecretsManager)::|::LogGroup$/.test(resource.Type)) continue;
        expect({ id, ...resource }).toMatchObject({
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
        });
      }
  });
});
