/** Why a LevelDB could not be opened, of the embedded DynamoDB or of the lock. */
export type LevelFailure =
  | { readonly kind: 'in use' }
  /** What it holds cannot be read any more. */
  | { readonly kind: 'damaged' }
  /** What it holds may be whole: permissions, space, or what lies in its place. @property reason the system's own words. */
  | { readonly kind: 'out of reach'; readonly reason: string };

/** What names the rest is none, or names what is not there: LevelDB does not call that a corruption. */
const BROKEN_ROOT = /\/(?:CURRENT|MANIFEST-\d+): (?:Is a directory|No such file or directory)$/;

/** @param error what classic-level's `open` failed with. @see https://github.com/Level/classic-level#dbopenoptions */
export function levelFailureOf(error: unknown): LevelFailure {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return { kind: 'out of reach', reason: 'unknown' };
  const code = 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'LEVEL_LOCKED') return { kind: 'in use' };
  if (code === 'LEVEL_CORRUPTION' || BROKEN_ROOT.test(cause.message)) return { kind: 'damaged' };
  // `IO error: PATH/LOCK: Permission denied`; what Node.js does before it has a code.
  const reason = code === 'LEVEL_IO_ERROR' ? cause.message.split(': ').at(-1) : code;
  return { kind: 'out of reach', reason: reason ?? code };
}
