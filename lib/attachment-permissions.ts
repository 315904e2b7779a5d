/** What of API Gateway's control plane an attachment may do: with the one API, and of that as little as there is. */
import { Aws } from 'aws-cdk-lib';
import { type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeResource } from './acknowledge-resource.ts';

/**
 * Reading an API: its methods, authorizers, stages, and what those serve. All stages, since others may serve the
 * authorizer too.
 */
export function allowReading(scope: Construct, roles: readonly IRole[], restApiId: string): Policy {
  return allow(scope, 'Read', roles, [
    {
      verb: 'GET',
      paths: ['', '/resources', '/authorizers', '/stages', '/deployments'].map(
        (part) => `${restApiId}${part}`,
      ),
    },
    {
      verb: 'GET',
      // With their methods, which come embedded.
      paths: [`${restApiId}/resources/*`],
      why: 'API Gateway draws the ids of resources; reading methods is what this is for.',
    },
    {
      verb: 'GET',
      paths: [`${restApiId}/stages/*`],
      why: 'Stages of any name, and their exports: whether others than those attached serve the authorizer too.',
    },
    {
      verb: 'GET',
      paths: [`${restApiId}/deployments/*`],
      why: 'API Gateway draws the ids of deployments; one is looked at before a stage is moved to it.',
    },
  ]);
}

/**
 * Changing what protects its methods, and deploying that to stages. IAM knows no patch operations: that of a method
 * nothing but its authorization is changed is the engine's to keep.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
 */
export function allowAttaching(scope: Construct, roles: readonly IRole[], restApiId: string): Policy {
  return allow(scope, 'Change', roles, [
    { verb: 'POST', paths: [`${restApiId}/authorizers`, `${restApiId}/deployments`] },
    {
      verb: 'PATCH',
      paths: [`${restApiId}/resources/*/methods/*`],
      why: 'API Gateway draws the ids of resources. Which methods are selected is known when the API has been read.',
    },
    ...(['PATCH', 'DELETE'] as const).map((verb) => ({
      verb,
      paths: [`${restApiId}/authorizers/*`],
      why: 'API Gateway draws the ids of authorizers; those alone are touched that carry the name of this attachment.',
    })),
    {
      verb: 'DELETE',
      paths: [`${restApiId}/deployments/*`],
      why: 'API Gateway draws the ids of deployments; those alone go that this attachment made and no stage serves.',
    },
    {
      verb: 'PATCH',
      paths: [`${restApiId}/stages/*`],
      why: LEFT_STAGES,
    },
    {
      verb: 'DELETE',
      paths: [`${restApiId}/stages/*/cache/authorizers`],
      why: LEFT_STAGES,
    },
  ]);
}

const LEFT_STAGES =
  'Stages of the one API. A stage that is attached no more stays protected until all is put back; by then the journal alone knows its name.';

interface Allowed {
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/restapis/`. */
  readonly paths: readonly string[];
  /** Why there is a `*`. */
  readonly why?: string;
}

function allow(scope: Construct, id: string, roles: readonly IRole[], allowed: readonly Allowed[]): Policy {
  const arnOf = (path: string) => `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${path}`;
  const policy = new Policy(scope, id, {
    roles: [...roles],
    statements: allowed.map(
      ({ verb, paths }) =>
        new PolicyStatement({ actions: [`apigateway:${verb}`], resources: paths.map(arnOf) }),
    ),
  });
  for (const { paths, why } of allowed)
    if (why !== undefined) for (const path of paths) acknowledgeResource(policy, arnOf(path), why);
  return policy;
}
