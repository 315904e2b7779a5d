import { endpointsOf, takesEveryHost, takesEveryRequest } from './endpoints.ts';
import type { Notes } from './finding.ts';
import type { ImportedPolicy } from './jwt-action.ts';
import type { Selection } from './pipelines.ts';
import type { Gateway } from './read.ts';
import { changesPath } from './upstream.ts';

/**
 * The policies, closed to anonymous callers where `passThrough` would open more than it did: there it holds for
 * the endpoints of a pipeline, here for every path of the API.
 */
export function policiesWithin(
  { pipelines, policies }: Selection,
  gateway: Gateway,
  notes: Notes,
): readonly ImportedPolicy[] {
  const [first] = policies;
  if (first === undefined || !policies.every(({ passThrough }) => passThrough)) return policies;
  const why = whatElse(pipelines, gateway);
  if (why === undefined) return policies;
  const message = `left out, so anonymous callers, whom this pipeline lets in, are refused now: here it would open every path of the API without a token, and ${why}; where all of the API may be open, write passThrough: true into every jwt policy`;
  notes.warn('anonymous_now_refused', `${first.at}.passThrough`, message);
  return policies.map((policy) => ({ ...policy, passThrough: false }));
}

/** Why the gateway served less to anonymous callers than everything; undefined where it did not. */
function whatElse(pipelines: Selection['pipelines'], gateway: Gateway): string | undefined {
  const guarded = endpointsOf(pipelines, gateway);
  const other = gateway.endpoints.find((endpoint) => !guarded.includes(endpoint));
  if (other !== undefined) return `${other.at} does not lead to it`;
  // Each may have an upstream of its own, so what one lets in did not reach the other's.
  const serving = pipelines.filter(({ endpoints }) => guarded.some(({ name }) => endpoints.includes(name)));
  if (serving.length > 1) return `${serving.map(({ at }) => at).join(' and ')} keep their paths apart`;
  if (!guarded.some(({ settings }) => takesEveryRequest(settings) && takesEveryHost(settings)))
    return 'Express Gateway answers 404 to hosts, paths and methods that no endpoint names';
  const proxies = serving.flatMap(({ steps }) => steps.filter(({ policy }) => policy === 'proxy'));
  const narrow = proxies.find(changesPath);
  return narrow && `${narrow.at} changes the path, so some of the upstream's are out of reach`;
}
