import { expect, it } from 'vitest';
import { attachTo } from './attachment.ts';

it('counts what an attachment asks, beside the least that it could', async () => {
  const [calls, seconds] = (await attachTo(3)).map(({ rows }) =>
    Object.fromEntries(rows.map(({ id, values }) => [id, values])),
  );
  // Nine methods: those of three resources, and six of the scene's.
  expect(calls).toMatchObject({ plan: [5], minimum: [5 + 1 + 9 + 2], looks: [9], attach: [17 + 9 + 7] });
  expect(seconds?.['attach']?.[0]).toBeGreaterThan(0);
});
