import { useEffect, useRef, useState } from 'preact/hooks';
import type { About, ExplainAnswer, Route } from '../wire.ts';
import { ask, messageOf } from './ask.ts';
import { CodeNote } from './code-note.tsx';
import { Problem, Scrolled } from './parts.tsx';
import { bareToken, readToken } from './token-text.ts';
import { Verdict } from './verdict.tsx';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ROUTES = 'known-paths';

interface Props {
  readonly about: About;
  /** `method`, `path` and `code` of a request that was looked at elsewhere. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Paste a token, pick a route, see why. The token stays in this page and the server on this machine. */
export function Debugger({ about, parameters }: Props) {
  const [pasted, setPasted] = useState('');
  const [route, setRoute] = useState(() => routeIn(parameters));
  const [answer, setAnswer] = useState<ExplainAnswer>();
  const [problem, setProblem] = useState<string>();
  const asked = useRef(0);
  const token = bareToken(pasted);
  useEffect(() => setRoute(routeIn(parameters)), [parameters]);

  const submit = async (event: Event) => {
    event.preventDefault();
    asked.current += 1;
    const turn = asked.current;
    const body = { ...route, ...(token !== '' && { token }) };
    const told = await ask<ExplainAnswer>('POST', '/console/api/explain', body).catch(messageOf);
    // A later question has been asked meanwhile.
    if (turn !== asked.current) return;
    setAnswer(typeof told === 'string' ? undefined : told);
    setProblem(typeof told === 'string' ? told : undefined);
  };

  return (
    <>
      <CodeNote code={parameters['code']} about={about} />
      <div class="columns">
        <form class="card" onSubmit={submit} autocomplete="off">
          <label for="token">
            Token <small>leave it empty to see what a request without one gets</small>
          </label>
          <textarea
            id="token"
            rows={7}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            value={pasted}
            aria-describedby="token-note"
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
          <p id="token-note" class="note">
            It goes to the server on this machine alone, and is kept nowhere.
          </p>
          <RouteFields about={about} route={route} onChange={setRoute} />
          <button type="submit" class="primary">
            Explain
          </button>
        </form>
        {token !== '' && <Decoded token={token} />}
      </div>
      <div aria-live="polite">
        {problem !== undefined && <Problem message={problem} />}
        {answer !== undefined && <Verdict explanation={answer} />}
      </div>
    </>
  );
}

const routeIn = ({ method, path }: Readonly<Record<string, string>>): Route => ({
  method: METHODS.find((known) => known === method) ?? 'GET',
  path: path?.startsWith('/') ? path : '/',
});

interface RouteProps {
  readonly about: About;
  readonly route: Route;
  readonly onChange: (route: Route) => void;
}

function RouteFields({ about, route, onChange }: RouteProps) {
  return (
    <>
      <div class="fields">
        <div>
          <label for="method">Method</label>
          <select
            id="method"
            value={route.method}
            onChange={(event) => onChange({ ...route, method: event.currentTarget.value })}
          >
            {METHODS.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </select>
        </div>
        <div class="wide">
          <label for="path">Path</label>
          <input
            id="path"
            list={ROUTES}
            required
            value={route.path}
            spellcheck={false}
            onInput={(event) => onChange({ ...route, path: event.currentTarget.value })}
          />
          <datalist id={ROUTES}>
            {[...new Set(about.routes.map(({ path }) => path))].map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
        </div>
      </div>
      {about.routes.length > 0 && (
        <fieldset class="picks">
          <legend>Routes of the configuration</legend>
          {about.routes.slice(0, 12).map(({ method, path }) => (
            <button
              key={`${method} ${path}`}
              type="button"
              class="pick"
              aria-pressed={method === route.method && path === route.path}
              onClick={() => onChange({ method, path })}
            >
              <b>{method}</b> {path}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}

function Decoded({ token }: { token: string }) {
  const { header, claims } = readToken(token);
  return (
    <section class="card" aria-labelledby="decoded">
      <h2 id="decoded">What it says</h2>
      <p class="note">Whoever made it wrote this. Whether to believe it is what the checks tell.</p>
      <h3>Header</h3>
      <Json text={header} label="Header" />
      <h3>Claims</h3>
      <Json text={claims} label="Claims" />
    </section>
  );
}

function Json({ text, label }: { text: string | undefined; label: string }) {
  if (text === undefined) return <p class="note bad">Not JSON in base64url.</p>;
  return (
    <Scrolled label={label}>
      <pre>{text}</pre>
    </Scrolled>
  );
}
