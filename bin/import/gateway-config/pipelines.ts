import { chainOf, identityOf } from './chain.ts';
import { type Notes, shownName } from './finding.ts';
import type { ImportedPolicy } from './jwt-action.ts';
import type { ReadGatewayFile } from './key-file.ts';
import type { Gateway, Pipeline } from './read.ts';

/** The pipelines that one configuration stands for: all have the same jwt policies. */
export interface Selection {
  readonly pipelines: readonly Pipeline[];
  readonly policies: readonly ImportedPolicy[];
}

export interface SelectionOptions {
  readonly notes: Notes;
  readonly readFile: ReadGatewayFile;
  /** The name of the one pipeline that is asked for. */
  readonly pipeline?: string | undefined;
}

/**
 * Which pipelines are imported. Those with different jwt policies cannot be: in one list of policies, a token
 * that is meant for one pipeline would open the others.
 * @returns undefined where there are problems, which are added to the notes.
 */
export function selectPipelines(
  { pipelines }: Gateway,
  { notes, readFile, pipeline: wanted }: SelectionOptions,
): Selection | undefined {
  const asked = wanted === undefined ? pipelines : pipelines.filter(({ name }) => name === wanted);
  const names = pipelines.map(({ name }) => shownName(name)).join(', ');
  if (asked.length === 0 && wanted !== undefined) {
    notes.problem(
      'pipeline_unknown',
      'pipelines',
      `there is no pipeline of that name; there are: ${names || 'none'}`,
    );
    return undefined;
  }
  for (const { at } of pipelines.filter((pipeline) => !asked.includes(pipeline))) {
    notes.leaveOut(
      'pipeline_left_out',
      at,
      'not the pipeline that was asked for; keep its paths off this API, where the token of another pipeline opens them',
    );
  }
  const before = notes.problems.length;
  const chains = asked.map((pipeline) => ({
    pipeline,
    policies: chainOf(pipeline, { notes, readFile }) ?? [],
  }));
  if (notes.problems.length > before) return undefined;
  const guarded = chains.filter(({ policies }) => policies.length > 0);
  const [first] = guarded;
  if (first === undefined) {
    const message = 'no jwt policy, so there is nothing that an authorizer would do';
    notes.problem('jwt_missing', wanted === undefined ? 'pipelines' : (asked[0]?.at ?? ''), message);
    return undefined;
  }
  if (guarded.some(({ policies }) => !isSame(policies, first.policies))) {
    const which = guarded.map(({ pipeline }) => shownName(pipeline.name)).join(', ');
    const message = `${which} have different jwt policies, and in one configuration a token for one pipeline would open the others; import each on its own, for an API of its own, with --pipeline NAME and --out FILE`;
    notes.problem('pipelines_differ', 'pipelines', message);
    return undefined;
  }
  for (const { pipeline } of chains.filter(({ policies }) => policies.length === 0)) {
    notes.warn(
      'pipeline_without_jwt',
      pipeline.at,
      'it has no jwt policy, so what it is for is not imported: behind this authorizer its paths need a token, and nothing else; give them an API of their own',
    );
  }
  return { pipelines: guarded.map(({ pipeline }) => pipeline), policies: first.policies };
}

function isSame(a: readonly ImportedPolicy[], b: readonly ImportedPolicy[]): boolean {
  const text = (policies: typeof a) =>
    policies.map((policy) => `${identityOf(policy)} ${policy.passThrough}`).join('\n');
  return text(a) === text(b);
}
