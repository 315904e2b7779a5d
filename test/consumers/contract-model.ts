/** Random operations, some of which meet an outage, keep what model-world.ts says. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { KEY_IDS, World } from './model-world.ts';
import { DEAD_AFTER_MS, type Fault, type Workbench } from './workbench.ts';

const USERNAMES = ['u0', 'u1', 'u2'];
const NAMES = ['a0', 'a1'];
const SCOPES = ['s0', 's1'];
/** More for a night: `STORE_PROPERTY_RUNS=1000`. */
const RUNS = Number(process.env['STORE_PROPERTY_RUNS'] ?? 12);

const KINDS = [
  ...['createUser', 'createApplication', 'createCredential', 'createScope'],
  ...['rename', 'deleteUser', 'deleteApplication', 'deleteCredential', 'deleteScope'],
  ...['switchUser', 'switchApplication', 'switchCredential', 'addScope', 'rotate', 'resume', 'wait'],
] as const;

interface Operation {
  readonly kind: (typeof KINDS)[number];
  /** Chooses among what there is. */
  readonly pick: number;
  readonly other: number;
  readonly on: boolean;
  readonly fault: Fault | undefined;
}

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(5),
  other: fc.nat(5),
  on: fc.boolean(),
  fault: fc.option(
    fc.record({
      nth: fc.integer({ min: 1, max: 14 }),
      kind: fc.constantFrom('crash', 'glitch'),
      late: fc.boolean(),
    }),
    { nil: undefined },
  ),
});

export function modelContract(another: () => Promise<Workbench>): void {
  describe('any operations, with crashes', () => {
    test('keep what was acknowledged', { timeout: 30_000 + RUNS * 10_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 20 }), async (operations) => {
          const bench = await another();
          const world = new World(bench);
          for (const username of USERNAMES.slice(0, 2)) await bench.store.createUser({ username });
          await bench.store.createApplication({ userId: 'u0', name: 'a0' });
          await bench.store.createScopes(SCOPES);
          await bench.store.createCredential({ consumerId: 'a0', keyId: 'k0', scopes: SCOPES });
          for (const each of operations) {
            await perform(each, bench, world);
            await world.check();
          }
          bench.clock.nowMs += DEAD_AFTER_MS;
          await world.check();
          await world.checkFree(USERNAMES, NAMES);
          bench.close();
        }),
        { numRuns: RUNS },
      );
    });
  });
}

async function perform(
  { kind, pick, other, on, fault }: Operation,
  bench: Workbench,
  world: World,
): Promise<void> {
  const store = fault === undefined ? bench.store : bench.withFault(fault).store;
  bench.clock.nowMs += kind === 'wait' ? DEAD_AFTER_MS : 1;
  const keyId = at(KEY_IDS, pick);
  const scope = at(SCOPES, pick);
  const user = at(await world.users(), pick)?.id ?? 'none';
  const app = at(await world.applications(), pick)?.id ?? 'none';
  const consumerId = on ? (at(await world.users(), other)?.id ?? 'none') : app;
  const name = at(NAMES, other) ?? '';
  const runs: Partial<Record<Operation['kind'], () => Promise<unknown>>> = {
    createUser: () => store.createUser({ username: at(USERNAMES, pick) ?? '' }),
    createApplication: () => store.createApplication({ userId: user, name }),
    createCredential: () => {
      world.goneKeys.delete(keyId ?? '');
      world.inactive.delete(keyId ?? '');
      return store.createCredential({ consumerId, keyId: keyId ?? '', scopes: other > 3 ? SCOPES : [] });
    },
    createScope: () => store.createScopes([scope ?? '']),
    rename: () => store.updateApplication(app, { name }),
    deleteUser: () => noting(world.gone, user, store.deleteUser(user)),
    deleteApplication: () => noting(world.gone, app, store.deleteApplication(app)),
    deleteCredential: () => noting(world.goneKeys, keyId ?? '', store.deleteCredential(keyId ?? '')),
    deleteScope: () => store.deleteScope(scope ?? ''),
    switchUser: () => switching(world, { id: user, on }, store.setUserActive),
    switchApplication: () => switching(world, { id: app, on }, store.setApplicationActive),
    switchCredential: () => switching(world, { id: keyId ?? '', on }, store.setCredentialActive),
    addScope: () => store.changeScopes(keyId ?? '', on ? { add: [scope ?? ''] } : { remove: [scope ?? ''] }),
    rotate: () => store.rotateCredential(keyId ?? ''),
    resume: () => store.resumeCleanUp(),
  };
  await runs[kind]?.().catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'StoreUnavailable') throw error;
  });
}

/** What was answered is known: deleted, or not there. */
async function noting(gone: Set<string>, id: string, deletion: Promise<{ ok: boolean }>): Promise<void> {
  await deletion;
  gone.add(id);
}

async function switching(
  world: World,
  { id, on }: { readonly id: string; readonly on: boolean },
  set:
    | ConsumerStore['setUserActive']
    | ConsumerStore['setApplicationActive']
    | ConsumerStore['setCredentialActive'],
): Promise<void> {
  if (on) world.inactive.delete(id);
  const { ok } = await set(id, on);
  if (!on && ok) world.inactive.add(id);
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)];
