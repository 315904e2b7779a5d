/** The figures of a soak, for docs/figures.md; of what is wrong, all but tokens. */
import { growthOf } from './memory.ts';
import type { Episode } from './outages.ts';
import type { Dependency } from './propagation.ts';
import type { SoakResult } from './soak.ts';
import type { Tally, Wrong } from './tally.ts';

type Line = readonly [what: string, figure: string];

export function figuresOf(result: SoakResult): readonly Line[] {
  const { tally, trials, changes, episodes, samples, heldBack, log, stalls } = result;
  const share = ((100 * tally.decided()) / tally.requests()).toFixed(1);
  return [
    [
      'requests',
      `${tally.requests()}; of ${share} % one answer alone was right; ${heldBack} held back; ${stalls} stalls of the machine`,
    ],
    ['wrong', `${tally.wrongs()}`],
    ['kinds', listed(tally.kinds)],
    ['answers', listed(tally.statuses)],
    ['the slowest', `${tally.slowestMs()} ms`],
    ['changes', `${sumOf(changes)}: ${listed(changes)}`],
    ...(['table', 'issuer'] as const).map((one): Line => [`outages of the ${one}`, outagesOf(episodes, one)]),
    ...[...samples].map(([name, all]): Line => {
      const { mbAMinute, firstMb, lastMb, mostMb, handles } = growthOf(all);
      const mb = [firstMb, lastMb, mostMb].map((one) => one.toFixed(1));
      const grew = `${mbAMinute.toFixed(3)} MB a minute, handles ${handles}`;
      return [`memory of ${name}`, `from ${mb[0]} to ${mb[1]} MB, at most ${mb[2]}; ${grew}`];
    }),
    ['log', `${log.lines} lines, ${log.withToken} with a token`],
    ...[...trials].map(([name, one]): Line => [`trial: ${name}`, trialOf(one)]),
  ];
}

const trialOf = (tally: Tally): string => `${tally.wrongs()} wrong of ${tally.requests()}`;

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((a, b) => a + b, 0);

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${times} × ${name}`)
    .join(', ');

function outagesOf(episodes: readonly Episode[], dependency: Dependency): string {
  const ended = episodes.filter((one) => one.dependency === dependency && Number.isFinite(one.endedMs));
  const kinds = new Set(ended.map(({ fault }) => fault)).size;
  const failures = ended.reduce((sum, one) => sum + one.failures, 0);
  const last = Math.max(0, ...ended.map(({ lastFailureMs }) => lastFailureMs));
  const seconds = ended.reduce((sum, { beganMs, endedMs }) => sum + endedMs - beganMs, 0) / 1000;
  return `${ended.length} of ${kinds} kinds, ${seconds.toFixed(0)} s; ${failures} answers of 500, the last begun ${last} ms after an end`;
}

/** A wrong decision, as a person looks into it. */
export function tellWrong({ kind, outcome, outcomes, reasons, atMs, tookMs, detail }: Wrong): string {
  const right = outcomes.join(' or ');
  return `after ${atMs} ms, in ${tookMs} ms, ${kind}: ${outcome}, right: ${right} (${reasons.join(', ')}); ${detail}`;
}
