/**
 * Writes docs/console/*.png: `npm run screenshots`, after a build. The data are made for it and gone with it, and what is
 * shown of the token is its beginning.
 */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { stringify } from 'yaml';
import { run } from '../../bin/local/run.ts';
import { launchChromium } from './chromium.ts';
import { FILE } from './sample.ts';

const FOLDER = process.argv[2] ?? 'docs/console';
const SIZE = { width: 1080, height: 640 };

const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
const config = join(folder, 'authorizer.config.yml');
await writeFile(config, stringify(FILE));
const lines: string[] = [];
const running = await run({
  ...{ config, port: 0, adminPort: 0, data: folder, ephemeral: true, print: (line) => void lines.push(line) },
  bundle: new URL('../../dist/lambda/authorizer/index.mjs', import.meta.url),
});
const browser = await launchChromium();
try {
  mkdirSync(FOLDER, { recursive: true });
  const tokens = lines.join('\n').match(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g) ?? [];
  const [reader = '', writer = ''] = [...new Set(tokens)];
  await populate(`${running.adminUrl}`);
  await callAround(running.url, reader, writer);
  const { page: light } = await openAt('light');
  await debug(light, reader, 'POST /orders');
  await shoot(light, 'debugger-denied');
  await light.goto(`${running.consoleUrl}#/decisions`);
  await light.getByRole('table').waitFor();
  await shoot(light, 'decisions');
  await light.goto(`${running.consoleUrl}#/consumers`);
  await light.getByRole('link', { name: 'ann' }).waitFor();
  await light.getByRole('link', { name: 'ann' }).click();
  await light.getByRole('button', { name: 'Rotate the key of ann-1' }).waitFor();
  await shoot(light, 'consumer');
  await light.goto(`${running.consoleUrl}#/routes`);
  await light.getByRole('table').first().waitFor();
  await shoot(light, 'routes');
  const { page: dark } = await openAt('dark');
  await debug(dark, writer, 'POST /orders');
  await shoot(dark, 'debugger-allowed-dark');
} finally {
  await browser.close();
  await running.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function openAt(colorScheme: 'light' | 'dark', viewport = SIZE) {
  const context = await browser.newContext({ colorScheme, viewport, locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  await page.goto(running.consoleUrl ?? '');
  return { page };
}

async function debug(page: Page, token: string, route: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Token' }).fill(token);
  await page.getByRole('button', { name: route, exact: true }).click();
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.locator('.verdict').waitFor();
  // Shortened where it is seen, not where it is known: what it says stays beside it.
  await page.locator('#token').evaluate((area) => {
    (area as unknown as { value: string }).value = 'eyJhbGciOiJIUzI1NiIsInR5cCI6…';
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' });
}

async function populate(admin: string): Promise<void> {
  const send = async (method: string, path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${admin}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  };
  await send('POST', '/users', {
    username: 'ann',
    firstname: 'Ann',
    lastname: 'Lee',
    email: 'ann@example.com',
  });
  await send('POST', '/users', { username: 'ben', firstname: 'Ben', lastname: 'Okoro' });
  await send('POST', '/apps', { userId: 'ann', name: 'warehouse' });
  const issuer = 'https://id.example.com/';
  const credential = { keyId: 'ann-1', issuer, scopes: ['orders:write'] };
  await send('POST', '/credentials', { consumerId: 'ann', type: 'jwt', credential });
  await send('PUT', '/users/ben/status', { status: false });
}

async function callAround(gateway: string, reader: string, writer: string): Promise<void> {
  const call = (method: string, path: string, token?: string) =>
    fetch(`${gateway}${path}`, {
      method,
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
  await call('GET', '/hello', reader);
  await call('GET', '/hello');
  await call('POST', '/orders', reader);
  await call('POST', '/orders', writer);
  await call('POST', '/orders', writer);
  await call('GET', '/orders/7', `${writer.slice(0, -6)}AAAAAA`);
  await call('GET', '/reports/2026', reader);
}
