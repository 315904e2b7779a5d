/** What several pages are made of. */
import type { ComponentChildren } from 'preact';

export function Problem({ message }: { message: string }) {
  return (
    <p class="problem" role="alert">
      {message}
    </p>
  );
}

/** What moves sideways where the screen is narrow: with a name, and within reach of the keyboard. */
export function Scrolled({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the arrow keys
    <section class="scrolled" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

const MARKS = {
  passed: '✓',
  allowed: '✓',
  denied: '✗',
  failed: '✗',
  unknown: '?',
  noted: '·',
  other: '·',
  skipped: '·',
} as const;

/** Sign, word and colour say the same. */
export function Outcome({ outcome }: { outcome: keyof typeof MARKS }) {
  return (
    <span class={`outcome ${outcome}`}>
      <span aria-hidden="true">{MARKS[outcome]}</span> {outcome}
    </span>
  );
}

export function State({ isActive }: { isActive: boolean }) {
  return (
    <span class={`outcome ${isActive ? 'passed' : 'denied'}`}>
      <span aria-hidden="true">{isActive ? '●' : '○'}</span> {isActive ? 'active' : 'inactive'}
    </span>
  );
}

interface FieldProps {
  /** Its name in the form, too. */
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly isRequired?: boolean;
}

export function Field({ id, label, note, isRequired = false }: FieldProps) {
  return (
    <div>
      <label for={id}>
        {label} {note !== undefined && <small>{note}</small>}
      </label>
      <input id={id} name={id} required={isRequired} autocomplete="off" spellcheck={false} />
    </div>
  );
}
