import { useEffect, useRef, useState } from 'preact/hooks';
import type { About } from '../wire.ts';
import { type Address, formatAddress, type Page, parseAddress } from './address.ts';
import { ConsumersPage } from './consumers.tsx';
import { Debugger } from './debugger.tsx';
import { DecisionsPage } from './decisions.tsx';
import { MatrixPage } from './matrix.tsx';
import { Problem } from './parts.tsx';
import { useAsk } from './use-ask.ts';

const TITLES: Readonly<Record<Page, string>> = {
  debugger: 'Token debugger',
  decisions: 'Live decisions',
  consumers: 'Consumers',
  routes: 'Routes × scopes',
};

export function App() {
  const about = useAsk<About>('/console/api/about');
  const address = useAddress();
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  const title = TITLES[address.page];
  useEffect(() => {
    document.title = `${title} · JWT authorizer`;
    // Who reads with the ears hears that the page is another one.
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [title]);
  return (
    <>
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <p class="brand">
          <img src="icon.svg" alt="" width="28" height="28" /> JWT authorizer <span>console</span>
        </p>
        {about.state === 'there' && <Navigation about={about.value} current={address.page} />}
        {about.state === 'there' && <PlaceLine about={about.value} />}
      </header>
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {about.state === 'failed' && <Problem message={about.message} />}
        {about.state === 'there' && <Content about={about.value} address={address} />}
      </main>
    </>
  );
}

function Content({ about, address }: { about: About; address: Address }) {
  const { place } = about;
  if (address.page === 'routes') return <MatrixPage about={about} />;
  if (address.page === 'consumers' && about.hasConsumers) return <ConsumersPage rest={address.rest} />;
  if (address.page === 'decisions' && about.hasDecisions && place.kind === 'local')
    return <DecisionsPage gatewayUrl={place.gatewayUrl} />;
  if (address.page === 'debugger') return <Debugger about={about} parameters={address.parameters} />;
  return <p class="card empty">{MISSING[address.page]}</p>;
}

const MISSING: Readonly<Partial<Record<Page, string>>> = {
  consumers: 'This configuration looks nobody up, so there are no consumers.',
  decisions: 'There is no local gateway here to watch; CloudWatch has what a deployed one decided.',
};

function isServed({ hasConsumers, hasDecisions }: About, page: Page): boolean {
  if (page === 'consumers') return hasConsumers;
  return page !== 'decisions' || hasDecisions;
}

function Navigation({ about, current }: { about: About; current: Page }) {
  const pages = (Object.keys(TITLES) as Page[]).filter((page) => isServed(about, page));
  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map((page) => (
          <li key={page}>
            <a href={formatAddress(page)} aria-current={page === current ? 'page' : undefined}>
              {TITLES[page]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PlaceLine({ about: { place } }: { about: About }) {
  return (
    <p class="place">
      {place.kind === 'local' ? (
        <>
          <span class="tag">local</span> <code>{place.gatewayUrl}</code>
        </>
      ) : (
        <>
          <span class="tag deployed">deployed</span> <code>{place.table}</code>
          {place.region !== undefined && ` in ${place.region}`}
        </>
      )}
    </p>
  );
}

function useAddress(): Address {
  const [address, setAddress] = useState(() => parseAddress(location.hash));
  useEffect(() => {
    const read = () => setAddress(parseAddress(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return address;
}
