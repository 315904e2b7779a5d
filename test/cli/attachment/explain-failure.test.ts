/** What a person reads of errors that ended a run: what to do, in one line, and no stack. */
import { describe, expect, it, test } from 'vitest';
import { explainFailure } from '../../../bin/attachment/explain-failure.ts';
import { CommandFailure } from '../../../bin/consumers/failure.ts';
import { ControlPlaneRefused, ControlPlaneUnavailable } from '../../../lambda/attachment/control-plane.ts';
import { JournalUnavailable, LeaseLost } from '../../../lambda/attachment/journal.ts';

const place = { restApiId: 'api1', journalTable: 'attachments' };

const sdkError = (name: string, httpStatusCode: number, message = name) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

function explained(error: unknown): string {
  const failure = explainFailure(error, place);
  expect(failure).toBeInstanceOf(CommandFailure);
  const { message } = failure as CommandFailure;
  expect(message).not.toContain('\n');
  return message;
}

describe('of API Gateway', () => {
  test.each([
    [ControlPlaneUnavailable, 'TooManyRequestsException', 429, /asked to wait .*later/],
    [ControlPlaneUnavailable, 'ServiceUnavailableException', 503, /cannot be reached \(Service.*network/],
    [ControlPlaneRefused, 'AccessDeniedException', 403, /may not use the REST API api1; .*apigateway/],
    [ControlPlaneRefused, 'NotFoundException', 404, /no such thing as the REST API api1 .*--rest-api-id/],
    [ControlPlaneRefused, 'ExpiredTokenException', 403, /log in again/],
    [ControlPlaneRefused, 'BadRequestException', 400, /says no .*\(BadRequestException\): what is wrong$/],
  ])('%o %s', (Kind, name, status, said) => {
    expect(explained(new Kind(name, { cause: sdkError(name, status, 'what is wrong') }))).toMatch(said);
  });

  it('tells an API that is full from an account that is busy', () => {
    const full = sdkError(
      'LimitExceededException',
      429,
      'Maximum number of Authorizers for this API has been reached',
    );
    expect(explained(new ControlPlaneRefused('CreateAuthorizer', { cause: full }))).toContain(
      'Maximum number',
    );
    const busy = sdkError('LimitExceededException', 429, 'Too many');
    expect(explained(new ControlPlaneUnavailable('GetStages', { cause: busy }))).toContain('later');
  });

  it('has the engine’s own words where AWS has none', () => {
    const text = 'CreateDeployment answered without an id';
    expect(explained(new ControlPlaneUnavailable(text))).toBe(text);
  });
});

describe('of the journal', () => {
  test.each([
    ['ResourceNotFoundException', 400, /no such thing as the journal's table attachments .*--journal-table/],
    ['AccessDeniedException', 400, /may not use the journal's table attachments; .*Query/],
    ['ProvisionedThroughputExceededException', 400, /later/],
    ['InternalServerError', 500, /the journal's table attachments cannot be reached/],
  ])('%s', (name, status, said) => {
    expect(explained(new JournalUnavailable('Query', { cause: sdkError(name, status) }))).toMatch(said);
  });

  it('is told apart from another run', () => {
    expect(explained(new LeaseLost('another run works on api1'))).toContain('another run');
    expect(explained(new JournalUnavailable('journal: header is malformed'))).toContain('malformed');
  });
});

test.each([new TypeError('undefined is no function'), new CommandFailure('said already'), 'thrown'])(
  'leaves %s as it is',
  (error) => {
    expect(explainFailure(error, place)).toBe(error);
  },
);
