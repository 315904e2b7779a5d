/** docs/performance.svg: decisions and the start-up beside the peers, as bars. Its text is text; it has a light and a dark look. */
import { digits } from './page.ts';
import type { Report } from './report.ts';

interface Group {
  readonly title: string;
  readonly table: string;
  /** Row ids, from the top. Those that were not measured are left out. */
  readonly rows: readonly string[];
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly groups: readonly Group[];
}

const NODE = /^v24\./;
/** The authorizer's own; the others are its peers. */
const OWN = new Set(['first', 'seen', 'uncontrolled', 'controlled']);
/** What nobody can be faster than. */
const FLOOR = new Set(['signature', 'empty']);
const BARE = ['jsonwebtoken', 'fast-jwt', 'aws-jwt-verify', 'passport-jwt', 'jsonwebtoken-text', 'jose'];

const decisionPanel = (algorithm: string): Panel => ({
  title: `${algorithm}: a whole decision, beside what others take for the verify alone`,
  unit: 'µs',
  groups: [
    {
      title: 'token seen for the first time',
      table: `decision-${algorithm}`,
      rows: ['signature', 'first', ...BARE],
    },
    { title: 'seen before', table: `decision-${algorithm}`, rows: ['seen', 'fast-jwt-cached'] },
  ],
});

const PANELS: readonly Panel[] = [
  decisionPanel('RS256'),
  decisionPanel('HS256'),
  {
    title: 'From the start of a process to its first decision',
    unit: 'ms',
    groups: [
      { title: 'nothing looked up', table: 'start-up', rows: ['empty', 'uncontrolled', 'jsonwebtoken'] },
      { title: 'with the credentials table', table: 'start-up', rows: ['controlled', 'jsonwebtoken-sdk'] },
    ],
  },
];

const WIDTH = 800;
const [BARS_LEFT, BARS_WIDTH] = [330, 380];
const [ROW_HEIGHT, BAR_HEIGHT] = [22, 14];

/** @returns SVG, as high as what was measured needs. */
export function chartOf({ results, measuredAt, cpu }: Report): string {
  const result = results.find(({ node }) => NODE.test(node)) ?? results[0];
  if (result === undefined) throw new Error('nothing was measured');
  const canvas = { y: 58, parts: [] as string[] };
  for (const panel of PANELS) drawPanel(panel, result, canvas);
  const height = canvas.y;
  const about = `Medians on Node.js ${result.node}, ${cpu}, ${measuredAt.slice(0, 10)}. Shorter is better.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">The authorizer beside its peers</title>',
    `<desc id="desc">${escaped(`${about} ${descriptionOf(result)}`)}</desc>`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    text(24, 34, 'The authorizer beside its peers', 'head'),
    text(WIDTH - 24, 34, 'shorter is better', 'quiet end'),
    ...canvas.parts,
    '</svg>',
    '',
  ].join('\n');
}

type Result = Report['results'][number];
interface Canvas {
  y: number;
  readonly parts: string[];
}

const rowsOf = ({ table, rows }: Group, { tables }: Result) => {
  const measured = tables.find(({ id }) => id === table)?.rows ?? [];
  return rows.flatMap((id) => measured.find((row) => row.id === id) ?? []);
};

function drawPanel({ title, unit, groups }: Panel, result: Result, canvas: Canvas): void {
  const drawn = groups.map((group) => ({ title: group.title, rows: rowsOf(group, result) }));
  const longest = Math.max(0, ...drawn.flatMap(({ rows }) => rows.map(({ value }) => value)));
  if (longest === 0) return;
  canvas.y += 26;
  canvas.parts.push(text(24, canvas.y, title, 'title'));
  canvas.y += 8;
  for (const group of drawn.filter(({ rows }) => rows.length > 0)) {
    canvas.y += 20;
    canvas.parts.push(text(24, canvas.y, group.title, 'quiet'));
    canvas.y += 8;
    for (const { id, name, value } of group.rows) {
      const kind = OWN.has(id) ? 'own' : FLOOR.has(id) ? 'floor' : 'peer';
      const middle = canvas.y + ROW_HEIGHT / 2;
      const width = Math.max(1, Number(((value / longest) * BARS_WIDTH).toFixed(1)));
      canvas.parts.push(
        text(BARS_LEFT - 10, middle + 4, name, `end ${kind}-text`),
        `<rect class="${kind}" x="${BARS_LEFT}" y="${middle - BAR_HEIGHT / 2}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
        text(BARS_LEFT + width + 6, middle + 4, `${digits(value)} ${unit}`, `${kind}-text`),
      );
      canvas.y += ROW_HEIGHT;
    }
  }
  canvas.y += 18;
}

/** The chart in words, for who hears it. */
const descriptionOf = (result: Result): string =>
  PANELS.map(({ title, unit, groups }) => {
    const values = groups.flatMap((group) =>
      rowsOf(group, result).map(({ name, value }) => `${name} (${group.title}) ${digits(value)} ${unit}`),
    );
    return `${title}: ${values.join('; ')}.`;
  }).join(' ');

const text = (x: number, y: number, content: string, kind: string): string =>
  `<text x="${x}" y="${y}" class="${kind}">${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const STYLE = `<style>
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.head { font-size: 18px; font-weight: 600; }
.title { font-size: 14px; font-weight: 600; }
.quiet { fill: #59636e; }
.end { text-anchor: end; }
.own-text { font-weight: 600; }
.ground { fill: #ffffff; }
.own { fill: #0969da; }
.peer { fill: #a6b0bb; }
.floor { fill: #dfe4ea; stroke: #818b98; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .quiet { fill: #9198a1; }
  .ground { fill: #0d1117; }
  .own { fill: #4493f8; }
  .peer { fill: #59636e; }
  .floor { fill: #212830; stroke: #9198a1; }
}
</style>`;
