import { render } from 'preact';
import { keyIn } from './address.ts';
import { App } from './app.tsx';
import { showKey } from './ask.ts';

// Kept for this tab, so that loading the page again works; it leaves the address, and so the history.
const KEPT = 'console-key';
const given = keyIn(location.hash);
if (given !== undefined) {
  sessionStorage.setItem(KEPT, given);
  history.replaceState(null, '', location.pathname);
}
const key = sessionStorage.getItem(KEPT);
if (key !== null) showKey(key);

// An address that is opened in a tab of an older one loads no page by itself.
addEventListener('hashchange', () => {
  if (keyIn(location.hash) !== undefined) location.reload();
});

const root = document.getElementById('root');
if (root !== null) render(<App />, root);
