/** What came of an import, or would. Names and counts; never a secret. */
import type { Plan, Step } from './plan.ts';
import { SHORT_SECRET_MARK } from './records.ts';
import type { LeftOut, Selection } from './select.ts';

export interface Counts {
  /** With `dryRun`: how many would be. */
  readonly created: number;
  /** Were there already, as they are at the source: all but secrets, which nobody can read here. */
  readonly skipped: number;
  readonly differing: number;
  readonly failed: number;
  /** Not come to, when the import was stopped. */
  readonly left: number;
}

/** A record that is not here as it is there. */
export interface Exception {
  readonly kind: Step['record']['kind'];
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

export interface Report {
  readonly dryRun: boolean;
  readonly scopes: Counts;
  readonly users: Counts;
  readonly apps: Counts;
  readonly credentials: Counts;
  readonly differing: readonly Exception[];
  readonly failed: readonly Exception[];
  readonly leftOut: LeftOut;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export function reportOf(selection: Selection, plan: Plan, dryRun: boolean): Report {
  const steps = [...plan.users, ...plan.apps, ...plan.credentials];
  const those = (wanted: Step['state']) =>
    steps.flatMap(({ record: { kind, id, name }, state, why = '' }) =>
      state === wanted ? [{ kind, id, name, why }] : [],
    );
  return {
    dryRun,
    scopes: {
      ...{ created: plan.newScopes.length, skipped: plan.oldScopes.length },
      ...{ differing: 0, failed: 0, left: 0 },
    },
    users: countsOf(plan.users, dryRun),
    apps: countsOf(plan.apps, dryRun),
    credentials: countsOf(plan.credentials, dryRun),
    differing: those('differs'),
    failed: [...those('failed'), ...unreadOf(selection)],
    leftOut: selection.leftOut,
    warnings: warningsOf(selection, plan),
  };
}

function countsOf(steps: readonly Step[], dryRun: boolean): Counts {
  const count = (wanted: Step['state']) => steps.filter(({ state }) => state === wanted).length;
  return {
    created: count(dryRun ? 'create' : 'created'),
    skipped: count('same'),
    differing: count('differs'),
    failed: count('failed'),
    left: dryRun ? 0 : count('create'),
  };
}

function unreadOf({ users, apps, unread }: Selection): readonly Exception[] {
  return [...users, ...apps].flatMap(({ kind, id, name }) => {
    const why = unread.get(id);
    return why === undefined ? [] : [{ kind, id, name, why: `its credentials were not read: ${why}` }];
  });
}

/** What works otherwise than it did. */
function warningsOf(selection: Selection, plan: Plan): Report['warnings'] {
  const { credentials, appsThatEnd, leftOut, maybeIncomplete } = selection;
  const there = plan.credentials.filter(({ state }) => state === 'same' || state === 'differs').length;
  const short = credentials.filter(({ shown }) => shown[SHORT_SECRET_MARK] === true).length;
  const unknown = Object.keys(leftOut.unknownScopes).length;
  const those: readonly (readonly [boolean, string, string])[] = [
    [
      maybeIncomplete,
      'list_maybe_incomplete',
      'Express Gateway may have ended a list early (it does so where many other keys lie between); compare the counts with what you know',
    ],
    [
      there > 0,
      'secrets_not_compared',
      `${there} credentials were there already, and their secrets cannot be compared; rotate or remove those whose keySecret was changed at the source`,
    ],
    [
      short > 0,
      'short_secrets',
      `${short} credentials have a keySecret of less than 32 bytes, too short for HS256; they are marked ${SHORT_SECRET_MARK}: rotate them before their own keys verify tokens (credentialKey)`,
    ],
    [
      appsThatEnd.length > 0,
      'apps_of_inactive_users',
      `${appsThatEnd.length} active apps have an inactive user: Express Gateway lets them in, here they are denied until the user is active`,
    ],
    [
      unknown > 0,
      'unknown_scopes',
      `${unknown} credentials have scopes that are not among the gateway's; these were left out of them`,
    ],
    [
      true,
      'scopes_now_enforced',
      'scopes were never enforced for tokens there; here `routes` ask for those of the credential',
    ],
    [
      true,
      'exp_now_required',
      'tokens without exp were accepted there; here they need requireExp: false (jwt-authorizer import gateway-config sets it)',
    ],
  ];
  return those.flatMap(([applies, code, message]) => (applies ? [{ code, message }] : []));
}
