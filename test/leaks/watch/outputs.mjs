// Notes what this process lets out: its two streams, what its servers answer, what its errors say, and the templates
// that it synthesises.
import fs from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { inspect } from 'node:util';
import { noteOutput } from './notes.mjs';
import { who, whoIn } from './who.mjs';

const textOf = (chunk, encoding) =>
  typeof chunk === 'string' && !/^(?:hex|base64|base64url|latin1|binary)$/.test(encoding)
    ? chunk
    : Buffer.from(chunk, typeof encoding === 'string' ? encoding : undefined).toString('latin1');
const isChunk = (chunk) => typeof chunk === 'string' || ArrayBuffer.isView(chunk);

for (const name of ['stdout', 'stderr']) {
  const { write } = process[name];
  process[name].write = function (chunk, ...rest) {
    if (isChunk(chunk)) noteOutput(name, 'process', textOf(chunk, rest[0]));
    return write.call(this, chunk, ...rest);
  };
}

const makers = new WeakMap();
const { createServer } = http;
http.createServer = (...args) => {
  const server = createServer(...args);
  makers.set(server, who());
  return server;
};

/** What stands in for AWS and for issuers: asked for secrets, answering thousands of times, and none of ours. */
const STANDING_IN = /^package (?:oauth2-mock-server|dynalite)$/;
const madeBy = (response) => makers.get(response.req?.socket?.server) ?? 'unknown';

const bodies = new WeakMap();
const { write, end } = http.ServerResponse.prototype;
function keep(response, chunk, encoding) {
  if (!isChunk(chunk) || STANDING_IN.test(madeBy(response))) return;
  bodies.set(response, (bodies.get(response) ?? '') + textOf(chunk, encoding));
}
http.ServerResponse.prototype.write = function (chunk, ...rest) {
  keep(this, chunk, rest[0]);
  return write.call(this, chunk, ...rest);
};
http.ServerResponse.prototype.end = function (chunk, ...rest) {
  keep(this, chunk, rest[0]);
  const by = madeBy(this);
  const result = end.call(this, chunk, ...rest);
  if (STANDING_IN.test(by)) return result;
  const head = `${this.req?.method} ${(this.req?.url ?? '').split('?')[0]}\r\n${this._header}`;
  noteOutput('response', by, `${head}${bodies.get(this) ?? ''}`);
  return result;
};

/** The CDK writes with writeFileSync. */
const { writeFileSync } = fs;
fs.writeFileSync = (path, data, ...rest) => {
  if (
    /\.(?:template|assets|metadata)\.json$|\/(?:manifest|tree|cdk)\.json$/.test(String(path)) &&
    isChunk(data)
  )
    noteOutput('template', String(path).replace(/.*\//, ''), textOf(data));
  return writeFileSync(path, data, ...rest);
};
syncBuiltinESMExports();

/** A class whose instances are told of; whoever extends it does so too. */
const told = (Class, tell) =>
  new Proxy(Class, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget);
      tell(made, args);
      return made;
    },
    apply(target, self, args) {
      const made = Reflect.apply(target, self, args);
      if (made !== undefined) tell(made, args);
      return made;
    },
  });

const messages = new Set();
function tellError(error) {
  if (messages.has(error.message)) return;
  messages.add(error.message);
  if (messages.size > 10_000) messages.clear();
  // Members are set after `super()`.
  queueMicrotask(() => {
    const stack = String(error.stack);
    noteOutput('error', whoIn(stack), `${error.message}\n${stack}\n${inspect(error, { depth: 3 })}`);
  });
}
for (const name of ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError'])
  globalThis[name] = told(globalThis[name], tellError);

globalThis.Response = told(globalThis.Response, (response, [body]) => {
  if (isChunk(body))
    noteOutput('response', who(), `${inspect(Object.fromEntries(response.headers))}\n${textOf(body)}`);
});
