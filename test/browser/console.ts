/** A gateway with its console, and a browser that looks at it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { configFile, type Started, start } from '../e2e/command.ts';
import { launchChromium } from './chromium.ts';
import { FILE } from './sample.ts';

export interface OpenPage {
  readonly page: Page;
  /** What the page asked for that is not of its own origin. */
  readonly foreign: readonly string[];
  /** What the browser complained about: errors of scripts, and what the content security policy stopped. */
  readonly complaints: readonly string[];
}

export interface Console {
  readonly started: Started;
  /** Such as `http://127.0.0.1:9876/console/`. */
  readonly url: string;
  readonly token: string;
  /** @param at the part of the address behind `#`. */
  open(at?: string, options?: BrowserContextOptions): Promise<OpenPage>;
}

/** One for a file. */
export function useConsole(file: Readonly<Record<string, unknown>> = FILE): () => Console {
  let browser: Browser;
  let current: Console;
  beforeAll(async () => {
    browser = await launchChromium();
    const started = await start(['--ephemeral', '--config', await configFile(file)]);
    const url = (await started.printed((line) => line.startsWith('Console: '))).slice('Console: '.length);
    const open = (at = '', options: BrowserContextOptions = {}) => openPage(browser, `${url}${at}`, options);
    current = { started, url, token: started.token ?? '', open };
  });
  afterAll(async () => {
    await browser.close();
    await current.started.stop();
  });
  return () => current;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  const { origin } = new URL(url);
  const [foreign, complaints]: [string[], string[]] = [[], []];
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) foreign.push(request.url());
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That somebody is not there is an answer of the Admin API; Chromium writes it down all the same.
    const isAnswer = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, foreign, complaints };
}
