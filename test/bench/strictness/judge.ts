/** Every token of the attack suite before every library. */
import {
  AUDIENCE,
  type DoorName,
  doorOf,
  fileOf,
  honestToken,
  ISSUER,
  KEY_SET,
  KID,
} from '../../attack/doors.ts';
import type { Theme, TokenAttack } from '../../attack/model.ts';
import { guardOf } from '../../attack/ours.ts';
import { PEERS } from './verifiers.mjs';

/** What a library makes of a token; undefined where it has no such thing as the policy. */
export type Verdict = 'refused' | 'accepted' | undefined;
type Verify = (token: string) => Promise<Verdict>;

export interface Judged {
  readonly attack: TokenAttack;
  /** In the order of `NAMES`. */
  readonly verdicts: readonly Verdict[];
}

export const NAMES = ['this authorizer', ...PEERS.map(({ name }) => name)] as const;

/** @returns for each attack, at the first of its doors, what each library makes of it. */
export async function judgeTheme({ attacks }: Theme, trap: string): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const attack of attacks) {
    const [door] = attack.doors;
    if (doorOf(door).pair === undefined) continue;
    const verifiers = await verifiersFor(door);
    const token = attack.token(trap);
    judged.push({ attack, verdicts: await Promise.all(verifiers.map((verify) => verify?.(token))) });
  }
  return judged;
}

const made = new Map<DoorName, Promise<readonly (Verify | undefined)[]>>();

/** Each has accepted the honest token before, or it is not set up as it should be. */
function verifiersFor(door: DoorName): Promise<readonly (Verify | undefined)[]> {
  const known = made.get(door) ?? makeVerifiers(door);
  made.set(door, known);
  return known;
}

async function makeVerifiers(door: DoorName): Promise<readonly (Verify | undefined)[]> {
  const { algorithm, text, pair, wants = {} } = doorOf(door);
  const jwk = { ...pair?.publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: algorithm };
  const keySet = text === undefined ? KEY_SET : { keys: [jwk] };
  const wanted = { algorithm, text, keySet, issuer: ISSUER, audience: AUDIENCE, wants };
  const peers = await Promise.all(PEERS.map((peer) => peer.verifierFor(wanted)));
  const guard = guardOf(fileOf(door));
  const ours: Verify = async (token) => ((await guard.judge(token)) === 'allowed' ? 'accepted' : 'refused');
  const all = [ours, ...peers.map((verify) => verify && verdictOf(verify))];
  const honest = honestToken(door) ?? '';
  for (const [index, verify] of all.entries()) {
    if ((await verify?.(honest)) === 'refused')
      throw new Error(`${NAMES[index]} refuses the honest token at ${door}`);
  }
  return all;
}

function verdictOf(verify: (token: string) => unknown): Verify {
  return async (token) => {
    try {
      await verify(token);
      return 'accepted';
    } catch {
      return 'refused';
    }
  };
}
