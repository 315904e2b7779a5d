import { ControlPlaneRefused, ControlPlaneUnavailable } from '../../lambda/attachment/control-plane.ts';
import { JournalUnavailable, LeaseLost } from '../../lambda/attachment/journal.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { awsFailure, type Called } from './aws-failure.ts';
import type { Place } from './place.ts';

/** What to do about an error of the engine's; one that is not the engine's or AWS's stays what it is. */
export function explainFailure(error: unknown, { restApiId, journalTable }: Place): unknown {
  if (error instanceof LeaseLost)
    return new CommandFailure('another run has taken over; wait for its end, then run it again');
  const called = error instanceof JournalUnavailable ? journalOf(journalTable) : apiOf(restApiId);
  const failure = awsFailure(error, called);
  if (failure !== undefined) return failure;
  const isEngines = [ControlPlaneRefused, ControlPlaneUnavailable, JournalUnavailable].some(
    (kind) => error instanceof kind,
  );
  return isEngines ? new CommandFailure((error as Error).message) : error;
}

const journalOf = (table: string): Called => ({
  what: `the journal's table ${table}`,
  options: '--journal-table or --stack, and --region',
  permissions: 'GetItem, PutItem, UpdateItem, DeleteItem and Query of it',
});

const apiOf = (restApiId: string): Called => ({
  what: `the REST API ${restApiId}`,
  options: '--rest-api-id and --region',
  permissions: "apigateway's GET, POST, PATCH and DELETE of it, and iam:PassRole of the invoke role",
});
