import { loadAuthorizer, tokenEvent } from '../authorizer.mjs';

const handler = await loadAuthorizer(JSON.parse(process.env.BENCH_CONFIG));
const { policyDocument } = await handler(tokenEvent(process.env.BENCH_TOKEN));
if (policyDocument.Statement[0].Effect !== 'Allow') throw new Error('denied');
process.stdout.write('decided\n');
