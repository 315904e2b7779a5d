import type { Argument } from '../arguments.ts';
import { FASTER, MISSING } from './reasons.ts';

const KEPT = 'only faster: what is not taken from memory is read anew';
const TYPE = 'the compiler wants it said; of another type it equals, contains and compares with nothing';
const PAST_THE_END =
  'one step more: there is no character behind the end, which is like none of those looked for';
const MEMORY = 'how much is remembered, and so memory and time alone';
const PROSE = 'prose: tests ask for the class or the code of an error, not for its words';
const COMPOSED =
  'the composition is tested over the built function, which nothing is changed in here: test/faults, test/e2e';
const DETAILS = 'the compiler wants it said: a key that is no secret has details';
const BOUND = 'only faster: a bound that is too high, or none, has the bytes counted';
/** See withPlainNames. Tests ask for it, which Node.js 20 passes without. */
const V8 =
  'differs where V8 takes an escaped name for another one, as Node.js 24 does and the one of these runs does not';

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
  { file: 'lambda/authorizer/claims.ts', original: 'nbf !== undefined', replacement: 'true', why: TYPE },
  { file: 'lambda/authorizer/claims.ts', original: 'iat !== undefined', replacement: 'true', why: TYPE },
  {
    file: 'lambda/authorizer/claims.ts',
    original: "typeof iss === 'string'",
    replacement: 'true',
    why: TYPE,
  },
  {
    file: 'lambda/authorizer/claims.ts',
    original: "typeof name === 'string'",
    replacement: 'true',
    why: TYPE,
  },
  {
    ...{ file: 'lambda/authorizer/claims.ts', original: "typeof value === 'number'", replacement: 'true' },
    why: 'whether it is a number was asked before, of each that is read so',
  },
  {
    ...{ file: 'lambda/authorizer/decode.ts', original: "token.indexOf('.', first + 1) !== last" },
    ...{ replacement: 'false', why: 'a fourth part leaves a dot in another, and no base64url has one' },
  },
  { file: 'lambda/authorizer/decode.ts', original: 'lastHeader?.part === part', why: KEPT },
  {
    ...{ file: 'lambda/authorizer/decode.ts', on: 'if (header !== undefined) lastHeader =' },
    why: 'only faster: what is not kept is read anew; and what was no header is kept as none',
  },
  {
    ...{ file: 'lambda/authorizer/extract.ts', original: "place.in === 'header'", replacement: 'true' },
    why: 'the compiler wants it said: a place elsewhere has no scheme',
  },
  { file: 'lambda/authorizer/extract.ts', original: "typeof token === 'string'", why: TYPE },
  { file: 'lambda/authorizer/extract.ts', original: 'token.length * 3 > MAXIMUM_TOKEN_BYTES', why: FASTER },
  { file: 'lambda/authorizer/extract.ts', original: 'given === scheme', replacement: 'false', why: FASTER },
  {
    ...{ file: 'lambda/authorizer/extract.ts', original: 'start > given.length' },
    why: 'the first word ends where a space or a tab is, or nothing more, and nothing is no token',
  },
  {
    ...{ file: 'lambda/authorizer/extract.ts', original: 'equals > 0', replacement: 'equals >= 0' },
    why: 'no configuration names a cookie that has no name',
  },
  { file: 'lambda/authorizer/extract.ts', original: 'end < value.length', why: PAST_THE_END },
  { file: 'lambda/authorizer/request.ts', original: 'key.length === wanted.length', why: FASTER },
  {
    ...{ file: 'lambda/authorizer/request.ts', original: 'lists.length === 1 && Array.isArray(lists[0])' },
    ...{ replacement: 'false', why: 'only faster: a list of one list is made of it by the other way too' },
  },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', original: "'\\ufffd'", replacement: '""' },
    why: 'only faster: then every text is looked through for what is no UTF-8',
  },
  {
    file: 'lambda/authorizer/strict-json.ts',
    on: 'if (!isRecord(value))',
    replacement: 'false',
    why: FASTER,
  },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', original: "'\\\\'", replacement: '""' },
    why: 'only faster: a text or a name without escapes is spelled again as it is',
  },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', on: 'const read =', replacement: 'false' },
    why: 'only faster: what is no text is none for the parser, and the same text is the same value',
  },
  {
    ...{
      file: 'lambda/authorizer/strict-json.ts',
      on: 'const read =',
      original: 'plain === undefined || plain === text',
    },
    ...{ mutator: 'LogicalOperator', why: 'the same: nothing is both' },
  },
  { file: 'lambda/authorizer/strict-json.ts', on: 'const read =', why: V8 },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', original: '{ return undefined; }', replacement: '{}' },
    why: 'the function ends there; the compiler wants it said',
  },
  { file: 'lambda/authorizer/strict-json.ts', original: 'i < json.length', why: PAST_THE_END },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', original: 'copied === 0', replacement: 'false' },
    why: 'the same: nothing, and the whole',
  },
  { file: 'lambda/authorizer/strict-json.ts', original: 'copied === 0', why: V8 },
  {
    ...{ file: 'lambda/authorizer/strict-json.ts', original: 'quote - i', replacement: 'quote + i' },
    why: 'the sum of two numbers is odd where their difference is',
  },
  {
    ...{ file: 'lambda/authorizer/verify.ts', original: '!canDo(key, algorithm)', replacement: 'false' },
    why: 'a second lock: what a key cannot do, jwa throws at, or finds not to hold',
  },
  {
    ...{ file: 'lambda/authorizer/verify.ts', on: '} catch {', replacement: '{}' },
    why: 'undefined counts as not held too',
  },
  {
    ...{ file: 'lambda/authorizer/verify.ts', original: 'checked === key', replacement: 'true' },
    why: 'nothing holds with the key that stands in, whose private part nobody has',
  },
  {
    ...{ file: 'lambda/authorizer/answer.ts', original: "''", on: 'const routeOf =' },
    why: 'a TOKEN event alone has no resource, and its answers are of the stage, not of a route',
  },
  {
    file: 'lambda/authorizer/answer.ts',
    on: "if (caller.kind === 'anonymous' || !caller.isRemembered)",
    why: KEPT,
  },
  { file: 'lambda/authorizer/answer.ts', original: 'last !== undefined && isFor(last, request)', why: KEPT },
  {
    ...{ file: 'lambda/authorizer/answer.ts', on: 'if (answer === undefined)', replacement: 'false' },
    why: 'that there is none is what the next one comes to as well',
  },
  { file: 'lambda/authorizer/answer.ts', on: 'answers.set(caller', replacement: '{}', why: KEPT },
  { file: 'lambda/authorizer/answer.ts', on: 'const isFor =', replacement: '() => undefined', why: KEPT },
  {
    ...{ file: 'lambda/authorizer/answer.ts', on: 'answered.method === method', replacement: 'false' },
    why: KEPT,
  },
  {
    ...{
      file: 'lambda/authorizer/answer.ts',
      original: "caller.kind === 'authenticated'",
      replacement: 'true',
    },
    why: 'the compiler wants it said: who is anonymous has neither',
  },
  { file: 'lambda/authorizer/answer.ts', on: 'const known = all !== undefined', why: MEMORY },
  { file: 'lambda/authorizer/answer.ts', on: 'if (known !== all)', why: MEMORY },
  { file: 'lambda/authorizer/answer.ts', on: 'if (last !== undefined) return last;', why: KEPT },
  {
    ...{ file: 'lambda/authorizer/answer.ts', original: 'resource === undefined', replacement: 'false' },
    why: 'the compiler wants it said: a TOKEN event does not get here where a route asks for scopes',
  },
  {
    ...{ file: 'lambda/authorizer/answer.ts', original: 'request.resource === undefined' },
    ...{ replacement: 'false', why: 'as above: authorize has thrown' },
  },
  {
    ...{ file: 'lambda/authorizer/answer.ts', original: 'only !== undefined', replacement: 'true' },
    why: 'the compiler wants it said: no statement is about nothing',
  },
  { file: 'lambda/authorizer/consumer.ts', on: 'assertCurrent(', mutator: 'StringLiteral', why: PROSE },
  { file: 'lambda/authorizer/consumer.ts', original: 'policies.length > 1', why: FASTER },
  { file: 'lambda/authorizer/consumer.ts', original: 'moment !== undefined', replacement: 'true', why: TYPE },
  {
    file: 'lambda/authorizer/context.ts',
    original: "name === 'claimsBase64url'",
    replacement: 'false',
    why: BOUND,
  },
  { file: 'lambda/authorizer/context.ts', original: "'claimsBase64url'", on: 'return 1', why: BOUND },
  {
    file: 'lambda/authorizer/context.ts',
    original: "name === 'claimsJson'",
    replacement: 'false',
    why: BOUND,
  },
  { file: 'lambda/authorizer/context.ts', original: "'claimsJson'", on: '? 3', why: BOUND },
  { file: 'lambda/authorizer/context.ts', on: 'function unitBytesOf', replacement: '{}', why: BOUND },
  {
    ...{ file: 'lambda/authorizer/context.ts', original: "typeof issuer === 'string'", replacement: 'true' },
    why: 'the compiler wants it said: what verified is a text or absent, and what is absent has nothing to print',
  },
  { file: 'lambda/authorizer/context.ts', on: 'if (known !== undefined)', replacement: 'false', why: KEPT },
  { file: 'lambda/authorizer/context.ts', original: 'plainNames.size >= NAMES_AT_MOST', why: MEMORY },
  {
    ...{ file: 'lambda/authorizer/context.ts', original: "'__proto__'" },
    why: 'a second lock: to assign a text to it does nothing',
  },
  { file: 'lambda/authorizer/find-caller.ts', on: 'decoded.heldWith === undefined', why: KEPT },
  {
    ...{
      file: 'lambda/authorizer/find-caller.ts',
      on: 'if (lookingUp instanceof Promise ||',
      replacement: 'true',
    },
    why: 'only faster: what is at hand is waited for too',
  },
  {
    ...{ file: 'lambda/authorizer/find-caller.ts', on: 'last?.policy === policy', replacement: 'false' },
    why: KEPT,
  },
  { file: 'lambda/authorizer/find-caller.ts', original: '{ policy, caller }', why: KEPT },
  {
    file: 'lambda/authorizer/find-caller.ts',
    original: 'spelled !== undefined',
    replacement: 'true',
    why: MISSING,
  },
  {
    ...{ file: 'lambda/authorizer/find-caller.ts', original: 'expiresAtSeconds !== undefined' },
    ...{ replacement: 'true', why: MISSING },
  },
  {
    ...{ file: 'lambda/authorizer/routes.ts', original: 'path.length > 1' },
    why: 'of "/" nothing would be left on either side, which is alike too',
  },
  {
    ...{ file: 'lambda/authorizer/authenticate.ts', on: 'if (key !== undefined && !isRefused)' },
    why: 'only faster or slower: what is remembered is decided anew; a key is there wherever a signature held',
  },
  {
    ...{ file: 'lambda/authorizer/credential-keys.ts', on: 'credential: () => reading?.found?.credential' },
    why: 'the compiler wants it said: it is asked for where one of its keys has held',
  },
  {
    ...{ file: 'lambda/authorizer/credential-keys.ts', original: 'other.found?.keys' },
    why: 'the compiler wants it said: of a name that there was not, no newer keys are given',
  },
  {
    ...{ file: 'lambda/authorizer/credential-keys.ts', on: 'const NONE' },
    why: 'what Stryker puts in is too short for a secret, as nothing is',
  },
  {
    ...{ file: 'lambda/authorizer/decide.ts', mutator: 'ArrayDeclaration' },
    why: 'what Stryker puts in has spaces: no token that came, and no scope',
  },
  { file: 'lambda/authorizer/environment.ts', original: "' and '", why: PROSE },
  {
    file: 'lambda/authorizer/handler.ts',
    on: "openLater(environment['CREDENTIALS_TABLE'] ?? '')",
    why: COMPOSED,
  },
  {
    ...{ file: 'lambda/authorizer/handler.ts', original: 'needsTable(config)' },
    why: 'only faster: what is not begun at the start is with the first request',
  },
  { file: 'lambda/authorizer/handler.ts', on: 'const stale =', why: COMPOSED },
  { file: 'lambda/authorizer/handler.ts', on: 'report: (failure: unknown) => logStale', why: COMPOSED },
  { file: 'lambda/authorizer/handler.ts', on: '...(stale && { stale })', why: COMPOSED },
  { file: 'lambda/authorizer/handler.ts', on: 'const credentialId =', why: COMPOSED },
  {
    file: 'lambda/authorizer/json-bytes.ts',
    on: 'unitBytesOf = (_name',
    replacement: '() => undefined',
    why: BOUND,
  },
  { file: 'lambda/authorizer/json-bytes.ts', on: 'const units =', why: BOUND },
  { file: 'lambda/authorizer/json-bytes.ts', on: 'return bound <= limit', why: BOUND },
  {
    file: 'lambda/authorizer/revocation.ts',
    original: "typeof iss === 'string'",
    replacement: 'true',
    why: MISSING,
  },
  {
    file: 'lambda/authorizer/revocation.ts',
    original: "typeof jti === 'string'",
    replacement: 'true',
    why: MISSING,
  },
  {
    ...{ file: 'lambda/authorizer/subject.ts', original: 'iat === undefined', replacement: 'false' },
    why: 'the compiler wants it said: where there is a maximum age, a token without iat is denied before',
  },
  {
    ...{ file: 'lambda/authorizer/subject.ts', original: "typeof value === 'number'", replacement: 'true' },
    why: 'whether it is a number was asked before, of each that is read so',
  },
  { file: 'lambda/authorizer/trace.ts', on: 'const size =', mutator: 'OptionalChaining', why: DETAILS },
  {
    ...{ file: 'lambda/authorizer/trace.ts', original: 'result !== null', replacement: 'true' },
    why: 'no step comes to null, and typeof says object of it',
  },
  {
    ...{ file: 'lambda/authorizer/verified-tokens.ts', on: 'mark = (Math.imul' },
    why: 'any mark of the same characters does, if it differs for others',
  },
  { file: 'lambda/authorizer/verified-tokens.ts', original: 'characters -= token.length', why: MEMORY },
  {
    file: 'lambda/authorizer/verified-tokens.ts',
    on: 'if (token.length > maximumCharacters / 2)',
    why: MEMORY,
  },
  { file: 'lambda/authorizer/verified-tokens.ts', on: 'if (younger.size >= maximumTokens / 2', why: MEMORY },
  {
    ...{
      file: 'lambda/authorizer/verified-tokens.ts',
      on: 'if (came[mark % MARKS] !== mark)',
      replacement: 'false',
    },
    why: FASTER,
  },
  {
    ...{
      file: 'lambda/authorizer/verified-tokens.ts',
      original: 'decoded.heldWith === key',
      replacement: 'false',
    },
    why: 'only faster: it is kept once more as it is',
  },
];
