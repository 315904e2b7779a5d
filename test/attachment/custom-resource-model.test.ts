/** The custom resource, with the engine, on the model of API Gateway: what CloudFormation sees, and what callers of the API do. */
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { createCustomResource } from '../../lambda/attachment/custom-resource.ts';
import { detach } from '../../lambda/attachment/detach.ts';
import { reconcile } from '../../lambda/attachment/reconcile.ts';
import type { Dependencies } from '../../lambda/attachment/run.ts';
import { createSendAnswer } from '../../lambda/attachment/send-answer.ts';
import { outcome } from '../keys/support.ts';
import { type Bench, Killed, killAt, openBench, revive } from './bench.ts';
import {
  type AnswerAddress,
  createEvent,
  deleteEvent,
  STACK_ID,
  serveAnswers,
  updateEvent,
} from './cloudformation.ts';
import { expectNothingWeakened } from './expectations.ts';
import { selectors } from './wishes.ts';

const ALL = { takeOver: true };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

interface Stack {
  readonly bench: Bench;
  readonly server: AnswerAddress;
  /** What the invocation ended with, and what CloudFormation has heard by then. */
  send(event: CloudFormationCustomResourceEvent, dependencies?: Dependencies): Promise<string | undefined>;
}

async function openStack(): Promise<Stack> {
  const bench = await openBench({ stages: ['prod', 'test'] });
  const server = await serveAnswers();
  opened.push(bench, server);
  const { clock } = bench.scene;
  return {
    bench,
    server,
    async send(event, dependencies = bench.process()) {
      const heard = server.received.length;
      let die: (value: undefined) => void = () => undefined;
      const death = new Promise<undefined>((resolve) => {
        die = resolve;
      });
      // Who is dead does nothing more, and answers nobody.
      const mortal = <T>(work: Promise<T>): Promise<T> =>
        work.catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          die(undefined);
          return new Promise<never>(() => undefined);
        });
      const handler = createCustomResource({
        engine: {
          reconcile: (wish, options) => mortal(reconcile(wish, dependencies, options)),
          detach: (id, owner, options) => mortal(detach(id, owner, dependencies, options)),
        },
        send: createSendAnswer({ sleep: async (ms) => clock.pass(ms) }),
        write: () => undefined,
        now: clock.now,
        sleep: async (ms) => clock.pass(ms),
      });
      const context = { getRemainingTimeInMillis: () => 900_000 };
      await Promise.race([outcome(handler({ ...event, ResponseURL: server.origin }, context)), death]);
      const answers = server.answers().slice(heard);
      expect(answers.length).toBeLessThan(2);
      for (const { PhysicalResourceId } of answers)
        expect(PhysicalResourceId).toBe(
          'PhysicalResourceId' in event && event.RequestType === 'Delete'
            ? event.PhysicalResourceId
            : event.ResourceProperties['RestApiId'],
        );
      return answers[0]?.Status;
    },
  };
}

const theirs = { StackId: `${STACK_ID}-theirs` };

