import type { ExplainedStep, Explanation } from '../../explain/explanation.ts';
import { Outcome } from './parts.tsx';

/** The answer first, then each check in the order in which it was made. */
export function Verdict({ explanation }: { explanation: Explanation }) {
  const { decision, code, publicCode, request, response, steps, cache, revocation } = explanation;
  const taken = steps.filter(({ outcome }) => outcome !== 'skipped');
  // That each claim is of its type is no question of the configuration's.
  const skipped = steps.filter(({ outcome, name }) => outcome === 'skipped' && name !== 'types');
  return (
    <section class={`card verdict ${decision}`} aria-labelledby="verdict">
      <h2 id="verdict">
        <Outcome outcome={decision} />
        {response.status !== null && <span class="status"> {response.status}</span>}
        {code !== undefined && (
          <>
            {' '}
            <code class="code">{code}</code>
          </>
        )}
      </h2>
      <p>
        <code>
          {request.method} {request.path}
        </code>{' '}
        at <time dateTime={explanation.at}>{new Date(explanation.at).toLocaleString()}</time>
        {publicCode !== undefined && publicCode !== code && (
          <>
            ; the caller is told <code>{publicCode}</code>
          </>
        )}
      </p>
      <ol class="steps" aria-label="Checks, in their order">
        {taken.map((step, index) => (
          <Step key={`${index} ${step.step}`} step={step} />
        ))}
      </ol>
      <dl class="terms">
        <dt>Cache</dt>
        <dd>{cache.text}</dd>
        {decision === 'allowed' && (
          <>
            <dt>Revoking</dt>
            <dd>{revocation.text}</dd>
          </>
        )}
        {skipped.length > 0 && (
          <>
            <dt>Not asked for</dt>
            <dd>{[...new Set(skipped.map(whyNot))].join('; ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Step({ step }: { step: ExplainedStep }) {
  const { outcome, text, code, remedy, verified } = step;
  return (
    <li class={outcome}>
      <span class="step-name">{nameOf(step)}</span>
      <Outcome outcome={outcome} />
      <div class="step-text">
        <p>
          {text}
          {verified === false && <span class="tag">unverified</span>}
          {code !== undefined && <code class="code">{code}</code>}
        </p>
        {remedy !== undefined && (
          <p class="remedy">
            <b>What to do:</b> {remedy}
          </p>
        )}
      </div>
    </li>
  );
}

/** `aud: the configuration has no audience`. */
const whyNot = (step: ExplainedStep): string =>
  `${nameOf(step)}: ${step.text.replace('not asked for: ', '')}`;

const nameOf = ({ step, name }: ExplainedStep): string => (step === 'claim' ? (name ?? step) : step);
