/** A page that the member's role does not open. The refusal has been recorded (lib/auth/page.ts). */
import { FullPage } from './_ui/frame/full-page.tsx';

export default function Forbidden() {
  return (
    <FullPage mark="403" title="Your role does not open this page">
      Pages for administrators and compliance reviewers open only for them. This attempt was recorded. If you need the page for your work, ask an administrator for the role.
    </FullPage>
  );
}
