/**
 * How a block is checked. There is no way to leave one out in silence: a language that nobody knows how to check
 * is a problem, and so is a marker that says nothing.
 *
 * | marker | of | means |
 * | --- | --- | --- |
 * | none, `run` | sh | its lines are run one after the other in the page's shell |
 * | `run: gateway` | sh | the same, with a gateway that serves the page's configuration |
 * | `not run: REASON` | sh | bash reads it, and each command's options are checked, but nothing is done |
 * | `not run: REASON` | others | nothing is checked |
 * | `output` | any | what the lines before it printed |
 * | `file: NAME` | any | the page's shell has it as a file from here on |
 * | `part of a configuration` | yaml | top-level keys without `jwt` |
 */
import type { Block } from './blocks.ts';

export type Treatment =
  | { readonly kind: 'run'; readonly needsGateway: boolean }
  | { readonly kind: 'dry run'; readonly reason: string }
  | { readonly kind: 'exempt'; readonly reason: string }
  | { readonly kind: 'output' }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'configuration'; readonly isPart: boolean }
  | { readonly kind: 'json' | 'mermaid' | 'typescript' | 'javascript' }
  | { readonly kind: 'unknown'; readonly text: string };

const BY_LANGUAGE: Readonly<Record<string, Treatment>> = {
  sh: { kind: 'run', needsGateway: false },
  yaml: { kind: 'configuration', isPart: false },
  json: { kind: 'json' },
  ts: { kind: 'typescript' },
  js: { kind: 'javascript' },
  mermaid: { kind: 'mermaid' },
};

/** A file name within the page's folder. */
const FILE_NAME = /^[\w-][\w./-]*$/;

export function treatmentOf({ language, marker }: Block): Treatment {
  const [, word = '', detail = ''] =
    /^(run|not run|output|file|part of a configuration)(?::\s*(.*))?$/.exec(marker ?? '') ?? [];
  switch (word) {
    case 'run':
      return language === 'sh' && (detail === '' || detail === 'gateway')
        ? { kind: 'run', needsGateway: detail === 'gateway' }
        : unknown(`only sh is run, with a gateway or without`);
    case 'not run':
      if (detail === '') return unknown('say why it is not run');
      return { kind: language === 'sh' ? 'dry run' : 'exempt', reason: detail };
    case 'output':
      return { kind: 'output' };
    case 'file':
      return FILE_NAME.test(detail) && !detail.includes('..')
        ? { kind: 'file', name: detail }
        : unknown('that is no name of a file in the page’s folder');
    case 'part of a configuration':
      return language === 'yaml'
        ? { kind: 'configuration', isPart: true }
        : unknown('a configuration is yaml');
    default:
      return (
        BY_LANGUAGE[language] ??
        unknown(`nobody knows how to check '${language}'; see test/docs/treatment.ts`)
      );
  }
}

const unknown = (text: string): Treatment => ({ kind: 'unknown', text });
