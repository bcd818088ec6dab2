"""Consulta: participatory consultation and regulatory comment, from the window that opens to the answer that is public.

The map, from the top; a package imports only what stands below it (`.importlinter` holds it):

- `app`, `cli`, `demo`: the application, the `consulta` command, the demonstration government.
- `board`, `opendata`, `api`, `open311`, `desk`, `portal`: the board, datasets, `/api/v1`, service requests at
  `/open311/v2`, pages of officials, public pages.
- `archives`: the file of a case with its proofs, documentary series and terms, what is kept by order, disposals, what
  is kept of a person, and rows against their acts.
- `data_rights`: requests of people about what is kept of them, with their dates, and what carrying them out changes.
- `hooks`: the same, told to the systems of others: signed requests to addresses that officials gave.
- `following`: what happens in public: entries of feeds, and mails to addresses that asked for them.
- `reports`: the papers of a closing, the matrix of comments and answers, what is given back to people.
- `participation`: who took part: releases of figures of people, and reach beside the census.
- `receipts`: receipts with proofs, made on demand and checked by anybody.
- `outcomes`: improvement projects and administrative actions, and the comments that they come from.
- `moderation`: review of texts before they are public.
- `referrals`: turnos, answers, sign-off, publication, notification; the story of a folio.
- `submissions`: intake (`operations.receive_batch`, the only way in), files, places, demographics, public policy.
- `documents`, `entries`: documents under consultation and their versions; what agencies hand in before a window opens.
- `windows`: instruments as rows, windows, topics, counters; who is in time (`guard`), dates and what changes them.
- `clocks`: rule sets and calendars as data, decrees, clocks and their events. `deadlines`: the pure arithmetic on them.
- `disclosure`: figures of people that identify nobody: raw tables go in, publishable ones come out.
- `agencies`: governments → agencies → units → posts, tenures. `accounts`: people, sessions, links, tokens.
- `notices`, `record`: messages to people; the leaf that every act leaves, the tree of them, its keys, checkpoints and
  witnesses.
- `jobs`, `storage`, `inspection`, `papers`: the transactional outbox; files; what files are accepted, and documents as
  pages; what is certified, as PDF/UA and DOCX.
- `web`: access, forms, errors, headers, the language of an address.
- `db`: engines of both databases, `session_scope()`, `unit_of_work()`.
- `folio`, `actors`, `tables`, `errors`, `clock`, `config`; `i18n`: terms and sentences in each language.

How one comment travels: the portal's form → `check_draft` → `with unit_of_work(): receive(…)` → folio, submission,
leaf, outbox row, counter delta and demographics in one commit → the worker refers it to the unit of its topic → the
unit drafts, another post signs, the coordinator publishes → notices leave through the outbox.
"""
