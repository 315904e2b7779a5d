import { describe, expect, it } from 'vitest';
import { answerTo, type Failure } from '../../lambda/attachment/cloudformation-answer.ts';
import { createEvent, deleteEvent, LOGICAL_ID, STACK_ID } from './cloudformation.ts';

const MAX_BYTES = 4096;
const failed = (failure: Failure) => answerTo(createEvent(), { physicalResourceId: 'api1', failure });
const reasonOf = (body: string): string => JSON.parse(body).Reason;
const lines = (count: number, length = 100) =>
  Array.from({ length: count }, (_, index) => `${index} ${'x'.repeat(length)}`);

describe('an answer', () => {
  it('names the request, and the API as the physical id', () => {
    const names = { StackId: STACK_ID, RequestId: 'request-1', LogicalResourceId: LOGICAL_ID };
    expect(JSON.parse(answerTo(deleteEvent(), { physicalResourceId: 'api1' }))).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'api1',
      NoEcho: true,
      ...names,
    });
    expect(JSON.parse(failed({ headline: 'no', details: ['a', 'b'] }))).toMatchObject({
      Status: 'FAILED',
      Reason: 'no\na\nb',
      PhysicalResourceId: 'api1',
      ...names,
    });
  });

  it.each([1, 20, 30, 36, 37, 38, 39, 40, 100, 5000])('of %i refusals has all that fit', (count) => {
    const body = failed({ headline: 'refused', details: lines(count) });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BYTES);
    const shown = reasonOf(body).split('\n').slice(1);
    const last = shown.at(-1) ?? '';
    const more = /^\.\.\.and (\d+) more$/.exec(last)?.[1];
    expect((more === undefined ? shown.length : shown.length - 1) + Number(more ?? 0)).toBe(count);
    // Not one more would have had room.
    if (more !== undefined) expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BYTES - 2 * 105);
  });

  it('fits to the byte, and not by one more', () => {
    const empty = Buffer.byteLength(failed({ headline: '', details: [] }));
    const exact = failed({ headline: 'x'.repeat(MAX_BYTES - empty), details: [] });
    expect(Buffer.byteLength(exact)).toBe(MAX_BYTES);
    expect(reasonOf(exact)).not.toContain('...');
    const over = failed({ headline: 'x'.repeat(MAX_BYTES - empty + 1), details: [] });
    expect(Buffer.byteLength(over)).toBe(MAX_BYTES);
    expect(reasonOf(over)).toMatch(/x\.\.\.$/);
  });

  it.each([
    ['a single long line', 'x'.repeat(9_000)],
    ['what JSON escapes', '"\\\n'.repeat(3_000)],
    ['characters of four bytes', '\u{1F511}'.repeat(3_000)],
  ])('cuts %s where it must', (_, line) => {
    const body = failed({ headline: 'refused', details: [line, 'second', 'third'] });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BYTES);
    expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BYTES - 8);
    expect(reasonOf(body)).toMatch(/\.\.\.\n\.\.\.and 2 more$/);
    // No half of one.
    expect(reasonOf(body)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});
