/** What docs/options.md says without being told is what the parser does. */
import { expect, test } from 'vitest';
import {
  driftCheckSchema,
  policySchema,
  restApiSchema,
  topLevelEntries,
} from '../../lambda/config/schema.ts';
import { type Entries, optionsOf } from '../../scripts/options.ts';
import { parsedFile, policy } from './parsing.ts';

/** The options whose default is one value, with what the parser makes of a file without them. */
function compared(entries: Entries, parsed: object) {
  const values = new Map<string, unknown>(Object.entries(parsed));
  return optionsOf(entries).flatMap(({ name, standard }) => {
    const said = /^`([^`]+)`/.exec(standard)?.[1];
    return said !== undefined && values.has(name) ? [[name, said, String(values.get(name))] as const] : [];
  });
}

test('the defaults of the reference are the parser’s', () => {
  const file = parsedFile({
    jwt: policy(),
    restApi: { id: 'a1b2c3d4e5', stages: 'prod' },
  });
  const [controlled] = parsedFile({ jwt: { secret: 'generate', algorithms: ['HS256'] } }).policies;
  const { checkCredentialExistence } = controlled ?? {};
  const rows = [
    ...compared(topLevelEntries, file),
    ...compared(policySchema.entries, { ...file.policies[0], checkCredentialExistence }),
    ...compared(restApiSchema.entries, {
      ...file.restApi,
      driftCheck: file.restApi?.driftCheck !== undefined,
    }),
    ...compared(driftCheckSchema.entries, file.restApi?.driftCheck ?? {}),
  ];
  for (const [name, said, done] of rows) expect([name, said]).toEqual([name, done]);
  const names = rows.map(([name]) => name);
  for (const name of [
    'authorizerCacheSeconds',
    'credentialCacheSeconds',
    'onDenial',
    'requireExp',
    'checkCredentialExistence',
    'onDetach',
    'everyMinutes',
  ])
    expect(names).toContain(name);
});
