import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComesAgain } from '../../lambda/attachment/again.ts';
import { ControlPlaneRefused, ControlPlaneUnavailable } from '../../lambda/attachment/control-plane.ts';
import { createCustomResource, RESERVED_MS } from '../../lambda/attachment/custom-resource.ts';
import type { Engine } from '../../lambda/attachment/engine.ts';
import { createGivenUp } from '../../lambda/attachment/given-up.ts';
import { JournalUnavailable, LeaseLost } from '../../lambda/attachment/journal.ts';
import { type DetachOutcome, LONGEST_CALL_MS, type ReconcileOutcome } from '../../lambda/attachment/run.ts';
import { AnswerNotSent, createSendAnswer } from '../../lambda/attachment/send-answer.ts';
import { clock, outcome } from '../keys/support.ts';
import { type AnswerAddress, createEvent, deleteEvent, serveAnswers, updateEvent } from './cloudformation.ts';
import { OWNER } from './wishes.ts';

const LAMBDA_MS = 900_000;
const A = { restApiId: 'aaaaaaaaaa' };
const B = { restApiId: 'bbbbbbbbbb' };
const ATTACHED = { kind: 'attached', warnings: [], isChanged: true, plan: { methods: [], stages: [] } };
const attached = ATTACHED as unknown as ReconcileOutcome;
const detached = { ...ATTACHED, kind: 'detached' } as unknown as DetachOutcome;
const refused = (...codes: string[]) =>
  ({
    kind: 'refused',
    refusals: codes.map((code) => ({ code, message: 'what it means', subjects: ['GET /orders'] })),
    warnings: [],
  }) as unknown as ReconcileOutcome & DetachOutcome;

let server: AnswerAddress;
beforeEach(async () => {
  server = await serveAnswers();
});
afterEach(() => server.close());

/** @param outcomes of the engine's runs, one after the other; the last one for good. */
async function handled(
  event: CloudFormationCustomResourceEvent,
  ...outcomes: readonly (ReconcileOutcome | DetachOutcome | Error)[]
) {
  const time = clock();
  const beganMs = time.now();
  const runs: { what: string; id: string; owner: string; untilMs: number | undefined }[] = [];
  const next = () => {
    const result = outcomes[Math.min(runs.length, outcomes.length) - 1];
    if (result instanceof Error) throw result;
    return result as never;
  };
  const engine: Engine = {
    reconcile: async ({ restApiId: id, owner }, { untilMs }) => {
      runs.push({ what: 'reconcile', id, owner, untilMs });
      return next();
    },
    detach: async (id, owner, { untilMs }) => {
      runs.push({ what: 'detach', id, owner, untilMs });
      return next();
    },
  };
  const log: string[] = [];
  const handler = createCustomResource({
    engine,
    send: createSendAnswer({ sleep: async (ms) => time.pass(ms) }),
    write: (line) => log.push(line),
    now: time.now,
    sleep: async (ms) => time.pass(ms),
  });
  const ended = await outcome(
    handler(
      { ...event, ResponseURL: `${server.origin}/s3cr3t` },
      { getRemainingTimeInMillis: () => LAMBDA_MS - (time.now() - beganMs) },
    ),
  );
  expect(log.join('')).not.toContain('s3cr3t');
  const answers = server.answers();
  const lines = log.map((line): Record<string, unknown> => JSON.parse(line));
  return { ended, runs, answers, lines, tookMs: time.now() - beganMs, beganMs };
}

describe('a request is answered once', () => {
  it.each([
    ['Create', createEvent(A), attached, 'reconcile'],
    ['Update', updateEvent(A, { ...A, stages: ['beta'] }), attached, 'reconcile'],
    ['Delete', deleteEvent(A), detached, 'detach'],
    ['Delete of what was never there', deleteEvent(A), { kind: 'not_attached' } as const, 'detach'],
    ['Delete of what is another’s', deleteEvent(A), { kind: 'not_attached', owner: 'x' } as const, 'detach'],
  ])('%s: SUCCESS with the API as the physical id', async (_, event, result, what) => {
    const { answers, runs, beganMs } = await handled(event, result);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: A.restApiId }]);
    const untilMs = beganMs + LAMBDA_MS - RESERVED_MS;
    expect(runs).toEqual([{ what, id: A.restApiId, owner: OWNER, untilMs }]);
    // A call that is under way, and the answer, still have time.
    expect(RESERVED_MS).toBeGreaterThan(LONGEST_CALL_MS + 60_000);
  });

  it.each([
    ['Create', createEvent(A)],
    ['Update', updateEvent(A, {})],
    ['Delete', deleteEvent(A)],
  ])('%s: FAILED with all refusals, and the API as the physical id', async (_, event) => {
    const { answers, lines } = await handled(event, refused('pending_edits', 'canary'));
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: A.restApiId }]);
    const { Reason } = answers[0] as { Reason: string };
    expect(Reason).toMatch(/pending_edits: .*GET \/orders\ncanary: /);
    expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'pending_edits',
      'canary',
      'refused',
    ]);
  });

  it('a detachment with stages that still refer to the authorizer fails, and names them', async () => {
    const inUse = { kind: 'authorizer_in_use', warnings: [], stages: ['beta', 'test'] } as const;
    const { answers } = await handled(deleteEvent(A), inUse);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringMatching(/\nbeta\ntest$/) }]);
  });

  it('properties that no stack makes are refused without a run', async () => {
    const event = createEvent(A);
    event.ResourceProperties['Wish'] = '{}';
    const { answers, runs } = await handled(event, attached);
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: A.restApiId }]);
    expect(runs).toEqual([]);
  });
});

