/** CloudFormation, as far as a custom resource sees it: its events, and the address that takes an answer. */
import { text } from 'node:stream/consumers';
import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceResponse,
  CloudFormationCustomResourceUpdateEvent,
} from 'aws-lambda';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { type Served, serve } from '../keys/support.ts';
import { wishOf } from './wishes.ts';

export const STACK_ID = 'arn:aws:cloudformation:us-east-1:111122223333:stack/jwt/1';
export const LOGICAL_ID = 'Attachment';

const properties = (wish: Partial<Wish>) => {
  const { owner: _stack, ...rest } = wishOf(wish);
  return {
    ServiceToken: 'arn',
    ServiceTimeout: '3600',
    RestApiId: rest.restApiId,
    Wish: JSON.stringify(rest),
  };
};

type Common = Partial<Pick<CloudFormationCustomResourceEvent, 'StackId' | 'ResponseURL' | 'RequestId'>>;

const common = (more: Common) => ({
  ResponseURL: 'http://127.0.0.1:1/never',
  StackId: STACK_ID,
  RequestId: 'request-1',
  LogicalResourceId: LOGICAL_ID,
  ResourceType: 'Custom::JwtAuthorizerAttachment',
  ServiceToken: 'arn',
  ...more,
});

export const createEvent = (
  wish: Partial<Wish> = {},
  more: Common = {},
): CloudFormationCustomResourceEvent => ({
  ...common(more),
  RequestType: 'Create',
  ResourceProperties: properties(wish),
});

export const updateEvent = (
  wish: Partial<Wish>,
  before: Partial<Wish>,
  more: Common & { PhysicalResourceId?: string } = {},
): CloudFormationCustomResourceUpdateEvent => ({
  ...common(more),
  RequestType: 'Update',
  PhysicalResourceId: more.PhysicalResourceId ?? properties(before).RestApiId,
  ResourceProperties: properties(wish),
  OldResourceProperties: properties(before),
});

export const deleteEvent = (
  wish: Partial<Wish> = {},
  more: Common & { PhysicalResourceId?: string } = {},
): CloudFormationCustomResourceEvent => ({
  ...common(more),
  RequestType: 'Delete',
  PhysicalResourceId: more.PhysicalResourceId ?? properties(wish).RestApiId,
  ResourceProperties: properties(wish),
});

/** What came to the address. */
export interface Received {
  readonly method: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface AnswerAddress extends Served {
  readonly received: readonly Received[];
  /** The bodies, parsed. */
  answers(): readonly CloudFormationCustomResourceResponse[];
}

/** @param statuses given one after the other, and 200 from then on; 0 ends the connection without any. */
export async function serveAnswers(...statuses: readonly number[]): Promise<AnswerAddress> {
  const received: Received[] = [];
  const server = await serve(async (request, response) => {
    const status = statuses[received.length] ?? 200;
    received.push({ method: request.method, headers: request.headers, body: await text(request) });
    if (status === 0) request.socket.destroy();
    else response.writeHead(status).end();
  });
  return { ...server, received, answers: () => received.map(({ body }) => JSON.parse(body)) };
}