describe('a stack on the model', () => {
  it('attaches, selects otherwise, and puts back what was there, at no instant less protected', async () => {
    const { send, bench } = await openStack();
    const { model } = bench.scene;
    const before = structuredClone(model.api.definition);
    const few = { ...ALL, selectors: selectors('GET /orders') };
    expect(await send(createEvent(ALL))).toBe('SUCCESS');
    expect(await send(updateEvent(few, ALL))).toBe('SUCCESS');
    expect(await send(updateEvent(ALL, few))).toBe('SUCCESS');
    const deployments = model.api.deployments.size;
    expect(await send(updateEvent(ALL, ALL))).toBe('SUCCESS');
    expect(model.api.deployments.size).toBe(deployments);
    expectNothingWeakened(bench);
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
    // The other stage was never moved, and refers to nothing of ours.
    expect(model.api.definition).toEqual(before);
    expect(await bench.journal.read(model.api.id)).toBeUndefined();
  });

  it('that was refused has nothing to undo, and its rollback’s Delete does nothing, twice', async () => {
    const { send, bench } = await openStack();
    const { model, set } = bench.scene;
    model.owner.editWorkingCopy((definition) => set(definition, 'GET /new'));
    const calls = model.log.length;
    expect(await send(createEvent(ALL))).toBe('FAILED');
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
    const writes = model.log.slice(calls).filter(({ operation }) => !operation.startsWith('Get'));
    expect(writes).toEqual([]);
    expect(await bench.journal.read(model.api.id)).toBeUndefined();
  });

  it('that comes second is refused, and its rollback leaves the first one’s attachment alone', async () => {
    const { send, bench } = await openStack();
    expect(await send(createEvent(ALL))).toBe('SUCCESS');
    const state = bench.state();
    expect(await send(createEvent(ALL, theirs))).toBe('FAILED');
    expect(await send(deleteEvent(ALL, theirs))).toBe('SUCCESS');
    expect(bench.state()).toEqual(state);
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
  });

  it('leaves an API for another, and takes nothing from the new one when that is rolled back', async () => {
    const { send, bench } = await openStack();
    const other = { ...ALL, restApiId: 'nosuchapi' };
    expect(await send(createEvent(ALL))).toBe('SUCCESS');
    const state = bench.state();
    // To an API that is not there: refused. CloudFormation goes back, and deletes the new one.
    expect(await send(updateEvent(other, ALL))).toBe('FAILED');
    expect(await send(updateEvent(ALL, other))).toBe('SUCCESS');
    expect(await send(deleteEvent(other))).toBe('SUCCESS');
    expect(bench.state()).toEqual(state);
    // From it: the old one’s Delete comes with the old one’s id.
    expect(await send(deleteEvent(other, { PhysicalResourceId: bench.scene.restApiId }))).toBe('SUCCESS');
    expect(bench.state()).not.toEqual(state);
  });

  it('a Delete that pending edits of others stand against fails, and succeeds once they are deployed', async () => {
    const { send, bench } = await openStack();
    const { model, set } = bench.scene;
    expect(await send(createEvent(ALL))).toBe('SUCCESS');
    model.owner.editWorkingCopy((definition) => set(definition, 'GET /new'));
    expect(await send(deleteEvent(ALL))).toBe('FAILED');
    expectNothingWeakened(bench);
    model.owner.deploy('prod');
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
  });
});

describe('a run that is killed', () => {
  it('at any of its calls is not answered; the next one with the same event goes on, and is', async () => {
    const whole = await openStack();
    const calls = whole.bench.calls();
    await whole.send(createEvent(ALL));
    const count = whole.bench.calls() - calls;
    const end = whole.bench.state();
    expect(count).toBeGreaterThan(20);
    for (let index = 1; index <= count; index += 3) {
      const { send, bench, server } = await openStack();
      expect(
        await send(createEvent(ALL), killAt(bench, index, index % 2 === 0 ? 'before' : 'after')),
      ).toBeUndefined();
      revive(bench);
      expect(await send(createEvent(ALL))).toBe('SUCCESS');
      expect(server.received).toHaveLength(1);
      expect(bench.state()).toEqual(end);
      expectNothingWeakened(bench);
    }
  });

  it('before its lease is over is waited for', async () => {
    const { send, bench } = await openStack();
    await send(createEvent(ALL), killAt(bench, 12, 'before'));
    bench.scene.model.revive();
    expect(await send(createEvent(ALL))).toBe('SUCCESS');
  });

  it('for good is undone by the rollback’s Delete', async () => {
    const { send, bench } = await openStack();
    const { model } = bench.scene;
    const before = structuredClone(model.api.definition);
    await send(createEvent(ALL), killAt(bench, 15, 'after'));
    expect(model.api.definition).not.toEqual(before);
    revive(bench);
    expect(await send(deleteEvent(ALL))).toBe('SUCCESS');
    expect(model.api.definition).toEqual(before);
  });
});
