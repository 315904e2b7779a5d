import { type Ended, runProgram } from './run-program.ts';

/** The built command, with the emulator for AWS. */
export const jwtAuthorizer = (...args: readonly string[]): Promise<Ended> =>
  runProgram(process.execPath, ['dist/bin/jwt-authorizer.js', ...args], { ...process.env, NO_COLOR: '1' });
