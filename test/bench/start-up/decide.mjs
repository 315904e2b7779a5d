/** Loads a handler and asks it once, as Lambda does: `BENCH_HANDLER` names its file, `BENCH_EVENT` is what it is asked. */
const { handler } = await import(process.env.BENCH_HANDLER);
const { policyDocument } = await handler(JSON.parse(process.env.BENCH_EVENT));
if (policyDocument.Statement[0].Effect !== 'Allow') throw new Error('denied');
process.stdout.write('decided\n');
setInterval(() => undefined, 1000);
