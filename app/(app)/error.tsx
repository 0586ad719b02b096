/** A page inside the frame that failed while it was made. What was typed is in session storage and survives trying again. */
'use client';
import { FullPage } from '../_ui/frame/full-page.tsx';
import { Button } from '../_ui/primitives/button.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  retry: () => void;
}

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <FullPage
      mark={error.digest === undefined ? '500' : `500, reference ${error.digest}`}
      title="This page could not be shown"
      action={
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      }
    >
      The server or its database did not answer as it should. Nothing was lost; try again in a moment, and give your administrator the reference above if it stays this way.
    </FullPage>
  );
}
