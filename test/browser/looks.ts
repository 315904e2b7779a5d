/** What a page looks like from within. As text: the types of a browser are not those of the tests. */
import type { Page } from 'playwright-core';

export const focused = (page: Page): Promise<string> =>
  page.evaluate<string>("document.activeElement.textContent || document.activeElement.id || ''");

/** All that a browser keeps for a page, as JSON. */
export const kept = (page: Page): Promise<string> =>
  page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');

export const clipboard = (page: Page): Promise<string> =>
  page.evaluate<string>('navigator.clipboard.readText()');

/** In pixels; more than the window's where one would have to scroll sideways. */
export const width = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');

export const paper = (page: Page): Promise<string> =>
  page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

export interface Outline {
  /** How many of what can be used have no name. */
  readonly unnamed: number;
  /** Of the headings. */
  readonly levels: readonly number[];
  /** Ids that stand there more than once. */
  readonly twice: readonly string[];
  /** How many of header, nav and main. */
  readonly landmarks: readonly number[];
  readonly lang: string;
}

export const outline = (page: Page): Promise<Outline> =>
  page.evaluate<Outline>(`(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const isNamed = (element) =>
      element.textContent.trim() !== '' || element.hasAttribute('aria-label') || (element.labels?.length ?? 0) > 0;
    const ids = all('[id]').map(({ id }) => id);
    return {
      unnamed: all('button, a, input, select, textarea').filter((element) => !isNamed(element)).length,
      levels: all('h1, h2, h3, h4').map(({ tagName }) => Number(tagName[1])),
      twice: ids.filter((id, index) => ids.indexOf(id) !== index),
      landmarks: ['header', 'nav', 'main'].map((name) => all(name).length),
      lang: document.documentElement.lang,
    };
  })()`);
