import { derOf } from './keys.ts';

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
export const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const wrapped = (text: string) => text.replace(/.{64}/g, '$&\n');

/** What happens to a public key or certificate on its way into a YAML file, an environment variable or a secret store. */
export const DISGUISES: Readonly<Record<string, (pem: string) => string | Uint8Array>> = {
  indented: (pem) => pem.replace(/^/gm, '    '),
  'with a tab before every line': (pem) => pem.replace(/^/gm, '\t'),
  'in double quotes': (pem) => `"${pem}"`,
  'in single quotes': (pem) => `'${pem}'`,
  'in JSON': (pem) => JSON.stringify(pem),
  'in JSON in JSON': (pem) => JSON.stringify(JSON.stringify(pem)),
  'in a JSON object': (pem) => JSON.stringify({ publicKey: pem }),
  'on one line': (pem) => pem.replaceAll('\n', ''),
  'on one line with spaces': (pem) => pem.replaceAll('\n', ' '),
  'with escaped line breaks': (pem) => pem.replaceAll('\n', '\\n'),
  'with twice escaped line breaks': (pem) => pem.replaceAll('\n', '\\\\n'),
  'as an environment variable': (pem) => `PUBLIC_KEY="${pem.replaceAll('\n', '\\n')}"`,
  'after a comment': (pem) => `# the issuer's key\n${pem}`,
  'in lower case': (pem) => pem.toLowerCase(),
  'without its first line': (pem) => pem.slice(pem.indexOf('\n') + 1),
  'without its last line': (pem) => pem.slice(0, pem.indexOf('-----END')),
  'without armour': (pem) => pem.replace(/-----[^-]+-----/g, ''),
  'without armour on one line': (pem) => base64(derOf(pem)),
  'without armour in quotes': (pem) => `"${base64(derOf(pem))}"`,
  'with two dashes': (pem) => pem.replaceAll('-----', '--'),
  'in UTF-16 LE': (pem) => Buffer.from(pem, 'utf16le'),
  'in UTF-16 LE with BOM': (pem) => Buffer.from(`\ufeff${pem}`, 'utf16le'),
  'in UTF-16 BE': (pem) => utf16be(pem),
  'in UTF-16 BE with BOM': (pem) => utf16be(`\ufeff${pem}`),
  'without armour in UTF-16 with BOM': (pem) => Buffer.from(`\ufeff${base64(derOf(pem))}`, 'utf16le'),
  DER: (pem) => derOf(pem),
  'DER and a line break': (pem) => Buffer.concat([derOf(pem), Buffer.from('\n')]),
  'DER in base64url': (pem) => derOf(pem).toString('base64url'),
  'DER in base64 in lines': (pem) => wrapped(base64(derOf(pem))),
  'DER in base64 in lines with CRLF': (pem) => wrapped(base64(derOf(pem))).replaceAll('\n', '\r\n'),
  'DER in base64 with escaped line breaks': (pem) => wrapped(base64(derOf(pem))).replaceAll('\n', '\\n'),
  'DER in base64 as an environment variable': (pem) => `PUBLIC_KEY=${base64(derOf(pem))}`,
  'DER in base64 before a comment': (pem) => `${base64(derOf(pem))} # the issuer's key`,
  'DER in base64 in JSON that escapes slashes': (pem) => `"${base64(derOf(pem)).replaceAll('/', '\\/')}"`,
  'DER in base64 with BOM': (pem) => `\ufeff${base64(derOf(pem))}`,
  'DER in hex': (pem) => derOf(pem).toString('hex'),
  'DER in upper-case hex': (pem) => derOf(pem).toString('hex').toUpperCase(),
  'DER in hex with colons': (pem) =>
    derOf(pem)
      .toString('hex')
      .replace(/..(?!$)/g, '$&:'),
  'DER in hex with 0x': (pem) => `0x${derOf(pem).toString('hex')}`,
  'DER in hex as an environment variable': (pem) => `PUBLIC_KEY=${derOf(pem).toString('hex')}`,
  'DER in hex before a comment': (pem) => `${derOf(pem).toString('hex')} # the issuer's key`,
  'DER in base64 in base64': (pem) => base64(base64(derOf(pem))),
  'in base64': (pem) => base64(pem),
  'in base64 in lines': (pem) => wrapped(base64(pem)),
  'in base64url': (pem) => Buffer.from(pem).toString('base64url'),
  'in hex': (pem) => Buffer.from(pem).toString('hex'),
  'in JSON in base64': (pem) => base64(JSON.stringify(pem)),
  'in base64 in JSON': (pem) => JSON.stringify(base64(pem)),
};
