/** A table that never changes, takes as long for what it has as for what it has not, and gives whole items, whatever is asked of them. `table.mjs ITEMS`; tells its port. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const nameOf = ({ pk, sk }) => `${pk.S} ${sk.S}`;
const items = new Map(
  JSON.parse(readFileSync(process.argv[2], 'utf8')).map((item) => [nameOf(item), JSON.stringify(item)]),
);

function answer(target, body) {
  if (target.endsWith('.GetItem')) {
    const item = items.get(nameOf(body.Key));
    const consumed = `"ConsumedCapacity":{"TableName":"${body.TableName}","CapacityUnits":1}`;
    return item === undefined ? `{${consumed}}` : `{${consumed},"Item":${item}}`;
  }
  const [[table, { Keys }]] = Object.entries(body.RequestItems);
  const found = Keys.flatMap((key) => items.get(nameOf(key)) ?? []);
  return `{"Responses":{"${table}":[${found}]},"UnprocessedKeys":{}}`;
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(answer(String(request.headers['x-amz-target']), JSON.parse(text)));
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
