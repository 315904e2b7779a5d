/** What shows by design, by name. Whatever is not listed here is a leak. */
import type { Needle } from './needles.ts';
import type { OutputNote } from './records.ts';

export interface Exception {
  readonly name: string;
  readonly why: string;
  /** What may show; nothing else may. */
  readonly kinds: readonly Needle['kind'][];
  readonly applies: (note: OutputNote) => boolean;
  /** The text without the part that may have it; what is left must not. @default nothing is left */
  readonly rest?: (text: string) => string;
}

const ALL = ['secret', 'private_key', 'signature', 'payload'] as const;
const TOKEN = ['signature', 'payload'] as const;

/** What stands in for AWS, issuers and upstreams, and what runs the tests. */
const isTests = ({ by }: OutputNote) => /^(?:test\/|package (?:oauth2-mock-server|dynalite)$)/.test(by);
/** The command that printed it, in this process or in one of its own. */
const isPrintedBy =
  (command: RegExp) =>
  ({ sink, by, origin }: OutputNote) =>
    (sink === 'terminal' && command.test(by)) ||
    (sink === 'stdout' && command.test(origin.replace(/^jwt-authorizer\.js /, '')));

const withoutMember = (name: string) => {
  const member = new RegExp(`"${name}"\\s*:\\s*"[^"]*"`, 'g');
  return (text: string) => text.replaceAll(member, '""');
};

/** A response whose body is what an echo upstream makes of a request: its head. */
function withoutEcho(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  try {
    const { method, path, headers } = JSON.parse(text.slice(end + 4)) as Record<string, unknown>;
    const isEcho = typeof method === 'string' && typeof path === 'string' && typeof headers === 'object';
    return isEcho ? text.slice(0, end) : text;
  } catch {
    return text;
  }
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'a server of the tests',
    why: 'what stands in for AWS, issuers and upstreams is asked for secrets, and is none of ours',
    kinds: ALL,
    applies: (note) => note.sink === 'response' && isTests(note),
  },
  {
    name: 'the RFCs’ examples',
    why: 'their tokens and keys are printed in the RFCs',
    kinds: ALL,
    applies: ({ sink, by }) => sink === 'file' && by.startsWith('test/vectors/'),
  },
  {
    name: 'an error of the tests',
    why: 'it says what a test expected',
    kinds: ALL,
    applies: (note) => note.sink === 'error' && isTests(note),
  },
  {
    name: 'a program in a test',
    why: 'it has no file: test/keys/decoys.test.ts compares the keys of two processes',
    kinds: ALL,
    applies: ({ sink, origin }) => sink === 'stdout' && origin === '',
  },
  {
    name: 'token create',
    why: 'it is there to print a token',
    kinds: TOKEN,
    applies: isPrintedBy(/^token create\b/),
  },
  {
    name: 'start prints a demo token',
    why: 'so that its curl lines work as they stand: the token alone on its line, or in a curl line',
    kinds: TOKEN,
    applies: isPrintedBy(/^start\b/),
    rest: (text) => text.replaceAll(/^(?:curl .*|[\w-]+\.[\w-]+\.[\w-]+)$/gm, ''),
  },
  {
    name: 'console prints its key',
    why: 'in its address, for the one who started it; it is gone with the process',
    kinds: ['secret'],
    applies: isPrintedBy(/^console\b/),
    rest: (text) => text.replaceAll(/#key=[\w-]{43}$/gm, ''),
  },
  {
    name: 'the echo upstream',
    why: 'it answers what it was sent, and API Gateway passes a caller’s Authorization on',
    kinds: TOKEN,
    applies: ({ sink }) => sink === 'response',
    rest: withoutEcho,
  },
  {
    name: 'a keySecret when it is made',
    why: 'the one time that the Admin API shows it; no GET does',
    kinds: ['secret'],
    applies: ({ sink, text }) => sink === 'response' && !/^(?:GET|PUT|PATCH|DELETE) /.test(text),
    rest: withoutMember('keySecret'),
  },
  {
    name: 'credentials create, credentials rotate',
    why: 'the one time that the command shows it',
    kinds: ['secret'],
    applies: isPrintedBy(/^credentials (?:create|rotate)\b/),
    rest: withoutMember('keySecret'),
  },
  {
    name: 'credentials create -q, credentials rotate -q',
    why: 'the same for a script: keyId:keySecret of a generated secret, alone on its line',
    kinds: ['secret'],
    applies: isPrintedBy(/^credentials (?:create|rotate)\b/),
    rest: (text) => text.replaceAll(/^\S+:[\w-]{86}$/gm, ''),
  },
  {
    name: 'API keys in reads',
    why: 'they count requests and sign nothing (docs/usage-plans.md)',
    kinds: ['secret'],
    applies: ({ sink }) => sink === 'response' || sink === 'terminal' || sink === 'stdout',
    rest: withoutMember('apiKey'),
  },
  {
    name: 'API keys for API Gateway',
    why: 'it counts by the key that the authorizer names',
    kinds: ['secret'],
    applies: ({ sink }) => sink === 'answer',
    rest: withoutMember('usageIdentifierKey'),
  },
  {
    name: 'the context has the claims',
    why: 'verified claims go to the upstream, base64url as a token has its payload; they open no door',
    kinds: ['payload'],
    applies: ({ sink }) => sink === 'answer',
  },
];
