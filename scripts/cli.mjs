// The command of a checkout: `npm run -s cli -- …`. What is not built yet is built first, without a word on stdout, which is the
// command's; stdin is too.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const command = new URL('../dist/bin/jwt-authorizer.js', import.meta.url);
if (!existsSync(command)) {
  const build = fileURLToPath(new URL('build.mjs', import.meta.url));
  try {
    execFileSync(process.execPath, [build], {
      cwd: fileURLToPath(new URL('../', import.meta.url)),
      stdio: 'ignore',
    });
  } catch {
    process.stderr.write(
      'error: not built yet, and it cannot be; try `npm install`, and `npm run bundle`, which says why\n',
    );
    process.exit(1);
  }
}
await import(command.href);
