import { describe, expect, it } from 'vitest';
import { useConsole } from './console.ts';
import { clipboard, focused, outline, width } from './looks.ts';

const open = useConsole();

const call = (method: string, path: string, token?: string) =>
  fetch(`${open().started.url}${path}`, {
    method,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });

describe('live decisions', () => {
  it('come by themselves, are filtered by code, and lead to what to do about it', async () => {
    const { page, foreign, complaints } = await open().open('#/decisions');
    await page.getByText('Nothing yet').waitFor();
    await call('GET', '/hello', open().token);
    await call('GET', '/<img src=x onerror=alert(1)>');
    await call('POST', '/orders', open().token);
    const rows = page.locator('tbody tr');
    await page.getByRole('cell', { name: 'scope_missing' }).waitFor();
    expect(await rows.count()).toBe(3);
    expect(await rows.first().textContent()).toMatch(/POST \/orders.*denied.*403.*scope_missing/);
    await page.getByLabel('Show').selectOption('token_missing');
    expect(await rows.count()).toBe(1);
    expect(await page.getByRole('status').textContent()).toContain('1 request');
    await page.getByRole('link', { name: 'token_missing' }).click();
    const note = page.getByRole('region', { name: 'The code that you came with' });
    expect(await note.textContent()).toContain('send a token there');
    expect(await focused(page)).toBe('Token debugger');
    expect(await page.locator('main img').count()).toBe(0);
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('stand still while they are paused', async () => {
    const { page } = await open().open('#/decisions');
    const rows = page.locator('tbody tr');
    await rows.first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const before = await rows.count();
    await call('GET', '/hello');
    await page.waitForTimeout(1_500);
    expect(await rows.count()).toBe(before);
    await page.getByRole('button', { name: 'Paused: go on' }).click();
    await rows.nth(before).waitFor();
    expect(await rows.count()).toBe(before + 1);
  });
});

describe('consumers', () => {
  it('are made, given a credential whose secret is shown once, changed and deactivated', async () => {
    const { page, foreign, complaints } = await open().open('#/consumers', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByText('New user', { exact: true }).click();
    await page.getByLabel('Username').fill('<b>ann</b>');
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('heading', { name: '<b>ann</b>' }).waitFor();

    await page.getByText('New credential', { exact: true }).click();
    await page.getByLabel('keyId').fill('ann-1');
    await page.getByLabel('orders:write').check();
    await page.getByRole('button', { name: 'Create credential' }).click();
    const secret = page.locator('.secret output');
    await secret.waitFor();
    const first = (await secret.textContent()) ?? '';
    expect(first.length).toBeGreaterThan(40);
    expect(await focused(page)).toContain('ann-1');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await clipboard(page)).toBe(first);
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.content()).not.toContain(first);

    await page.getByRole('button', { name: 'Rotate the key of ann-1' }).click();
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await secret.waitFor();
    expect(await secret.textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('button', { name: 'Scopes of ann-1' }).click();
    const editing = page.locator('td form');
    await editing.getByLabel('orders:write').uncheck();
    await editing.getByLabel('A new scope').fill('stock:read');
    await editing.getByRole('button', { name: 'Save scopes' }).click();
    await page.getByRole('cell', { name: 'stock:read', exact: true }).waitFor();

    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();

    await page.getByText('New app of this user').click();
    await page.getByLabel('Name', { exact: true }).fill('shop');
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByRole('heading', { name: 'shop' }).waitFor();

    await page.getByRole('link', { name: 'All consumers' }).click();
    await page.getByLabel('Search').fill('ann-1');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: '<b>ann</b>' }).waitFor();
    expect(await page.locator('main b').count()).toBe(0);
    expect(await (await fetch(new URL('/users/<b>ann<%2Fb>', open().url))).json()).toMatchObject({
      isActive: false,
    });
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('what cannot be done is said', async () => {
    const { page } = await open().open('#/consumers');
    await page.getByText('New user', { exact: true }).click();
    await page.getByLabel('Username').fill('demo');
    await page.getByRole('button', { name: 'Create user' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('already exists');
    await page.getByLabel('Search').fill('nobody');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('Nothing has the id, name or keyId nobody.').waitFor();
  });
});

describe('routes × scopes', () => {
  it('tells what each route needs, in a table with headers', async () => {
    const { page, complaints } = await open().open('#/routes');
    const rows = page.getByRole('table').first().locator('tbody tr');
    await rows.first().waitFor();
    const texts = await rows.allTextContents();
    expect(texts.some((text) => /^\/orders\/\{id\}POST, PUT, DELETE●needed/.test(text))).toBe(true);
    expect(await page.getByRole('columnheader', { name: 'orders:write' }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});

it.each(['#/debugger', '#/decisions', '#/consumers', '#/routes'])(
  '%s: what can be used has a name, headings do not skip, ids stand once, and it fits a narrow screen',
  async (at) => {
    const { page } = await open().open(at, { viewport: { width: 360, height: 740 } });
    await page.waitForTimeout(500);
    const found = await outline(page);
    expect(found).toMatchObject({ unnamed: 0, twice: [], landmarks: [1, 1, 1], lang: 'en' });
    expect(await width(page)).toBeLessThanOrEqual(360);
    expect(found.levels[0]).toBe(1);
    for (const [index, level] of found.levels.entries())
      expect(level - (found.levels[index - 1] ?? level)).toBeLessThanOrEqual(1);
  },
);
