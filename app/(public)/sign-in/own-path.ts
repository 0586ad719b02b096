/** Where to go after signing in: a page of ours, whatever the address bar was made to say. */

const base = 'http://own.invalid';

/** The path and query of `asked` when it stays on this site and is a page, else "/ask". */
export function ownPath(asked: string | undefined): string {
  if (asked === undefined || !asked.startsWith('/') || !URL.canParse(asked, base)) return '/ask';
  const { origin, pathname, search } = new URL(asked, base);
  if (origin !== base || pathname.startsWith('//') || /^\/(api|sign-in)(\/|$)/.test(pathname)) return '/ask';
  return `${pathname}${search}`;
}
