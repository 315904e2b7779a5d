import { type Notes, shownName } from './finding.ts';
import type { Gateway, Pipeline } from './read.ts';

/** What has a counterpart of its own in the result. */
const IMPORTED = ['jwt', 'proxy', 'cors'];
const AUTHENTICATION = ['basic-auth', 'key-auth', 'oauth2', 'oauth2-introspect'];

/** Where to look for what a policy did. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  expression: 'an authorizer runs no code of its configuration',
  'rate-limit': 'API Gateway has usage plans and throttling',
  log: 'API Gateway has access logs',
  headers: 'API Gateway maps headers in integrations',
  'request-transformer': 'API Gateway has mapping templates',
  'response-transformer': 'API Gateway has mapping templates',
  terminate: 'API Gateway has mock integrations',
};

/** Says what of the gateway's configuration has no counterpart here. */
export function tellLeftOut(pipelines: readonly Pipeline[], gateway: Gateway, notes: Notes): void {
  for (const { policy, at } of pipelines.flatMap(({ steps }) => steps)) {
    if (IMPORTED.includes(policy)) continue;
    if (AUTHENTICATION.includes(policy)) {
      notes.warn('authentication_left_out', at, 'what it asks for is not asked for here: a token is enough');
    } else if (Object.hasOwn(ELSEWHERE, policy)) {
      notes.leaveOut('policy_left_out', at, ELSEWHERE[policy] ?? '');
    } else {
      notes.warn(
        'plugin_left_out',
        at,
        'a policy of a plugin: if it refuses requests, they are not refused here',
      );
    }
  }
  for (const section of gateway.otherSections) {
    notes.leaveOut('section_left_out', shownName(section), 'API Gateway needs nothing like it');
  }
}
