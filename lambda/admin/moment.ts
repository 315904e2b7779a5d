/** A day is one of UTC; a time of the day needs its zone, or it would mean another moment on each machine. */
const SHAPE = /^(?<day>\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * What JavaScript makes a date of is far more: `12` is in the year 2001, and 30 February in March.
 * @returns milliseconds since 1970; undefined for what is no ISO 8601 date.
 */
export function parseMoment(text: string): number | undefined {
  const day = SHAPE.exec(text)?.groups?.['day'];
  if (day === undefined || !isDay(day)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
