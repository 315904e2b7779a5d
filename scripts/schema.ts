// Writes schema/authorizer.config.schema.json, which editors complete and check authorizer.config.yml with, from
// the configuration's schema. With --check: fails when the file is stale. It accepts what the parser accepts,
// and more where only several options together, or the numbers' exactness, tell.
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { editorSchema, policySchema, routeSchema } from '../lambda/config/schema.ts';
import { writeOrCheck } from './generated.ts';

/** draft-07: the draft that yaml-language-server and editors' JSON support know best. */
function editorJsonSchema(): object {
  const { $schema, $defs, ...schema } = toJsonSchema(editorSchema, {
    target: 'draft-07',
    definitions: { policy: policySchema, route: routeSchema },
    overrideRef: ({ referenceId }) => `#/definitions/${referenceId}`,
    ignoreActions: ['finite', 'check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'object' ? refuseUnknownKeys(jsonSchema) : undefined,
  });
  const title = 'authorizer.config.yml: the JWT authorizer for Amazon API Gateway REST APIs';
  return { $schema, title, ...schema, definitions: $defs };
}

function refuseUnknownKeys(schema: JsonSchema): JsonSchema {
  return { ...schema, additionalProperties: false };
}

writeOrCheck(
  'schema/authorizer.config.schema.json',
  `${JSON.stringify(editorJsonSchema(), null, 2)}\n`,
  'npx tsx scripts/schema.ts',
);
