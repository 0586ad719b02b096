-- The group of everyone exists in every installation: without it an admin could grant nothing to all members.
-- Row-level security holds for the tables' owner too, so the row is written as the role that writes groups.
set local role attest_signin;
insert into groups (id, name, everyone)
select gen_random_uuid(), 'Everyone', true
where not exists (select from groups where everyone);
reset role;
