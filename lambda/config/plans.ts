import * as v from 'valibot';
import type { PolicyOutline } from './policy.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { isRecord } from './record.ts';
import { MAX_PLANS, PLAN_NAME, planSchema, quotaSchema, type RawFile } from './schema.ts';
import type { UsagePlan } from './types.ts';
import { validate } from './validate.ts';

/** A plan but for its quota, which is validated under its own path. */
const planShape = v.object({ ...planSchema.entries, quota: v.optional(v.unknown()) }, planSchema.message);

/**
 * The usage plans. Problems are added to `problems`; what is returned beside them is not to be used.
 * @returns undefined where none are asked for.
 */
export function parsePlans(value: unknown, problems: Problem[]): readonly UsagePlan[] | undefined {
  if (value === undefined) return undefined;
  const refuse = (path: string, message: string) => problems.push({ code: 'value_invalid', path, message });
  if (!isRecord(value)) {
    refuse('plans', `got ${quote(value)}; give a mapping of names to plans`);
    return undefined;
  }
  const names = Object.keys(value);
  // With no plan there is no API key, and without one every request is refused.
  if (names.length === 0) refuse('plans', 'got none; give at least one plan, or leave it out');
  if (names.length > MAX_PLANS) refuse('plans', `got ${names.length} plans; give at most ${MAX_PLANS}`);
  return names.flatMap((name) => {
    if (!PLAN_NAME.test(name)) {
      refuse(
        'plans["…"]',
        `got ${quote(name)}; a plan's name has 1 to 30 letters, digits, - and _, a letter first`,
      );
      return [];
    }
    return parsePlan(name, value[name], problems) ?? [];
  });
}

function parsePlan(name: string, value: unknown, problems: Problem[]): UsagePlan | undefined {
  const at = `plans.${name}`;
  const { value: raw, problems: shape } = validate(planShape, value, at);
  problems.push(...shape);
  if (raw === undefined) return undefined;
  const { rateLimit, burstLimit } = raw;
  const isGiven = (option: string) => isRecord(value) && value[option] !== undefined;
  for (const [given, other] of [
    ['rateLimit', 'burstLimit'],
    ['burstLimit', 'rateLimit'],
  ] as const) {
    if (isGiven(given) && !isGiven(other))
      problems.push({
        code: 'value_invalid',
        path: `${at}.${other}`,
        message: `missing; give it beside ${given}, or leave both out`,
      });
  }
  const quota = raw.quota === undefined ? undefined : parseQuota(raw.quota, at, problems);
  return {
    name,
    ...(rateLimit !== undefined && burstLimit !== undefined && { throttle: { rateLimit, burstLimit } }),
    ...(quota !== undefined && { quota }),
  };
}

function parseQuota(value: unknown, at: string, problems: Problem[]): UsagePlan['quota'] {
  const { value: raw, problems: shape } = validate(quotaSchema, value, `${at}.quota`);
  problems.push(...shape);
  return shape.length > 0 ? undefined : raw;
}

/**
 * Where there are plans, API Gateway refuses a caller without an API key, and only credentials have one.
 * @param isComplete whether `policies` holds every policy of the file.
 */
export function checkPlans(
  {
    file,
    policies,
    isList,
    isComplete,
  }: {
    file: Pick<RawFile, 'restApi'>;
    policies: readonly PolicyOutline[];
    isList: boolean;
    isComplete: boolean;
  },
  problems: Problem[],
): void {
  if (file.restApi !== undefined)
    problems.push({
      code: 'plans_need_own_api',
      path: 'plans',
      message:
        "cannot stand beside restApi: they need the API key's source to be AUTHORIZER, and on an API that exists that would shut out its clients with x-api-key; leave plans or restApi out",
    });
  for (const { index, checkCredentialExistence } of policies) {
    if (!checkCredentialExistence)
      problems.push({
        code: 'plans_need_credentials',
        path: `${isList ? `jwt[${index}]` : 'jwt'}.checkCredentialExistence`,
        message:
          'with plans every caller needs a credential, whose API key is counted; set checkCredentialExistence: true, or leave plans out',
      });
  }
  if (isComplete && policies.length > 0 && policies.every(({ passThrough }) => passThrough))
    problems.push({
      code: 'plans_need_credentials',
      path: 'plans',
      message:
        'an anonymous caller has no API key, and would be refused; leave passThrough out of one policy at least, or leave plans out',
    });
}
