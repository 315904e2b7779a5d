/** The built command as a process of its own, at the pace that AWS's quotas ask for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { launch } from '../../e2e/command.ts';
import { weakenings } from '../../support/control-plane/protection.ts';
import { openBench } from './bench.ts';

it('is stopped by Ctrl-C between two calls, and the same command goes on', async () => {
  const { scene, variables, config, ...bench } = await openBench();
  const { model } = scene;
  const args = ['attach', '--config', config, '--stack', 'Orders', '--rest-api-id', 'api1', '--yes'];
  const wish = ['--stage', 'prod', '--take-over'];

  const child = await launch([...args, ...wish], variables);
  await vi.waitUntil(() => model.log.some(({ operation }) => operation === 'UpdateMethod'), {
    timeout: 15_000,
  });
  child.kill('SIGINT');
  const stopped = await child.ended;
  expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('the same command goes on')]);
  expect(stopped.stdout).toContain('will be protected (6):');
  expect(bench.served('prod', 'GET /orders')).toBe('NONE');
  const calls = model.log.length;
  await sleep(300);
  expect(model.log).toHaveLength(calls);

  const ended = await (await launch(args, variables)).ended;
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toContain('attached: 6 methods');
  expect(bench.served('prod', 'GET /orders')).toBe('CUSTOM');
  expect(weakenings(model.history)).toEqual([]);
  // A method is changed once, by the one run or the other.
  const changed = model.log.filter(({ operation }) => operation === 'UpdateMethod');
  expect(changed).toHaveLength(6);
});
