/** Everything behind the sign-in: who is here and what they may enter, then the frame. */
import { cookies } from 'next/headers.js';
import type { ReactNode } from 'react';
import { isPermitted } from '#lib/access/permissions.ts';
import { requireActor } from '#lib/auth/page.ts';
import { acceptedExtensions } from '#lib/documents/detect.ts';
import { env } from '#lib/env.ts';
import { Frame } from '../_ui/frame/frame.tsx';
import { Uploads } from '../_ui/library/uploads/uploads.tsx';

export default async function AppLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  const narrow = (await cookies()).get('attest-rail')?.value === 'narrow';
  const rights = { admin: isPermitted(actor.role, 'member:manage'), compliance: isPermitted(actor.role, 'audit:read') };
  const person = { id: actor.id, name: actor.name, email: actor.email, role: actor.role };
  return (
    <Frame person={person} rights={rights} railNarrowAtFirst={narrow}>
      <Uploads limits={{ bytesMax: env().UPLOAD_BYTES_MAX, extensions: acceptedExtensions }}>{children}</Uploads>
    </Frame>
  );
}
