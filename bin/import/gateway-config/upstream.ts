import { isRecord } from '../../../lambda/config/record.ts';
import { type Notes, shownName } from './finding.ts';
import type { Gateway, Pipeline, Step } from './read.ts';
import { missingVariables } from './variables.ts';

/** Options of a proxy that say what is so anyway: the default, or what API Gateway does. */
const USUAL: Readonly<Record<string, unknown>> = {
  strategy: 'round-robin',
  changeOrigin: true,
  stripPath: false,
  ignorePath: false,
  prependPath: true,
  followRedirects: false,
  secure: true,
  autoRewrite: false,
  preserveHeaderKeyCase: false,
  toProxy: false,
  xfwd: false,
};
/** With another value the upstream gets another path than the client asked for. */
const PATH_OPTIONS = ['stripPath', 'ignorePath', 'prependPath'];

/** The one URL that the pipelines' proxies stand in front of. What cannot be one is left out, and said. */
export function upstreamOf(
  pipelines: readonly Pipeline[],
  { services }: Pick<Gateway, 'services'>,
  notes: Notes,
): string | undefined {
  const proxies = pipelines.flatMap(({ steps }) => steps.filter(({ policy }) => policy === 'proxy'));
  const [first] = proxies;
  if (first === undefined) return undefined;
  const leaveOut = (at: string, why: string) => {
    notes.warn('upstream_left_out', at, `${why}; set upstream yourself`);
    return undefined;
  };
  const urls = new Set<string>();
  for (const proxy of proxies) {
    const found = urlsOf(proxy, services, notes);
    if (missingVariables(found).length > 0) {
      return leaveOut(proxy.at, `the variable ${missingVariables(found).join(', ')} is missing in its URL`);
    }
    const [url] = found;
    if (url === undefined || found.length > 1)
      return leaveOut(proxy.at, `it has ${found.length} URLs, and an API one`);
    if (changesPath(proxy))
      return leaveOut(proxy.at, 'it changes the path (stripPath, ignorePath or prependPath)');
    urls.add(url);
  }
  if (urls.size > 1)
    return leaveOut('pipelines', `the proxies have ${urls.size} URLs, and an API has one upstream`);
  return [...urls][0];
}

function urlsOf({ action, at }: Step, services: Gateway['services'], notes: Notes): readonly string[] {
  const { serviceEndpoint, ...options } = action;
  const name = String(serviceEndpoint);
  const service = Object.hasOwn(services, name) ? services[name] : undefined;
  if (!isRecord(service)) return [];
  const { url, urls, ...more } = service;
  for (const [option, value] of Object.entries(options)) {
    if (USUAL[option] !== value)
      notes.leaveOut('option_left_out', `${at}.${shownName(option)}`, 'the upstream is asked plainly');
  }
  for (const option of Object.keys(more)) {
    notes.leaveOut(
      'option_left_out',
      `serviceEndpoints.${shownName(name)}.${shownName(option)}`,
      'the upstream is asked plainly',
    );
  }
  const list: readonly unknown[] = url ? [url] : Array.isArray(urls) ? urls : [];
  return [...new Set(list.filter((one) => typeof one === 'string'))];
}

/** Whether the upstream is asked for another path than the gateway. */
export function changesPath({ action }: Pick<Step, 'action'>): boolean {
  return PATH_OPTIONS.some((option) => action[option] !== undefined && action[option] !== USUAL[option]);
}
