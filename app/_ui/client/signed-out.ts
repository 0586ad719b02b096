/** Tells the frame that the sign-in has ended, from wherever a request noticed it. */

const eventName = 'attest:signed-out';

export function announceSignedOut(): void {
  window.dispatchEvent(new Event(eventName));
}

/** Calls `listener` each time; returns how to stop. */
export function onSignedOut(listener: () => void): () => void {
  window.addEventListener(eventName, listener);
  return () => window.removeEventListener(eventName, listener);
}
