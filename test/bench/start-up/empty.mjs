process.stdout.write('decided\n');
setInterval(() => undefined, 1000);
