import { parseTemplate } from '../config/route-template.ts';
import { giveBack } from './give-back.ts';
import type { JournaledMethod, JournalState } from './journal.ts';
import { type Live, type LiveMethod, routeOf } from './live.ts';
import { authorizersFor } from './naming.ts';
import type { Finding, Planned } from './plan.ts';
import {
  attachedElsewhere,
  closedPolicy,
  conditionalPolicy,
  foreignJournal,
  priorUnknown,
  protectedByOther,
  tooManyAuthorizers,
  unreadablePath,
} from './plan-findings.ts';
import { isGivenBack } from './prior.ts';
import { policyKind } from './resource-policy.ts';
import { select } from './select.ts';
import { servesMeantOpen } from './served.ts';
import { inheritingStages, leftStages, publishing, wantedStages } from './stage-findings.ts';
import {
  authorizerChanges,
  expectedOf,
  intendedWith,
  isStale,
  methodChanges,
  reader,
  type Target,
  unused,
} from './targets.ts';
import type { Wish } from './wish.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_AUTHORIZERS = 10;

/**
 * What it takes to make an API what a wish says, or everything that stands against it.
 * @param journal of this API; undefined where nothing was attached yet.
 */
export function plan(wish: Wish, live: Live, journal: JournalState | undefined): Planned {
  const refusals: Finding[] = [];
  const warnings: Finding[] = [];
  if (journal !== undefined && journal.owner !== wish.owner) refusals.push(foreignJournal(journal.owner));
  const selection = select(live.workingCopy.methods, wish.selectors);
  refusals.push(...selection.refusals);
  warnings.push(...selection.warnings);
  const named = selection.selected.filter(({ path }) => typeof parseTemplate(path) !== 'string');
  for (const method of selection.selected)
    if (!named.includes(method)) refusals.push(unreadablePath(routeOf(method)));

  const { authorizers: wanted, byPath } = authorizersFor(
    wish,
    named.map(({ path }) => path),
  );
  const attached = named.map(
    (method): Target => ({
      method,
      to: { authorizationType: 'CUSTOM', authorizerName: byPath.get(method.path) },
    }),
  );
  const taken = takeMethods(wish, live, journal, named);
  refusals.push(...taken.refusals);
  warnings.push(...taken.warnings);
  const left = leftBehind(journal, selection.selected);
  const given = journal === undefined ? NOTHING : giveBack(live, journal, left, 'restore');
  refusals.push(...given.refusals);
  warnings.push(...given.warnings);

  const targets = [...attached, ...given.targets];
  const expected = expectedOf(targets);
  const intended = intendedWith(targets, wanted, live);
  const stages = wantedStages(wish.stages, live);
  refusals.push(...stages.refusals);
  warnings.push(...stages.warnings, ...leftStages(wish, live, journal));
  warnings.push(...inheritingStages(wish, live, journal, (stage) => isStale(stage, expected, wanted)));
  // Where a stage serves other methods than the working copy has, only a deployment closes what is meant of them.
  const stale = stages.found.filter(
    (stage) => isStale(stage, expected, wanted) || servesMeantOpen(wish, stage.snapshot),
  );
  const edits = publishing(stale, { workingCopy: live.workingCopy.snapshot, intended }, wish.owner, journal);
  (wish.deployPendingChanges ? warnings : refusals).push(...edits);

  const authorizers = authorizerChanges(wanted, live.workingCopy);
  const made = authorizers.filter(({ id }) => id === undefined).map(({ name }) => name);
  if (made.length > 0 && live.workingCopy.authorizers.length + made.length > MOST_AUTHORIZERS)
    refusals.push(tooManyAuthorizers(MOST_AUTHORIZERS, made));
  if (refusals.length > 0) return { kind: 'refused', refusals, warnings };
  return {
    kind: 'plan',
    warnings,
    plan: {
      remember: taken.remember,
      authorizers,
      methods: methodChanges(targets, live),
      stages: stale.map(({ stageName }) => stageName),
      intended,
      expected,
      forget: left,
      retire: unused(intended, live, wish.owner),
    },
  };
}

/** Whether methods may be taken, and what of them is to be journaled before. */
function takeMethods(
  wish: Wish,
  live: Live,
  journal: JournalState | undefined,
  methods: readonly LiveMethod[],
) {
  const refusals: Finding[] = [];
  const warnings: Finding[] = [];
  const remember: JournaledMethod[] = [];
  const { shownBy, holderBefore } = reader(live, wish.owner);
  const records = new Map(journal?.methods.map((record) => [routeOf(record), record]));
  /** Methods that nothing but the resource policy stood before, or stood before on its own terms. */
  const byPolicy: string[] = [];
  for (const method of methods) {
    const { path, httpMethod, authorizationType, authorizerId } = method;
    const route = routeOf(method);
    const shown = shownBy(method);
    const holder = holderBefore(method);
    const record = records.get(route);
    if (holder === 'ours') {
      if (record !== undefined) continue;
      warnings.push(priorUnknown(route));
      remember.push({ path, httpMethod, prior: { authorizationType: 'AWS_IAM' } });
      continue;
    }
    const isOwnDoing =
      journal !== undefined && record !== undefined && isGivenBack(shown, record.prior, journal);
    const prior = { authorizationType, ...(authorizerId !== undefined && { authorizerId }) };
    if (!isOwnDoing) remember.push({ path, httpMethod, prior: { ...prior, ...shown } });
    if (holder === 'attachment') refusals.push(attachedElsewhere(method, shown));
    else if (
      authorizationType !== 'NONE' &&
      !wish.takeOver &&
      !isDenied(record, isOwnDoing, shown.authorizationType)
    )
      refusals.push(protectedByOther(method, shown));
    if (authorizationType === 'NONE' || authorizationType === 'COGNITO_USER_POOLS') byPolicy.push(route);
  }
  const kind = policyKind(live.workingCopy.policy);
  if (byPolicy.length > 0 && kind === 'conditional') refusals.push(conditionalPolicy(byPolicy));
  if (byPolicy.length > 0 && kind === 'closed') warnings.push(closedPolicy(byPolicy));
  return { refusals, warnings, remember };
}

/** Whether it was a detachment of ours that put IAM before a method that was open. */
const isDenied = (record: JournaledMethod | undefined, isOwnDoing: boolean, type: string): boolean =>
  isOwnDoing && record?.prior.authorizationType === 'NONE' && type === 'AWS_IAM';

const NOTHING: ReturnType<typeof giveBack> = { targets: [], refusals: [], warnings: [] };

const leftBehind = (
  journal: JournalState | undefined,
  selected: readonly LiveMethod[],
): readonly JournaledMethod[] => {
  const routes = new Set(selected.map(routeOf));
  return journal?.methods.filter((method) => !routes.has(routeOf(method))) ?? [];
};
