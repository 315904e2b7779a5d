/** What is made of it in API Gateway, and the keys that it fetches. */
import { inFile } from '../in-file.ts';
import { MISSING, PROSE, TYPE, UNUSED } from '../reasons.ts';

const TOGETHER = 'the two stand together, or there is a problem, beside which what is returned is not used';

export const THE_API = [
  ...inFile('config/key-set-source', [
    { original: "''", on: "raw.jwksUri ?? ''", why: TYPE },
    { original: "', '", why: PROSE },
    { on: 'if (problem !== undefined || foreign.length > 0)', replacement: 'false', why: UNUSED },
    { on: 'if (problem !== undefined || foreign.length > 0)', mutator: 'LogicalOperator', why: UNUSED },
  ]),
  ...inFile('config/stored-key-source', [
    { original: "''", on: "raw.parameterName ?? ''", why: TYPE },
    { original: "''", on: "raw.secretArn ?? ''", why: TYPE },
    {
      ...{ original: 'raw.algorithms === undefined', on: 'isRefused(', replacement: 'true' },
      why: 'an option that is refused is not handed on',
    },
    { original: '[]', on: 'assertOneKind(raw.algorithms, add) ?? []', why: UNUSED },
    { original: 'jsonField !== undefined', replacement: 'true', why: MISSING },
    { original: "', '", why: PROSE },
  ]),
  ...inFile('config/plans', [
    { original: '[]', mutator: 'ArrayDeclaration', why: UNUSED },
    { original: 'rateLimit !== undefined', replacement: 'true', why: TOGETHER },
    { original: 'burstLimit !== undefined', replacement: 'true', why: TOGETHER },
    { on: '{ throttle: {', mutator: 'LogicalOperator', why: TOGETHER },
    { original: 'quota !== undefined', replacement: 'true', why: MISSING },
    { original: 'shape.length > 0', replacement: 'false', why: UNUSED },
  ]),
  ...inFile('config/gateway-responses', [
    {
      ...{ original: "tokenPlace.in === 'header'", replacement: 'true' },
      why: 'the compiler wants it said: what is no header has no scheme, which is asked too',
    },
  ]),
  ...inFile('config/rest-api', [{ original: '[]', mutator: 'ArrayDeclaration', why: UNUSED }]),
  ...inFile('config/warnings', [
    {
      original: 'algorithms.some(isHmac)',
      why: 'one key does algorithms of one kind: all of them are HMAC, or none',
    },
  ]),
];
