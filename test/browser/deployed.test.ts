import { expect, it, vi } from 'vitest';
import { configFile, launch } from '../e2e/command.ts';
import { startTable } from '../e2e/table.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './console.ts';
import { FILE } from './sample.ts';

const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

it('a deployed table: the key leaves the address, serves the tab, and nobody without it', async () => {
  const { endpoint, tableName, store } = await startTable();
  await store.createUser({ username: 'ann' });
  const args = ['console', '--table', tableName, '--config', await configFile(FILE), '--port', '0'];
  const child = await launch(args, { ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: endpoint });
  const url = await vi.waitUntil(() => /^Console: (\S+)$/m.exec(child.output())?.[1], { timeout: 30_000 });
  const browser = await launchChromium();
  try {
    const { page, foreign, complaints } = await openPage(browser, url);
    await page.getByText('deployed').waitFor();
    expect(page.url()).not.toContain('key');
    expect(await page.getByRole('link', { name: 'Live decisions' }).count()).toBe(0);
    await page.reload();
    await page.getByRole('link', { name: 'Consumers' }).click();
    await page.getByRole('link', { name: 'ann' }).waitFor();
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });

    const { page: stranger } = await openPage(browser, new URL(url).href.replace(/#.*/, ''));
    expect(await stranger.getByRole('alert').textContent()).toContain('key');
    expect(await stranger.getByRole('navigation').count()).toBe(0);
  } finally {
    await browser.close();
    child.kill('SIGTERM');
  }
});
