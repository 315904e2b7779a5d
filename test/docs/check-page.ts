/** A page from top to bottom. What is compiled is left to others: see typescript-samples.ts. */
import { type Block, type Problem, placeOf } from './blocks.ts';
import { dryRunProblems } from './dry-run.ts';
import { type LineResult, openPageShell, type PageShell } from './page-shell.ts';
import { missingLine } from './shape.ts';
import { configurationProblems, javascriptProblems, jsonProblems, mermaidProblems } from './text-checks.ts';
import { type Treatment, treatmentOf } from './treatment.ts';

export type Counts = Readonly<Record<string, number>>;

export interface Checked {
  readonly problems: readonly Problem[];
  /** How many blocks were treated how. */
  readonly counts: Counts;
}

/** @param open gives the page's terminal. It is opened only when a block needs it. */
export async function checkPage(blocks: readonly Block[], open = openPageShell): Promise<Checked> {
  const problems: Problem[] = [];
  const counts: Record<string, number> = {};
  let opened: Promise<PageShell> | undefined;
  const visit: Visit = {
    shell: () => {
      opened ??= open();
      return opened;
    },
    isServing: false,
    printed: undefined,
  };
  try {
    for (const block of blocks) {
      const treatment = treatmentOf(block);
      counts[treatment.kind] = (counts[treatment.kind] ?? 0) + 1;
      for (const text of await problemsOf(block, treatment, visit))
        problems.push({ at: placeOf(block), code: treatment.kind, text });
    }
  } finally {
    await (await opened)?.close();
  }
  return { problems, counts };
}

interface Visit {
  readonly shell: () => Promise<PageShell>;
  isServing: boolean;
  /** By the last block that was run. */
  printed: string | undefined;
}

async function problemsOf({ text }: Block, treatment: Treatment, visit: Visit): Promise<readonly string[]> {
  switch (treatment.kind) {
    case 'run':
      return run(text, treatment.needsGateway, visit);
    case 'dry run':
      return dryRunProblems(text);
    case 'output':
      return outputProblems(text, visit.printed);
    case 'file':
      (await visit.shell()).write(treatment.name, text);
      return treatment.name.endsWith('authorizer.config.yml') ? configurationProblems(text) : [];
    case 'configuration':
      return configurationProblems(text, treatment.isPart);
    case 'json':
      return jsonProblems(text);
    case 'javascript':
      return javascriptProblems(text);
    case 'mermaid':
      return mermaidProblems(text);
    case 'unknown':
      return [treatment.text];
    case 'typescript':
    case 'exempt':
      return [];
  }
}

async function run(text: string, needsGateway: boolean, visit: Visit): Promise<readonly string[]> {
  const shell = await visit.shell();
  const results: LineResult[] = [];
  if (needsGateway && !visit.isServing) results.push(await shell.serve());
  visit.isServing ||= needsGateway;
  const ofBlock = await shell.run(text);
  visit.printed = ofBlock.map(({ output }) => output).join('\n');
  return [...results, ...ofBlock].flatMap(({ statement, problem }) =>
    problem ? [`${statement}: ${problem}`] : [],
  );
}

function outputProblems(text: string, printed: string | undefined): readonly string[] {
  if (printed === undefined) return ['nothing was run before it'];
  const missing = missingLine(text, printed);
  return missing === undefined ? [] : [`this was not printed: ${missing}\nbut: ${printed.slice(-2_000)}`];
}
