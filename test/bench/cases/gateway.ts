/**
 * The local gateway beside Express Gateway, over 64 connections that stay open: requests a second, the time within which
 * 99 of 100 are answered, and what a request takes of the processor, which is what counts on a machine that others use.
 * Each round loads one after the other; the upstream and whoever sends are processes besides.
 */
import { join } from 'node:path';
import { start } from '../../support/started.ts';
import { load, type Throughput } from '../gateway/load.ts';
import { processorMicrosOf } from '../gateway/processor-time.ts';
import { type Behind, type Policy, type Server, startServers } from '../gateway/started.ts';
import type { Case, Context, Table } from '../model.ts';
import { AUDIENCE, ISSUER, makeKeys, makeTokens, withWrongSignature } from '../tokens.mjs';
import { ROOT } from '../tools.ts';

const ALGORITHMS = ['HS256', 'RS256'] as const;
/** More than any of them remembers: whoever goes round never meets one that is. */
const DISTINCT = 12_000;
/** After as many its code is compiled. */
const WARM_UP_REQUESTS = 4_000;
const ROUND_REQUESTS = 1_000;
/** Each is a second of each gateway; as many as the decisions have would take hours. */
const MAXIMUM_ROUNDS = 12;
const ANSWER = JSON.stringify({ id: 7, item: 'a pencil', quantity: 12 });

export const gateways: Case = {
  id: 'gateway',
  onEachNode: true,
  async run(context) {
    const upstream = await start({
      ...{ name: 'the upstream', node: context.node, env: process.env },
      args: [join(ROOT, 'test/bench/gateway/upstream.mjs'), ANSWER],
      addresses: [/listening on (127\.0\.0\.1:\d+)/],
    });
    const behind = { url: upstream.urls[0] ?? '', pid: upstream.pid };
    try {
      const tables: Table[] = [];
      for (const algorithm of ALGORITHMS) tables.push(...(await measureOne(algorithm, behind, context)));
      return tables;
    } finally {
      await upstream.close();
    }
  },
};

async function measureOne(
  algorithm: (typeof ALGORITHMS)[number],
  upstream: Behind['upstream'],
  { node, folder, rounds, only }: Context,
): Promise<readonly Table[]> {
  const key = makeKeys()[algorithm];
  const distinct = makeTokens(DISTINCT, algorithm, key.privateKey);
  const tables: Table[] = [];
  for (const checkCredentialExistence of [false, true]) {
    const modality = checkCredentialExistence ? 'controlled' : 'uncontrolled';
    const wanted = (['same', 'distinct'] as const)
      .map((tokens) => ({ algorithm, modality, tokens }))
      .filter((of) => only?.tables.some((id) => id.endsWith(idOf(of))) ?? true);
    if (wanted.length === 0) continue;
    const policy: Policy = {
      ...{ secretOrPublicKey: key.text, algorithms: [algorithm], audience: AUDIENCE, issuer: ISSUER },
      checkCredentialExistence,
    };
    const servers = await startServers({ node, folder, policy, upstream });
    try {
      for (const server of servers) await check(server, distinct);
      const withDistinct = servers.map((server) => ({ server, nextToken: nextOf(distinct) }));
      for (const target of withDistinct) await measureOnce(target, WARM_UP_REQUESTS);
      const withSame = servers.map((server) => ({ server, nextToken: nextOf(distinct.slice(0, 1)) }));
      for (const of of wanted) {
        const targets = of.tokens === 'same' ? withSame : withDistinct;
        const measured = await measure(targets, Math.min(rounds, MAXIMUM_ROUNDS));
        tables.push(...tablesOf(measured, of));
      }
    } finally {
      for (const server of servers) await server.close();
    }
  }
  return tables;
}

/** That it is a gateway at all: what it lets in, and what not. The load checks every answer once more. */
async function check({ id, name, url }: Server, [token = '']: readonly string[]): Promise<void> {
  const statusOf = async (sent: string) => {
    const response = await fetch(`${url}/orders/7`, { headers: { authorization: `Bearer ${sent}` } });
    await response.arrayBuffer();
    return response.status;
  };
  const statuses = [await statusOf(token), await statusOf(withWrongSignature(token))];
  const wanted = id === 'upstream' ? [200, 200] : [200, 401];
  if (statuses.join() !== wanted.join()) throw new Error(`${name} answers ${statuses}, not ${wanted}`);
}

interface Figures extends Throughput {
  /** Undefined where it cannot be known. */
  readonly processorMicros: number | undefined;
}

interface Measured {
  readonly server: Server;
  readonly values: readonly Figures[];
}

interface Target {
  readonly server: Server;
  readonly nextToken: () => string;
}

/** From the first again after the last. */
function nextOf(tokens: readonly string[]): Target['nextToken'] {
  let sent = 0;
  return () => tokens[sent++ % tokens.length] ?? '';
}

async function measure(targets: readonly Target[], rounds: number): Promise<readonly Measured[]> {
  const states = targets.map((target) => ({ ...target, values: [] as Figures[] }));
  for (let round = 0; round < rounds; round++)
    for (const at of states.keys()) {
      // Another one begins each time: none profits from always following the same.
      const state = states[(at + round) % states.length];
      state?.values.push(await measureOnce(state, ROUND_REQUESTS));
    }
  return states;
}

async function measureOnce({ server, nextToken }: Target, requests: number): Promise<Figures> {
  const { url, pid } = server;
  const before = processorMicrosOf(pid);
  const throughput = await load({ url, requests, nextToken, expected: ANSWER });
  const after = processorMicrosOf(pid);
  const isTold = before !== undefined && after !== undefined;
  return { ...throughput, processorMicros: isTold ? (after - before) / requests : undefined };
}

interface Of {
  readonly algorithm: string;
  readonly modality: string;
  readonly tokens: string;
}

const idOf = ({ algorithm, modality, tokens }: Of) => `${algorithm}-${modality}-${tokens}`;

function tablesOf(measured: readonly Measured[], of: Of): readonly Table[] {
  const { algorithm, modality, tokens } = of;
  const what = `${algorithm}, ${modality}, ${tokens === 'same' ? 'the same token each time' : 'many tokens'}`;
  const id = idOf(of);
  const tableOf = (kind: Omit<Table, 'rows'>, figureOf: (figures: Figures) => number): Table => {
    const [first, ...more] = measured.map(({ server: { id, name }, values }) => ({
      ...{ id, name, values: values.map(figureOf) },
    }));
    if (first === undefined) throw new Error('there is nothing to measure');
    return { ...kind, rows: [first, ...more] };
  };
  const isTold = measured.every(({ values }) =>
    values.every(({ processorMicros }) => processorMicros !== undefined),
  );
  return [
    tableOf(
      { id: `gateway-rate-${id}`, title: `${what}: requests a second (more is better)`, unit: 'requests/s' },
      ({ requestsPerSecond }) => requestsPerSecond,
    ),
    tableOf(
      { id: `gateway-p99-${id}`, title: `${what}: 99 of 100 answered within (less is better)`, unit: 'ms' },
      ({ p99Ms }) => p99Ms,
    ),
    ...(isTold
      ? [
          tableOf(
            {
              id: `gateway-processor-${id}`,
              title: `${what}: of the processor, a request (less is better)`,
              unit: 'µs',
            },
            ({ processorMicros = Number.NaN }) => processorMicros,
          ),
        ]
      : []),
  ];
}
