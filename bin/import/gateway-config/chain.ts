import type { Notes } from './finding.ts';
import { type ImportedPolicy, importJwtAction } from './jwt-action.ts';
import type { ReadGatewayFile } from './key-file.ts';
import { type Pipeline, refuseMissing, type Step } from './read.ts';

/** Policies that never refuse a request. Of all others it is not known. */
const HARMLESS = [
  'cors',
  'expression',
  'headers',
  'log',
  'proxy',
  'rate-limit',
  'request-transformer',
  'response-transformer',
];

/**
 * The jwt policies that decide in a pipeline, in the order of our list.
 *
 * Express Gateway runs every jwt step, one after the other: a token must satisfy each that has no
 * `passThrough`, and the last that accepts says who calls. Here the first that accepts says so, and is enough.
 * So of the steps with `passThrough` before one without, nothing remains; several without cannot be
 * expressed; and where all have it, the order is turned round.
 * @returns none where there is no jwt policy; undefined where there are problems.
 */
export function chainOf(
  pipeline: Pipeline,
  { notes, readFile }: { notes: Notes; readFile: ReadGatewayFile },
): readonly ImportedPolicy[] | undefined {
  const steps = pipeline.steps.filter((step) => step.policy === 'jwt' && runs(step, notes));
  const policies = steps.map((step) => importJwtAction(step, { notes, readFile }));
  if (policies.includes(undefined)) return undefined;
  const distinct = withoutRepetitions(policies.filter((policy) => policy !== undefined));
  const required = distinct.findIndex(({ passThrough }) => !passThrough);
  if (required === -1) return reversed(closedWhereOthersDecide(distinct, pipeline, notes), pipeline, notes);
  const [only, ...after] = distinct.slice(required);
  if (only === undefined || after.length > 0) {
    const message =
      'several jwt steps of which Express Gateway runs every one; here one that accepts a token is enough, so it would be more open, or say another caller; leave one of them';
    notes.problem('jwt_chain_unsupported', `${pipeline.at}.policies`, message);
    return undefined;
  }
  for (const { at } of distinct.slice(0, required)) {
    const message =
      'left out: with a jwt step after it that insists on a token, this one with passThrough decides nothing';
    notes.warn('jwt_step_without_effect', at, message);
  }
  return [only];
}

/** Whether a step ever runs; that its condition is left out is said. */
function runs({ condition, at }: Step, notes: Notes): boolean {
  if (condition === undefined) return true;
  if (!refuseMissing(condition, at, notes)) return false;
  if (condition['name'] === 'never') {
    notes.warn('jwt_step_never_runs', at, 'left out: its condition is never, so it checks no token');
    return false;
  }
  notes.warn(
    'condition_left_out',
    at,
    'where this condition does not hold, Express Gateway checks no token; here the token of every request is checked',
  );
  return true;
}

/** A step with the same key and options as a later one adds nothing, unless it insists where the other does not. */
function withoutRepetitions(policies: readonly ImportedPolicy[]): readonly ImportedPolicy[] {
  return policies.filter(
    (policy, i) =>
      !policies.some((other, j) => {
        if (i === j || identityOf(other) !== identityOf(policy)) return false;
        return other.passThrough === policy.passThrough ? j > i : !other.passThrough;
      }),
  );
}

/** A text that two policies share when they accept the same tokens. Holds the key: never to be shown. */
export function identityOf({ key, options }: ImportedPolicy): string {
  return JSON.stringify([key.kind === 'public' ? key.pem : key.bytes.toString('base64'), options]);
}

/** Where something after the token's check may still refuse (another authentication, a condition), anonymous is too much. */
function closedWhereOthersDecide(
  policies: readonly ImportedPolicy[],
  { steps }: Pipeline,
  notes: Notes,
): readonly ImportedPolicy[] {
  const others = steps.filter(({ policy }) => policy !== 'jwt');
  const decides = others.find(
    ({ policy, condition }) => !HARMLESS.includes(policy) || (policy === 'proxy' && condition !== undefined),
  );
  const [first, ...rest] = policies;
  if (decides === undefined || first === undefined) return policies;
  const message = `left out, so that every request needs a token: ${decides.at} may refuse a request without one, and is not there to do so`;
  notes.warn('pass_through_left_out', `${first.at}.passThrough`, message);
  // The first becomes the last, and only the last has a say when all have denied.
  return [{ ...first, passThrough: false }, ...rest];
}

function reversed(
  policies: readonly ImportedPolicy[],
  { at }: Pipeline,
  notes: Notes,
): readonly ImportedPolicy[] {
  if (policies.length > 1) {
    const message =
      'the jwt steps with passThrough are a list in the opposite order: there the last that accepts a token says who calls, here the first';
    notes.warn('jwt_order_reversed', `${at}.policies`, message);
  }
  return [...policies].reverse();
}
