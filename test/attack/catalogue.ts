/** Every token that must not get through, by theme. */
import type { Theme } from './model.ts';
import { ages } from './tokens/ages.ts';
import { algorithms } from './tokens/algorithms.ts';
import { confusion } from './tokens/confusion.ts';
import { encoding } from './tokens/encoding.ts';
import { header } from './tokens/header.ts';
import { issuerAudience } from './tokens/issuer-audience.ts';
import { json } from './tokens/json.ts';
import { kid } from './tokens/kid.ts';
import { none } from './tokens/none.ts';
import { signature } from './tokens/signature.ts';
import { size } from './tokens/size.ts';
import { structure } from './tokens/structure.ts';
import { times } from './tokens/times.ts';
import { types } from './tokens/types.ts';

export const THEMES: readonly Theme[] = [
  ...[none, algorithms, confusion, header, kid, signature],
  ...[encoding, structure, json, types, issuerAudience, times, ages, size],
];
