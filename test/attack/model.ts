/** What an attack is: data, for the tests here and for the table of `npm run bench:strictness`. */
import type { DenialCode } from '../../lambda/authorizer/denial.ts';
import type { DoorName } from './doors.ts';

/** Where it is known from: `CVE-…`, `GHSA-…`, or a section such as `RFC 8725 §3.1`. */
export type Citation = `CVE-${number}-${number}` | `GHSA-${string}` | `RFC ${number} §${string}`;

/** A token that must not get through, whoever signed it. */
export interface TokenAttack {
  /** Stable, unique: `theme/case`. */
  readonly id: string;
  /** What the table calls it. Attacks of one row are one there, with their number. @default the id's last part */
  readonly row?: string;
  readonly cites: readonly Citation[];
  /** The policy that it is for; of several, each. The table takes the first. */
  readonly doors: readonly [DoorName, ...DoorName[]];
  /** Made when asked for, since some need keys of their own. @param trap a URL that tells if anybody asks it. */
  readonly token: (trap: string) => string;
  readonly expected: DenialCode;
  /** The RFCs let it pass, by this section or for this reason: who accepts it has another policy, and no hole. */
  readonly mayPass?: string;
}

/** What must get through: the same with nothing wrong, or at the right side of a boundary. */
export type Control = Pick<TokenAttack, 'id' | 'doors' | 'token'>;

export interface Theme {
  readonly title: string;
  readonly attacks: readonly TokenAttack[];
  readonly controls?: readonly Control[];
}
