import { useEffect, useRef, useState } from 'preact/hooks';
import type { Decision, Decisions } from '../wire.ts';
import { formatAddress } from './address.ts';
import { ask, messageOf } from './ask.ts';
import { codesIn, type DecisionList, filtered, NONE, withNews } from './decision-list.ts';
import { Outcome, Problem, Scrolled } from './parts.tsx';

const EVERY_MS = 1_000;

/** The last requests through the local gateway, as they come. */
export function DecisionsPage({ gatewayUrl }: { gatewayUrl: string }) {
  const [isPaused, setPaused] = useState(false);
  const { list, problem } = useDecisions(isPaused);
  const [filter, setFilter] = useState('all');
  const shown = filtered(list, filter);
  const codes = codesIn(list);
  return (
    <>
      <div class="toolbar">
        <div>
          <label for="filter">Show</label>
          <select id="filter" value={filter} onChange={(event) => setFilter(event.currentTarget.value)}>
            <option value="all">all requests</option>
            <option value="allowed">allowed</option>
            <option value="refused">not allowed</option>
            <optgroup label="Why not">
              {codes.map(([code, count]) => (
                <option key={code} value={code}>
                  {code} ({count})
                </option>
              ))}
              {!codes.some(([code]) => code === filter) &&
                !['all', 'allowed', 'refused'].includes(filter) && (
                  <option value={filter}>{filter} (0)</option>
                )}
            </optgroup>
          </select>
        </div>
        <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Paused: go on' : 'Pause'}
        </button>
        <p class="note" role="status">
          {shown.length === 1 ? '1 request' : `${shown.length} requests`}
          {isPaused ? ', paused' : ''}
        </p>
      </div>
      {problem !== undefined && <Problem message={problem} />}
      {shown.length === 0 ? (
        <p class="card empty">
          Nothing yet. Send a request to <code>{gatewayUrl}</code>; it shows here at once.
        </p>
      ) : (
        <Scrolled label="Requests">
          <DecisionTable decisions={shown} />
        </Scrolled>
      )}
    </>
  );
}

function DecisionTable({ decisions }: { decisions: readonly Decision[] }) {
  return (
    <table>
      <caption>
        The newest first. Neither tokens nor queries are kept; all of it goes with the gateway.
      </caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Request</th>
          <th scope="col">Resource</th>
          <th scope="col">Outcome</th>
          <th scope="col">Why not</th>
          <th scope="col">Consumer</th>
          <th scope="col">Cache</th>
          <th scope="col">ms</th>
        </tr>
      </thead>
      <tbody>
        {decisions.map((decision) => (
          <Row key={decision.number} decision={decision} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ decision }: { decision: Decision }) {
  const { at, method, path, resource, outcome, status, code, consumer, cache, durationMs } = decision;
  return (
    <tr>
      <td class="nowrap">
        <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time>
      </td>
      <th scope="row">
        <code>
          {method} {path ?? '?'}
        </code>
      </th>
      <td>{resource === undefined ? '–' : <code>{resource}</code>}</td>
      <td class="nowrap">
        <Outcome outcome={outcome} /> {status}
      </td>
      <td>{code === undefined ? '–' : <CodeLink decision={decision} code={code} />}</td>
      <td>{consumer ?? '–'}</td>
      <td>{cache ?? '–'}</td>
      <td class="number">{durationMs.toFixed(1)}</td>
    </tr>
  );
}

/** To the debugger, which says what to do about the code. */
function CodeLink({ decision: { method, path }, code }: { decision: Decision; code: string }) {
  return (
    <a href={formatAddress('debugger', [], { code, method, ...(path !== undefined && { path }) })}>
      <code>{code}</code>
      <span class="hidden">: explain</span>
    </a>
  );
}

/** Asks for news while somebody can see them. */
function useDecisions(isPaused: boolean): {
  readonly list: DecisionList;
  readonly problem: string | undefined;
} {
  const [list, setList] = useState(NONE);
  const [problem, setProblem] = useState<string>();
  const known = useRef(NONE);
  useEffect(() => {
    if (isPaused) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      try {
        if (!document.hidden) {
          const news = await ask<Decisions>('GET', `/console/api/decisions?after=${known.current.last}`);
          const isOtherRun = news.run !== known.current.run && known.current.last > 0;
          // Its numbers begin anew: what came before the one that was asked after is wanted too.
          const all = isOtherRun ? await ask<Decisions>('GET', '/console/api/decisions') : news;
          known.current = withNews(known.current, all);
          if (!isOver) setList(known.current);
        }
        if (!isOver) setProblem(undefined);
      } catch (error) {
        if (!isOver) setProblem(messageOf(error));
      }
      if (!isOver) timer = setTimeout(look, EVERY_MS);
    };
    look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isPaused]);
  return { list, problem };
}
