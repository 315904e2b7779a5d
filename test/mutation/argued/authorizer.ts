import type { Argument } from '../arguments.ts';

const KEPT = 'only faster: what is not taken from memory is read anew';

export const AUTHORIZER: readonly Argument[] = [
  {
    ...{ file: 'lambda/authorizer/method-arn.ts', on: 'if (lastStageArn !== undefined &&' },
    ...{ replacement: 'false', why: KEPT },
  },
  { file: 'lambda/authorizer/method-arn.ts', original: 'lastStageArn !== undefined', why: KEPT },
  {
    ...{ file: 'lambda/authorizer/method-arn.ts', original: 'value.startsWith(lastStageArn)' },
    ...{ mutator: 'MethodExpression', why: KEPT },
  },
  {
    ...{ file: 'lambda/authorizer/method-arn.ts', on: 'if (lastStageArn !== undefined &&' },
    ...{ original: "'/'", why: KEPT },
  },
  {
    ...{ file: 'lambda/authorizer/method-arn.ts', on: '.exec(value) ?? []', mutator: 'ArrayDeclaration' },
    why: 'its first entry is skipped, and Stryker puts in no second one',
  },
  {
    ...{ file: 'lambda/authorizer/method-arn.ts', original: 'stageArn === undefined', replacement: 'false' },
    why: 'undefined has no * and no ?, and is what is given then too',
  },
  {
    ...{ file: 'lambda/authorizer/scopes.ts', mutator: 'ArrayDeclaration' },
    why: 'what Stryker puts into the list is no scope, since it has spaces',
  },
];
