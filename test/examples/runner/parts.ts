import type { Step } from './header.ts';

/** A header's commands, for somebody who tries them by hand. */
export interface Parts {
  /** Until the first thing is asked. */
  readonly setUp: readonly Step[];
  /** What follows, the last of what takes away left out. */
  readonly toTry: readonly Step[];
  /** What takes away, wherever it stands: to do so twice is no failure. */
  readonly takeDown: readonly Step[];
}

const isTakeDown = ({ command }: Step): boolean => /\bcdk destroy\b/.test(command);

export function partsOf(steps: readonly Step[]): Parts {
  const first = steps.findIndex(({ expected }) => expected !== undefined);
  const last = steps.findLastIndex((step) => !isTakeDown(step));
  return {
    setUp: steps.slice(0, first),
    toTry: steps.slice(first, last + 1),
    takeDown: steps.filter(isTakeDown),
  };
}

/** For bash: what makes the variables and functions that the commands set, in another shell too. */
export function declarationsOf(steps: readonly Step[]): string {
  const named = (pattern: RegExp) => [
    ...new Set(steps.flatMap(({ command }) => pattern.exec(command)?.[1] ?? [])),
  ];
  const [variables, functions] = [named(/^([A-Za-z_]\w*)=/), named(/^([a-z_]\w*)\(\) \{/)];
  return [
    ...(variables.length > 0 ? [`declare -p ${variables.join(' ')}`] : []),
    ...(functions.length > 0 ? [`declare -f ${functions.join(' ')}`] : []),
  ].join('; ');
}
