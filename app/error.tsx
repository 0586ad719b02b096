/** A failure outside the frame: the layout itself, or a page for those not signed in. */
'use client';
import { ErrorPage } from './_ui/frame/error-page.tsx';

export default ErrorPage;
