/** Sends what traffic makes, and has each answer judged. */
import { Pool } from 'undici';
import type { Span } from './history.ts';
import { LONGEST_READ_BYTES, sendRaw } from './hostile.ts';
import type { Outcome } from './model.ts';
import type { Outages } from './outages.ts';
import { createTally, type Tally } from './tally.ts';
import type { Shot } from './traffic.ts';
import { SOAK_HEADER, type Upstream } from './upstream.ts';

export interface SenderWorld {
  readonly upstream: Upstream;
  readonly outages: Pick<Outages, 'failed'>;
  readonly tally: Tally;
  /** By the trial's name. */
  readonly trials: Map<string, Tally>;
  readonly startedMs: number;
}

export interface Sender {
  /** Never rejects. */
  fire(shot: Shot): Promise<void>;
  close(): Promise<void>;
}

const CONNECTIONS = 200;
let sent = 0;

export function createSender(url: string, world: SenderWorld): Sender {
  const pool = new Pool(url, { connections: CONNECTIONS });
  return {
    async fire(shot) {
      sent += 1;
      const id = String(sent);
      const beganMs = Date.now();
      const outcome = await outcomeOf(shot, { url, pool, id, upstream: world.upstream });
      judge(shot, outcome, { span: { beganMs, endedMs: Date.now() }, world });
    },
    close: () => pool.close(),
  };
}

function judge(shot: Shot, outcome: Outcome, { span, world }: { span: Span; world: SenderWorld }): void {
  const { kind, detail, trial } = shot;
  if (outcome === '500') world.outages.failed(span.beganMs, shot.dependencies ?? []);
  const tookMs = span.endedMs - span.beganMs;
  const tally = trial === undefined ? world.tally : trialOf(world.trials, trial);
  tally.record({ kind, outcome, tookMs }, shot.expected(span), () => ({
    atMs: span.beganMs - world.startedMs,
    detail: `${shot.method} ${shot.path} ${detail}`,
  }));
}

function trialOf(trials: Map<string, Tally>, name: string): Tally {
  const tally = trials.get(name) ?? createTally();
  trials.set(name, tally);
  return tally;
}

async function outcomeOf(
  shot: Shot,
  { url, pool, id, upstream }: { url: string; pool: Pool; id: string; upstream: Upstream },
): Promise<Outcome> {
  if (shot.raw !== undefined)
    return String(await sendRaw(url, shot.raw, { isCutOff: shot.isCutOff === true }));
  if (shot.headers.join('').length > LONGEST_READ_BYTES) return String(await sendRaw(url, textOf(shot)));
  const headers = [...shot.headers, SOAK_HEADER, id];
  try {
    const { statusCode, body } = await pool.request({
      ...{ method: shot.method as 'GET', path: shot.path, headers },
    });
    await body.dump();
    const told = upstream.take(id);
    if (statusCode === 200)
      return shot.isByStatus ? '200' : `200 ${told ?? 'and the upstream was not asked'}`;
    return told === undefined ? String(statusCode) : `${statusCode} and the upstream was asked`;
  } catch (error) {
    return `no answer: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}`;
  }
}

function textOf({ method, path, headers }: Shot): string {
  const lines = headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1]}`] : []));
  return [`${method} ${path} HTTP/1.1`, 'host: a', 'connection: close', ...lines, '', ''].join('\r\n');
}
