import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';

/** How a request of CloudFormation's ended. */
export interface Ending {
  /** The REST API's id: another one would make CloudFormation delete what has the old one. */
  readonly physicalResourceId: string;
  /** Undefined: all is well. */
  readonly failure?: Failure | undefined;
}

/** Why it did not work: a headline, and line by line what there is to it. */
export interface Failure {
  readonly headline: string;
  readonly details: readonly string[];
}

/** What CloudFormation reads of an answer, in bytes. */
const MAX_BYTES = 4096;
const CUT = '...';

/**
 * The body of the answer. What a failure has to say is cut until all of it fits.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function answerTo(
  { StackId, RequestId, LogicalResourceId }: CloudFormationCustomResourceEvent,
  { physicalResourceId, failure }: Ending,
): string {
  // Nothing of it is for others: no Data, and none of what may come later is shown.
  const named = {
    PhysicalResourceId: physicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
    NoEcho: true,
  };
  const answer = (Reason: string): CloudFormationCustomResourceResponse =>
    failure === undefined ? { Status: 'SUCCESS', ...named } : { Status: 'FAILED', Reason, ...named };
  const room = MAX_BYTES - Buffer.byteLength(JSON.stringify(answer('')));
  return JSON.stringify(answer(failure === undefined ? '' : reasonWithin(room, failure)));
}

/** As many lines as fit, and how many do not. @param room in bytes of JSON, quotes not counted. */
function reasonWithin(room: number, { headline, details }: Failure): string {
  const shown = (count: number): string => {
    const more = details.length - count;
    return [headline, ...details.slice(0, count), ...(more > 0 ? [andMore(more)] : [])].join('\n');
  };
  if (bytesOf(shown(details.length)) <= room) return shown(details.length);
  let count = 0;
  while (count + 1 < details.length && bytesOf(shown(count + 1)) <= room) count += 1;
  if (count > 0) return shown(count);
  // Not even the first one: as much of it as fits.
  const rest = details.length > 1 ? `\n${andMore(details.length - 1)}` : '';
  const start = [headline, ...details.slice(0, 1)].join('\n');
  return cutTo(room - bytesOf(CUT + rest), start) + CUT + rest;
}

const andMore = (count: number): string => `...and ${count} more`;

/** The longest beginning that fits, without half a character. */
function cutTo(room: number, text: string): string {
  const characters = [...text];
  let [fits, tooMany] = [0, characters.length + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytesOf(characters.slice(0, middle).join('')) <= room) fits = middle;
    else tooMany = middle;
  }
  return characters.slice(0, fits).join('');
}

/** In JSON, where a line's end and a quotation mark are two bytes. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
