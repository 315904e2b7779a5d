/**
 * Runs the built function as Lambda does, in a process of its own, told by messages what to invoke it with. Its clock
 * and its resolver are the test's: they can be set off and made to fail while the function runs.
 */
import dns from 'node:dns';

let offsetMs = 0;
let resolver = 'ok';
let output = '';

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + offsetMs);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + offsetMs;
  }
};

/** What sockets ask for a name; every name is this machine's. */
dns.lookup = (hostname, options, callback = options) => {
  if (resolver === 'silent') return;
  if (resolver !== 'ok') {
    const error = new Error(`getaddrinfo ${resolver} ${hostname}`);
    process.nextTick(callback, Object.assign(error, { code: resolver, syscall: 'getaddrinfo', hostname }));
    return;
  }
  const found = { address: '127.0.0.1', family: 4 };
  if (options.all) process.nextTick(callback, null, [found]);
  else process.nextTick(callback, null, found.address, found.family);
};

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text) => {
    output += text;
    return true;
  };
}

const { handler } = await import(process.argv[2]);

async function invoke(event, limitMs) {
  const endsAt = performance.now() + limitMs;
  const context = { getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())) };
  const began = performance.now();
  const isOver = new Promise((resolve) => setTimeout(resolve, limitMs, { isTimedOut: true }).unref());
  const result = await Promise.race([
    isOver,
    handler(event, context).then(
      (answer) => ({ answer }),
      ({ message }) => ({ message }),
    ),
  ]);
  return { ...result, tookMs: performance.now() - began };
}

process.on('message', async ({ id, event, limitMs, set, take }) => {
  if (set) ({ offsetMs = offsetMs, resolver = resolver } = set);
  const value = event ? await invoke(event, limitMs) : undefined;
  process.send({ id, value: take ? output : value });
  if (take) output = '';
});
process.on('disconnect', () => process.exit());
process.send({ id: 'ready' });
