import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useConsole } from './console.ts';
import { focused, kept, paper, width } from './looks.ts';

const open = useConsole();

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed, though not with the gateway's key. */
function forged(claims: Readonly<Record<string, unknown>>): string {
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', 'another secret').update(input).digest('base64url')}`;
}

describe('the token debugger', () => {
  it('tells each check of a token in its order, for the route that was picked', async () => {
    const { page, foreign, complaints } = await open().open();
    await page.getByRole('textbox', { name: 'Token' }).fill(`Bearer ${open().token}\n`);
    await page.getByRole('button', { name: 'Explain' }).click();
    const verdict = page.getByRole('region', { name: /allowed/ });
    await verdict.waitFor();
    const names = await verdict.locator('.steps .step-name').allTextContents();
    expect(
      names.filter((name) => ['signature', 'exp', 'iss', 'credential', 'answer'].includes(name)),
    ).toEqual(['signature', 'exp', 'iss', 'credential', 'answer']);
    expect(await page.getByRole('region', { name: 'Claims' }).textContent()).toContain('"aud": "orders-api"');
    await page.getByRole('button', { name: 'POST /orders', exact: true }).click();
    await page.getByRole('button', { name: 'Explain' }).click();
    const denied = page.getByRole('region', { name: /denied/ });
    await denied.waitFor();
    expect(await denied.locator('h2').textContent()).toMatch(/denied.*403.*scope_missing/);
    expect(await denied.locator('li.denied .remedy').first().textContent()).toContain('scope');
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('leaves the token nowhere: not in the address, not in what a browser keeps', async () => {
    const { token } = open();
    const { page } = await open().open();
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await page.getByRole('textbox', { name: 'Token' }).fill(token);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('region', { name: /allowed/ }).waitFor();
    const stored = await kept(page);
    expect(urls.length).toBeGreaterThan(0);
    for (const text of [page.url(), ...urls, stored, ...open().started.lines().slice(-5)])
      expect(text).not.toContain(token.slice(-20));
  });

  it('a token that is none, or of somebody else, is denied by the check that saw it', async () => {
    const { page } = await open().open();
    const ask = async (token: string) => {
      await page.getByRole('textbox', { name: 'Token' }).fill(token);
      await page.getByRole('button', { name: 'Explain' }).click();
      const verdict = page.getByRole('region', { name: /denied/ });
      await verdict.waitFor();
      await page.waitForTimeout(200);
      return verdict.locator('h2 code').textContent();
    };
    expect(await ask('no.token')).toBe('token_malformed');
    expect(await ask(forged({ iss: 'https://id.example.com/', aud: 'orders-api', exp: 4_000_000_000 }))).toBe(
      'signature_invalid',
    );
  });

  it('hostile claims are text', async () => {
    const { page, foreign, complaints } = await open().open();
    const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
    await page
      .getByRole('textbox', { name: 'Token' })
      .fill(forged({ iss: hostile, sub: hostile, [hostile]: { '</pre>': hostile }, exp: 4_000_000_000 }));
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('region', { name: /denied/ }).waitFor();
    expect(await page.getByRole('region', { name: 'Claims' }).textContent()).toContain('<img src=x onerror=');
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    expect(await page.title()).toBe('Token debugger · JWT authorizer');
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  it('serves who has a keyboard alone', async () => {
    const { page } = await open().open();
    const reach = async (wanted: (text: string) => boolean) => {
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press('Tab');
        if (wanted(await focused(page))) return;
      }
      throw new Error('the Tab key does not lead there');
    };
    await reach((text) => text === 'Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Token debugger');
    await reach((text) => text === 'token');
    await page.keyboard.insertText(open().token);
    await reach((text) => text === 'Explain');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /allowed/ }).waitFor();
  });

  it('is dark where the system is, and fits a narrow screen', async () => {
    const paperIn = async (colorScheme: 'light' | 'dark') => {
      const { page } = await open().open('', { colorScheme, viewport: { width: 360, height: 740 } });
      await page.getByRole('textbox', { name: 'Token' }).fill(open().token);
      await page.getByRole('button', { name: 'Explain' }).click();
      await page.getByRole('region', { name: /allowed/ }).waitFor();
      expect(await width(page)).toBeLessThanOrEqual(360);
      return paper(page);
    };
    expect([await paperIn('light'), await paperIn('dark')]).toEqual([
      'rgb(246, 247, 249)',
      'rgb(18, 21, 28)',
    ]);
  });
});
