/** Whether a process grows. */
import type { Sample } from './served.ts';

/** A straight line through points, by least squares. @returns how much y grows where x grows by one. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const shared = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return spread === 0 ? 0 : shared / spread;
}

const MINUTE_MS = 60_000;

export interface Growth {
  /** Of the heap and what belongs to it, a minute. */
  readonly mbAMinute: number;
  readonly firstMb: number;
  readonly lastMb: number;
  readonly mostMb: number;
  /** From the least of the first half to the least of the second: what is open at all times. */
  readonly handles: number;
}

/** Of the last two thirds: at first caches fill, and code is compiled. */
export function growthOf(samples: readonly Sample[]): Growth {
  const settled = samples.slice(Math.floor(samples.length / 3));
  const mb = ({ heapMb, externalMb }: Sample) => heapMb + externalMb;
  const handles = settled.map((sample) => sample.handles ?? 0);
  const half = Math.floor(handles.length / 2);
  return {
    mbAMinute: slopeOf(settled.map((sample) => [sample.atMs / MINUTE_MS, mb(sample)])),
    firstMb: mb(settled[0] as Sample),
    lastMb: mb(settled.at(-1) as Sample),
    mostMb: Math.max(...settled.map(mb)),
    handles: Math.min(...handles.slice(half)) - Math.min(...handles.slice(0, half)),
  };
}
