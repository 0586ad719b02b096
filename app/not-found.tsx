/** Any address that leads nowhere, and anything a member may not see: the two look the same on purpose. */
import { FullPage } from './_ui/frame/full-page.tsx';

export default function NotFound() {
  return (
    <FullPage mark="404" title="There is nothing here that you may see">
      The address may be wrong, the thing deleted, or it may belong to somebody else. Conversations open only for the person who asked.
    </FullPage>
  );
}
