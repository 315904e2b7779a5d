/**
 * For what must not take long, and takes a hundredth of that: milliseconds. Code that is changed to see who notices
 * (`npm run test:mutation`) is slower, and runs where there is other work: there it is told by no clock.
 */
export const soonMs = (ms: number): number =>
  process.env['MUTATED_AREA'] === undefined ? ms : Number.POSITIVE_INFINITY;
