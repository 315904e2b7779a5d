/** What a command does to the folder that it is told to keep its data in. */
import { describe, expect, test } from 'vitest';
import { configFile, runCommand } from '../e2e/command.ts';

const CONFIG = { jwt: { secret: 'generate', algorithms: ['HS256'] } };

describe('a folder that cannot be made', () => {
  // In a process of its own: what never ends would take the test runner along.
  test.skipIf(process.platform !== 'linux')('is refused, where the file system says ENOENT', async () => {
    const config = await configFile(CONFIG);
    for (const data of ['/proc/xx', '/proc/xx/yy']) {
      for (const command of [
        ['users', 'create', '-p', 'username=x'],
        ['token', 'create', 'x'],
        ['start', '--port', '0'],
      ]) {
        const { code, stderr } = await runCommand(...command, '--config', config, '--data', data);
        expect(code, command.join(' ')).toBe(1);
        expect(stderr).toContain('ENOENT');
        expect(stderr).not.toContain('bug');
      }
    }
  });
});