describe('an Update to another API', () => {
  it('gives the new API’s id, and leaves the old one to CloudFormation’s Delete', async () => {
    const { answers, runs } = await handled(updateEvent(B, A), attached);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: B.restApiId }]);
    expect(runs.map(({ what, id }) => [what, id])).toEqual([['reconcile', B.restApiId]]);
    const after = await handled(deleteEvent(A), detached);
    expect(after.runs.map(({ what, id }) => [what, id])).toEqual([['detach', A.restApiId]]);
  });

  it('that is rolled back without a Delete takes away what it had begun', async () => {
    const rollback = updateEvent(A, B, { PhysicalResourceId: A.restApiId });
    const { answers, runs } = await handled(rollback, attached, detached);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: A.restApiId }]);
    expect(runs.map(({ what, id }) => [what, id])).toEqual([
      ['reconcile', A.restApiId],
      ['detach', B.restApiId],
    ]);
    // What is not gone is told of.
    const { answers: more } = await handled(rollback, attached, refused('pending_edits'));
    expect(more.at(-1)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: A.restApiId });
  });
});

describe('what is not done yet', () => {
  it.each([
    ['time ran out', { kind: 'unfinished' } as const],
    ['API Gateway is out of reach', new ControlPlaneUnavailable('GetResources: ECONNRESET')],
    ['the journal is out of reach', new JournalUnavailable('Query: ECONNRESET')],
    ['another run took over', new LeaseLost('lost')],
  ])('comes again where %s, and is not answered', async (_, result) => {
    const { ended, answers } = await handled(createEvent(A), result);
    expect(ended).toBeInstanceOf(ComesAgain);
    expect(answers).toEqual([]);
  });

  it('waits for another run, as long as there is time', async () => {
    const busy = (ms: number) => ({ kind: 'busy', untilMs: clock().now() + ms }) as const;
    const { answers, runs, tookMs } = await handled(createEvent(A), busy(60_000), busy(60_000), attached);
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(runs).toHaveLength(3);
    expect(tookMs).toBe(20_000);
    const forEver = await handled(createEvent(A), busy(3_600_000));
    expect(forEver.ended).toBeInstanceOf(ComesAgain);
    expect(forEver.tookMs).toBeLessThanOrEqual(LAMBDA_MS - RESERVED_MS);
    expect(forEver.tookMs).toBeGreaterThan(LAMBDA_MS - RESERVED_MS - 11_000);
  });

  it('begins again where somebody edits at the same time, three times at most', async () => {
    const changed = { kind: 'changed_meanwhile', subjects: ['GET /orders'] } as const;
    const good = await handled(createEvent(A), changed, changed, attached);
    expect(good.answers).toMatchObject([{ Status: 'SUCCESS' }]);
    const bad = await handled(createEvent(A), changed, changed, changed, attached);
    expect(bad.runs).toHaveLength(3);
    expect(bad.answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GET /orders'),
    });
  });

  it('gives permissions that the stack just made a minute to be known', async () => {
    const aws = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const denied = new ControlPlaneRefused('GetRestApi: AccessDeniedException', { cause: aws });
    expect((await handled(createEvent(A), denied, denied, attached)).answers).toMatchObject([
      { Status: 'SUCCESS' },
    ]);
    const forEver = await handled(createEvent(A), denied);
    expect(forEver.tookMs).toBe(60_000);
    expect(forEver.answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GetRestApi: AccessDeniedException'),
    });
  });

  it('fails at once where API Gateway says no, and quotes nobody else’s errors', async () => {
    const no = await handled(createEvent(A), new ControlPlaneRefused('UpdateMethod: BadRequestException'));
    expect(no.answers.at(-1)).toMatchObject({ Reason: expect.stringContaining('UpdateMethod') });
    const bug = await handled(createEvent(A), new TypeError('cannot read s3cr3t of undefined'));
    expect(bug.answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('TypeError'),
    });
    expect(JSON.stringify([bug.answers, bug.lines])).not.toContain('s3cr3t');
  });

  it('comes again where CloudFormation’s address cannot be reached', async () => {
    await server.close();
    const gone = await serveAnswers(...Array.from({ length: 6 }, () => 500));
    server = gone;
    const { ended, lines } = await handled(createEvent(A), attached);
    expect(ended).toBeInstanceOf(AnswerNotSent);
    expect(lines.at(-1)).toMatchObject({ message: 'answer_not_sent', restApiId: A.restApiId });
    expect((await handled(createEvent(A), attached)).ended).toBeUndefined();
  });
});

describe('what Lambda gives up', () => {
  const given = async (payload: object | null) => {
    const log: string[] = [];
    const giveUp = createGivenUp({
      send: createSendAnswer({ sleep: async () => undefined }),
      write: (line) => log.push(line),
    });
    await giveUp({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { ...createEvent(A), ResponseURL: `${server.origin}/s3cr3t` },
      responsePayload: payload,
    });
    expect(log.join('')).not.toContain('s3cr3t');
    return (server.answers().at(-1) as { Reason: string }).Reason;
  };

  it('is answered with FAILED, and what the last run said', async () => {
    expect(await given({ errorType: 'ComesAgain', errorMessage: 'GetStages: 503' })).toMatch(
      /3 runs.*\nGetStages: 503/,
    );
    expect(server.answers()).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: A.restApiId }]);
  });

  it.each([
    ['a run that was killed', { errorType: 'Sandbox.Timedout', errorMessage: 's3cr3t' }, 'Sandbox.Timedout'],
    ['one of which nothing is known', null, '3 runs'],
  ])('is answered after %s', async (_, payload, text) => {
    const reason = await given(payload);
    expect(reason).toContain(text);
    expect(reason).not.toContain('s3cr3t');
  });
});
