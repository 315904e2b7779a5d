import type { AuthorizationRequest } from '../../lambda/authorizer/request.ts';
import type { JsonObject } from '../../lambda/authorizer/strict-json.ts';
import type { TraceStep } from '../../lambda/authorizer/trace.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import type { ExplainedStep, StepName } from './explanation.ts';

/** What a step is told with. */
export interface Telling {
  readonly config: AuthorizerConfig;
  /** The one whose turn it is. */
  readonly policy: JwtPolicy;
  /** What the event said; undefined where it said nothing that can be read. */
  readonly request: AuthorizationRequest | undefined;
  /** What the policy's key comes from, for a person. */
  readonly keySource: string;
  /** Of the caller who was found, in the controlled modality. */
  readonly keyId: string | undefined;
  /** Of a caller whom the function knows. */
  readonly claims: JsonObject | undefined;
  /** Why the token cannot be read, without its text. */
  readonly problems: readonly string[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** What the function said of a step. */
export type Step<K extends TraceStep['step']> = Extract<TraceStep, { step: K }>;

/** What is told of a step: its name, and what only it can say. */
export type Told = Pick<ExplainedStep, 'step' | 'text'> & Partial<ExplainedStep>;

export const told = (step: StepName, text: string): Told => ({ step, text });
