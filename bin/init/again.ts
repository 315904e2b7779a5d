import { quoted } from './next-steps.ts';

/**
 * The command line that was typed, with the name by which the issuer calls itself, over the file that it wrote.
 * @param args without the program's name.
 * @returns undefined where the issuer is in none of them: then it was asked for, and is asked for again.
 */
export function lineAgain(args: readonly string[], issuer: string, ownName: string): string | undefined {
  const spelled = (name: string) => [name, `--issuer=${name}`];
  const corrected = args.map((arg) => spelled(ownName)[spelled(issuer).indexOf(arg)] ?? arg);
  if (corrected.every((arg, index) => arg === args[index])) return undefined;
  const isOver = args.includes('--force') || args.includes('--dry-run');
  return ['npx jwt-authorizer', ...corrected.map(quoted), ...(isOver ? [] : ['--force'])].join(' ');
}
