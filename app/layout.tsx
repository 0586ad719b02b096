/** The document around every page: language, fonts, theme. Rendered per request, because the content security policy's nonce is. */
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers.js';
import type { ReactNode } from 'react';
import { Providers } from './_ui/frame/providers.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Attest', template: '%s - Attest' },
  description: 'Answers from your company’s own documents, with the passages they rest on.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fcfbf9' },
    { media: '(prefers-color-scheme: dark)', color: '#131519' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme script sets an attribute here before React looks.
    <html lang="en" suppressHydrationWarning className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  );
}
