/** A failure inside the frame, which stays: the rail still leads elsewhere. */
'use client';
import { ErrorPage } from '../_ui/frame/error-page.tsx';

export default ErrorPage;
