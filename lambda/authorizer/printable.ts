/**
 * A claim as it can stand in a header or a log: control characters, with which one could end a line and begin
 * another, become U+FFFD.
 */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}
