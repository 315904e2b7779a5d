import { useEffect, useState } from 'preact/hooks';
import { ask, messageOf } from './ask.ts';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'there'; readonly value: T };

/** What the server answers to a GET. @param again another number asks again. */
export function useAsk<T>(path: string, again = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  useEffect(() => {
    let isCurrent = true;
    ask<T>('GET', path).then(
      (value) => isCurrent && setLoaded({ state: 'there', value }),
      (error: unknown) => isCurrent && setLoaded({ state: 'failed', message: messageOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [path, again]);
  return loaded;
}
