/** Tells the frame that an act takes a newer sign-in, from wherever a request was refused for it. */

const eventName = 'attest:sign-in-again';

/** The code of the refusal (lib/errors.ts). */
export const signInAgainCode = 'sign-in-again';

export function announceSignInAgain(): void {
  window.dispatchEvent(new Event(eventName));
}

/** Calls `listener` each time; returns how to stop. */
export function onSignInAgain(listener: () => void): () => void {
  window.addEventListener(eventName, listener);
  return () => window.removeEventListener(eventName, listener);
}
