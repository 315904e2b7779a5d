/** What became of the lines. */
export interface Summary {
  created: number;
  /** Were there already. */
  skipped: number;
  failed: number;
}

export const newSummary = (): Summary => ({ created: 0, skipped: 0, failed: 0 });

export const summaryText = ({ created, skipped, failed }: Summary): string =>
  `created ${created}, skipped ${skipped} (they exist), failed ${failed}`;
