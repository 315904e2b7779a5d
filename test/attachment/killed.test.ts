/** The engine killed before and after every single call of its run, then called again: the same end. */
import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../../lambda/attachment/run.ts';
import { outcome } from '../keys/support.ts';
import { alive, type Bench, killAt, openBench, revive } from './bench.ts';
import { expectNothingWeakened } from './expectations.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

async function begun({ stages, prepare }: Scenario): Promise<Bench> {
  const bench = await openBench({ stages });
  await prepare(bench);
  return bench;
}

/** A run that nobody disturbs. */
async function undisturbed(scenario: Scenario) {
  const bench = await begun(scenario);
  const callsBefore = bench.calls();
  const death = alive();
  const { size: deploymentsBefore } = bench.scene.model.api.deployments;
  await scenario.act(bench, bench.process(death));
  const end = {
    state: bench.state(),
    operations: bench.scene.model.log.slice(callsBefore).map(({ operation }) => operation),
    journalCalls: death.journalCalls,
    deployments: bench.scene.model.api.deployments.size - deploymentsBefore,
  };
  expectNothingWeakened(bench);
  await bench.close();
  return end;
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it('ends as it should, and a second time nothing is left to do', async () => {
    const bench = await begun(scenario);
    const { size } = bench.scene.model.api.deployments;
    expect(await scenario.act(bench)).toHaveProperty('kind', scenario.end);
    expect(bench.scene.model.api.deployments.size - size).toBe(scenario.deployments);
    const { state, scene } = bench;
    const end = state();
    const calls = bench.calls();
    expect(await scenario.act(bench)).toHaveProperty('kind', scenario.again);
    expect(state()).toEqual(end);
    expect(scene.model.log.slice(calls).filter(({ operation }) => !operation.startsWith('Get'))).toEqual([]);
    expectNothingWeakened(bench);
    await bench.close();
  });

  it('killed at any call to API Gateway', async () => {
    const whole = await undisturbed(scenario);
    // A reading has no effect that it could be killed after.
    for (const [index, operation] of whole.operations.entries())
      for (const when of operation.startsWith('Get') ? (['before'] as const) : (['before', 'after'] as const))
        await killedAndResumed(scenario, whole, `${when} ${operation}, call ${index + 1}`, (bench) =>
          killAt(bench, index + 1, when),
        );
  }, 120_000);

  it('killed at any call to the journal', async () => {
    const whole = await undisturbed(scenario);
    for (let nth = 1; nth <= whole.journalCalls; nth += 1)
      for (const late of [false, true])
        await killedAndResumed(scenario, whole, `${late ? 'after' : 'before'} journal call ${nth}`, (bench) =>
          bench.process({ ...alive(), atJournalCall: { nth, late, isForGood: true } }),
        );
  }, 120_000);
});

it.each(SCENARIOS.slice(0, 1))(
  '$name: a journal that fails once, at any call',
  async (scenario) => {
    const whole = await undisturbed(scenario);
    for (let nth = 1; nth <= whole.journalCalls; nth += 1)
      for (const late of [false, true])
        await killedAndResumed(scenario, whole, `journal call ${nth} fails`, (bench) =>
          bench.process({ ...alive(), atJournalCall: { nth, late, isForGood: false } }),
        );
  },
  120_000,
);

async function killedAndResumed(
  scenario: Scenario,
  whole: Awaited<ReturnType<typeof undisturbed>>,
  where: string,
  doomed: (bench: Bench) => Dependencies,
): Promise<void> {
  const bench = await begun(scenario);
  const { size } = bench.scene.model.api.deployments;
  const first = await outcome(scenario.act(bench, doomed(bench)));
  // At the very end the process has told already how it went, and only could not give back its lease.
  if (!(first instanceof Error)) expect(where, JSON.stringify(first)).toMatch(/journal/);
  expectNothingWeakened(bench);
  revive(bench);
  expect([scenario.end, scenario.again], where).toContain((await scenario.act(bench)).kind);
  expect(bench.state(), where).toEqual(whole.state);
  expect(bench.scene.model.api.deployments.size - size, where).toBe(whole.deployments);
  expectNothingWeakened(bench);
  await bench.close();
}
