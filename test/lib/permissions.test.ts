import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { representativeStacks } from './representative.ts';

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

/** Where a permission is on more than one resource by name, and why there is no other way. */
const ARGUED: readonly {
  readonly of: string;
  readonly actions: RegExp;
  readonly resource: RegExp;
  readonly why: string;
}[] = [
  {
    of: 'AWS::KMS::Key',
    actions: /^kms:\*$/,
    resource: /^"\*"$/,
    why: "In a key's policy `*` is this key; and without the account's administration of it, nobody could ever change it.",
  },
  {
    of: 'AWS::ApiGateway::RestApi',
    actions: /^execute-api:Invoke$/,
    resource: /^"execute-api:\/\*"$/,
    why: "In an API's policy it is every method of this API, each of which an administrator may call.",
  },
  {
    of: 'AWS::IAM::Policy',
    actions: /^xray:Put(TraceSegments|TelemetryRecords)$/,
    resource: /^"\*"$/,
    why: 'X-Ray knows no resources.',
  },
  {
    of: 'AWS::IAM::Policy',
    actions: /^apigateway:DELETE$/,
    resource: /::\/apikeys\/\*"/,
    why: 'IAM knows an API key by its id, which API Gateway draws when the key is made.',
  },
  ...[
    ['GET', '(resources|stages|deployments)\\/\\*'],
    ['PATCH', '(resources\\/\\*\\/methods|authorizers|stages)\\/\\*'],
    ['DELETE', '((authorizers|deployments)\\/\\*|stages\\/\\*\\/cache\\/authorizers)'],
  ].map(([verb, below]) => ({
    of: 'AWS::IAM::Policy',
    actions: new RegExp(`^apigateway:${verb}$`),
    resource: new RegExp(`::/restapis/a1b2c3d4e5/${below}"`),
    why: 'Below the one API that is attached to, whose ids API Gateway draws: lib/attachment-permissions.ts has each.',
  })),
  {
    of: 'AWS::IAM::Policy',
    actions: /^lambda:InvokeFunction$/,
    resource: /\{"Fn::GetAtt":\["AuthorizerFunction\w+","Arn"\]\},":\*"/,
    why: 'Old deployments of an API that exists refer to old versions of the one function.',
  },
  {
    of: 'AWS::IAM::Policy',
    actions: /^secretsmanager:GetSecretValue$/,
    resource: /:secret:[^*]+-\?{6}"/,
    why: 'Secrets Manager draws the last six characters of a secret’s ARN.',
  },
];

/** Every statement of a template that allows something, with the type of the resource that it stands in. */
function allowances(
  template: Template,
): readonly (Statement & { readonly of: string; readonly id: string })[] {
  const { Resources } = template.toJSON() as {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
    documentsOf(Properties).flatMap(({ Statement = [] }) =>
      Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({
        ...statement,
        of: Type,
        id,
      })),
    ),
  );
}

type Document = { readonly Statement?: readonly Statement[] };

/** Wherever they stand: no property of a resource is left out. */
function documentsOf(value: unknown): readonly Document[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(documentsOf);
  return 'Statement' in value ? [value as Document, ...inner] : inner;
}

const actionsOf = ({ Action = [] }: Statement) => [Action].flat();
const resourcesOf = ({ Resource }: Statement) => [Resource ?? []].flat().map((one) => JSON.stringify(one));
const isWide = (statement: Statement) =>
  [...actionsOf(statement), ...resourcesOf(statement)].some((text) => /[*?]/.test(text));
const isArgued = (statement: Statement & { readonly of: string }) =>
  resourcesOf(statement)
    .filter((resource) => /[*?]/.test(resource))
    .every((resource) =>
      actionsOf(statement).every((action) =>
        ARGUED.some(
          (one) => one.of === statement.of && one.actions.test(action) && one.resource.test(resource),
        ),
      ),
    );

const templates = new Map(
  [...representativeStacks()].map(([name, make]) => [name, Template.fromStack(make())]),
);

describe('a permission', () => {
  it.each([...templates])('names its resources, or it is argued why not: %s', (_, template) => {
    const all = allowances(template);
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter((statement) => isWide(statement) && !isArgued(statement))).toEqual([]);
  });

  it('of all resources that has an argument is there', () => {
    const wide = [...templates.values()].flatMap(allowances).filter(isWide);
    const unused = ARGUED.filter(
      ({ of, actions, resource }) =>
        !wide.some(
          (statement) =>
            statement.of === of &&
            actionsOf(statement).some((action) => actions.test(action)) &&
            resourcesOf(statement).some((one) => resource.test(one)),
        ),
    );
    expect(unused.map(({ why }) => why)).toEqual([]);
  });

  it('that is wide without an argument would be seen', () => {
    const of = 'AWS::IAM::Policy';
    const allow = (Action: string, Resource: unknown) => ({ of, Effect: 'Allow', Action, Resource });
    for (const statement of [
      allow('dynamodb:*', 'arn:aws:dynamodb:eu-west-1:111122223333:table/t'),
      allow('dynamodb:GetItem', '*'),
      allow('dynamodb:GetItem', ['arn:a', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['T', 'Arn'] }, '/*']] }]),
      allow('kms:*', '*'),
    ])
      expect([isWide(statement), isArgued(statement) && !/\*/.test(statement.Action)]).toEqual([true, false]);
  });

  it('is nobody’s outside of the account, but the service’s that needs it', () => {
    for (const [name, template] of templates)
      for (const { Principal, id } of allowances(template)) {
        if (Principal === undefined) continue;
        const said = JSON.stringify(Principal);
        const isNarrow = /^\{"(Service|AWS)":/.test(said) && !/"\*"/.test(said);
        expect({ name, id, said, isNarrow }).toMatchObject({ isNarrow: true });
      }
  });
});
