-- Who put a member into a group. Memberships that a provider's groups claim made are replaced at each sign-in and are
-- gone when the claim is missing; those that an admin made by hand stay until an admin removes them.
alter table memberships add column origin text not null default 'hand' check (origin in ('hand', 'claim'));

-- An admin who adds a member whom the claim has added already makes that membership one by hand.
grant update (origin) on memberships to attest_runtime;
create policy admin_changes on memberships for update to attest_runtime using ((select actor_role()) = 'admin');
