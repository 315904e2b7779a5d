/**
 * The local gateway under traffic, changes and outages, each answer held against the model. What is random comes from
 * the seed; when what comes, from the clock.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DoorName, fileOf, honestToken } from '../attack/doors.ts';
import { createChanges } from './changes.ts';
import { newHolder } from './facts.ts';
import { createHistory } from './history.ts';
import { type Attack, attacksAt } from './hostile.ts';
import { startIssuers } from './issuers.ts';
import type { ModelWorld } from './model.ts';
import {
  createOutages,
  createStalls,
  type Episode,
  type Outages,
  openDoor,
  SLOW_MS,
  type Stalls,
} from './outages.ts';
import { createPopulation, type Population } from './population.ts';
import { createPropagation, type Settings } from './propagation.ts';
import { createRandom, type Random } from './random.ts';
import { createSender, type Sender } from './sender.ts';
import { type Sample, type Served, serveGateway } from './served.ts';
import { createTally, type Tally } from './tally.ts';
import { createDoorTraffic, createTraffic, honest, type Shot, type TrafficWorld } from './traffic.ts';
import { startUpstream } from './upstream.ts';
import { configAt, createMint, policiesAt } from './world.ts';
import { openWriters, type Writers } from './writers.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Requests a second, of which a tenth goes to the doors. */
  readonly rate: number;
  readonly settings: Settings;
  /** From the end of one change to the next. */
  readonly changeEveryMs: number;
  readonly users: number;
  /** Between two outages; how long each lasts, at least and at most. */
  readonly outages: { readonly everyMs: number; readonly leastMs: number; readonly mostMs: number };
  readonly sampleEveryMs: number;
  /** Told every minute. */
  readonly report?: (line: string) => void;
}

export interface SoakResult {
  readonly tally: Tally;
  /** What was made wrong on purpose, by its name. */
  readonly trials: ReadonlyMap<string, Tally>;
  /** How many changes there were, by their kind. */
  readonly changes: ReadonlyMap<string, number>;
  readonly episodes: readonly Episode[];
  /** By the gateway's name. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Requests that were not sent since too many were under way. */
  readonly heldBack: number;
  /** Times that the machine was slower than the function waits for the table. */
  readonly stalls: number;
  /** What reached the upstream and was sent by nobody. */
  readonly untaken: number;
  /** What asked the address that tokens name. */
  readonly trapped: number;
  readonly log: { readonly lines: number; readonly withToken: number };
  /** 0 of each gateway that ran to the end and stopped as it should. */
  readonly exitCodes: readonly (number | null)[];
}

/** Gateways of their own with one policy each, and no table: the catalogue's attacks on other algorithms. */
const DOORS = ['HS256', 'ES256'] as const satisfies readonly DoorName[];
const MINUTE_MS = 60_000;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, seconds, rate, settings } = options;
  const random = createRandom(seed);
  const upstream = await startUpstream();
  const issuers = await startIssuers();
  const propagation = createPropagation(settings);
  const stalls = createStalls(propagation);
  const issuerDoor = await openDoor(issuers.origin, () => stalls.begin(['issuer']));
  const issuersAt = `http://127.0.0.1:${issuerDoor.proxy.port}`;
  const { proxy: trap } = await openDoor(issuers.origin);
  const trapAt = `http://127.0.0.1:${trap.port}`;

  const main = await serveGateway(configAt(issuersAt, settings), upstream.url);
  const tableDoor = await openDoor(main.table?.endpoint ?? '', () => stalls.begin(['table']));
  await main.setDoor(tableDoor.proxy.port);
  const doors = new Map<DoorName, Served>();
  for (const door of DOORS) doors.set(door, await serveGateway(fileOf(door), upstream.url));

  const policies = policiesAt(issuersAt);
  const model: ModelWorld = { policies, propagation, allIssuedBefore: createHistory(0) };
  const writers = openWriters(main);
  // The scopes are there: the gateway has made those of its routes, for its demo user.
  const population = createPopulation(writers, policies, createRandom(seed + 1));
  for (let user = 0; user < options.users; user += 1) await population.addUser();
  const tamper = await prepareTrials(population, writers);
  const outages = createOutages(
    { table: tableDoor, issuer: issuerDoor },
    { propagation, random: createRandom(seed + 2) },
  );

  const world = {
    upstream,
    outages,
    tally: createTally(),
    trials: new Map<string, Tally>(),
    startedMs: Date.now(),
  };
  const mint = createMint(policies, { issuers, random });
  const attacks = attacksAt('RS256', trapAt);
  const traffic = { model, callers: population.all, mint, attacks, random };
  const sources: Source[] = [
    { weight: 9, sender: createSender(main.url, world), shoot: createTraffic(traffic) },
  ];
  for (const [door, { url }] of doors)
    sources.push(doorSource(door, createSender(url, world), { trapAt, random }));

  await warmUp(population, traffic, sources);

  const changes = createChanges({
    ...{ population, writers, issuers, propagation, allIssuedBefore: model.allIssuedBefore },
    random: createRandom(seed + 3),
    report: options.report,
  });
  const counts = new Map<string, number>();
  const samples = new Map<string, Sample[]>();
  const untilMs = Date.now() + seconds * 1000;
  const isOver = () => Date.now() >= untilMs;
  const changing = async () => {
    await tamper();
    while (!isOver()) {
      const name = await changes.next();
      counts.set(name, (counts.get(name) ?? 0) + 1);
      await sleep(options.changeEveryMs);
    }
  };
  const revokingAll = async () => {
    await sleep(seconds * 500);
    await changes.revokeAll();
  };
  const sampling = async () => {
    while (!isOver()) {
      for (const [name, served] of [['main', main] as const, ...doors])
        samples.set(name, [...(samples.get(name) ?? []), await served.sample()]);
      await sleep(options.sampleEveryMs);
    }
  };
  const telling = async () => {
    while (options.report !== undefined && !isOver()) {
      await sleep(Math.min(MINUTE_MS, untilMs - Date.now()));
      options.report(lineOf(world.tally, samples.get('main')?.at(-1), world.startedMs));
    }
  };
  const [{ heldBack }] = await Promise.all([
    drive(sources, { rate, isOver, random, stalls, isOut: outages.isTableOut }),
    ...[changing(), revokingAll(), sampling(), telling(), failing(outages, options, isOver)],
  ]);
  await outages.mend();
  for (const { sender } of sources) await sender.close();
  const { log } = main;
  const exitCodes = await Promise.all([main, ...doors.values()].map((served) => served.stop()));
  return {
    ...{
      tally: world.tally,
      trials: world.trials,
      changes: counts,
      episodes: outages.episodes,
      samples,
      heldBack,
    },
    stalls: stalls.count(),
    ...{ untaken: upstream.untaken(), trapped: trap.requests(), log: log(), exitCodes },
  };
}

