export type SecretKind = 'secret' | 'private_key' | 'signature';
export type Sink =
  | 'stdout'
  | 'stderr'
  | 'console'
  | 'terminal'
  | 'response'
  | 'answer'
  | 'error'
  | 'template';

export declare const isWatched: boolean;
export declare function commandIn(args: readonly string[]): string;
export declare function setOrigin(name: string): void;
export declare function flush(): void;
export declare function noteSecret(kind: SecretKind, bytes: Uint8Array, input?: string): void;
export declare function noteOutput(sink: Sink, by: string, text: string): void;
