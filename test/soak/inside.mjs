/**
 * Loaded into the gateway's process before its command. It listens to the soak: whether the gateway's connections to its
 * own servers (the function's, to the embedded table) go through a door of the soak's, and how much is on the heap
 * after a collection. Nothing else is changed.
 */
import net from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

const ownPorts = new Set();
let door;

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...given) {
  this.once('listening', () => ownPorts.add(this.address()?.port));
  return listen.apply(this, given);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...given) {
  // As net.connect and http's agents call it: the options and a listener, marked by a symbol of Node's.
  const [options] = Array.isArray(given[0]) ? given[0] : [];
  if (door === undefined || !ownPorts.has(Number(options?.port))) return connect.apply(this, given);
  const turned = Object.assign([...given[0]], { 0: { ...options, port: door } });
  for (const mark of Object.getOwnPropertySymbols(given[0])) turned[mark] = given[0][mark];
  return connect.call(this, turned);
};

const delays = monitorEventLoopDelay();
delays.enable();

process.on('message', (message) => {
  if (message.door !== undefined) door = message.door;
  const longestStallMs = delays.max / 1e6;
  if (message.isMeasuring) collect();
  delays.reset();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ heapUsed, external, rss, longestStallMs });
});
// The gateway lives and ends as if nobody listened.
process.channel.unref();
