/** An embedded DynamoDB in a process of its own, on the folder that is named. Tells its port, and ends with its parent. */
import dynalite from 'dynalite';

const server = dynalite({ path: process.argv[2], createTableMs: 0 });
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => {
  server.close(() => process.exit());
  server.closeAllConnections();
});
