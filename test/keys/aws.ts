/** A stand-in for a service of AWS that speaks its JSON protocol, on the loopback. */
import { text } from 'node:stream/consumers';
import { isRecord } from '../../lambda/config/record.ts';
import { serve } from './support.ts';

const CREDENTIALS = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

export interface StandIn {
  /** The bodies of all requests, in their order. */
  readonly asked: Record<string, unknown>[];
  close(): Promise<void>;
}

/** What a service answers when something is wrong. */
export class AwsError {
  readonly type: string;
  readonly status: number;
  constructor(type: string, status = 400) {
    this.type = type;
    this.status = status;
  }
}

/**
 * Clients that are made from now on talk to it.
 * @param variable names the service's endpoint: `AWS_ENDPOINT_URL_…`.
 * @param answer undefined: nothing is ever answered.
 */
export async function standIn(
  variable: string,
  answer: (request: Record<string, unknown>) => object | undefined,
): Promise<StandIn> {
  const asked: Record<string, unknown>[] = [];
  const server = await serve(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    if (!isRecord(body)) throw new Error('a request is a mapping');
    asked.push(body);
    const result = answer(body);
    if (result === undefined) return;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.statusCode = result instanceof AwsError ? result.status : 200;
    response.end(
      JSON.stringify(result instanceof AwsError ? { __type: result.type, message: 'no' } : result),
    );
  });
  const restore = setVariables({ ...CREDENTIALS, [variable]: server.origin });
  return {
    asked,
    async close() {
      restore();
      await server.close();
    },
  };
}

/** @returns what sets them back. */
export function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
