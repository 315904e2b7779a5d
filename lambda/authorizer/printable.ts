/**
 * A claim as it can stand in a header or a log: control characters, with which one could end a line and begin
 * another, become U+FFFD.
 */
export function printable(text: string): string {
  return hasControl(text) ? text.replaceAll(CONTROLS, '\ufffd') : text;
}

// Unicode's category Cc, spelled out: the class is several times faster than the property.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}
