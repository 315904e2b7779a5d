/** Requests to an Admin API that API Gateway guards with IAM. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { withoutNodeVersionWarning } from '../../lambda/aws/node-version-warning.ts';
import { CommandFailure } from './failure.ts';
import type { OutgoingRequest, Sign } from './remote-api.ts';

const ADMIN_API = 'execute-api';

/** @returns whether a host is API Gateway's own; behind a domain of one's own, nothing shows it. */
export const isAwsHost = (hostname: string): boolean => /\.amazonaws\.com(?:\.cn)?$/.test(hostname);

/**
 * Signature Version 4 with the AWS SDK's own credentials. The signer is the one that the DynamoDB client signs
 * with; that client sends nothing here.
 * @param region @default the one in the host's name, else the SDK's own
 * @param signingName the service's. @default API Gateway's, for APIs that it guards
 */
export function signWithSdk(url: URL, region: string | undefined, signingName = ADMIN_API): Sign {
  const [, ofHost] = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(url.hostname) ?? [];
  const known = region ?? ofHost;
  const { config } = clientIn(known);
  return async (request) => {
    try {
      const signingRegion = known ?? (await config.region());
      const signer = await config.signer({
        name: 'sigv4',
        signingName,
        signingRegion,
        properties: {},
      });
      const signed = await signer.sign(httpRequest(request));
      const { host: _, ...headers } = signed.headers;
      return headers;
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown failure';
      throw new CommandFailure(
        `the request cannot be signed (${name}); ${known === undefined ? 'give --region, ' : ''}set AWS_PROFILE, or log in with \`aws sso login\` or \`aws login\``,
      );
    }
  };
}

/** The region that the SDK takes where none is given. @throws CommandFailure where there is none. */
export async function regionOfSdk(): Promise<string> {
  try {
    return await clientIn(undefined).config.region();
  } catch {
    throw new CommandFailure('no AWS region; give --region, or set AWS_REGION');
  }
}

const clientIn = (region: string | undefined): DynamoDBClient =>
  withoutNodeVersionWarning(() => new DynamoDBClient(region === undefined ? {} : { region }));

/** As the signer takes it: path and query apart, the host among the headers. */
function httpRequest({ method, url, headers, body }: OutgoingRequest) {
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    ...(body !== undefined && { body }),
  };
}
