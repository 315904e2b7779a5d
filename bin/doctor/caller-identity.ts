import { CommandFailure } from '../consumers/failure.ts';
import { reasonOf } from '../consumers/remote-api.ts';
import { regionOfSdk, signWithSdk } from '../consumers/sign.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, problem, unknown, saying } = findingsIn('aws');

const TIMEOUT_MS = 10_000;
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * Who the AWS SDK's own credentials are. STS answers everybody whom AWS knows, whatever else they may do.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function checkCallerIdentity(): Promise<Finding> {
  try {
    const region = await regionOfSdk();
    return await ask(endpointIn(region), region);
  } catch (error) {
    if (error instanceof CommandFailure) return saying('problem', 'credentials', error.message);
    throw error;
  }
}

function endpointIn(region: string): URL {
  const { AWS_ENDPOINT_URL_STS: own, AWS_ENDPOINT_URL: all } = process.env;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(own ?? all ?? `https://sts.${region}.${suffix}/`);
}

async function ask(url: URL, region: string): Promise<Finding> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const signed = await signWithSdk(url, region, 'sts')({ method: 'POST', url, headers, body: BODY });
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(url, { method: 'POST', headers: signed, body: BODY, redirect: 'error', signal });
    text = await response.text();
  } catch (error) {
    return unknown(
      'aws_unreachable',
      `${url.host} cannot be reached (${reasonOf(error)})`,
      'look at the network and the region',
    );
  }
  const arn = /<Arn>(arn:[\w+=,.@:/-]+)<\/Arn>/.exec(text)?.[1];
  if (response.ok && arn !== undefined)
    return ok('credentials', `AWS knows these credentials as ${arn}, in ${region}`);
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `HTTP ${response.status}`;
  return response.status < 500
    ? problem(
        'credentials',
        `AWS does not take these credentials (${code})`,
        'log in again, or set AWS_PROFILE',
      )
    : unknown('aws_unreachable', `${url.host} answered ${response.status}`, 'try again');
}
