import { expect } from 'vitest';
import { weakenings } from '../support/control-plane/protection.ts';
import type { Bench } from './bench.ts';

export function expectNothingWeakened({ scene }: Bench): void {
  expect(weakenings(scene.model.history)).toEqual([]);
}
