/** A page that failed while it was made. What was typed is in session storage and survives trying again. */
'use client';
import { Button } from '../primitives/button.tsx';
import { FullPage } from './full-page.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  retry: () => void;
}

export function ErrorPage({ error, retry }: ErrorPageProps) {
  const { digest } = error;
  return (
    <FullPage
      mark={digest === undefined ? '500' : `500, reference ${digest}`}
      title="This page could not be shown"
      action={
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      }
    >
      The server or its database did not answer as it should. Nothing was lost; try again in a moment
      {digest === undefined ? ', and tell your administrator if it stays this way.' : ', and give your administrator the reference above if it stays this way.'}
    </FullPage>
  );
}
