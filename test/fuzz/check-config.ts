/** The oracle of configuration files: a configuration that says what its file says, or a list of problems; nothing else. */
import { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadResult, loadConfigFile } from '../../lambda/config/load.ts';
import { type ParseResult, parseConfig } from '../../lambda/config/parse.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { drawConfig, SECRET } from './config-objects.ts';
import { type ConfigText, drawText } from './config-text.ts';
import { createDraw } from './draw.ts';
import { type Failure, shortest } from './failure.ts';
import { lostOption } from './lost-option.ts';
import { createRandom } from './random.ts';

export interface ConfigCase extends ConfigText {
  readonly data: unknown;
  readonly done: readonly string[];
  readonly isRight: boolean;
}

export function configCase({
  seed,
  number,
  without,
}: {
  seed: number;
  number: number;
  without?: ReadonlySet<number>;
}): ConfigCase {
  const random = createRandom(seed, number * 3 + 2);
  const draw = createDraw(random, { calm: random.pick([1, 1, 4]), ...(without && { without }) });
  const data = drawConfig(draw);
  const isDataRight = draw.isRight();
  const { text, meaning } = drawText(data, draw);
  return { data, text, meaning, done: draw.done, isRight: isDataRight && meaning === 'same' };
}

export interface ConfigSubject {
  readonly parse: (data: unknown) => ParseResult;
  readonly load: (text: string) => LoadResult;
  readonly close: () => void;
}

export function openConfigSubject(): ConfigSubject {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-config-'));
  const path = join(folder, 'authorizer.config.yml');
  return {
    parse: parseConfig,
    load(text) {
      writeFileSync(path, text);
      return loadConfigFile(path);
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** As long as an answer may take, and for each kB of a file. A file is its owner's, and read once. */
const slowMs = (text: string): number => 50 + (10 * text.length) / 1000;

export type ConfigEnd = 'not YAML' | 'refused' | 'accepted';
export interface CheckedConfig {
  readonly failure?: Failure;
  readonly end: ConfigEnd;
  readonly tookMs: number;
}

export async function checkConfig(subject: ConfigSubject, tried: ConfigCase): Promise<CheckedConfig> {
  const { data, text, meaning, isRight } = tried;
  const threw = (what: string, error: unknown): Failure => ({
    ...{
      kind: 'threw',
      detail: `${what}: ${error instanceof Error ? (error.stack ?? '').slice(0, 600) : error}`,
    },
  });
  const beganMs = performance.now();
  let loaded: LoadResult;
  try {
    loaded = subject.load(text);
  } catch (error) {
    return { failure: threw('load', error), end: 'refused', tookMs: performance.now() - beganMs };
  }
  const tookMs = performance.now() - beganMs;
  const end = loaded.ok
    ? 'accepted'
    : loaded.problems.some(({ code }) => code === 'yaml_invalid')
      ? 'not YAML'
      : 'refused';
  const of = (failure: Failure | undefined): CheckedConfig => ({ end, tookMs, ...(failure && { failure }) });
  let parsed: ParseResult;
  try {
    parsed = subject.parse(data);
  } catch (error) {
    return of(threw('parse', error));
  }
  const wrong = malformed(loaded) ?? malformed(parsed);
  if (wrong !== undefined) return of(wrong);
  if (isRight && !parsed.ok)
    return of({
      kind: 'wrong denial',
      detail: `right by construction: ${parsed.problems.map(({ message }) => message).join('; ')}`,
    });
  const isRefusalFine = meaning !== 'same';
  if (meaning !== 'any' && !(isRefusalFine && !loaded.ok) && comparable(loaded) !== comparable(parsed))
    return of({
      kind: 'read in another way',
      detail: `${comparable(loaded)}\n  as data: ${comparable(parsed)}`,
    });
  if (comparable(subject.load(text)) !== comparable(loaded))
    return of({ kind: 'answers differ', detail: 'the second time' });
  const lost = parsed.ok ? lostOption(data, parsed.config) : undefined;
  if (lost !== undefined) return of({ kind: 'option lost', detail: lost });
  if (loaded.ok) {
    const other = differsAtRuntime(subject, loaded);
    if (other !== undefined) return of(other);
  }
  if (tookMs > slowMs(text)) {
    const least = await shortest(() => subject.load(text), slowMs(text));
    if (least > slowMs(text))
      return of({ kind: 'slow', detail: `${least.toFixed(0)} ms for ${text.length} characters` });
  }
  return of(undefined);
}

/** What the function is given must be JSON, and mean the same. */
function differsAtRuntime(
  subject: ConfigSubject,
  { runtimeConfig, config }: Extract<LoadResult, { ok: true }>,
): Failure | undefined {
  let text: string;
  try {
    text = JSON.stringify(runtimeConfig);
  } catch (error) {
    return {
      kind: 'threw',
      detail: `the function's configuration cannot be written: ${String(error).slice(0, 200)}`,
    };
  }
  const again = comparable(subject.parse(JSON.parse(text)));
  const once = comparable({ ok: true, config });
  return again === once ? undefined : { kind: 'read in another way', detail: `${again}\n  as file: ${once}` };
}

function malformed(result: LoadResult | ParseResult): Failure | undefined {
  if (result.ok) return undefined;
  if (result.problems.length === 0) return { kind: 'malformed report', detail: 'refused without a problem' };
  for (const { code, path, message } of result.problems satisfies readonly Problem[]) {
    const isText = [code, path, message].every((part) => typeof part === 'string') && message !== '';
    if (!isText) return { kind: 'malformed report', detail: JSON.stringify({ code, path, message }) };
    if (message.includes(SECRET) || path.includes(SECRET)) return { kind: 'tells a secret', detail: code };
  }
  return undefined;
}

/** As text, with the bytes of keys; of refusals, only that they are. */
function comparable(result: { ok: true; config: AuthorizerConfig } | { ok: false }): string {
  if (!result.ok) return 'refused';
  try {
    return JSON.stringify(result.config, (_, value: unknown) =>
      value instanceof KeyObject ? bytesOf(value) : value,
    );
  } catch {
    return 'cannot be written';
  }
}

const bytesOf = (key: KeyObject) =>
  key.type === 'secret' ? key.export().toString('hex') : key.export({ format: 'pem', type: 'spki' });
