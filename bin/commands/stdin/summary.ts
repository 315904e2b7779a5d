/** What became of the lines. */
export interface Summary {
  created: number;
  /** Were there already. */
  skipped: number;
  failed: number;
  /** Of the skipped: those that gave a key, which the one that is there may not be. */
  notCompared?: number;
  /** By a person: there may be more lines. */
  stopped?: true;
}

export const newSummary = (): Summary => ({ created: 0, skipped: 0, failed: 0 });

export const summaryText = ({ created, skipped, failed, notCompared, stopped }: Summary): string => {
  const keys = notCompared === undefined ? '' : `; the key that ${notCompared} of them gave was not compared`;
  return `created ${created}, skipped ${skipped} (they exist${keys}), failed ${failed}${stopped ? '; stopped: give the same again' : ''}`;
};
