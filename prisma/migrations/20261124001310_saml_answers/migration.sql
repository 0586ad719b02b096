-- A SAML sign-in writes nothing before its provider has signed an answer: that a request is ours stands in its id, and
-- the page to return to in the browser. So nobody can fill this table by beginning sign-ins.
alter table saml_requests rename to saml_answers;
delete from saml_answers;
alter table saml_answers drop column return_path;
alter table saml_answers alter column answer set not null;
alter index saml_requests_expiry rename to saml_answers_expiry;
