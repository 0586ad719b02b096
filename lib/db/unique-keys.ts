/**
 * Unique keys of tables that members write, with the reason why each tells nobody of a row that is hidden from them: a
 * value that is taken is refused whether or not one may see the row that has it. Primary keys that are a random id
 * alone need no entry. A test holds this list to the database.
 */
const ownTurn = 'a row is added only for a turn of one\'s own, whose rows are one\'s own too';
const adminsSeeAll = 'only admins write it, and they see every row';

/** Name of the index -> why. */
export const uniqueKeysAllowed: Readonly<Record<string, string>> = {
  answers_pkey: ownTurn,
  api_keys_key_sha256_key: 'a hash of 256 random bits that the server draws',
  audit_records_pkey: 'the number is given by the database under a lock',
  collections_name: adminsSeeAll,
  documents_in_collection: 'holds the random id of the document, which is unique by itself',
  evidence_turn_id_number_key: ownTurn,
  feedback_pkey: ownTurn,
  grants_once: adminsSeeAll,
  group_nestings_pkey: adminsSeeAll,
  groups_name_key: adminsSeeAll,
  groups_one_everyone: 'which group is everyone\'s cannot be written by members',
  members_email_key: adminsSeeAll,
  members_user_name: adminsSeeAll,
  memberships_pkey: adminsSeeAll,
  providers_pkey: adminsSeeAll,
  scim_clients_token_sha256_key: 'a hash of 256 random bits that the server draws',
  settings_pkey: adminsSeeAll,
  turns_conversation_id_ordinal_key: 'a turn is added only to a conversation of one\'s own',
  versions_document_id_number_key: 'a version is added only to a document that one may edit, whose versions one sees',
};
