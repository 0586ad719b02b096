/** Tells every list and every piece of data on the page that what it shows has changed on the server. */

type Listener = (path: string) => void;
const listeners = new Set<Listener>();

/** Everything read from a path that starts with `path` is read again: `invalidate('/api/conversations')`. */
export function invalidate(path: string): void {
  for (const listener of listeners) listener(path);
}

export function onInvalidate(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