interface Source {
  readonly weight: number;
  readonly sender: Sender;
  readonly shoot: () => Shot;
}

function doorSource(
  door: DoorName,
  sender: Sender,
  { trapAt, random }: { trapAt: string; random: Random },
): Source {
  const attacks: readonly Attack[] = attacksAt(door, trapAt);
  const honest = honestToken(door) ?? '';
  return { weight: 1 / DOORS.length, sender, shoot: createDoorTraffic({ attacks, honest }, random) };
}

const TICK_MS = 20;
/** Who asks faster than is answered measures the machine: a table on it is too slow then, and that is an outage. */
const AT_ONCE = 24;
/** Those who wait for a table that does not answer cost nothing. */
const AT_ONCE_IN_AN_OUTAGE = 80;

/** Each caller once, one after another: connections are opened, and code is compiled. */
async function warmUp(
  population: Population,
  traffic: TrafficWorld,
  [main]: readonly Source[],
): Promise<void> {
  for (const caller of population.all()) await main?.sender.fire(honest(traffic, caller));
}

interface Driving {
  readonly rate: number;
  readonly random: Random;
  readonly isOver: () => boolean;
  readonly isOut: () => boolean;
  readonly stalls: Stalls;
}

/** At a rate, as long as answers come. Ends when all is answered. */
async function drive(
  sources: readonly Source[],
  { rate, isOver, isOut, random, stalls }: Driving,
): Promise<{ heldBack: number }> {
  const chances = sources.map((source) => [source.weight, source] as const);
  const running = new Set<Promise<void>>();
  let heldBack = 0;
  let dueMs = Date.now();
  while (!isOver()) {
    const atOnce = isOut() ? AT_ONCE_IN_AN_OUTAGE : AT_ONCE;
    for (; dueMs <= Date.now(); dueMs += 1000 / rate) {
      if (running.size >= atOnce) {
        heldBack += 1;
        continue;
      }
      const { sender, shoot } = random.weighted(chances);
      const firing: Promise<void> = sender.fire(shoot()).finally(() => running.delete(firing));
      running.add(firing);
    }
    const beganMs = Date.now();
    await sleep(TICK_MS);
    // The doors stood still as well.
    if (Date.now() - beganMs > SLOW_MS) stalls.begin(['table', 'issuer'], beganMs)();
  }
  await Promise.all(running);
  return { heldBack };
}

/** The table twice as often as the issuers. */
async function failing(
  outages: Outages,
  { outages: times, seed }: SoakOptions,
  isOver: () => boolean,
): Promise<void> {
  const random = createRandom(seed + 4);
  for (let turn = 0; ; turn += 1) {
    await sleep(times.everyMs);
    if (isOver()) return;
    await outages.next(
      turn % 3 === 1 ? 'issuer' : 'table',
      times.leastMs + random.below(times.mostMs - times.leastMs + 1),
    );
  }
}

export const TRIALS = ['deactivated in the model alone', 'deactivated behind the model’s back'] as const;

/** Two credentials of a user of their own. @returns makes the model and the gateway disagree about each. */
async function prepareTrials(population: Population, { admin }: Writers): Promise<() => Promise<void>> {
  const made = await admin('POST', '/users', { username: 'trial' });
  const holder = newHolder({ kind: 'user', id: String(made['id']), username: 'trial' });
  const [inModel, behind] = [
    await population.addCredential(holder, 'shared', TRIALS[0]),
    await population.addCredential(holder, 'shared', TRIALS[1]),
  ];
  return async () => {
    const nowMs = Date.now();
    const state = inModel.credential?.state;
    const now = state?.latest();
    if (now !== undefined) state?.begin({ ...now, isActive: false }, 'admin', nowMs)(nowMs);
    await admin('PUT', `/credentials/jwt/${behind.name}/status`, { status: false });
  };
}

function lineOf(tally: Tally, sample: Sample | undefined, startedMs: number): string {
  const minutes = ((Date.now() - startedMs) / MINUTE_MS).toFixed(1);
  const memory =
    sample &&
    `${sample.heapMb.toFixed(1)} MB on the heap, ${sample.handles} handles, stalled for ${sample.longestStallMs} ms at most`;
  return `${minutes} min: ${tally.requests()} requests, ${tally.wrongs()} wrong, ${memory ?? ''}`;
}
