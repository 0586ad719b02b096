/** The one page of the demo identity provider: who do you want to be. Plain HTML without scripts. */
import { createHash } from 'node:crypto';
import type { DemoAccount } from './accounts.ts';

const style = `
:root{color-scheme:light dark;--bg:light-dark(oklch(.988 .003 85),oklch(.19 .008 265));--raised:light-dark(#fff,oklch(.245 .01 265));
--line:light-dark(oklch(.905 .006 85),oklch(.33 .012 265));--ink:light-dark(oklch(.24 .012 265),oklch(.94 .005 85));
--ink-2:light-dark(oklch(.44 .012 265),oklch(.77 .008 265));--accent:light-dark(oklch(.48 .13 255),oklch(.77 .1 255));
--accent-soft:light-dark(oklch(.953 .022 255),oklch(.295 .05 255));--weak:light-dark(oklch(.44 .09 70),oklch(.83 .11 80));
--weak-soft:light-dark(oklch(.968 .04 85),oklch(.295 .045 80));--weak-line:light-dark(oklch(.86 .08 80),oklch(.42 .07 80))}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{width:100%;max-width:420px}
h1{font-size:21px;line-height:28px;font-weight:600;letter-spacing:-.015em}
.lead{color:var(--ink-2);margin:4px 0 20px}
form{display:grid;gap:8px}
button{display:flex;align-items:center;gap:14px;width:100%;min-height:68px;padding:12px 14px;text-align:left;font:inherit;color:inherit;
background:var(--raised);border:1px solid var(--line);border-radius:10px;cursor:pointer}
button:hover{border-color:var(--accent)}
button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
i{flex:none;width:38px;height:38px;border-radius:50%;display:grid;place-items:center;background:var(--accent-soft);color:var(--accent);font:600 13px/1 system-ui,sans-serif}
b{display:flex;align-items:center;gap:8px;font-weight:600}
em{font:500 12px/18px system-ui,sans-serif;color:var(--ink-2);padding:0 8px;border:1px solid var(--line);border-radius:99px}
.brand{display:flex;align-items:center;gap:8px;margin-bottom:20px;font-weight:600}
.brand i{width:24px;height:24px;border-radius:7px;background:var(--ink);color:var(--bg)}
span span{display:block;font-size:13px;line-height:19px;color:var(--ink-2)}
.notice{margin-top:20px;padding:12px 14px;font-size:13px;line-height:20px;color:var(--weak);background:var(--weak-soft);border:1px solid var(--weak-line);border-radius:10px}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Headers of every page. `appOrigin` is where the browser is sent after a choice; browsers hold form-action against that too. */
export function pageHeaders(appOrigin: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' ${appOrigin}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

/** One button for each account. */
export function choicePage(uid: string, accounts: readonly DemoAccount[]): string {
  const buttons = accounts.map(
    ({ id, name, role, job }) =>
      `<button name="account" value="${escape(id)}"><i aria-hidden="true">${escape(initials(name))}</i><span><b>${escape(name)} <em>${roleNames[role]}</em></b><span>${escape(job)}</span></span></button>`,
  );
  return page(
    'Demo sign-in',
    `<p class="lead">Choose who you want to be at Halden Instruments, an invented company.</p>
<form method="post" action="/choose/${escape(uid)}">${buttons.join('\n')}</form>
<p class="notice" role="note">This is a demo. No password protects it: anyone at this computer can sign in as any of these people. Set up your own identity provider before you put real documents here.</p>`,
  );
}

/** A page that says one thing. */
export function sentencePage(title: string, sentence: string): string {
  return page(title, `<p class="lead">${escape(sentence)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)} - Attest</title><style>${style}</style></head>
<body><main><p class="brand"><i aria-hidden="true">A</i>Attest</p><h1>${escape(title)}</h1>
${content}
</main></body></html>
`;
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => word[0] ?? '').join('').slice(0, 2).toUpperCase();
}

const roleNames = { employee: 'Employee', admin: 'Admin', compliance: 'Compliance' } as const satisfies Record<DemoAccount['role'], string>;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
