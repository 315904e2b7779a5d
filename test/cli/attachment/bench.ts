/** The commands on the model of API Gateway, a journal in an embedded DynamoDB, and a stack that names both. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Terminal } from '../../../bin/commands/terminal.ts';
import { openJournal } from '../../../lambda/attachment/dynamodb-journal.ts';
import type { Journal } from '../../../lambda/attachment/journal.ts';
import { openControlPlane } from '../../../lambda/attachment/open-control-plane.ts';
import { reconcile } from '../../../lambda/attachment/reconcile.ts';
import type { ReconcileOutcome } from '../../../lambda/attachment/run.ts';
import type { Wish } from '../../../lambda/attachment/wish.ts';
import { createJournalTable } from '../../attachment/journal-table.ts';
import { wishOf } from '../../attachment/wishes.ts';
import { configFile } from '../../e2e/command.ts';
import { type CloudFormation, startCloudFormation } from '../../support/cloud-formation.ts';
import { type Scene, startScene } from '../../support/control-plane/scene.ts';
import { startDynalite } from '../../support/dynalite.ts';
import { type ConfigFile, closeAtEnd } from '../../support/gateway.ts';
import { cli, type Ran } from '../cli.ts';
import { withEnvironment } from '../environment.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:authorizer:1';
export const INVOKE_ROLE_ARN = 'arn:aws:iam::111122223333:role/invoke';
export const JOURNAL_TABLE = 'attachments';
const OWNER_IN_STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/Orders/5a2b/Attachment';

export interface Bench {
  readonly scene: Scene;
  readonly aws: CloudFormation;
  /** For commands: credentials, region, and where AWS is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the configuration that the function has. */
  readonly config: string;
  /** What stands before a method where a stage serves it; undefined: it serves no such method. */
  served(stageName: string, route: string): string | undefined;
  /** What a stage serves, as AWS exports it. */
  exported(stageName: string): Promise<unknown>;
  readonly journal: Journal;
  /** As a resource of the stack does it. */
  attachAsStack(wish?: Partial<Wish>): Promise<ReconcileOutcome>;
  /** Runs a command to its end, with the configuration. */
  run(args: readonly string[], how?: How): Promise<Ran>;
}

interface How {
  readonly stdin?: string;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly terminal?: Partial<Terminal>;
}

/** @param file beside the policy. */
export async function openBench(file: ConfigFile = {}): Promise<Bench> {
  const scene = closeAtEnd(await startScene({ stages: ['prod', 'dev'] }));
  const aws = closeAtEnd(await startCloudFormation());
  const dynamoDb = closeAtEnd(await startDynalite());
  const client = new DynamoDBClient({
    ...{ endpoint: dynamoDb.endpoint, region: 'us-east-1' },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  closeAtEnd({ close: async () => client.destroy() });
  await createJournalTable(client, JOURNAL_TABLE);
  const journal = openJournal({ tableName: JOURNAL_TABLE, client });
  aws.stacks.set('Orders', {
    outputs: {
      AuthorizerFunctionArn: FUNCTION_ARN,
      InvokeRoleArn: INVOKE_ROLE_ARN,
      AttachmentJournalTable: JOURNAL_TABLE,
    },
  });
  const variables = {
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' },
    ...{ AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none', AWS_EC2_METADATA_DISABLED: 'true' },
    AWS_ENDPOINT_URL_API_GATEWAY: scene.origin,
    AWS_ENDPOINT_URL_CLOUDFORMATION: aws.origin,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
  };
  const jwt = { secretOrPublicKey: 's'.repeat(64), algorithms: ['HS256'], checkCredentialExistence: false };
  const config = await configFile({ jwt, ...file });
  return {
    ...{ scene, aws, variables, config },
    served: (stageName, route) => servedIn(scene, stageName, route),
    exported: (stageName) => openControlPlane({ client: scene.client }).getExport(scene.restApiId, stageName),
    journal,
    attachAsStack: (wish = {}) =>
      reconcile(wishOf({ restApiId: scene.restApiId, owner: OWNER_IN_STACK, ...wish }), {
        controlPlane: openControlPlane({ client: scene.client }),
        journal,
      }),
    run: (args, { stdin = '', variables: more = {}, terminal = {} } = {}) =>
      withEnvironment({ ...variables, ...more }, () =>
        cli([...args, '--config', config], stdin, false, terminal),
      ),
  };
}

function servedIn({ model, at }: Scene, stageName: string, route: string): string | undefined {
  const { deployments, stages } = model.api;
  const deployment = deployments.get(stages.get(stageName)?.deploymentId ?? '');
  const { resourceId, httpMethod } = at(route);
  return deployment?.definition.resources.get(resourceId)?.methods.get(httpMethod)?.authorizationType;
}
