/** What a person can do about what the Admin API says; its texts are Express Gateway's. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^User not found|^The specified user does not exist/, 'see: jwt-authorizer users list'],
  [/^Application not found/, 'see: jwt-authorizer apps list'],
  [/^No credential found/, 'see: jwt-authorizer credentials list'],
  [/^No consumer found|^Consumer not found/, 'see: jwt-authorizer users list, jwt-authorizer apps list'],
  [/^scope not found/, 'see: jwt-authorizer scopes list'],
  [
    /^One or more scopes don't exist/,
    'see: jwt-authorizer scopes list; make the others first: jwt-authorizer scopes create SCOPE',
  ],
  [/^One or more scopes already exist/, 'create only the others; see: jwt-authorizer scopes list'],
  [/already exists/, 'choose another, or change that one'],
  [/required property/, 'give it with -p NAME=VALUE'],
  [/^(?:host|origin)_not_allowed/, 'give the URL as 127.0.0.1, as `start` prints it'],
];

/** @returns undefined where the text says enough. */
export function hintFor(status: number, reason: string): string | undefined {
  const hint = HINTS.find(([pattern]) => pattern.test(reason))?.[1];
  if (hint !== undefined) return hint;
  if (status === 401 || status === 403) return 'these credentials may not call this Admin API';
  return status === 404 ? 'check the name, and --admin-url if it was given' : undefined;
}
