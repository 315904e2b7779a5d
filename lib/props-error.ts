import { formatProblems, type Problem } from '../lambda/config/problem.ts';

/** Props that contradict each other, or are not what they should be: all that is wrong with them. */
export class JwtAuthorizerPropsError extends Error {
  override readonly name = 'JwtAuthorizerPropsError';
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    super(formatProblems(path, problems));
    this.problems = problems;
  }
}
