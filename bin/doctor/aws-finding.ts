import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { awsFailure, type Called } from '../attachment/aws-failure.ts';
import { safeText } from '../commands/terminal.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { type Area, type Finding, findingsIn } from './finding.ts';

/** What answers, and with what nobody can use. */
const isOutage = (error: unknown): error is Error =>
  error instanceof StoreUnavailable || error instanceof KeyUnavailable;

/** Names of errors that do not depend on who asks. */
const SURE =
  /NotFound|CredentialsProviderError|TokenProviderError|UnrecognizedClient|InvalidClientTokenId|Expired|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature/;

/**
 * What an error of AWS's means for a check: a problem where anybody would get it, else nobody can tell from here, since the
 * function has permissions and a network of its own.
 * @throws the error, where it is a bug.
 */
export function awsFinding(area: Area, error: unknown, called: Called): Finding {
  const { saying, unknown } = findingsIn(area);
  const failure = error instanceof CommandFailure ? error : awsFailure(error, called);
  if (failure === undefined && isOutage(error))
    return unknown('nonsense', safeText(error.message), `check ${called.options}, and try again`);
  if (failure === undefined) throw error;
  const isSure = SURE.test(namesIn(error)) || /no AWS region|there is no/.test(failure.message);
  const { message } = failure;
  const sentence = message.includes('; ') ? message : `${message}; check ${called.options}`;
  return saying(isSure ? 'problem' : 'unknown', codeOf(error), sentence);
}

const namesIn = (error: unknown): string =>
  causesOf(error)
    .map(({ name }) => name)
    .join(' ');

function codeOf(error: unknown): string {
  const names = namesIn(error);
  if (/NotFound/.test(names)) return 'not_found';
  if (/AccessDenied|Unauthorized/.test(names)) return 'access_denied';
  return /Credentials|Token|Client|Signature|Expired/.test(names) ? 'credentials' : 'aws_unreachable';
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error; each = each.cause) causes.push(each);
  return causes;
}
